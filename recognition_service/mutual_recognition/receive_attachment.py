"""Taking in the bytes of documents that are sent along, and giving them out again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.exchange.post import post
from recognition_service.mutual_recognition.attachment_contents import (
    ReceivedAttachment,
)
from recognition_service.mutual_recognition.conversation import FINAL
from recognition_service.mutual_recognition.errors import (
    AttachmentMismatchError,
    AttachmentNotFoundError,
    AttachmentOfAnotherError,
    AttachmentTooLateError,
)
from recognition_service.mutual_recognition.models import (
    AttachmentContent,
    MutualAttachment,
    MutualRequest,
)
from recognition_service.mutual_recognition.sides import actor_for, get_row, lock_sides
from recognition_service.storage import audit

ATTACHMENT = "mutual_request.attachment"
LARGEST_ATTACHMENT = 10 << 20


def receive_attachment(
    session: Session,
    caller: Caller,
    request_id: UUID,
    digest: str,
    content: bytes,
    *,
    now: datetime,
) -> bool:
    """Keep the bytes of a document for everybody who sees what is asked.

    The caller owns the transaction.

    Returns:
        Whether they came for the first time; the same again changes nothing.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        AttachmentNotFoundError: No document of this digest was sent along.
        AttachmentOfAnotherError: The other side has sent it along.
        AttachmentMismatchError: The bytes are others than those that were announced.
        AttachmentTooLateError: The request is over.
    """
    own = get_row(session, caller.authority_id, request_id)
    sides = lock_sides(session, own.asker, request_id)
    announced = _attachment(session, own, digest)
    if announced.by != caller.authority_id:
        raise AttachmentOfAnotherError(f"{announced.by} has sent it along.")
    _require_same(announced, content)
    if announced.received_at is not None:
        return False
    if own.status in FINAL:
        raise AttachmentTooLateError(f"The request is {own.status}.")
    for row in sides.with_content:
        kept = _attachment(session, row, digest)
        kept.received_at = now
        row.version += 1
        if is_elsewhere(row.authority_id):
            _pass_on(session, caller, row, digest, now)
            continue
        session.add(
            AttachmentContent(
                authority_id=row.authority_id, id=kept.id, content=content
            )
        )
        audit.append(
            session,
            row.authority_id,
            actor=actor_for(row, caller),
            action="mutual_request.attachment_received",
            subject=f"mutual_request/{row.id}",
            content={"digest": digest, "bytes": len(content)},
            now=now,
        )
    return True


def received_attachment(
    session: Session, authority_id: str, request_id: UUID, digest: str
) -> ReceivedAttachment:
    """Return a document whose bytes came.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        AttachmentNotFoundError: No document of this digest was sent along, or its
            bytes did not come.
    """
    row = get_row(session, authority_id, request_id)
    announced = _attachment(session, row, digest)
    kept = session.get(AttachmentContent, (authority_id, announced.id))
    if kept is None:
        raise AttachmentNotFoundError(f"The bytes of {digest} did not come.")
    return ReceivedAttachment(announced.media_type, announced.name, kept.content)


def _pass_on(
    session: Session, caller: Caller, row: MutualRequest, digest: str, now: datetime
) -> None:
    """Send the bytes to a body in another installation, unless they came from there."""
    if caller.message is None:
        post(
            session,
            caller.authority_id,
            row.authority_id,
            row.id,
            type=ATTACHMENT,
            body={"digest": digest},
            attachments=[digest],
            actor=caller.actor,
            now=now,
        )


def _attachment(session: Session, row: MutualRequest, digest: str) -> MutualAttachment:
    found = session.scalars(
        select(MutualAttachment).where(
            MutualAttachment.authority_id == row.authority_id,
            MutualAttachment.request_id == row.id,
            MutualAttachment.digest == digest,
        )
    ).first()
    if found is None:
        raise AttachmentNotFoundError("No document of this digest was sent along.")
    return found


def _require_same(announced: MutualAttachment, content: bytes) -> None:
    """Refuse other bytes than those that were announced."""
    if len(content) != announced.size:
        raise AttachmentMismatchError(
            f"{announced.size} bytes were announced, and {len(content)} came."
        )
    found = digest_of_bytes(content)
    if found != announced.digest:
        raise AttachmentMismatchError(
            f"{announced.digest} was announced, and {found} came."
        )
