"""When a participant is asked, and what follows from the answer."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from recognition_service.dual_certification.follow_up import (
    FollowUpAnswer,
    Movement,
    Sector,
    Work,
    answer_faults,
    counted_from,
    latest_beginning,
    movement,
    sector_of,
    work_of,
)
from recognition_service.equivalence.places import Places
from recognition_service.frameworks.months import add_months

PLACES = Places(
    {"MA": ("MA",), "TN": ("TN",), "BE": ("BE",), "BE-FL": ("BE-FL", "BE")}, {}, {}
)


@dataclass
class Award:
    status: str
    awarded_on: date | None = None
    decided_on: date | None = None


def an_answer(**more):
    told = {
        "answered_on": None,
        "employed": True,
        "occupation": "3113",
        "same_sector": True,
        "residence": "MA",
    }
    return FollowUpAnswer(**told | more)


def test_months_are_counted_from_the_latest_award():
    awards = [
        Award("awarded", date(2026, 1, 31), date(2026, 2, 3)),
        Award("awarded", date(2026, 3, 1), date(2026, 3, 2)),
        Award("refused", None, date(2026, 5, 5)),
    ]
    assert counted_from("completed", awards) == date(2026, 3, 1)


def test_without_an_award_they_are_counted_from_the_end():
    refused = [
        Award("refused", None, date(2026, 5, 5)),
        Award("refused", None, date(2026, 4, 1)),
    ]
    assert counted_from("completed", refused) == date(2026, 5, 5)
    assert counted_from("running", [Award("open")]) is None
    assert counted_from("running", [Award("open"), refused[0]]) is None


@pytest.mark.parametrize("months", [6, 12, 24])
def test_the_latest_beginning_agrees_with_the_calendar(months):
    for day in (date(2026, 2, 28) + timedelta(days=each) for each in range(400)):
        found = latest_beginning(day, months)
        assert add_months(found, months) <= day
        assert add_months(found + timedelta(days=1), months) > day


@pytest.mark.parametrize(
    ("residence", "origins", "course", "found"),
    [
        ("MA", ["MA"], "home", Movement.STAYED),
        ("MA", ["MA"], "away", Movement.RETURNED),
        ("BE-FL", ["MA"], "away", Movement.MOVED),
        ("BE-FL", ["BE"], "home", Movement.STAYED),
        ("BE", ["MA", "TN"], "away", Movement.MOVED),
        ("MA", ["MA", "TN"], "home", Movement.NOT_ESTABLISHED),
        ("MA", [], "home", Movement.NOT_ESTABLISHED),
    ],
)
def test_residence_is_seen_from_the_origin(residence, origins, course, found):
    assert movement(residence, origins, course, PLACES) is found


def test_work_and_sector_follow_from_the_answer():
    assert work_of(an_answer(), 3) is Work.AT_LEVEL
    assert work_of(an_answer(occupation="9"), 3) is Work.BELOW_LEVEL
    assert work_of(an_answer(), None) is Work.LEVEL_NOT_ESTABLISHED
    idle = an_answer(employed=False, occupation=None, same_sector=None)
    assert (work_of(idle, 3), sector_of(idle)) == (Work.NO_WORK, Sector.NOT_IN_IT)
    assert sector_of(an_answer()) is Sector.SAME
    assert sector_of(an_answer(same_sector=False)) is Sector.NOT_IN_IT
    assert sector_of(an_answer(same_sector=None)) is Sector.NOT_TOLD


def test_each_member_that_does_not_fit_is_named():
    wrong = an_answer(employed=False, occupation="27", residence="Atlantis")
    assert [
        (each["pointer"], each["code"]) for each in answer_faults(wrong, {"MA"})
    ] == [
        ("/occupation", "not_an_occupation"),
        ("/occupation", "no_work"),
        ("/same_sector", "no_work"),
        ("/residence", "unknown_code"),
    ]
