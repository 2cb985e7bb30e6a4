"""Recording the results of a whole cohort, each by the rules for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.dual_certification.cohort_files import (
    CohortFile,
    Curricula,
    ResultRow,
    TrackAct,
    open_files,
    read_results,
    write_acts,
)
from recognition_service.dual_certification.errors import (
    NotKeeperError,
    TrackNotFoundError,
    UnitNotFoundError,
)
from recognition_service.dual_certification.models import UnitResult
from recognition_service.dual_certification.record_result import (
    refuse_settled,
    result_value,
)
from recognition_service.equivalence.standards import Result
from recognition_service.errors import RecognitionError
from recognition_service.recognition.record_training import (
    renew_training,
    shown_to_cases,
)
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Prepared
from recognition_service.storage.upsert import insert_rows

_CHANGE = Prepared(
    lambda _: (
        update(UnitResult)
        .where(
            UnitResult.authority_id == bindparam("_authority_id"),
            UnitResult.track_id == bindparam("_track_id"),
            UnitResult.unit == bindparam("_unit"),
        )
        .values(
            {
                name: bindparam(f"_{name}")
                for name in (
                    "achieved_on",
                    "assessor",
                    "evidence",
                    "kind",
                    "recorded_at",
                    "recorded_by",
                )
            }
        )
    )
)


@dataclass(frozen=True, slots=True)
class WantedResult:
    """That a unit of a track was achieved."""

    track_id: UUID
    unit: str
    result: Result


def record_results(
    session: Session,
    caller: Caller,
    wanted: Sequence[WantedResult],
    *,
    curricula: Curricula,
    now: datetime,
) -> list[RecognitionError | None]:
    """Record many results; one that cannot be recorded stops no other.

    The caller owns the transaction. What is recorded just so already stays untouched.
    Of one unit of a track only one result is among those that are wanted.

    Returns:
        Why each was refused; None where it stands now.
    """
    ids = {each.track_id for each in wanted}
    files = open_files(session, caller.authority_id, ids, curricula)
    read_results(session, files.values())
    results: list[RecognitionError | None] = []
    fresh: list[WantedResult] = []
    changed: list[WantedResult] = []
    for each in wanted:
        try:
            known = _known(caller, each, files)
        except RecognitionError as error:
            results.append(error)
            continue
        results.append(None)
        if known is None:
            fresh.append(each)
        elif known != _row(each):
            changed.append(each)
    insert_rows(
        session,
        UnitResult,
        [{**_columns(caller, each, now), "id": new_id(now)} for each in fresh],
    )
    _CHANGE.run_many(
        session,
        [
            {f"_{name}": value for name, value in _columns(caller, each, now).items()}
            for each in changed
        ],
    )
    written = [*fresh, *changed]
    acts = [
        TrackAct(files[each.track_id].track, "result_recorded", _told(each))
        for each in written
    ]
    write_acts(session, caller, acts, now=now)
    _tell_cases(session, caller, written, now)
    return results


def _known(
    caller: Caller, wanted: WantedResult, files: Mapping[UUID, CohortFile]
) -> ResultRow | None:
    """Return the result that a unit has already, if this one may be recorded.

    Raises:
        RecognitionError: As `record_result`.
    """
    file = files.get(wanted.track_id)
    if file is None:
        raise TrackNotFoundError(f"There is no track {wanted.track_id}.")
    if file.track.authority_id != caller.authority_id:
        raise NotKeeperError(
            f"{file.track.authority_id} keeps this track and records what happens."
        )
    if all(each["id"] != wanted.unit for each in file.curriculum["units"]):
        raise UnitNotFoundError(f"The track has no unit {wanted.unit}.")
    known = file.results.get(wanted.unit)
    if known is not None and known != _row(wanted):
        refuse_settled(file, wanted.unit)
    return known


def _row(wanted: WantedResult) -> ResultRow:
    result = wanted.result
    return ResultRow(
        wanted.track_id,
        wanted.unit,
        result.achieved_on,
        result.assessor,
        result.evidence,
        result.kind.value,
    )


def _columns(caller: Caller, wanted: WantedResult, now: datetime) -> dict[str, object]:
    return {
        "authority_id": caller.authority_id,
        **_row(wanted)._asdict(),
        "recorded_at": now,
        "recorded_by": caller.actor,
    }


def _told(wanted: WantedResult) -> dict[str, str]:
    result = wanted.result
    return {
        "unit": wanted.unit,
        "evidence": result.evidence,
        "kind": result.kind.value,
    }


def _tell_cases(
    session: Session, caller: Caller, written: Sequence[WantedResult], now: datetime
) -> None:
    """Tell the cases that rest on some of these tracks what was recorded."""
    keeper = caller.authority_id
    shown = shown_to_cases(session, keeper, {each.track_id for each in written})
    today = legal_day(read_authority(session, keeper), now)
    for each in written:
        if each.track_id in shown:
            renew_training(
                session,
                (keeper, each.track_id),
                each.unit,
                result_value(each.result),
                on=today,
                now=now,
            )
