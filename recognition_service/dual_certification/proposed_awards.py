"""Joint awards that bodies of other installations propose, decided about here.

The track is kept elsewhere; what is known here of it is the record that all shall
attest. As on a track, one person decides about the award of the body, and another one
signs.

Source: Lisbon Recognition Convention, article III.5 (reasons are given).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.errors import JointAwardClosedError
from recognition_service.attestations.joint_elsewhere import REFUSED, Farewell
from recognition_service.attestations.joint_issue import cancel_joint
from recognition_service.attestations.joint_models import JointPart, JointState
from recognition_service.attestations.joint_parts import (
    get_part,
    joint_document,
    lock_group,
    own_part,
)
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import PrincipalKind
from recognition_service.clock import format_instant
from recognition_service.dual_certification.award_rules import fault
from recognition_service.dual_certification.errors import (
    AwardInvalidError,
    AwardTransitionError,
    BaseNotAwardedError,
    JointAwardOfTrackError,
)
from recognition_service.dual_certification.lifecycle import AwardStatus
from recognition_service.recognition.errors import (
    SameSignatoryError,
    SystemCannotSignError,
)
from recognition_service.storage import audit

_MICROSECONDS = 1_000_000


def list_joint_awards(
    session: Session,
    authority_id: str,
    *,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> Sequence[JointPart]:
    """Return the joint awards in which an authority has a part, by group."""
    statement = select(JointPart).where(JointPart.authority_id == authority_id)
    if state is not None:
        statement = statement.where(JointPart.state == state)
    if after is not None:
        statement = statement.where(JointPart.group_id > after)
    return session.scalars(statement.order_by(JointPart.group_id).limit(limit)).all()


def decide_proposed(
    session: Session,
    caller: Caller,
    group: UUID,
    status: AwardStatus,
    reason: str | None,
    *,
    now: datetime,
) -> JointPart:
    """Make the award that was proposed to the caller's authority, or refuse it.

    The caller owns the transaction. Refusing gives the joint award up for all.

    Raises:
        JointAwardNotFoundError: The authority has no part in such an award.
        JointAwardOfTrackError: It was not proposed from elsewhere.
        JointAwardClosedError: It is complete, withdrawn or cancelled.
        AwardInvalidError: A refusal has no reason, or an award has one.
        AwardTransitionError: It was decided about before.
    """
    part = own_part(lock_group(session, group), caller.authority_id)
    _require_proposed(part)
    if part.state != JointState.HELD:
        raise JointAwardClosedError(part.state)
    if (status is AwardStatus.REFUSED) == (reason is None):
        code = "required" if reason is None else "not_expected"
        told = "Whoever is refused is told why." if reason is None else "It has none."
        raise AwardInvalidError(
            "The decision is not complete.", (fault("reason", code, told),)
        )
    if part.decided_by is not None:
        raise AwardTransitionError(AwardStatus.AWARDED, status, ())
    body = get_authority(session, caller.authority_id)
    part.decided_by, part.decided_on = caller.actor, legal_day(body, now)
    part.changed_at, part.refusal = now, reason
    audit.append(
        session,
        caller.authority_id,
        actor=caller.actor,
        action=f"joint.award_{status.value}",
        subject=f"joint_award/{group}",
        content={"target": part.role},
        now=now,
    )
    if status is AwardStatus.REFUSED:
        cancel_joint(
            session,
            group,
            by=caller.authority_id,
            actor=caller.actor,
            now=now,
            farewell=Farewell(REFUSED, reason),
        )
    return part


def require_signatory(session: Session, caller: Caller, group: UUID) -> str:
    """Return who has made the award that the caller signs; it is somebody else.

    Raises:
        JointAwardNotFoundError: The authority has no part in such an award.
        JointAwardOfTrackError: It was not proposed from elsewhere.
        SystemCannotSignError: The caller is no person.
        BaseNotAwardedError: Nobody has made the award.
        SameSignatoryError: The caller has made it.
    """
    part = get_part(session, caller.authority_id, group)
    _require_proposed(part)
    if caller.kind is not PrincipalKind.PERSON:
        raise SystemCannotSignError("An award is attested by a person.")
    status = _status(part)
    if status != AwardStatus.AWARDED or part.decided_by is None:
        raise BaseNotAwardedError(part.role, part.role, status)
    if part.decided_by == caller.actor:
        raise SameSignatoryError("Who decided about the award cannot sign it.")
    return part.decided_by


def version_of(part: JointPart) -> int:
    """Return the version of an authority's part, for `ETag`: its last change."""
    return int(part.changed_at.timestamp() * _MICROSECONDS)


def summary(session: Session, part: JointPart, *, public_url: str) -> dict[str, Any]:
    """Return what lists show of a joint award: nothing that names the person."""
    group = part.group_id
    return {
        "id": str(group),
        **joint_document(session, part, public_url=public_url),
        "proposed_by": part.proposed_by,
        "opened_at": format_instant(part.opened_at),
        "attestation": str(part.attestation_id) if part.attestation_id else None,
        "links": {"self": f"{public_url}/api/v1/joint-awards/{group}"},
    }


def as_document(
    session: Session, part: JointPart, *, public_url: str
) -> dict[str, Any]:
    """Return a joint award whole, as a body that has a part in it is told."""
    record = DecisionRecord(**part.record)
    return {
        **summary(session, part, public_url=public_url),
        "award": {
            "target": part.role,
            "status": _status(part),
            "decided_on": part.decided_on.isoformat() if part.decided_on else None,
            "reason": part.refusal,
        }
        if part.proposed_by
        else None,
        "decision_digest": record.digest,
        "record": {"inputs": record.inputs, "findings": record.findings},
    }


def _require_proposed(part: JointPart) -> None:
    if part.proposed_by is None:
        raise JointAwardOfTrackError("Decide and sign on the track of the award.")


def _status(part: JointPart) -> str:
    """Return what was decided here about an award that was proposed."""
    if part.decided_by is None:
        return AwardStatus.OPEN
    return AwardStatus.AWARDED if part.refusal is None else AwardStatus.REFUSED
