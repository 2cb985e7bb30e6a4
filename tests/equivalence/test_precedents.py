"""Statements that tell how a title was decided about before."""

from datetime import date

import pytest

from recognition_service.equivalence.precedents import Subject, precedent_statements
from recognition_service.frameworks.instruments import Binding
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


def found(subject, on=TODAY, **changes):
    row = a_statement(**{"binding": Binding.PRECEDENT, **changes})
    snapshot = edition(
        two_countries(
            a_qualification("aa-apprentice"),
            [a_place("BB-X", "BB")],
            [a_reference()],
            row,
        )
    )
    return [row.id for row in precedent_statements(snapshot, subject, on=on)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": None, "qualification": "aa-apprentice"},
        {"destination": "BB-X"},
    ],
)
def test_a_title_or_its_type_is_found_in_a_place_and_its_parts(changes):
    assert found(Subject(**SUBJECT | changes)) == ["statement-1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Journeyman"},
        {"title": None, "qualification": "other"},
        {"origin": "BB"},
        {"destination": "AA"},
        {"profession": "baker"},
    ],
)
def test_what_is_about_something_else_is_not_found(changes):
    assert found(Subject(**SUBJECT | changes)) == []


@pytest.mark.parametrize(
    "row",
    [
        {"binding": Binding.LEGAL},
        {"profession": "baker"},
        {"valid_to": date(2026, 11, 20)},
        {"destination": "BB-X"},
    ],
)
def test_other_statements_are_no_precedents_here(row):
    assert found(Subject(**SUBJECT), **row) == []
