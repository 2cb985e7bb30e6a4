"""Identifiers: ordered by time, unique without asking anybody."""

import secrets
from datetime import datetime
from uuid import UUID


def new_id(now: datetime) -> UUID:
    """Return a UUIDv7: 48 bits of milliseconds, then 74 random bits.

    Source: RFC 9562 section 5.7.
    """
    milliseconds = int(now.timestamp() * 1000)
    random = secrets.randbits(74)
    return UUID(
        int=(milliseconds << 80)
        | (0x7 << 76)
        | ((random >> 62) << 64)
        | (0b10 << 62)
        | (random & ((1 << 62) - 1))
    )
