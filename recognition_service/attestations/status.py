"""Suspending, reinstating, revoking and superseding attestations, one or many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import (
    AttestationNotFoundError,
    AttestationPendingError,
    StatusTransitionError,
    SuccessorNeededError,
)
from recognition_service.attestations.joint_parts import lock_awards_of
from recognition_service.attestations.joint_status import (
    is_allowed,
    require_allowed,
    write_with_peers,
)
from recognition_service.attestations.models import Attestation, Status, StatusChange
from recognition_service.attestations.status_rows import (
    Standing,
    WantedChange,
    standing_of,
)
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.errors import RecognitionError

_ALLOWED = {
    Status.VALID: (Status.SUSPENDED, Status.REVOKED, Status.SUPERSEDED),
    Status.SUSPENDED: (Status.VALID, Status.REVOKED, Status.SUPERSEDED),
    Status.REVOKED: (),
    Status.SUPERSEDED: (),
}


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """What became of a wanted change.

    Attributes:
        is_changed: False as well when the status held already.
        error: Why it was refused; None when the attestation is as wanted.
    """

    attestation_id: UUID
    is_changed: bool
    error: RecognitionError | None = None


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
        JointAwardHeldError: It counts together with others only, which forbids this.
        SuccessorNeededError: Superseded, but by nothing that is valid.
    """
    wanted = WantedChange(attestation_id, status, reason, note, superseded_by)
    (result,) = change_many(session, authority_id, [wanted], actor=actor, now=now)
    if result.error is not None:
        raise result.error
    return session.get_one(Attestation, (authority_id, attestation_id))


def change_many(
    session: Session,
    authority_id: str,
    wanted: Sequence[WantedChange],
    *,
    actor: str,
    now: datetime,
) -> list[ChangeResult]:
    """Change many attestations of one authority, in the given order.

    The caller owns the transaction, as in `change_status`. What is refused changes
    nothing and holds up no other. Each list of places gets one new version. Whoever
    revokes or replaces an attestation of a joint award leaves that award.

    Returns:
        One result for each wanted change, in their order.
    """
    named = {each.attestation_id for each in wanted}
    named |= {each.superseded_by for each in wanted if each.superseded_by}
    awards = lock_awards_of(session, authority_id, named)
    standing = standing_of(session, authority_id, named)
    today = legal_day(get_authority(session, authority_id), now)
    results, accepted = [], []
    for each in wanted:
        try:
            is_changed = _is_change(each, standing, today)
            if is_changed:
                require_allowed(awards.get(each.attestation_id), each.status)
        except RecognitionError as error:
            results.append(
                ChangeResult(each.attestation_id, is_changed=False, error=error)
            )
            continue
        results.append(ChangeResult(each.attestation_id, is_changed))
        if is_changed:
            accepted.append(each)
            standing[each.attestation_id] = replace(
                standing[each.attestation_id],
                status=each.status,
                superseded_by=each.successor,
            )
    write_with_peers(session, authority_id, accepted, awards, actor=actor, now=now)
    return results


def supersede(
    session: Session, successor: Attestation, *, actor: str, now: datetime
) -> None:
    """Let a freshly issued attestation replace the one that it names.

    The caller owns the transaction. A predecessor that is final already stays so, and
    so does one that is held for a joint award.
    """
    older, owner = successor.supersedes, successor.authority_id
    if older is None:
        return
    awards = lock_awards_of(session, owner, {older})
    standing = standing_of(session, owner, {older})
    wanted = WantedChange(
        older, Status.SUPERSEDED, "decision_amended", superseded_by=successor.id
    )
    if wanted.status in _ALLOWED[standing[older].status] and is_allowed(
        awards.get(older), wanted.status
    ):
        write_with_peers(session, owner, [wanted], awards, actor=actor, now=now)


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


def _is_change(
    wanted: WantedChange, standing: Mapping[UUID, Standing], today: date
) -> bool:
    """Tell whether a wanted change changes anything; raise if it is not allowed."""
    current = standing.get(wanted.attestation_id)
    if current is None:
        raise AttestationNotFoundError(
            f"There is no attestation {wanted.attestation_id}."
        )
    if not current.is_issued:
        raise AttestationPendingError("The attestation is not signed yet.")
    if (current.status, current.superseded_by) == (wanted.status, wanted.superseded_by):
        return False
    allowed = _ALLOWED[current.status]
    if wanted.status not in allowed:
        raise StatusTransitionError(current.status, wanted.status, allowed)
    if wanted.status is Status.SUPERSEDED:
        _require_successor(wanted, standing, today)
    return True


def _require_successor(
    wanted: WantedChange, standing: Mapping[UUID, Standing], today: date
) -> None:
    named = wanted.superseded_by
    successor = standing.get(named) if named is not None else None
    if (
        successor is None
        or named == wanted.attestation_id
        or not successor.is_issued
        or successor.status is not Status.VALID
        or (successor.valid_until is not None and successor.valid_until < today)
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
