"""Where a key stands in its life, read from its dates.

A key is announced, signs, is retired or was compromised. The keys of one purpose and
one algorithm are a line: they follow each other, and at most one of them signs.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from recognition_service.authorities.models import KeyRecord


class KeyState(StrEnum):
    """Where a key stands."""

    ANNOUNCED = "announced"
    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


def state_of(key: KeyRecord, now: datetime) -> KeyState:
    """Return where a key stands; at its `retired_at` it no longer signs."""
    if key.compromised_at is not None:
        return KeyState.COMPROMISED
    if key.retired_at is not None and key.retired_at <= now:
        return KeyState.RETIRED
    return KeyState.ANNOUNCED if key.active_from > now else KeyState.ACTIVE


def living(keys: Iterable[KeyRecord], now: datetime) -> list[KeyRecord]:
    """Return the keys of a line that sign or will sign, in the order of doing so."""
    return sorted(
        (
            key
            for key in keys
            if state_of(key, now) in {KeyState.ANNOUNCED, KeyState.ACTIVE}
        ),
        key=lambda key: (key.active_from, key.created_at, key.thumbprint),
    )


def signing(keys: Iterable[KeyRecord], now: datetime) -> KeyRecord | None:
    """Return the key of a line that signs now, or None."""
    active = [key for key in living(keys, now) if state_of(key, now) is KeyState.ACTIVE]
    return active[-1] if active else None
