"""What answers say about an award: one that denies outweighs all that confirm."""

import pytest

from recognition_service.mutual_recognition.award_verdict import (
    award_verdict,
    was_accredited,
)
from tests.mutual_recognition.bodies import ALL_YES


def test_awarded_to_the_same_person_is_confirmed():
    assert award_verdict(ALL_YES) == "confirmed"
    assert award_verdict({"awarded": "yes", "same_person": "yes"}) == "confirmed"


@pytest.mark.parametrize(
    "denied",
    [
        {"awarded": "no"},
        {"same_person": "no"},
        {"awarded_on_that_date": "no"},
        {"revoked_since": "yes"},
    ],
)
def test_one_denial_suffices(denied):
    assert award_verdict(ALL_YES | denied) == "denied"


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"awarded": "yes"},
        {"awarded": "yes", "same_person": "unknown"},
        {"awarded": "unknown", "same_person": "yes"},
        {"awarded": None, "same_person": "yes"},
    ],
)
def test_less_than_both_leaves_it_open(answers):
    assert award_verdict(answers) == "open"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("yes", True), ("no", False), ("unknown", None), ("not_applicable", None)],
)
def test_the_status_of_the_institution_is_said_or_not(reply, expected):
    assert was_accredited({"accredited_at_award": reply}) is expected
    assert was_accredited({}) is None
