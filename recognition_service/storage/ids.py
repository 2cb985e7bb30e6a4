"""Identifiers: ordered by time, unique without asking anybody.

Our instants are whole seconds, so that many ids share one. Within a process each is
larger than the one before it, and what happened in order is read in order.
"""

import secrets
from datetime import datetime
from threading import Lock
from uuid import UUID

_RANDOM_BITS = 74
_STEP_BITS = 32
_lock = Lock()
_last: dict[str, int] = {"milliseconds": -1, "random": 0}


def new_id(now: datetime) -> UUID:
    """Return a UUIDv7: 48 bits of milliseconds, then 74 random bits.

    Source: RFC 9562 sections 5.7 and 6.2 (method 2, monotonic random).
    """
    milliseconds = int(now.timestamp() * 1000)
    random = _next_random(milliseconds)
    return UUID(
        int=(milliseconds << 80)
        | (0x7 << 76)
        | ((random >> 62) << 64)
        | (0b10 << 62)
        | (random & ((1 << 62) - 1))
    )


def _next_random(milliseconds: int) -> int:
    """Return random bits, larger than the last ones of the same millisecond."""
    with _lock:
        if milliseconds == _last["milliseconds"]:
            random = _last["random"] + 1 + secrets.randbits(_STEP_BITS)
        else:
            # One bit less, so that there is room to count up.
            random = secrets.randbits(_RANDOM_BITS - 1)
        _last["milliseconds"], _last["random"] = milliseconds, random
        return random
