"""Levels of languages are compared on one scale only."""

from datetime import date

import pytest

from recognition_service.frameworks.language_scales import (
    LEVELS,
    LanguageLevel,
    Scale,
    level_fault,
    shows,
)

TODAY = date(2026, 11, 2)


def proof(held, required, valid_until=None):
    return shows(
        LanguageLevel(*held),
        LanguageLevel(*required),
        valid_until=valid_until,
        on=TODAY,
    )


@pytest.mark.parametrize(
    ("held", "required", "found"),
    [
        (("fr", Scale.CEFR, "B2"), ("fr", Scale.CEFR, "B2"), "yes"),
        (("fr-BE", Scale.CEFR, "C1"), ("fr", Scale.CEFR, "B2"), "yes"),
        (("fr", Scale.CEFR, "B1"), ("fr", Scale.CEFR, "B2"), "no"),
        (("nl", Scale.CEFR, "C2"), ("fr", Scale.CEFR, "A1"), "no"),
        (("fr", Scale.NCLC, "12"), ("fr", Scale.CEFR, "A1"), "unknown"),
        (("ja", Scale.JLPT, "N1"), ("ja", Scale.JLPT, "N3"), "yes"),
        (("ja", Scale.JLPT, "N4"), ("ja", Scale.JLPT, "N3"), "no"),
        (("en", Scale.CLB, "10"), ("en", Scale.CLB, "9"), "yes"),
    ],
)
def test_a_level_shows_itself_and_lower_ones(held, required, found):
    assert proof(held, required) == found


def test_a_certificate_shows_nothing_after_its_last_day():
    level = ("fr", Scale.CEFR, "B2")
    assert proof(level, level, TODAY) == "yes"
    assert proof(level, level, date(2026, 11, 1)) == "no"


@pytest.mark.parametrize(
    ("named", "fault"),
    [
        (("fr", Scale.CEFR, "B2"), None),
        (("fr", Scale.CEFR, "B3"), "unknown_level"),
        (("ja", Scale.JLPT, "n1"), "unknown_level"),
        (("fr", Scale.JLPT, "N1"), "scale_of_another_language"),
        (("en-CA", Scale.CLB, "12"), None),
    ],
)
def test_a_level_is_one_of_its_scale_and_language(named, fault):
    assert level_fault(LanguageLevel(*named)) == fault


def test_every_scale_has_levels_and_none_twice():
    for scale in Scale:
        assert len(set(LEVELS[scale])) == len(LEVELS[scale]) > 0
