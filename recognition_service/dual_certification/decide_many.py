"""Deciding about the awards of a whole cohort, each row by the rules for one.

Awards that are earned and refusals are decided together. What touches other awards or
attestations, as a recognition or a revocation does, goes the way of a single decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.dual_certification.award_rules import (
    AwardDecision,
    require_decidable,
    require_declared_base,
    require_earned,
)
from recognition_service.dual_certification.cohort_files import (
    AwardRow,
    CohortFile,
    Curricula,
    TrackAct,
    open_files,
    read_results,
    write_acts,
    write_awards,
)
from recognition_service.dual_certification.decide_award import decide_award
from recognition_service.dual_certification.errors import TrackNotFoundError
from recognition_service.dual_certification.file_views import award_of
from recognition_service.dual_certification.lifecycle import AwardStatus, TrackStatus
from recognition_service.errors import RecognitionError


@dataclass(frozen=True, slots=True)
class WantedAward:
    """What a body decides about one award of one track."""

    track_id: UUID
    target: str
    decision: AwardDecision

    @property
    def is_plain(self) -> bool:
        """Whether nothing but this award and its track can change by it."""
        decision = self.decision
        return decision.status is not AwardStatus.REVOKED and decision.rests_on is None


def decide_awards(
    session: Session,
    caller: Caller,
    wanted: Sequence[WantedAward],
    *,
    curricula: Curricula,
    now: datetime,
) -> list[RecognitionError | None]:
    """Decide about many awards in their order; a row that fails stops no other.

    The caller owns the transaction. All tracks are locked from the beginning.

    Returns:
        Why each row was refused, with nothing changed by it; None where it was decided.
    """
    ids = {each.track_id for each in wanted}
    files = _open(session, caller, ids, curricula)
    results: list[RecognitionError | None] = []
    for is_plain, run in groupby(wanted, key=lambda each: each.is_plain):
        if is_plain:
            results += _decide_plain(
                session, caller, list(run), files, curricula=curricula, now=now
            )
            continue
        for each in run:
            # What was written past the session's objects has to be read again.
            session.expire_all()
            results.append(_decide_one(session, caller, each, now))
        files = _open(session, caller, ids, curricula)
    return results


def _open(
    session: Session, caller: Caller, tracks: set[UUID], curricula: Curricula
) -> dict[UUID, CohortFile]:
    files = open_files(session, caller.authority_id, tracks, curricula)
    read_results(session, files.values())
    return files


def _decide_one(
    session: Session, caller: Caller, wanted: WantedAward, now: datetime
) -> RecognitionError | None:
    try:
        with session.begin_nested():
            decide_award(
                session,
                caller,
                wanted.track_id,
                wanted.target,
                wanted.decision,
                now=now,
            )
    except RecognitionError as error:
        return error
    return None


def _decide_plain(
    session: Session,
    caller: Caller,
    wanted: Sequence[WantedAward],
    files: dict[UUID, CohortFile],
    *,
    curricula: Curricula,
    now: datetime,
) -> list[RecognitionError | None]:
    today = legal_day(read_authority(session, caller.authority_id), now)
    results: list[RecognitionError | None] = []
    changed: dict[UUID, AwardRow] = {}
    acts = []
    for each in wanted:
        try:
            file, award = _judge(caller, each, files, curricula)
        except RecognitionError as error:
            results.append(error)
            continue
        decision = each.decision
        award.status, award.reason = decision.status.value, decision.reason
        award.how = decision.how.value if decision.how else None
        award.awarded_on = decision.awarded_on
        award.rests_on = award.rests_on_target = None
        award.decided_on, award.decided_at = today, now
        award.decided_by = caller.actor
        if all(every.status != AwardStatus.OPEN for every in file.awards):
            file.track.status = TrackStatus.COMPLETED.value
        changed[award.id] = award
        content = {"target": award.target, "how": award.how}
        acts.append(TrackAct(file.track, f"award_{award.status}", content))
        results.append(None)
    write_awards(session, changed.values())
    write_acts(session, caller, acts, now=now)
    return results


def _judge(
    caller: Caller,
    wanted: WantedAward,
    files: dict[UUID, CohortFile],
    curricula: Curricula,
) -> tuple[CohortFile, AwardRow]:
    """Return the award that is decided about, if it may be decided like this.

    Raises:
        RecognitionError: As `decide_award`.
    """
    file = files.get(wanted.track_id)
    if file is None:
        raise TrackNotFoundError(f"There is no track {wanted.track_id}.")
    award, decision = award_of(file.awards, wanted.target), wanted.decision
    status = require_decidable(award, decision, caller.authority_id)
    if status is AwardStatus.AWARDED:
        require_declared_base(file, award)
        plan = curricula.plan(file.track)
        require_earned(file, plan, award, decision.awarded_on)
    return file, award
