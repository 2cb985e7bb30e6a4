"""Closed requests are forgotten: that there was one stays, what it said goes.

What came of a request stands in the case that it served, and in the rules of that case.

Source: Regulation (EU) No 1024/2012, article 14 (personal data are blocked six months
after the formal closure at the latest, or as long as a Union act says).
"""

from datetime import UTC, datetime, time

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from recognition_service.frameworks.months import add_months
from recognition_service.mutual_recognition.attachments import forget_attachments
from recognition_service.mutual_recognition.conversation import Kind, State
from recognition_service.mutual_recognition.lists import forget_items
from recognition_service.mutual_recognition.models import MutualEvent, MutualRequest
from recognition_service.storage import audit

_SERVICE = "service"
_OVER = (State.CLOSED, State.DECLINED, State.WITHDRAWN)
_MOST_AT_ONCE = 200


def forget_closed(session: Session, *, kept_months: int, now: datetime) -> int:
    """Forget what requests said that were closed long enough ago; return how many.

    The caller owns the transaction. At most 200 are forgotten at once, each as its body
    keeps it. An agreement that was proposed is kept: it is no personal data.

    Args:
        session: A writing session.
        kept_months: For how many months after its last event a request is kept.
        now: The instant.
    """
    last_day = add_months(now.date(), -kept_months)
    kept_since = datetime.combine(last_day, time(), UTC)
    later = exists().where(
        MutualEvent.authority_id == MutualRequest.authority_id,
        MutualEvent.request_id == MutualRequest.id,
        MutualEvent.at >= kept_since,
    )
    due = session.scalars(
        select(MutualRequest)
        .where(
            MutualRequest.status.in_(_OVER),
            MutualRequest.kind != Kind.AGREEMENT_PROPOSAL,
            MutualRequest.forgotten_at.is_(None),
            MutualRequest.sent_at < kept_since,
            ~later,
        )
        .order_by(MutualRequest.authority_id, MutualRequest.id)
        .limit(_MOST_AT_ONCE)
        .with_for_update()
    ).all()
    for row in due:
        _forget(session, row, now=now)
    return len(due)


def _forget(session: Session, row: MutualRequest, *, now: datetime) -> None:
    """Take the content out of a request; dates, kinds and events stay."""
    forget_attachments(session, row)
    forget_items(session, row)
    session.execute(
        update(MutualEvent)
        .where(
            MutualEvent.authority_id == row.authority_id,
            MutualEvent.request_id == row.id,
        )
        .values(content=None)
    )
    row.subject_ref = row.about = row.free_text = row.terms = None
    row.questions = [
        {"id": asked["id"], "params": {}, "answer": None} for asked in row.questions
    ]
    row.forgotten_at = now
    row.version += 1
    audit.append(
        session,
        row.authority_id,
        actor=_SERVICE,
        action="mutual_request.forgotten",
        subject=f"mutual_request/{row.id}",
        content={},
        now=now,
    )
