"""Revoking an attestation because what it rests on was revoked."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.bases import BASE_REVOKED
from recognition_service.attestations.errors import StatusTransitionError
from recognition_service.attestations.issue import SERVICE
from recognition_service.attestations.models import Status
from recognition_service.attestations.status import change_status


def end_with_base(
    session: Session, authority_id: str, attestation_id: UUID, *, now: datetime
) -> None:
    """Revoke an attestation whose base is revoked; one that is final stays so.

    The caller owns the transaction. What rests on this one gets a message in turn.

    Raises:
        AttestationPendingError: It is not signed yet; try again later.
        JointAwardHeldError: A joint award forbids it for now.
    """
    with suppress(StatusTransitionError):
        change_status(
            session,
            authority_id,
            attestation_id,
            status=Status.REVOKED,
            reason=BASE_REVOKED,
            actor=SERVICE,
            now=now,
        )
