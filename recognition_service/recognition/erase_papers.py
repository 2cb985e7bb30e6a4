"""Sensitive papers do not stay for ever: their bytes go, that they were there stays."""

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from recognition_service.authorities.found import all_authorities, legal_day
from recognition_service.recognition.models import RecognitionRequest
from recognition_service.recognition.paper_models import (
    SensitivePaper,
    SensitivePaperContent,
)
from recognition_service.recognition.papers import PENDING
from recognition_service.storage import audit

_SERVICE = "service"
_MOST_AT_ONCE = 500


def erase_papers(session: Session, *, now: datetime) -> int:
    """Erase the bytes of sensitive papers whose last day is over; return how many.

    The caller owns the transaction. While a case is open, a measure runs, an appeal is
    pending, or it is kept for a legal claim, its papers stay. At most 500 are erased
    at once.

    Source: Regulation (EU) 2016/679, article 5(1)(e).
    """
    left = _MOST_AT_ONCE
    for authority in all_authorities(session):
        today = legal_day(authority, now)
        due = _due(session, authority.id, today, left)
        for paper in due:
            session.execute(
                delete(SensitivePaperContent).where(
                    SensitivePaperContent.authority_id == paper.authority_id,
                    SensitivePaperContent.id == paper.id,
                )
            )
            paper.erased_at = now
            audit.append(
                session,
                paper.authority_id,
                actor=_SERVICE,
                action="request.paper_erased",
                subject=f"recognition_request/{paper.request_id}",
                content={"paper": str(paper.id)},
                now=now,
            )
        left -= len(due)
    return _MOST_AT_ONCE - left


def _due(
    session: Session, authority_id: str, today: date, most: int
) -> list[SensitivePaper]:
    return list(
        session.scalars(
            select(SensitivePaper)
            .join(
                RecognitionRequest,
                (RecognitionRequest.authority_id == SensitivePaper.authority_id)
                & (RecognitionRequest.id == SensitivePaper.request_id),
            )
            .where(
                SensitivePaper.authority_id == authority_id,
                SensitivePaper.keep_until < today,
                SensitivePaper.erased_at.is_(None),
                SensitivePaper.received_at.is_not(None),
                RecognitionRequest.status.not_in(PENDING),
                RecognitionRequest.legal_hold.is_(None),
            )
            .limit(most)
        )
    )
