"""Joint awards from the frozen record to attestations that all become valid at once.

Each body issues its own attestation over the one record, at its own time. Until all
have, what is issued is held: suspended in every list. The caller owns the transaction
everywhere here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.copies import newest_text
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.drafts import (
    COMMON_COPIES,
    NewCopy,
)
from recognition_service.attestations.errors import (
    AttestationPendingError,
    JointAwardClosedError,
    JointAwardInvalidError,
)
from recognition_service.attestations.issue import Intent
from recognition_service.attestations.joint_elsewhere import Farewell
from recognition_service.attestations.joint_many import (
    WantedJoint,
    open_joints,
    release_joints,
    reserve_joints,
)
from recognition_service.attestations.joint_models import JointPart, JointState
from recognition_service.attestations.joint_parts import (
    lock_group,
    lock_groups,
    own_part,
    part_of,
)
from recognition_service.attestations.joint_record import is_joint
from recognition_service.attestations.joint_status import (
    CANCELLED,
    PARTY_WITHDREW,
    changes_of_all,
    move,
    write_for_all,
)
from recognition_service.attestations.models import Attestation, CopyFormat, Status
from recognition_service.attestations.status import change_status
from recognition_service.credentials.open_badge import PinnedToken, pin

_NOT_ALL = "Not every body has signed yet."


@dataclass(frozen=True, slots=True)
class JointReservation:
    """One body's attestation of a joint award, and its copies that wait."""

    attestation_id: UUID
    intents: list[Intent]


def open_joint(
    session: Session,
    record: DecisionRecord,
    *,
    expires_on: date,
    by: str,
    actor: str,
    now: datetime,
) -> UUID:
    """Give every body its part in a joint award, and return the group.

    Opening the same record again changes nothing.

    Args:
        session: The caller's.
        record: As `joint_record.freeze` made it.
        expires_on: Last day, in each body's zone, to complete the award.
        by: The authority whose `actor` opens it.
        actor: Who opens it.
        now: The present.

    Raises:
        AuthorityNotFoundError: A body is no authority of this installation.
        JointAwardInvalidError: Another record has this group, or it is none of a
            joint award.
    """
    inputs = record.inputs
    if not is_joint(inputs):
        raise JointAwardInvalidError("The record is none of a joint award.")
    group_id = UUID(inputs["group"])
    known = lock_groups(session, [group_id]).get(group_id)
    if known is not None:
        if DecisionRecord(**known[0].record).digest != record.digest:
            raise JointAwardInvalidError("Another record has this group.")
        return group_id
    open_joints(session, [record], expires_on=expires_on, by=by, actor=actor, now=now)
    return group_id


def reserve_joint(
    session: Session,
    authority_id: str,
    group_id: UUID,
    *,
    public_url: str,
    actor: str,
    now: datetime,
    request_id: UUID | None = None,
    prepared_by: str | None = None,
    copies: tuple[NewCopy, ...] = COMMON_COPIES,
) -> JointReservation:
    """Reserve one body's attestation of a joint award, suspended from the beginning.

    What was reserved before is returned again with what still waits for a signature;
    where all its copies were given up, it gets new ones.

    Raises:
        JointAwardNotFoundError: The authority has no part in such an award.
        JointAwardClosedError: It was withdrawn or cancelled, or its last day is over.
        MandateMissingError: No mandate covers the body's own award.
        NoActiveKeyError: The authority has no key to sign with.
    """
    wanted = WantedJoint(group_id, prepared_by=prepared_by, request_id=request_id)
    reserved = reserve_joints(
        session,
        authority_id,
        [wanted],
        public_url=public_url,
        actor=actor,
        now=now,
        copies=copies,
    )
    for refusal in reserved.refused.values():
        raise refusal
    return JointReservation(reserved.attestations[group_id], reserved.intents)


def release_joint(
    session: Session, group_id: UUID, *, by: str | None, actor: str, now: datetime
) -> bool:
    """Make all attestations of a joint award valid, once each of them is issued.

    All in this one transaction. Nothing changes where it is complete already.

    Returns:
        Whether the award is complete now.

    Raises:
        JointAwardNotFoundError: There is no such award.
        JointAwardClosedError: It was withdrawn or cancelled.
    """
    lock_group(session, group_id)
    releases = release_joints(session, [group_id], by=by, actor=actor, now=now)
    for refusal in releases.refused.values():
        raise refusal
    return group_id in releases.complete


def cancel_joint(
    session: Session,
    group_id: UUID,
    *,
    by: str | None,
    actor: str,
    now: datetime,
    farewell: Farewell | None = None,
) -> None:
    """Give up a joint award that is not complete; what was signed is revoked.

    Cancelling what is cancelled changes nothing. `by` is None if time is up;
    `farewell` tells bodies elsewhere why, where there is more to say.

    Raises:
        JointAwardNotFoundError: There is no such award, or `by` has no part in it.
        JointAwardClosedError: It is complete, or a body has withdrawn.
    """
    parts = lock_group(session, group_id)
    if by is not None:
        own_part(parts, by)
    if parts[0].state == JointState.CANCELLED:
        return
    if parts[0].state != JointState.HELD:
        raise JointAwardClosedError(parts[0].state)
    changes = changes_of_all(session, [parts], Status.REVOKED, CANCELLED)
    write_for_all(session, changes, by=by, actor=actor, now=now)
    move(
        session,
        parts,
        JointState.CANCELLED,
        by=by,
        actor=actor,
        now=now,
        farewell=farewell,
    )


def withdraw_from_joint(
    session: Session,
    authority_id: str,
    attestation_id: UUID,
    *,
    reason: str = PARTY_WITHDREW,
    note: str | None = None,
    actor: str,
    now: datetime,
) -> Attestation:
    """Revoke one body's attestation of a joint award; the others are suspended.

    Each other body gets an audit entry and a message in its own name.

    Raises:
        JointAwardNotFoundError: It is no part of a joint award.
        AttestationPendingError: It is not signed yet.
        StatusTransitionError: It is superseded.
    """
    part_of(session, authority_id, attestation_id)
    return change_status(
        session,
        authority_id,
        attestation_id,
        status=Status.REVOKED,
        reason=reason,
        note=note,
        actor=actor,
        now=now,
    )


def joint_endorsement(
    session: Session, authority_id: str, group_id: UUID
) -> tuple[UUID, NewCopy]:
    """Return a body's attestation and the endorsement that pins the others' tokens.

    Raises:
        JointAwardNotFoundError: The authority has no part in such an award.
        AttestationPendingError: Not every body has signed.
    """
    parts = lock_group(session, group_id)
    own = own_part(parts, authority_id)
    if own.attestation_id is None:
        raise AttestationPendingError(_NOT_ALL)
    pinned = tuple(_pin(session, part) for part in parts if part is not own)
    return own.attestation_id, NewCopy(CopyFormat.ENDORSEMENT, pinned=pinned)


def _pin(session: Session, part: JointPart) -> PinnedToken:
    """Return the name and digest of a body's attestation as a signed credential.

    Raises:
        AttestationPendingError: The body has not signed.
    """
    if part.token is not None:
        return pin(f"urn:uuid:{part.attestation_elsewhere}", part.token)
    if part.attestation_id is None:
        raise AttestationPendingError(_NOT_ALL)
    key = (part.authority_id, part.attestation_id)
    attestation = session.get_one(Attestation, key)
    text = newest_text(session, attestation, CopyFormat.VC_JWT)
    return pin(f"urn:uuid:{attestation.id}", text)
