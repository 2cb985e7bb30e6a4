"""Where a key stands in its life, read from its dates.

A key is announced, signs, is retired or was compromised. The keys of one purpose and
one algorithm are a line: they follow each other, and at most one of them signs.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A key with the dates of its life, as `KeyRecord` explains them."""

    @property
    def thumbprint(self) -> str:
        """RFC 7638; names the key."""
        ...

    @property
    def created_at(self) -> datetime:
        """Since when it is published."""
        ...

    @property
    def active_from(self) -> datetime:
        """First instant at which it signs."""
        ...

    @property
    def retired_at(self) -> datetime | None:
        """From then on it signs nothing."""
        ...

    @property
    def compromised_at(self) -> datetime | None:
        """From then on somebody else may have signed with it."""
        ...


_Key = TypeVar("_Key", bound=Dated)


class KeyState(StrEnum):
    """Where a key stands."""

    ANNOUNCED = "announced"
    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


def state_of(key: Dated, now: datetime) -> KeyState:
    """Return where a key stands; at its `retired_at` it no longer signs."""
    if key.compromised_at is not None:
        return KeyState.COMPROMISED
    if key.retired_at is not None and key.retired_at <= now:
        return KeyState.RETIRED
    return KeyState.ANNOUNCED if key.active_from > now else KeyState.ACTIVE


def living(keys: Iterable[_Key], now: datetime) -> list[_Key]:
    """Return the keys of a line that sign or will sign, in the order of doing so."""
    return sorted(
        (
            key
            for key in keys
            if state_of(key, now) in {KeyState.ANNOUNCED, KeyState.ACTIVE}
        ),
        key=lambda key: (key.active_from, key.created_at, key.thumbprint),
    )


def signing(keys: Iterable[_Key], now: datetime) -> _Key | None:
    """Return the key of a line that signs now, or None."""
    active = [key for key in living(keys, now) if state_of(key, now) is KeyState.ACTIVE]
    return active[-1] if active else None
