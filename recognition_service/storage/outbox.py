"""The outbox: what must happen after the commit, and happens at least once.

A message is a row of the transaction that makes it necessary. The worker takes
messages that are due, carries them out, and marks them; whoever dies while
working loses its lease, and the message is tried again. Whoever carries one out
must therefore be idempotent by the message's id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from recognition_service.storage.ids import new_id
from recognition_service.storage.models import OutboxMessage

LEASE = timedelta(minutes=2)
_FIRST_DELAY = timedelta(seconds=5)
_LONGEST_DELAY = timedelta(hours=8)
_MOST_ATTEMPTS = 20
_LONGEST_ERROR = 2000


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was taken to be carried out."""

    authority_id: str
    id: UUID
    kind: str
    content: Mapping[str, Any]
    attempts: int


def put(
    session: Session,
    authority_id: str,
    *,
    kind: str,
    content: Mapping[str, Any],
    now: datetime,
    due_at: datetime | None = None,
) -> UUID:
    """Add a message to the caller's transaction."""
    message = OutboxMessage(
        authority_id=authority_id,
        id=new_id(now),
        kind=kind,
        content=dict(content),
        status="waiting",
        created_at=now,
        due_at=due_at or now,
        attempts=0,
    )
    session.add(message)
    return message.id


def take(session: Session, *, now: datetime, limit: int = 20) -> list[Message]:
    """Lease the messages that are due, oldest first. The caller commits.

    On PostgreSQL two workers never take the same message (`SKIP LOCKED`); on
    SQLite the write lock sees to it.
    """
    due = (
        select(OutboxMessage)
        .where(
            or_(
                (OutboxMessage.status == "waiting") & (OutboxMessage.due_at <= now),
                (OutboxMessage.status == "running") & (OutboxMessage.lease_until < now),
            )
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    messages = session.scalars(due).all()
    for row in messages:
        row.status = "running"
        row.attempts += 1
        row.lease_until = now + LEASE
    return [
        Message(row.authority_id, row.id, row.kind, row.content, row.attempts)
        for row in messages
    ]


def finish(session: Session, message: Message) -> None:
    """Mark a message as carried out. The caller commits."""
    session.execute(_one(message).values(status="done", lease_until=None))


def fail(
    session: Session,
    message: Message,
    *,
    error: str,
    permanent: bool,
    now: datetime,
) -> bool:
    """Put a message back, or give it up. The caller commits.

    The delay doubles from 5 seconds to 8 hours; after 20 attempts, or when trying
    again cannot help (`permanent`), the message is given up and stays visible.

    Returns:
        Whether the message was given up.
    """
    given_up = permanent or message.attempts >= _MOST_ATTEMPTS
    delay = min(_FIRST_DELAY * 2 ** (message.attempts - 1), _LONGEST_DELAY)
    session.execute(
        _one(message).values(
            status="failed" if given_up else "waiting",
            due_at=now + delay,
            lease_until=None,
            last_error=error[:_LONGEST_ERROR],
        )
    )
    return given_up


def _one(message: Message) -> Any:
    return update(OutboxMessage).where(
        OutboxMessage.authority_id == message.authority_id,
        OutboxMessage.id == message.id,
    )
