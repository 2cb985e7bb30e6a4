"""Interruptions of a track, and returns to the programme or to the origin."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.dual_certification.errors import TrackChangeInvalidError
from recognition_service.dual_certification.lifecycle import (
    ReturnTo,
    TrackStatus,
    next_track_status,
)
from recognition_service.dual_certification.models import Track
from recognition_service.dual_certification.track_file import (
    note_own_event,
    open_own_file,
)


def interrupt(
    session: Session,
    caller: Caller,
    track_id: UUID,
    *,
    interrupted_on: date,
    reason: str,
    expected_return_on: date | None,
    now: datetime,
) -> Track:
    """Record that a participant interrupts the programme.

    The caller owns the transaction. Results and awards stay as they are.

    Args:
        session: A writing session.
        caller: Of the keeper.
        track_id: The track.
        interrupted_on: First day of the interruption.
        reason: A code; what is behind it stays with the keeper.
        expected_return_on: None: not known, or not expected.
        now: The instant.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotKeeperError: Another body keeps the track.
        TrackTransitionError: It is interrupted already, or completed.
        TrackChangeInvalidError: The return is expected before the interruption.
    """
    file = open_own_file(session, caller, track_id)
    track = file.track
    status = next_track_status(track.status, TrackStatus.INTERRUPTED)
    if expected_return_on is not None and expected_return_on < interrupted_on:
        raise _too_early("expected_return_on")
    track.status = status
    track.interruptions = [
        *track.interruptions,
        {
            "interrupted_on": interrupted_on.isoformat(),
            "reason": reason,
            "expected_return_on": _iso(expected_return_on),
            "returned_on": None,
        },
    ]
    note_own_event(
        session,
        caller,
        track,
        "interrupted",
        content={"on": interrupted_on.isoformat()},
        now=now,
    )
    return track


def come_back(
    session: Session,
    caller: Caller,
    track_id: UUID,
    *,
    returned_on: date,
    to: ReturnTo | None,
    experience: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Track:
    """Record that a participant came back.

    The caller owns the transaction. Who comes back to the programme goes on with it.
    Who comes back to the state of origin brings experience along, which is kept with
    what names the person.

    Args:
        session: A writing session.
        caller: Of the keeper.
        track_id: The track.
        returned_on: The day.
        to: None: to the programme if the track is interrupted, else to the origin.
        experience: What was worked on abroad, as JSON values.
        now: The instant.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotKeeperError: Another body keeps the track.
        TrackTransitionError: Nobody comes back to what was not interrupted.
        TrackChangeInvalidError: The return lies before the interruption.
    """
    file = open_own_file(session, caller, track_id)
    track = file.track
    if to is None:
        is_interrupted = track.status == TrackStatus.INTERRUPTED
        to = ReturnTo.PROGRAMME if is_interrupted else ReturnTo.ORIGIN
    match to:
        case ReturnTo.PROGRAMME:
            status = next_track_status(track.status, TrackStatus.RUNNING)
            *earlier, last = track.interruptions
            if returned_on < date.fromisoformat(last["interrupted_on"]):
                raise _too_early("returned_on")
            track.status = status
            track.interruptions = [
                *earlier,
                {**last, "returned_on": returned_on.isoformat()},
            ]
        case ReturnTo.ORIGIN:
            track.returned_on = returned_on
    if experience:
        kept = [dict(each) for each in experience]
        file.participant.experience = [*file.participant.experience, *kept]
    content = {"on": returned_on.isoformat(), "to": to}
    note_own_event(session, caller, track, "returned", content=content, now=now)
    return track


def _too_early(name: str) -> TrackChangeInvalidError:
    detail = "This lies before the interruption."
    return TrackChangeInvalidError(
        "The dates do not fit.",
        (
            {
                "pointer": f"/{name}",
                "code": "date_before_interruption",
                "detail": detail,
            },
        ),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
