"""What the person whom a request is about may know: that it exists, dates, result."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import Authority
from recognition_service.mutual_recognition.conversation import State
from recognition_service.mutual_recognition.models import MutualRequest

_RESULTS = {
    State.ANSWERED: "answered",
    State.CLOSED: "answered",
    State.DECLINED: "declined",
    State.WITHDRAWN: "withdrawn",
}


def visible_to_applicant(row: MutualRequest, asker: Authority) -> dict[str, Any]:
    """Return what the person may know of a request.

    Args:
        row: As its asker keeps it.
        asker: In whose zone its days are days.

    Source: Regulation (EU) 1024/2012, article 18 (information of data subjects).
    """
    return {
        "exists": True,
        "asked_on": legal_day(asker, row.sent_at).isoformat(),
        "answer_by": _iso(row.agreed_answer_by),
        "result": _RESULTS.get(State(row.status)),
    }


def questions_to_others(
    session: Session, authority_id: str, case_id: UUID
) -> list[dict[str, Any]]:
    """Return what a person may know of the requests that serve a case, in order."""
    rows = session.scalars(
        select(MutualRequest)
        .where(
            MutualRequest.authority_id == authority_id,
            MutualRequest.case_id == case_id,
        )
        .order_by(MutualRequest.id)
    ).all()
    if not rows:
        return []
    asker = get_authority(session, authority_id)
    return [visible_to_applicant(row, asker) for row in rows]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
