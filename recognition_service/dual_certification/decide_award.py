"""Deciding about one award of a track: each body for itself, at its own date.

Two awards are two decisions. What becomes of one touches the other only where the
other declares that it depends on it, or was made by recognising it.

Source: Lisbon Recognition Convention, article III.5 (reasons are given); STCW
regulation I/10 (what rests on a withdrawn certificate ends with it).
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.bases import BASE_REVOKED
from recognition_service.attestations.errors import (
    AttestationNotFoundError,
    AttestationPendingError,
    StatusTransitionError,
)
from recognition_service.attestations.models import Status
from recognition_service.attestations.read import get_attestation
from recognition_service.attestations.status import change_status
from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.clock import parse_day
from recognition_service.dual_certification.award_rules import (
    AwardDecision,
    declared_base,
    fault,
    require_awarded,
    require_decidable,
    require_declared_base,
    require_earned,
)
from recognition_service.dual_certification.errors import AwardInvalidError
from recognition_service.dual_certification.lifecycle import (
    AwardStatus,
    TrackStatus,
)
from recognition_service.dual_certification.models import Track, TrackAward
from recognition_service.dual_certification.track_file import (
    SERVICE,
    TrackFile,
    note_event,
    open_file,
)

AWARD_WITHDRAWN = "award_withdrawn"


def decide_award(
    session: Session,
    caller: Caller,
    track_id: UUID,
    target: str,
    decision: AwardDecision,
    *,
    now: datetime,
) -> Track:
    """Award, refuse or revoke one award of a track.

    The caller owns the transaction.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        TargetNotFoundError: The track leads to no such award.
        NotAwardingBodyError: The award is another body's.
        AwardInvalidError: A member is missing, or does not belong to the status.
        AwardTransitionError: The award stands where this cannot follow.
        RequirementsOpenError: It is to be earned, and something is missing.
        BaseNotAwardedError: The award that it depends or rests on was not made.
    """
    file = open_file(session, caller.authority_id, track_id, to_change=True)
    award = file.award(target)
    status = require_decidable(award, decision, caller.authority_id)
    base: TrackAward | None = None
    if status is AwardStatus.AWARDED:
        base = _require_grounds(session, file, award, decision)
    if status is not AwardStatus.REVOKED:
        award.how = decision.how
        award.awarded_on = decision.awarded_on
        award.rests_on = decision.rests_on
        award.rests_on_target = base.target if base is not None else None
    _set(session, award, status, decision.reason, actor=caller.actor, now=now)
    _note(
        session, file.track, award, by=caller.authority_id, actor=caller.actor, now=now
    )
    if status is AwardStatus.REVOKED:
        _take_back(session, award, AWARD_WITHDRAWN, actor=caller.actor, now=now)
        _revoke_dependents(session, file, award, now)
    if all(each.status != AwardStatus.OPEN for each in file.awards):
        file.track.status = TrackStatus.COMPLETED
    return file.track


def _require_grounds(
    session: Session, file: TrackFile, award: TrackAward, decision: AwardDecision
) -> TrackAward | None:
    """Return the award that is recognised, if one is.

    Raises:
        RequirementsOpenError: It is to be earned, and something is missing.
        BaseNotAwardedError: The award that it depends or rests on was not made.
        AwardInvalidError: What it shall rest on is no attestation of another body.
    """
    require_declared_base(file, award)
    if decision.rests_on is not None:
        base = _base_of(session, file, award, decision.rests_on)
        require_awarded(award, base)
        return base
    require_earned(file, file.plan(), award, decision.awarded_on)
    return None


def _base_of(
    session: Session, file: TrackFile, award: TrackAward, attestation_id: UUID
) -> TrackAward:
    """Return the award of another body that an attestation speaks of.

    Names are spelled differently by every body; two birth dates are two persons.

    Raises:
        AwardInvalidError: It is no valid attestation of a body of this track, or one
            about another person.
    """
    for other in file.awards:
        if other.authority_id == award.authority_id:
            continue
        try:
            found = get_attestation(session, other.authority_id, attestation_id)
        except AttestationNotFoundError:
            continue
        if found.issued_at is None or found.status != Status.VALID:
            continue
        born = parse_day(found.record["inputs"]["holder"].get("birth_date"))
        stated = file.participant.birth_date
        if born is not None and stated is not None and born != stated:
            raise _no_base(
                "base_of_another_person",
                "The attestation states another birth date than the track.",
            )
        return other
    raise _no_base(
        "base_not_attested", "Name a valid attestation of the other body of this track."
    )


def _no_base(code: str, detail: str) -> AwardInvalidError:
    return AwardInvalidError(
        "An award cannot rest on this.", (fault("rests_on", code, detail),)
    )


def _revoke_dependents(
    session: Session, file: TrackFile, gone: TrackAward, now: datetime
) -> None:
    """Revoke what depends on a revoked award, and what depends on that in turn."""
    for award in file.awards:
        bases = {declared_base(file.curriculum, award.target), award.rests_on_target}
        if award.status != AwardStatus.AWARDED or gone.target not in bases:
            continue
        if is_elsewhere(award.authority_id):
            continue  # It is told that the base left, and decides for itself.
        _set(session, award, AwardStatus.REVOKED, BASE_REVOKED, actor=SERVICE, now=now)
        _note(
            session,
            file.track,
            award,
            by=award.authority_id,
            actor=SERVICE,
            now=now,
            content={"base": gone.target},
        )
        _take_back(session, award, BASE_REVOKED, actor=SERVICE, now=now)
        _revoke_dependents(session, file, award, now)


def _take_back(
    session: Session, award: TrackAward, reason: str, *, actor: str, now: datetime
) -> None:
    """Revoke what a body has attested over an award that is no more.

    Of a joint award the others are suspended, and their bodies are told.
    """
    for attestation_id in (award.attestation_id, award.own_attestation_id):
        if attestation_id is None:
            continue
        with suppress(AttestationPendingError, StatusTransitionError):
            change_status(
                session,
                award.authority_id,
                attestation_id,
                status=Status.REVOKED,
                reason=reason,
                actor=actor,
                now=now,
            )


def _set(
    session: Session,
    award: TrackAward,
    status: AwardStatus,
    reason: str | None,
    *,
    actor: str,
    now: datetime,
) -> None:
    body = get_authority(session, award.authority_id)
    award.status, award.reason = status, reason
    award.decided_on, award.decided_at = legal_day(body, now), now
    award.decided_by = actor


def _note(
    session: Session,
    track: Track,
    award: TrackAward,
    *,
    by: str,
    actor: str,
    now: datetime,
    content: Mapping[str, Any] | None = None,
) -> None:
    note_event(
        session,
        track,
        f"award_{award.status}",
        by=by,
        actor=actor,
        now=now,
        content={"target": award.target, "how": award.how, **(content or {})},
    )
