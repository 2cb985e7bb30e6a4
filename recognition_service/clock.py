"""The one place that reads the time.

Everybody else receives `now` as an argument, once per operation. Instants are in
UTC and carry their zone; whole seconds, because that is what tokens carry.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present instant, in UTC, cut to whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def fixed_clock(instant: datetime) -> Clock:
    """Return a clock that stands still, for tests and rehearsals."""
    return lambda: instant


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 instant such as "2026-11-02T09:00:00Z".

    Raises:
        ValueError: Not an instant, one without a zone, or one that no calendar has.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    try:
        return instant.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError(text) from error


def format_instant(instant: datetime) -> str:
    """Write an instant as RFC 3339 with seconds and "Z"."""
    plain = instant.astimezone(UTC).replace(tzinfo=None)
    return plain.isoformat(timespec="seconds") + "Z"


def parse_day(text: str | None) -> date | None:
    """Read a date such as "2026-11-02"; None, and no text at all, stay None.

    Raises:
        ValueError: Not a date.
    """
    return date.fromisoformat(text) if text else None
