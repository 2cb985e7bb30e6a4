"""Where a claim stands: the names and indexes that lead to it.

In a text the steps are joined by dots, and `*` stands for every member or element:
"recognition.source.*", "nationalities.0". Names that contain a dot are reached by a
JSON Pointer (RFC 6901): "/recognition/source".
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from recognition_service.credentials.errors import MalformedInputError

Path = tuple[str | int, ...]
EVERY = "*"


def covers(path: Path, other: Path) -> bool:
    """Tell whether a path is the other one, or leads to what contains it."""
    return other[: len(path)] == path


def steps_of(text: str) -> tuple[str, ...]:
    """Return the steps of a written path.

    Raises:
        MalformedInputError: "malformed_path": an empty path or step.
    """
    if text.startswith("/"):
        steps = tuple(
            step.replace("~1", "/").replace("~0", "~") for step in text[1:].split("/")
        )
    else:
        steps = tuple(text.split("."))
    if not all(steps):
        raise MalformedInputError(
            "malformed_path", f"{text!r} is not a path such as recognition.source."
        )
    return steps


def find(claims: Mapping[str, Any], text: str) -> list[Path]:
    """Return every place in some claims that a written path means.

    Raises:
        MalformedInputError: "malformed_path", or "unknown_path" if there is none.
    """
    found = list(_places(claims, steps_of(text), ()))
    if not found:
        raise MalformedInputError("unknown_path", f"There is no claim at {text!r}.")
    return found


def choose(places: Iterable[Path], text: str) -> list[Path]:
    """Return which of some places a written path means.

    That are those at the path and below it, else the one that contains it.

    Raises:
        MalformedInputError: "malformed_path", or "unknown_path" if there is none.
    """
    steps = steps_of(text)
    known = list(places)
    within = [place for place in known if _agree(steps, place[: len(steps)])]
    if within:
        return within
    around = [place for place in known if _agree(steps[: len(place)], place)]
    if not around:
        raise MalformedInputError(
            "unknown_path",
            f"There is nothing to disclose at {text!r}: "
            "either there is no such claim, or it is always visible.",
        )
    return [max(around, key=len)]


def _agree(steps: tuple[str, ...], place: Path) -> bool:
    return len(steps) == len(place) and all(
        step in (str(name), EVERY) for step, name in zip(steps, place, strict=True)
    )


def _places(value: Any, steps: tuple[str, ...], path: Path) -> Iterator[Path]:
    if not steps:
        yield path
        return
    for step, inner in _children(value):
        if steps[0] in (str(step), EVERY):
            yield from _places(inner, steps[1:], (*path, step))


def _children(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)
