"""Reading what is sensitive in a case: who, when and what for is written down."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.recognition.case_file import Author, get_request
from recognition_service.recognition.paper_kinds import ReadingPurpose
from recognition_service.recognition.paper_models import CaseReading
from recognition_service.recognition.papers import (
    content_of,
    get_paper,
    require_visible,
)
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id


def read_paper(
    session: Session,
    caller: Caller,
    request_id: UUID,
    paper_id: UUID,
    *,
    purpose: ReadingPurpose,
    now: datetime,
) -> bytes:
    """Return the bytes of a sensitive paper, and write down that they were read.

    The caller owns the transaction, and hands the bytes out after it only.

    Raises:
        PaperNotFoundError: The request has no such paper, or its bytes are not there.
        RoleMissingError: The paper is not for this caller.

    Source: Regulation (EU) 2016/679, articles 5(2) and 32(1)(b).
    """
    paper = get_paper(session, caller.authority_id, request_id, paper_id)
    require_visible(paper, caller)
    content = content_of(session, paper)
    note_reading(
        session, caller, request_id, paper_id=paper_id, purpose=purpose, now=now
    )
    return content


def note_reading(
    session: Session,
    reader: Author,
    request_id: UUID,
    *,
    paper_id: UUID | None,
    purpose: ReadingPurpose,
    now: datetime,
) -> None:
    """Write down that somebody read what is sensitive in a case.

    The caller owns the transaction. The request's version stays: nothing changed.

    Raises:
        RequestNotFoundError: The authority has no such request.
    """
    request = get_request(session, reader.authority_id, request_id)
    session.add(
        CaseReading(
            authority_id=request.authority_id,
            id=new_id(now),
            request_id=request.id,
            paper_id=paper_id,
            reader=reader.actor,
            at=now,
            purpose=purpose,
        )
    )
    audit.append(
        session,
        request.authority_id,
        actor=reader.actor,
        action="request.read",
        subject=f"recognition_request/{request.id}",
        content={"paper": str(paper_id) if paper_id else None, "purpose": purpose},
        now=now,
    )


def readings_of(
    session: Session, authority_id: str, request_id: UUID
) -> list[CaseReading]:
    """Return who read what is sensitive in a case, oldest first."""
    return list(
        session.scalars(
            select(CaseReading)
            .where(
                CaseReading.authority_id == authority_id,
                CaseReading.request_id == request_id,
            )
            .order_by(CaseReading.at, CaseReading.id)
        )
    )
