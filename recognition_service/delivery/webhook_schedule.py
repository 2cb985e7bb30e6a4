"""When a webhook is tried again, and when a receiver is given up.

Source: Standard Webhooks (github.com/standard-webhooks/standard-webhooks,
spec/standard-webhooks.md at b2fa7b8), "Deliverability and reliability" and "Delivery
success and failure"; RFC 9110 section 10.2.3 (`Retry-After`).
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""From one attempt to the next; the first attempt is made at once."""
GIVEN_UP_AFTER = timedelta(days=3)
"""Since when every attempt must have failed for an endpoint to be disabled."""
GONE = 410
_LONGEST_WAIT = timedelta(hours=24)
_LONGEST_REST = timedelta(minutes=10)
_FIRST_SUCCESS, _FIRST_REDIRECT = 200, 300
_MAY_ASK_TO_WAIT = frozenset({429, 503})


def is_success(status: int | None) -> bool:
    """Tell whether a receiver has taken a webhook; None: it did not answer."""
    return status is not None and _FIRST_SUCCESS <= status < _FIRST_REDIRECT


def next_attempt(
    tries: int, *, asked_to_wait: timedelta | None, now: datetime
) -> datetime | None:
    """Return when to try again after so many tries; None: it is given up."""
    if tries > len(DELAYS):
        return None
    # A delivery that is replayed while it is on its way begins at none.
    return now + max(DELAYS[max(tries, 1) - 1], asked_to_wait or timedelta())


def rest(failing: timedelta, *, asked_to_wait: timedelta | None) -> timedelta:
    """Return how long nothing at all is sent to a receiver that failed just now.

    The longer it has been failing the longer, ten minutes at most, or as long as it
    asks for. Otherwise each of a thousand waiting deliveries would be tried in vain.
    """
    return max(min(failing / 2, _LONGEST_REST), asked_to_wait or timedelta())


def asked_to_wait(
    status: int | None, retry_after: str | None, *, now: datetime
) -> timedelta | None:
    """Return how long a receiver asks to be left alone, a day at most, or None.

    `retry_after` is the header `Retry-After`: seconds or a date.
    """
    if status not in _MAY_ASK_TO_WAIT or retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        # More digits than a day has would overflow before they are cut down.
        return min(timedelta(seconds=int(text[:9])), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), _LONGEST_WAIT)
