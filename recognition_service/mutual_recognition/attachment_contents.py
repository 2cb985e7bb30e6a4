"""The bytes of documents that are sent along: handed in, read, passed on, forgotten.

A request names a document by its digest; the bytes follow by themselves, so that a
request stays small and a document that never came is seen to be missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.mutual_recognition.models import (
    AttachmentContent,
    MutualAttachment,
    MutualRequest,
)


@dataclass(frozen=True, slots=True)
class ReceivedAttachment:
    """A document as it was handed in.

    Attributes:
        name: As its sender calls it, or None.
    """

    media_type: str
    name: str | None
    content: bytes


def attachments_of_case(
    session: Session, authority_id: str, case_id: UUID
) -> list[ReceivedAttachment]:
    """Return the documents that were sent along with questions about a case.

    They come in the order in which they were sent; those whose bytes did not come are
    left out.
    """
    found = session.execute(
        select(MutualAttachment, AttachmentContent.content)
        .join(
            MutualRequest,
            (MutualRequest.authority_id == MutualAttachment.authority_id)
            & (MutualRequest.id == MutualAttachment.request_id),
        )
        .join(
            AttachmentContent,
            (AttachmentContent.authority_id == MutualAttachment.authority_id)
            & (AttachmentContent.id == MutualAttachment.id),
        )
        .where(
            MutualRequest.authority_id == authority_id,
            MutualRequest.case_id == case_id,
        )
        .order_by(MutualAttachment.sent_at, MutualAttachment.id)
    )
    return [
        ReceivedAttachment(attachment.media_type, attachment.name, content)
        for attachment, content in found
    ]


def copy_contents(
    session: Session, pairs: Iterable[tuple[MutualAttachment, MutualAttachment]]
) -> None:
    """Give the bytes of documents to others who see them now, from each to each.

    The caller owns the transaction.
    """
    for source, target in pairs:
        kept = session.get(AttachmentContent, (source.authority_id, source.id))
        if kept is not None and not is_elsewhere(target.authority_id):
            session.add(
                AttachmentContent(
                    authority_id=target.authority_id,
                    id=target.id,
                    content=kept.content,
                )
            )


def forget_contents(session: Session, row: MutualRequest) -> None:
    """Let a body forget the bytes of a request's documents.

    The caller owns the transaction.
    """
    session.execute(
        delete(AttachmentContent).where(
            AttachmentContent.authority_id == row.authority_id,
            AttachmentContent.id.in_(
                select(MutualAttachment.id).where(
                    MutualAttachment.authority_id == row.authority_id,
                    MutualAttachment.request_id == row.id,
                )
            ),
        )
    )
