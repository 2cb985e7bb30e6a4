"""When an authority signed last, as far as the clock is concerned."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import ClockBehindError
from recognition_service.attestations.models import Copy
from recognition_service.clock import format_instant
from recognition_service.storage.prepared import Prepared

TOLERANCE = timedelta(minutes=5)
"""How far the clocks of two nodes may differ."""
_LAST = Prepared(
    lambda _: (
        select(Copy.reserved_at)
        .where(Copy.authority_id == bindparam("authority_id"))
        .order_by(Copy.id.desc())
        .limit(1)
    )
)


def require_clock(session: Session, authority_id: str, now: datetime) -> None:
    """Make sure that the clock does not stand before what was signed last.

    A clock that was put back dates tokens into the time of keys and mandates that are
    over, and status lists before those that are served. One row is read, by the
    primary key: ids of copies are ordered by time.

    Raises:
        ClockBehindError: It stands more than five minutes before.
    """
    found = _LAST.first(session, authority_id=authority_id)
    if found is not None and now < found[0] - TOLERANCE:
        raise ClockBehindError(
            f"The clock stands at {format_instant(now)}, but {authority_id} signed at "
            f"{format_instant(found[0])} already."
        )
