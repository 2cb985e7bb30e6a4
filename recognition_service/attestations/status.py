"""Suspending, reinstating, revoking and superseding an attestation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import (
    AttestationNotFoundError,
    AttestationPendingError,
    StatusTransitionError,
    SuccessorNeededError,
)
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    Status,
    StatusChange,
    StatusEntry,
    StatusList,
)
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.credentials import token_status_list as tsl
from recognition_service.storage import audit, outbox
from recognition_service.storage.ids import new_id

PUBLISH_STATUS = "status.publish"
_VALUES = {
    Status.VALID: tsl.VALID,
    Status.REVOKED: tsl.REVOKED,
    Status.SUSPENDED: tsl.SUSPENDED,
    Status.SUPERSEDED: tsl.SUPERSEDED,
}
_ALLOWED = {
    Status.VALID: (Status.SUSPENDED, Status.REVOKED, Status.SUPERSEDED),
    Status.SUSPENDED: (Status.VALID, Status.REVOKED, Status.SUPERSEDED),
    Status.REVOKED: (),
    Status.SUPERSEDED: (),
}


def change_status(
    session: Session,
    authority_id: str,
    attestation_id: UUID,
    *,
    status: Status,
    reason: str,
    note: str | None = None,
    superseded_by: UUID | None = None,
    actor: str,
    now: datetime,
) -> Attestation:
    """Change what an authority says of its attestation, for all its copies.

    The caller owns the transaction and has the lists published afterwards; the
    outbox sees to it if the caller dies. Asking for the status that holds already
    changes nothing.

    Raises:
        AttestationNotFoundError: The authority has no such attestation.
        AttestationPendingError: It is not signed yet.
        StatusTransitionError: Revoked and superseded are final.
        SuccessorNeededError: Superseded, but by nothing that is valid.
    """
    attestation = session.get(
        Attestation, (authority_id, attestation_id), with_for_update=True
    )
    if attestation is None:
        raise AttestationNotFoundError(f"There is no attestation {attestation_id}.")
    if attestation.issued_at is None:
        raise AttestationPendingError("The attestation is not signed yet.")
    current = Status(attestation.status)
    if current is status and attestation.superseded_by == superseded_by:
        return attestation
    if status not in _ALLOWED[current]:
        raise StatusTransitionError(current, status, _ALLOWED[current])
    if status is Status.SUPERSEDED:
        _require_successor(session, attestation, superseded_by, now)
        attestation.superseded_by = superseded_by
    _apply(session, attestation, status, reason, note, actor=actor, now=now)
    return attestation


def supersede(
    session: Session, successor: Attestation, *, actor: str, now: datetime
) -> None:
    """Let a freshly issued attestation replace the one that it names.

    The caller owns the transaction. A predecessor that is final already stays so.
    """
    if successor.supersedes is None:
        return
    older = session.get_one(
        Attestation,
        (successor.authority_id, successor.supersedes),
        with_for_update=True,
    )
    if Status.SUPERSEDED in _ALLOWED[Status(older.status)]:
        older.superseded_by = successor.id
        _apply(
            session,
            older,
            Status.SUPERSEDED,
            "decision_amended",
            None,
            actor=actor,
            now=now,
        )


def history(
    session: Session, authority_id: str, attestation_id: UUID
) -> list[StatusChange]:
    """Return all changes of an attestation's status, oldest first."""
    return list(
        session.scalars(
            select(StatusChange)
            .where(
                StatusChange.authority_id == authority_id,
                StatusChange.attestation_id == attestation_id,
            )
            .order_by(StatusChange.at, StatusChange.id)
        )
    )


def _apply(
    session: Session,
    attestation: Attestation,
    status: Status,
    reason: str,
    note: str | None,
    *,
    actor: str,
    now: datetime,
) -> None:
    attestation.status, attestation.status_reason = status, reason
    attestation.status_since = now
    attestation.version += 1
    authority_id = attestation.authority_id
    session.add(
        StatusChange(
            authority_id=authority_id,
            id=new_id(now),
            attestation_id=attestation.id,
            at=now,
            actor=actor,
            status=status,
            reason=reason,
            note=note,
        )
    )
    session.flush()
    for number, places in _places_of(session, attestation).items():
        version = session.scalar(
            update(StatusList)
            .where(StatusList.authority_id == authority_id, StatusList.number == number)
            .values(wanted_version=StatusList.wanted_version + 1)
            .returning(StatusList.wanted_version)
        )
        for index in places:
            session.merge(
                StatusEntry(
                    authority_id=authority_id,
                    number=number,
                    status_index=index,
                    value=_VALUES[status],
                    version=version,
                )
            )
        outbox.put(
            session,
            authority_id,
            kind=PUBLISH_STATUS,
            content={"number": number},
            now=now,
        )
    audit.append(
        session,
        authority_id,
        actor=actor,
        action=f"attestation.{status}",
        subject=f"attestation/{attestation.id}",
        content={"reason": reason},
        now=now,
    )


def _places_of(session: Session, attestation: Attestation) -> dict[int, list[int]]:
    """Return the places of all copies, by the number of their list."""
    places: dict[int, list[int]] = {}
    for number, index in session.execute(
        select(Copy.list_number, Copy.status_index).where(
            Copy.authority_id == attestation.authority_id,
            Copy.attestation_id == attestation.id,
        )
    ):
        places.setdefault(number, []).append(index)
    return places


def _require_successor(
    session: Session,
    attestation: Attestation,
    superseded_by: UUID | None,
    now: datetime,
) -> None:
    today = legal_day(get_authority(session, attestation.authority_id), now)
    successor = (
        session.get(Attestation, (attestation.authority_id, superseded_by))
        if superseded_by is not None and superseded_by != attestation.id
        else None
    )
    if (
        successor is None
        or successor.issued_at is None
        or successor.status != Status.VALID
        or (successor.validity_until is not None and successor.validity_until < today)
    ):
        raise SuccessorNeededError(
            "superseded_by must be a valid attestation of this authority.",
            (
                {
                    "pointer": "/superseded_by",
                    "code": "successor_needed",
                    "detail": "Name a valid attestation that replaces this one.",
                },
            ),
        )
