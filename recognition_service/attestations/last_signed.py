"""When an authority signed last, as far as the clock is concerned."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import ClockBehindError
from recognition_service.attestations.models import Copy
from recognition_service.clock import format_instant

TOLERANCE = timedelta(minutes=5)
"""How far the clocks of two nodes may differ."""


def require_clock(session: Session, authority_id: str, now: datetime) -> None:
    """Make sure that the clock does not stand before what was signed last.

    A clock that was put back dates tokens into the time of keys and mandates that are
    over, and status lists before those that are served. One row is read, by the
    primary key: ids of copies are ordered by time.

    Raises:
        ClockBehindError: It stands more than five minutes before.
    """
    last = session.scalars(
        select(Copy.reserved_at)
        .where(Copy.authority_id == authority_id)
        .order_by(Copy.id.desc())
        .limit(1)
    ).first()
    if last is not None and now < last - TOLERANCE:
        raise ClockBehindError(
            f"The clock stands at {format_instant(now)}, but {authority_id} signed at "
            f"{format_instant(last)} already."
        )
