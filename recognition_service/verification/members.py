"""JSON values read as what they must be, member by member.

For what is relied on after reading: a member too many or too few, or of another
kind, refuses the whole.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from recognition_service.clock import parse_instant

_Value = TypeVar("_Value")
Read = Callable[[str, Any], _Value]
"""Takes the path of a value, for the message, and the value itself."""


class UnfitValueError(ValueError):
    """A value is not what it must be; the message says where."""


class Members:
    """The members of one object, each read as what it must be."""

    def __init__(self, path: str, value: Any, names: str, optional: str = "") -> None:
        """Take an object apart that has exactly these members.

        Args:
            path: Where the object stands, for messages.
            value: The object.
            names: Of the members that must be there, with spaces between.
            optional: Of those that may be there.

        Raises:
            UnfitValueError: It is no object, or one with other members.
        """
        required = set(names.split())
        if not isinstance(value, dict) or not (
            required <= value.keys() <= required | set(optional.split())
        ):
            raise UnfitValueError(f"{path or '/'} does not have the members {names}.")
        self._path = path
        self._value = value

    def text(self, name: str) -> str:
        """Return a member that is text."""
        return self._read(name, as_text)

    def number(self, name: str) -> int:
        """Return a member that is a whole number."""
        return self._read(name, as_whole_number)

    def truth(self, name: str) -> bool:
        """Return a member that is true or false."""
        return self._read(name, as_truth)

    def instant(self, name: str) -> datetime:
        """Return a member that is an instant."""
        return self._read(name, as_instant)

    def day(self, name: str) -> date:
        """Return a member that is a date."""
        return self._read(name, as_day)

    def words(self, name: str) -> tuple[str, ...]:
        """Return a member that is a list of texts."""
        return self.items(name, as_text)

    def choice(self, name: str, kind: Callable[[str], _Value]) -> _Value:
        """Return a member that is one of the words of an enumeration."""
        try:
            return kind(self.text(name))
        except UnfitValueError:
            raise
        except ValueError as error:
            raise UnfitValueError(f"{self._path}/{name} is no known word.") from error

    def optional(self, name: str, read: Read[_Value]) -> _Value | None:
        """Return a member, or None if it is null or absent."""
        return None if self._value.get(name) is None else self._read(name, read)

    def items(self, name: str, read: Read[_Value]) -> tuple[_Value, ...]:
        """Return the items of a member that is a list."""
        found = self._value[name]
        if not isinstance(found, list):
            raise UnfitValueError(f"{self._path}/{name} is no list.")
        return tuple(
            read(f"{self._path}/{name}/{index}", item)
            for index, item in enumerate(found)
        )

    def one(self, name: str, read: Read[_Value]) -> _Value:
        """Return a member, read by a function."""
        return self._read(name, read)

    def _read(self, name: str, read: Read[_Value]) -> _Value:
        return read(f"{self._path}/{name}", self._value[name])


def as_text(path: str, value: Any) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise UnfitValueError(f"{path} is no text.")
    return value


def as_texts(path: str, value: Any) -> Mapping[str, str]:
    """Return an object whose members are all texts."""
    if not isinstance(value, dict):
        raise UnfitValueError(f"{path} is no object.")
    return {name: as_text(f"{path}/{name}", text) for name, text in value.items()}


def as_whole_number(path: str, value: Any) -> int:
    """Return a whole number."""
    if type(value) is not int:
        raise UnfitValueError(f"{path} is no whole number.")
    return value


def as_truth(path: str, value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise UnfitValueError(f"{path} is neither true nor false.")
    return value


def as_instant(path: str, value: Any) -> datetime:
    """Return an instant, in UTC."""
    try:
        return parse_instant(as_text(path, value))
    except UnfitValueError:
        raise
    except (ValueError, OverflowError) as error:
        raise UnfitValueError(f"{path} is no instant.") from error


def as_day(path: str, value: Any) -> date:
    """Return a date."""
    try:
        return date.fromisoformat(as_text(path, value))
    except UnfitValueError:
        raise
    except ValueError as error:
        raise UnfitValueError(f"{path} is no date.") from error
