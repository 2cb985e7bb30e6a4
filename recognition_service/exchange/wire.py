"""Reading the bodies of messages: member by member, as what they must be.

A body was signed by somebody who is trusted, which does not make it fit.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson

from recognition_service.clock import parse_day, parse_instant
from recognition_service.exchange.errors import BodyUnfitError

_Value = TypeVar("_Value")
_LONGEST = 10_000
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f"
    "\u0890\u0891\u08e2\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?\Z", re.ASCII)
_MOST_LANGUAGES = 50


def require_plain(body: Mapping[str, Any]) -> None:
    """Refuse a body in which a text has signs that nobody sees, line breaks aside.

    Texts of others are shown to officers, who must see what stands there.

    Raises:
        BodyUnfitError: There is such a text.

    Source: Unicode 16.0, section 23.1 (Cc) and annex UTS 39 (Cf); the joiners, which
    scripts need, are let pass.
    """
    if _is_clear(orjson.dumps(body)):
        return
    waiting: list[Any] = [body]
    for value in waiting:  # Grows while it is read.
        if isinstance(value, dict):
            waiting += value.keys()
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and _HIDDEN.search(value):
            raise BodyUnfitError("A text has control or format characters.")


def _is_clear(text: bytes) -> bool:
    """Tell whether a JSON text of ASCII can hold none of these signs.

    Control characters are written with a backslash there, all but DEL.
    """
    return text.isascii() and b"\\" not in text and b"\x7f" not in text


class Body:
    """The members of one object of a body."""

    def __init__(self, value: Any, names: str, *, at: str = "") -> None:
        """Take an object apart that has exactly these members.

        Args:
            value: The object.
            names: Of its members, with spaces between.
            at: Where it stands, for the message.

        Raises:
            BodyUnfitError: It is no object, or one with other members.
        """
        if not isinstance(value, dict) or set(value) != set(names.split()):
            raise BodyUnfitError(f"{at or '/'} does not have the members {names}.")
        self._value: Mapping[str, Any] = value
        self._at = at

    def text(self, name: str, *, longest: int = _LONGEST) -> str:
        """Return a member that is text."""
        value = self._value[name]
        if not isinstance(value, str) or len(value) > longest:
            raise self._unfit(name)
        return value

    def word(self, name: str, words: Callable[[str], _Value]) -> _Value:
        """Return a member that is a word of an enumeration."""
        try:
            return words(self.text(name))
        except ValueError as error:
            raise self._unfit(name) from error

    def number(self, name: str) -> int:
        """Return a member that is a whole number."""
        value = self._value[name]
        if type(value) is not int or not 0 <= value < 1 << 31:
            raise self._unfit(name)
        return value

    def amount(self, name: str) -> str | int:
        """Return a member that is a decimal written as text, or a whole number."""
        value = self._value[name]
        if isinstance(value, str):
            if _DECIMAL.match(value):
                return value
            raise self._unfit(name)
        return self.number(name)

    def truth(self, name: str) -> bool:
        """Return a member that is true or false."""
        value = self._value[name]
        if type(value) is not bool:
            raise self._unfit(name)
        return value

    def day(self, name: str) -> date:
        """Return a member that is a date."""
        try:
            found = parse_day(self.text(name, longest=10))
        except ValueError as error:
            raise self._unfit(name) from error
        if found is None:
            raise self._unfit(name)
        return found

    def instant(self, name: str) -> datetime:
        """Return a member that is an instant."""
        try:
            return parse_instant(self.text(name, longest=40))
        except ValueError as error:
            raise self._unfit(name) from error

    def id(self, name: str) -> UUID:
        """Return a member that is a UUID."""
        try:
            return UUID(self.text(name, longest=36))
        except ValueError as error:
            raise self._unfit(name) from error

    def object(self, name: str) -> dict[str, Any]:
        """Return a member that is an object, unread."""
        value = self._value[name]
        if not isinstance(value, dict):
            raise self._unfit(name)
        return value

    def items(self, name: str, kind: type[_Value]) -> list[_Value]:
        """Return a member that is a list of values of a kind."""
        value = self._value[name]
        if not isinstance(value, list) or not all(
            isinstance(item, kind) for item in value
        ):
            raise self._unfit(name)
        return value

    def optional(self, name: str, read: Callable[[str], _Value]) -> _Value | None:
        """Return a member, or None if it is null."""
        return None if self._value[name] is None else read(name)

    def texts(self, name: str) -> dict[str, str]:
        """Return a member that holds a text by language."""
        value = self.object(name)
        if len(value) > _MOST_LANGUAGES or not all(
            isinstance(text, str) and len(text) <= _LONGEST for text in value.values()
        ):
            raise self._unfit(name)
        return value

    def within(self, name: str, names: str) -> "Body":
        """Return a member that is an object with exactly these members."""
        return Body(self._value[name], names, at=f"{self._at}/{name}")

    def each(self, name: str, names: str) -> "Iterable[Body]":
        """Return the objects of a list, all with exactly these members."""
        return [
            Body(item, names, at=f"{self._at}/{name}/{place}")
            for place, item in enumerate(self.items(name, dict))
        ]

    def _unfit(self, name: str) -> BodyUnfitError:
        return BodyUnfitError(f"{self._at}/{name} is not what it must be.")
