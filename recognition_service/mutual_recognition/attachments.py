"""What is known of documents that are sent along; once sent, they stay the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from recognition_service.mutual_recognition.attachment_contents import (
    copy_contents,
    forget_contents,
)
from recognition_service.mutual_recognition.errors import AttachmentChangedError
from recognition_service.mutual_recognition.models import (
    MutualAttachment,
    MutualRequest,
)
from recognition_service.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A document that is sent along.

    Attributes:
        digest: SHA-256 of its bytes, "sha256-" and base64url.
        size: In bytes.
        name: As the sender calls it, or None.
    """

    digest: str
    media_type: str
    size: int
    name: str | None = None


def attach(
    session: Session,
    rows: Sequence[MutualRequest],
    sent: Iterable[NewAttachment],
    *,
    by: str,
    now: datetime,
) -> None:
    """Add documents to a request, for everybody who sees its content.

    The caller owns the transaction. What was sent before is added once.

    Raises:
        AttachmentChangedError: A name stands for other bytes already, or the same
            bytes were described otherwise.
    """
    known = attachments_of(session, rows[0].authority_id, rows[0].id)
    described = {row.digest: (row.media_type, row.size) for row in known}
    names = {(row.by, row.name): row.digest for row in known}
    for new in sent:
        if new.name and names.get((by, new.name), new.digest) != new.digest:
            raise AttachmentChangedError(
                f"{new.name} was sent with another digest before; give it another name."
            )
        if new.digest in described:
            if described[new.digest] != (new.media_type, new.size):
                raise AttachmentChangedError(
                    f"{new.digest} was sent before, of another type or size."
                )
            continue
        described[new.digest] = (new.media_type, new.size)
        names[by, new.name] = new.digest
        for row in rows:
            _add(session, row, new, by=by, now=now)


def copy_attachments(
    session: Session, source: MutualRequest, rows: Iterable[MutualRequest]
) -> None:
    """Give further rows the documents of a row. The caller owns the transaction."""
    known = attachments_of(session, source.authority_id, source.id)
    for row in rows:
        copies = []
        for sent in known:
            new = NewAttachment(sent.digest, sent.media_type, sent.size, sent.name)
            copy = _add(session, row, new, by=sent.by, now=sent.sent_at)
            copy.received_at = sent.received_at
            copies.append(copy)
        session.flush()
        copy_contents(session, zip(known, copies, strict=True))


def forget_attachments(session: Session, row: MutualRequest) -> None:
    """Let a body forget the documents of a request. The caller owns the transaction."""
    forget_contents(session, row)
    session.execute(
        delete(MutualAttachment).where(
            MutualAttachment.authority_id == row.authority_id,
            MutualAttachment.request_id == row.id,
        )
    )


def attachments_of(
    session: Session, authority_id: str, request_id: UUID
) -> list[MutualAttachment]:
    """Return the documents of a request, in the order in which they were sent."""
    return list(
        session.scalars(
            select(MutualAttachment)
            .where(
                MutualAttachment.authority_id == authority_id,
                MutualAttachment.request_id == request_id,
            )
            .order_by(MutualAttachment.sent_at, MutualAttachment.id)
        )
    )


def _add(
    session: Session, row: MutualRequest, new: NewAttachment, *, by: str, now: datetime
) -> MutualAttachment:
    added = MutualAttachment(
        authority_id=row.authority_id,
        id=new_id(now),
        request_id=row.id,
        digest=new.digest,
        media_type=new.media_type,
        size=new.size,
        name=new.name,
        by=by,
        sent_at=now,
    )
    session.add(added)
    return added
