"""Recording that a unit was achieved, and withdrawing that it was."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.dual_certification.errors import (
    ResultNotFoundError,
    ResultSettledError,
    UnitNotFoundError,
)
from recognition_service.dual_certification.file_views import FileView
from recognition_service.dual_certification.lifecycle import AwardStatus, How
from recognition_service.dual_certification.models import Track, UnitResult
from recognition_service.dual_certification.track_file import (
    TrackFile,
    note_own_event,
    open_own_file,
)
from recognition_service.equivalence.standards import Result
from recognition_service.recognition.record_training import renew_training
from recognition_service.storage.ids import new_id


def record_result(
    session: Session,
    caller: Caller,
    track_id: UUID,
    unit: str,
    result: Result,
    *,
    now: datetime,
) -> Track:
    """Record that a unit was achieved, or correct how it was.

    The caller owns the transaction.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotKeeperError: Another body keeps the track.
        UnitNotFoundError: The curriculum has no such unit.
        ResultSettledError: The unit has a result, and an award was earned with it.
    """
    file = open_own_file(session, caller, track_id)
    row = file.results.get(unit)
    if row is None:
        if all(each["id"] != unit for each in file.curriculum["units"]):
            raise UnitNotFoundError(f"The track has no unit {unit}.")
        row = UnitResult(
            authority_id=caller.authority_id,
            id=new_id(now),
            track_id=track_id,
            unit=unit,
        )
        session.add(row)
    else:
        refuse_settled(file, unit)
    row.achieved_on, row.assessor = result.achieved_on, result.assessor
    row.evidence, row.kind = result.evidence, result.kind
    row.recorded_at, row.recorded_by = now, caller.actor
    _tell_cases(session, file, unit, result, now=now)
    note_own_event(
        session,
        caller,
        file.track,
        "result_recorded",
        content={"unit": unit, "evidence": result.evidence, "kind": result.kind},
        now=now,
    )
    return file.track


def withdraw_result(
    session: Session, caller: Caller, track_id: UUID, unit: str, *, now: datetime
) -> Track:
    """Take back that a unit was achieved: it is open again.

    The caller owns the transaction. History and audit keep what was taken back, by
    the digest of its evidence. Cases that rest on it show that it is gone.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotKeeperError: Another body keeps the track.
        ResultNotFoundError: The unit has no result.
        ResultSettledError: An award was earned with it.
    """
    file = open_own_file(session, caller, track_id)
    row = file.results.get(unit)
    if row is None:
        raise ResultNotFoundError(f"The track has no result of a unit {unit}.")
    refuse_settled(file, unit)
    session.delete(row)
    _tell_cases(session, file, unit, None, now=now)
    note_own_event(
        session,
        caller,
        file.track,
        "result_withdrawn",
        content={"unit": unit, "evidence": row.evidence, "kind": row.kind},
        now=now,
    )
    return file.track


def _tell_cases(
    session: Session,
    file: TrackFile,
    unit: str,
    result: Result | None,
    *,
    now: datetime,
) -> None:
    """Tell the cases that rest on a track what became of a result; None: it is gone."""
    track = file.track
    renew_training(
        session,
        (track.authority_id, track.id),
        unit,
        None if result is None else result_value(result),
        on=legal_day(get_authority(session, track.authority_id), now),
        now=now,
    )


def result_value(result: Result) -> dict[str, str]:
    """Return a result as cases keep it that rest on it."""
    return {
        "achieved_on": result.achieved_on.isoformat(),
        "assessor": result.assessor,
        "evidence": result.evidence,
        "kind": result.kind.value,
    }


def refuse_settled(file: FileView, unit: str) -> None:
    """Refuse to touch a result with which an award was earned.

    Raises:
        ResultSettledError: One was.
    """
    if any(_was_earned_with(file, unit)):
        raise ResultSettledError(f"An award was earned with the result of {unit}.")


def _was_earned_with(file: FileView, unit: str) -> list[bool]:
    """Tell of each award for which a unit counts whether it was earned."""
    (counts_for,) = (
        {counts["target"] for counts in each["counts_for"]}
        for each in file.curriculum["units"]
        if each["id"] == unit
    )
    return [
        award.status == AwardStatus.AWARDED and award.how == How.EARNED
        for award in file.awards
        if award.target in counts_for
    ]
