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
    NewAttestation,
    NewCopy,
)
from recognition_service.attestations.errors import (
    AttestationPendingError,
    JointAwardClosedError,
    JointAwardInvalidError,
)
from recognition_service.attestations.issue import Intent, intents_of
from recognition_service.attestations.joint_parts import (
    lock_group,
    lock_groups,
    own_part,
    part_of,
    signed_by,
)
from recognition_service.attestations.joint_record import is_joint, role_of
from recognition_service.attestations.joint_status import (
    CANCELLED,
    COMPLETE,
    INCOMPLETE,
    PARTY_WITHDREW,
    actor_for,
    changes_of_all,
    is_over,
    move,
    write_for_all,
)
from recognition_service.attestations.models import (
    Attestation,
    CopyFormat,
    JointPart,
    JointState,
    Status,
)
from recognition_service.attestations.reserve import reserve
from recognition_service.attestations.status import change_status
from recognition_service.attestations.status_rows import WantedChange, write
from recognition_service.authorities.found import get_authority
from recognition_service.credentials.open_badge import pin
from recognition_service.storage import audit

_EXPIRED = "expired"


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
    parts = _new_parts(record, expires_on, now)
    for part in parts:
        get_authority(session, part.authority_id)
        session.add(part)
        audit.append(
            session,
            part.authority_id,
            actor=actor_for(part.authority_id, by=by, actor=actor),
            action="joint.opened",
            subject=f"joint_award/{group_id}",
            content={"by": by, "decision_digest": record.digest},
            now=now,
        )
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
    part = own_part(lock_group(session, group_id), authority_id)
    if part.attestation_id is not None:
        waiting = intents_of(session, authority_id, [part.attestation_id])
        attestation = session.get_one(Attestation, (authority_id, part.attestation_id))
        if waiting or attestation.issued_at is not None:
            _require_not_left(part)
            return JointReservation(part.attestation_id, waiting)
    _require_open(session, part, now)
    new = NewAttestation(
        decision_id=group_id,
        request_id=request_id,
        record=DecisionRecord(**part.record),
        prepared_by=prepared_by,
        copies=copies,
    )
    reservation = reserve(
        session, authority_id, new, public_url=public_url, actor=actor, now=now
    )
    part.attestation_id, part.changed_at = reservation.attestations[0], now
    held = WantedChange(reservation.attestations[0], Status.SUSPENDED, INCOMPLETE)
    write(session, authority_id, [held], actor=actor, now=now)
    return JointReservation(reservation.attestations[0], reservation.intents)


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
    parts = lock_group(session, group_id)
    if parts[0].state == JointState.COMPLETE:
        return True
    _require_not_left(parts[0])
    if signed_by(session, group_id) != {part.authority_id for part in parts}:
        return False
    changes = changes_of_all(session, [parts], Status.VALID, COMPLETE)
    write_for_all(session, changes, by=by, actor=actor, now=now)
    move(session, parts, JointState.COMPLETE, by=by, actor=actor, now=now)
    return True


def cancel_joint(
    session: Session, group_id: UUID, *, by: str | None, actor: str, now: datetime
) -> None:
    """Give up a joint award that is not complete; what was signed is revoked.

    Cancelling what is cancelled changes nothing. `by` is None if time is up.

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
    move(session, parts, JointState.CANCELLED, by=by, actor=actor, now=now)


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
    signed = []
    for part in (own, *(part for part in parts if part is not own)):
        if part.attestation_id is None:
            raise AttestationPendingError("Not every body has signed yet.")
        signed.append(
            session.get_one(Attestation, (part.authority_id, part.attestation_id))
        )
    mine, *others = signed
    pinned = tuple(
        pin(
            f"urn:uuid:{attestation.id}",
            newest_text(session, attestation, CopyFormat.VC_JWT),
        )
        for attestation in others
    )
    return mine.id, NewCopy(CopyFormat.ENDORSEMENT, pinned=pinned)


def _new_parts(
    record: DecisionRecord, expires_on: date, now: datetime
) -> list[JointPart]:
    inputs = record.inputs
    required = [str(target["authority"]) for target in inputs["targets"]]
    return [
        JointPart(
            authority_id=authority_id,
            group_id=UUID(inputs["group"]),
            role=role_of(inputs, authority_id),
            state=JointState.HELD.value,
            required=required,
            record=record.as_value(),
            attestation_id=None,
            expires_on=expires_on,
            opened_at=now,
            changed_at=now,
        )
        for authority_id in required
    ]


def _require_not_left(part: JointPart) -> None:
    if part.state in {JointState.WITHDRAWN, JointState.CANCELLED}:
        raise JointAwardClosedError(part.state)


def _require_open(session: Session, part: JointPart, now: datetime) -> None:
    if part.state != JointState.HELD:
        raise JointAwardClosedError(part.state)
    if is_over(session, part, now):
        raise JointAwardClosedError(_EXPIRED)
