"""What went to other installations and came from them, as an authority may see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import home_name
from recognition_service.clock import format_instant
from recognition_service.exchange.models import OutgoingMessage, ReceivedMessage
from recognition_service.exchange.post import State


def sent_messages(
    session: Session,
    authority_id: str,
    *,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return messages of an authority to others, newest first, without their bodies."""
    query = select(OutgoingMessage).where(OutgoingMessage.authority_id == authority_id)
    if state is not None:
        query = query.where(OutgoingMessage.state == state)
    if after is not None:
        query = query.where(OutgoingMessage.id < after)
    found = session.scalars(query.order_by(OutgoingMessage.id.desc()).limit(limit))
    return [
        {
            **_common(row, row.recipient),
            "state": row.state,
            "at": format_instant(row.created_at),
            "attempts": row.attempts,
            "failing_since": _instant(row.failing_since),
            "answered_at": _instant(row.answered_at),
            "receipt": row.receipt,
        }
        for row in found
    ]


def received_messages(
    session: Session,
    authority_id: str,
    *,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return messages of others to an authority, newest first, without their bodies.

    Those whose sender could not be proven are not among them: they are nobody's.
    """
    query = select(ReceivedMessage).where(ReceivedMessage.authority_id == authority_id)
    if state is not None:
        query = query.where(ReceivedMessage.status == state)
    if after is not None:
        query = query.where(ReceivedMessage.id < after)
    found = session.scalars(query.order_by(ReceivedMessage.id.desc()).limit(limit))
    return [
        {
            **_common(row, row.sender),
            "state": row.status,
            "at": format_instant(row.received_at),
            "detail": row.detail,
        }
        for row in found
    ]


def failing_messages(session: Session) -> dict[str, int]:
    """Return how many messages to each installation were tried in vain."""
    found = session.execute(
        select(OutgoingMessage.peer, func.count())
        .where(
            OutgoingMessage.state == State.WAITING,
            OutgoingMessage.failing_since.is_not(None),
        )
        .group_by(OutgoingMessage.peer)
    )
    return {row[0]: row[1] for row in found}


def _common(row: OutgoingMessage | ReceivedMessage, other: str) -> dict[str, Any]:
    home = home_name(other)
    return {
        "id": str(row.id),
        "with": {"authority": home.authority, "installation": home.peer},
        "conversation": str(row.conversation),
        "sequence": row.sequence,
        "type": row.type,
        "jti": row.jti,
        "code": row.code,
    }


def _instant(instant: datetime | None) -> str | None:
    return format_instant(instant) if instant else None
