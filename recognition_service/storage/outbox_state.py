"""How the outbox stands, for whoever looks after the service."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from recognition_service.storage.models import OutboxMessage

_LISTED = 20


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A message that nobody will try again."""

    authority_id: str
    kind: str
    created_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class OutboxState:
    """What waits and what was given up.

    Attributes:
        oldest_waiting: Since when the oldest unfinished message exists, or None.
        given_up: The last twenty of them.
    """

    waiting: int
    oldest_waiting: datetime | None
    given_up_count: int
    given_up: tuple[GivenUp, ...]


def outbox_state(session: Session) -> OutboxState:
    """Return how the outbox stands."""
    open_ones = OutboxMessage.status.in_(("waiting", "running"))
    failed = OutboxMessage.status == "failed"
    waiting, oldest = session.execute(
        select(func.count(), func.min(OutboxMessage.created_at)).where(open_ones)
    ).one()
    rows = session.scalars(
        select(OutboxMessage)
        .where(failed)
        .order_by(OutboxMessage.created_at.desc())
        .limit(_LISTED)
    )
    return OutboxState(
        waiting,
        oldest,
        session.scalar(select(func.count()).where(failed)) or 0,
        tuple(
            GivenUp(row.authority_id, row.kind, row.created_at, row.last_error)
            for row in rows
        ),
    )
