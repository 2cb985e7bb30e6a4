"""Recording what participants answered some months after their awards."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.dual_certification.cohort_files import (
    CohortFile,
    Curricula,
    TrackAct,
    open_files,
    write_acts,
)
from recognition_service.dual_certification.errors import (
    FollowUpInvalidError,
    FollowUpNotConsentedError,
    FollowUpTooEarlyError,
    NotKeeperError,
    TrackNotFoundError,
)
from recognition_service.dual_certification.follow_up import (
    FollowUpAnswer,
    answer_faults,
    counted_from,
    movement,
    sector_of,
    work_of,
)
from recognition_service.dual_certification.lifecycle import AwardStatus
from recognition_service.dual_certification.models import Track, TrackFollowUp
from recognition_service.dual_certification.recognised_level import AwardedSkills
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.errors import RecognitionError
from recognition_service.frameworks.months import add_months
from recognition_service.frameworks.programmes import Side
from recognition_service.storage.prepared import Prepared, among
from recognition_service.storage.upsert import insert_rows

_RECORDED = "follow_up_recorded"


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """An answer as it comes in.

    Attributes:
        track_id: None: there is no such track.
        months: One of `follow_up.PERIODS`.
    """

    track_id: UUID | None
    months: int
    answer: FollowUpAnswer


def record_follow_up(
    session: Session,
    caller: Caller,
    new: NewFollowUp,
    *,
    snapshot: Snapshot,
    now: datetime,
) -> None:
    """Record an answer, in place of an earlier one after as many months.

    The caller owns the transaction.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotKeeperError: Another body keeps the track.
        FollowUpNotConsentedError: The participant did not consent, or not yet.
        FollowUpTooEarlyError: So many months are not over.
        FollowUpInvalidError: A member does not fit.
    """
    (refusal,) = record_follow_ups(session, caller, [new], snapshot=snapshot, now=now)
    if refusal is not None:
        raise refusal


def record_follow_ups(
    session: Session,
    caller: Caller,
    answers: Sequence[NewFollowUp],
    *,
    snapshot: Snapshot,
    now: datetime,
    is_trial: bool = False,
) -> list[RecognitionError | None]:
    """Record all answers, or none of them if one is refused.

    The caller owns the transaction. An answer stands in place of an earlier one.

    Args:
        session: A writing session.
        caller: Of the keeper.
        answers: Each track and number of months once.
        snapshot: The tables in force for the keeper.
        now: The instant.
        is_trial: Whether nothing is to be written in any case.

    Returns:
        Why each is refused, in the order of the answers; None: it is not.
    """
    wanted = [new.track_id for new in answers if new.track_id is not None]
    files = open_files(session, caller.authority_id, wanted, Curricula())
    today = legal_day(get_authority(session, caller.authority_id), now)
    skills = AwardedSkills(snapshot.tables)
    refusals: list[RecognitionError | None] = []
    rows = []
    for new in answers:
        try:
            file = _own_file(caller, files, new)
            answered_on = _answered_on(new, file, today)
            rows.append(_row(new, file, answered_on, snapshot, skills))
        except RecognitionError as error:
            refusals.append(error)
        else:
            refusals.append(None)
    if not is_trial and not any(refusals):
        _write(session, caller, rows, files, now)
    return refusals


def erase_follow_ups(session: Session, track: Track) -> int:
    """Erase all answers of a participant; return how many there were.

    The caller owns the transaction.
    """
    gone = session.scalars(
        delete(TrackFollowUp)
        .where(
            TrackFollowUp.authority_id == track.authority_id,
            TrackFollowUp.track_id == track.id,
        )
        .returning(TrackFollowUp.months)
    )
    return len(gone.all())


def follow_ups_of(session: Session, track: Track) -> list[TrackFollowUp]:
    """Return what a participant answered, the earliest first."""
    return list(
        session.scalars(
            select(TrackFollowUp)
            .where(
                TrackFollowUp.authority_id == track.authority_id,
                TrackFollowUp.track_id == track.id,
            )
            .order_by(TrackFollowUp.months)
        )
    )


def tracks_named(
    session: Session, keeper: str, names: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], UUID]:
    """Return the tracks that a keeper has, by programme and name of participant.

    Args:
        session: Any session.
        keeper: Whose tracks.
        names: Programmes, empty without one, and what the keeper calls participants.
    """
    wanted = set(names)
    found = _NAMED.all(
        session, keeper=keeper, names=sorted({participant for _, participant in wanted})
    )
    return {
        (programme, participant): track_id
        for programme, participant, track_id in found
        if (programme, participant) in wanted
    }


_NAMED = Prepared(
    lambda dialect: select(Track.programme, Track.participant_ref, Track.id).where(
        Track.authority_id == bindparam("keeper"),
        among(Track.participant_ref, "names", dialect),
    )
)


def _own_file(
    caller: Caller, files: Mapping[UUID, CohortFile], new: NewFollowUp
) -> CohortFile:
    """Return the file of a track that the caller's authority keeps.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotKeeperError: It takes part, but another body keeps the track.
    """
    file = files.get(new.track_id) if new.track_id is not None else None
    if file is None:
        raise TrackNotFoundError("There is no such track.")
    if file.track.authority_id != caller.authority_id:
        raise NotKeeperError(
            f"{file.track.authority_id} keeps this track and records what happens."
        )
    return file


def _answered_on(new: NewFollowUp, file: CohortFile, today: date) -> date:
    """Return the day of an answer that may be recorded.

    Raises:
        FollowUpNotConsentedError: The participant did not consent, or not yet.
        FollowUpTooEarlyError: So many months are not over.
    """
    consent = file.track.consent
    answered_on = new.answer.answered_on or today
    given_on = consent.get("given_on") or ""
    if not consent.get("follow_up") or answered_on.isoformat() < given_on:
        raise FollowUpNotConsentedError(
            "The participant had not consented to be asked on that day."
        )
    since = counted_from(file.track.status, file.awards)
    due_on = None if since is None else add_months(since, new.months)
    if due_on is None or answered_on < due_on:
        raise FollowUpTooEarlyError(new.months, due_on)
    return answered_on


def _row(
    new: NewFollowUp,
    file: CohortFile,
    answered_on: date,
    snapshot: Snapshot,
    skills: AwardedSkills,
) -> dict[str, Any]:
    """Return what is kept of an answer.

    Raises:
        FollowUpInvalidError: A member does not fit.
    """
    answer, track = new.answer, file.track
    faults = answer_faults(answer, snapshot.tables.jurisdictions)
    if faults:
        raise FollowUpInvalidError("The answer does not fit.", tuple(faults))
    made = [each.target for each in file.awards if each.status == AwardStatus.AWARDED]
    expected = skills.of(file.curriculum, made)
    origins = _origins(track.origin, track.programme, snapshot)
    return {
        "authority_id": track.authority_id,
        "track_id": track.id,
        "months": new.months,
        "answered_on": answered_on,
        "employed": answer.employed,
        "occupation": answer.occupation,
        "same_sector": answer.same_sector,
        "residence": answer.residence,
        "expected_skill": expected,
        "work": work_of(answer, expected),
        "sector": sector_of(answer),
        "movement": movement(answer.residence, origins, track.course, snapshot.places),
    }


def _origins(told: str | None, programme: str, snapshot: Snapshot) -> Collection[str]:
    """Return where somebody may come from; nothing where the tables leave it open."""
    if told is not None:
        return (told,)
    described = snapshot.programmes.get(programme)
    named = (
        [each.jurisdiction for each in described.on(Side.ORIGIN)] if described else []
    )
    return () if None in named else [each for each in named if each is not None]


def _write(
    session: Session,
    caller: Caller,
    rows: Sequence[dict[str, Any]],
    files: Mapping[UUID, CohortFile],
    now: datetime,
) -> None:
    _CLEAR.run_many(
        session,
        [
            {f"_{name}": row[name] for name in ("authority_id", "track_id", "months")}
            for row in rows
        ],
    )
    insert_rows(
        session,
        TrackFollowUp,
        [{**row, "recorded_at": now, "recorded_by": caller.actor} for row in rows],
    )
    acts = [
        TrackAct(files[row["track_id"]].track, _RECORDED, {"months": row["months"]})
        for row in rows
    ]
    write_acts(session, caller, acts, now=now)


_CLEAR = Prepared(
    lambda _: delete(TrackFollowUp).where(
        TrackFollowUp.authority_id == bindparam("_authority_id"),
        TrackFollowUp.track_id == bindparam("_track_id"),
        TrackFollowUp.months == bindparam("_months"),
    )
)
