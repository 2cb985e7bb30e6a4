"""Telling a coordinator that an answer is overdue."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.found import (
    coordinator_for,
    get_authority,
    legal_day,
)
from recognition_service.mutual_recognition.conversation import Event, Side
from recognition_service.mutual_recognition.joining import joining
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.sides import (
    Sides,
    lock_sides,
    write_down,
)

_EASTERNMOST_ZONE = timedelta(hours=14)

Overdue = tuple[str, UUID]
"""Who asked, and the request."""


def overdue_requests(
    session: Session, *, now: datetime, limit: int = 100
) -> list[Overdue]:
    """Return requests whose answer is overdue somewhere on earth, oldest first."""
    latest_today = (now + _EASTERNMOST_ZONE).date()
    found = session.execute(
        select(MutualRequest.authority_id, MutualRequest.id)
        .where(MutualRequest.refer_on < latest_today)
        .order_by(MutualRequest.refer_on, MutualRequest.id)
        .limit(limit)
    )
    return [(row.authority_id, row.id) for row in found]


def refer(session: Session, overdue: Overdue, *, now: datetime) -> bool:
    """Tell the coordinator where who is asked acts; once for each request.

    The caller owns the transaction. The coordinator sees that the request exists and
    what happens to it, never what it asks about whom. Where nobody coordinates, this is
    looked at again the next day.

    Returns:
        Whether a coordinator was told.
    """
    sides = lock_sides(session, *overdue)
    answerer = get_authority(session, sides.answerer.authority_id)
    today = legal_day(answerer, now)
    if sides.asker.refer_on is None or sides.asker.refer_on >= today:
        return False
    coordinator = coordinator_for(session, answerer)
    if (
        coordinator is None
        or coordinator.id in {sides.asker.authority_id, *sides.asker.passed}
        or sides.answerer.side == Side.DISPATCHER
    ):
        sides.asker.refer_on = today
        return False
    _tell(session, sides, coordinator.id, now)
    return True


def _tell(session: Session, sides: Sides, coordinator: str, now: datetime) -> None:
    for row in sides.rows:
        row.coordinator = coordinator
    told = joining(sides.asker, coordinator, Side.COORDINATOR, now)
    session.add(told)
    session.flush()
    write_down(
        session,
        [*sides.rows, told],
        Event.REFERRED_TO_COORDINATOR,
        caller=None,
        now=now,
        details={"coordinator": coordinator},
    )
