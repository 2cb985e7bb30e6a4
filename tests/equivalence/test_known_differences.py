"""Substantial differences that published statements tell of a title."""

from datetime import date

import pytest

from recognition_service.equivalence.known_differences import stated_differences
from recognition_service.equivalence.precedents import Subject
from recognition_service.frameworks.instruments import ElementResult
from tests.equivalence.editions import (
    TODAY,
    a_place,
    a_qualification,
    a_reference,
    a_statement,
    edition,
    two_countries,
)

SUBJECT = {"origin": "AA", "destination": "BB", "title": "apprenticeSHIP "}
SUBSTANTIAL = ElementResult.SUBSTANTIAL_DIFFERENCE


def found(subject, on=TODAY, **changes):
    row = a_statement(**{"element_profile": SUBSTANTIAL, **changes})
    snapshot = edition(
        two_countries(
            a_qualification("aa-apprentice"),
            [a_place("BB-X", "BB")],
            [a_reference()],
            row,
        )
    )
    return stated_differences(snapshot, subject, on=on)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": None, "qualification": "aa-apprentice"},
        {"destination": "BB-X"},
        {"profession": "baker"},
    ],
)
def test_elements_that_differ_substantially_are_known(changes):
    (difference,) = found(Subject(**SUBJECT | changes))
    assert (difference.subject, difference.source) == ("profile", "statement")
    assert difference.reference == "statement-1"
    assert difference.also_named == ("statement-1:profile",)


def test_the_words_of_the_statement_name_the_difference_too():
    (profile, outcomes) = found(
        Subject(**SUBJECT),
        element_outcomes=SUBSTANTIAL,
        element_level=ElementResult.DIFFERENCE,
        elements_reason="No electronics.",
    )
    assert profile.why_essential == "No electronics."
    assert outcomes.subject == "learning_outcomes"
    assert outcomes.also_named == (
        "statement-1:learning_outcomes",
        "No electronics.",
    )


@pytest.mark.parametrize(
    ("subject", "row"),
    [
        ({"title": "Journeyman"}, {}),
        ({"origin": "BB"}, {}),
        ({"destination": "AA"}, {}),
        ({}, {"profession": "baker"}),
        ({}, {"valid_to": date(2026, 11, 20)}),
        ({}, {"element_profile": ElementResult.DIFFERENCE}),
    ],
)
def test_what_is_about_something_else_is_not_known(subject, row):
    assert found(Subject(**SUBJECT | subject), **row) == ()
