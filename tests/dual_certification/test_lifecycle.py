"""Which state may follow which, and what counts as dual certification."""

import pytest

from recognition_service.dual_certification.errors import (
    AwardTransitionError,
    TrackTransitionError,
)
from recognition_service.dual_certification.lifecycle import (
    AwardStatus,
    How,
    Standing,
    TrackStatus,
    is_dual_certification,
    next_award_status,
    next_track_status,
)

TRACK = {
    "running": {"interrupted", "completed"},
    "interrupted": {"running", "completed"},
    "completed": set(),
}
AWARD = {
    "open": {"awarded", "refused"},
    "refused": {"awarded", "refused"},
    "awarded": {"revoked"},
    "revoked": set(),
}


@pytest.mark.parametrize("current", TrackStatus)
@pytest.mark.parametrize("wanted", TrackStatus)
def test_a_track_moves_as_the_table_says(current, wanted):
    if wanted in TRACK[current]:
        assert next_track_status(current, wanted) is wanted
    else:
        with pytest.raises(TrackTransitionError) as refused:
            next_track_status(current, wanted)
        assert set(refused.value.members()["allowed"]) == TRACK[current]


@pytest.mark.parametrize("current", AwardStatus)
@pytest.mark.parametrize("wanted", AwardStatus)
def test_an_award_moves_as_the_table_says(current, wanted):
    if wanted in AWARD[current]:
        assert next_award_status(current, wanted) is wanted
    else:
        with pytest.raises(AwardTransitionError) as refused:
            next_award_status(current, wanted)
        assert set(refused.value.members()["allowed"]) == AWARD[current]


def made(authority, how=How.EARNED, status=AwardStatus.AWARDED):
    return Standing(authority, status, how)


@pytest.mark.parametrize(
    ("awards", "expected"),
    [
        ([made("a"), made("b")], True),
        ([made("a"), made("b"), made("c", None, AwardStatus.OPEN)], True),
        ([made("a"), made("b", How.RECOGNISED)], False),
        ([made("a"), made("b", status=AwardStatus.REVOKED)], False),
        ([made("a"), made("b", None, AwardStatus.OPEN)], False),
        ([made("a"), made("a")], False),
        ([], False),
    ],
)
def test_only_earned_awards_of_two_bodies_are_dual_certification(awards, expected):
    assert is_dual_certification(awards) is expected
