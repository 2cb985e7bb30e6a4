"""The states of a track and of its awards, and which may follow which."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from recognition_service.dual_certification.errors import (
    AwardTransitionError,
    TrackTransitionError,
)


class TrackStatus(StrEnum):
    """Where a track stands; completed once every award was decided."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    COMPLETED = "completed"


class Course(StrEnum):
    """Where a participant goes on: in the state of origin, or away from it."""

    HOME = "home"
    AWAY = "away"


class AwardStatus(StrEnum):
    """What a body has decided about its award."""

    OPEN = "open"
    AWARDED = "awarded"
    REFUSED = "refused"
    REVOKED = "revoked"


class How(StrEnum):
    """Why a body awards: all is achieved, or it recognises the other award.

    Recognising award A as B is a decision of its own; it is no dual certification.
    """

    EARNED = "earned"
    RECOGNISED = "recognised"


class ReturnTo(StrEnum):
    """Where somebody comes back to: the programme, or the state of origin."""

    PROGRAMME = "programme"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts of an award when awards are counted together."""

    authority: str
    status: AwardStatus
    how: How | None


_TRACK_FOLLOWS = {
    TrackStatus.RUNNING: (TrackStatus.INTERRUPTED, TrackStatus.COMPLETED),
    TrackStatus.INTERRUPTED: (TrackStatus.RUNNING, TrackStatus.COMPLETED),
    TrackStatus.COMPLETED: (),
}
_AWARD_FOLLOWS = {
    AwardStatus.OPEN: (AwardStatus.AWARDED, AwardStatus.REFUSED),
    AwardStatus.REFUSED: (AwardStatus.AWARDED, AwardStatus.REFUSED),
    AwardStatus.AWARDED: (AwardStatus.REVOKED,),
    AwardStatus.REVOKED: (),
}
_AT_LEAST = 2


def next_track_status(current: str, wanted: TrackStatus) -> TrackStatus:
    """Return the wanted state of a track if it may follow.

    Raises:
        TrackTransitionError: It may not.
    """
    allowed = _TRACK_FOLLOWS[TrackStatus(current)]
    if wanted not in allowed:
        raise TrackTransitionError(current, wanted, allowed)
    return wanted


def next_award_status(current: str, wanted: AwardStatus) -> AwardStatus:
    """Return the wanted state of an award if it may follow.

    Who was refused may try again; what was revoked is over.

    Raises:
        AwardTransitionError: It may not.
    """
    allowed = _AWARD_FOLLOWS[AwardStatus(current)]
    if wanted not in allowed:
        raise AwardTransitionError(current, wanted, allowed)
    return wanted


def is_dual_certification(awards: Iterable[Standing]) -> bool:
    """Return whether two bodies have each made an award that was earned."""
    bodies = {
        award.authority
        for award in awards
        if award.status is AwardStatus.AWARDED and award.how is How.EARNED
    }
    return len(bodies) >= _AT_LEAST
