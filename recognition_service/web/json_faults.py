"""Where a refused JSON text is wrong; read only after it was refused.

`credentials.strict_json` says what is wrong and is quick. This module reads the
text again, slowly and within the same limits, to tell the caller the place.

Source: RFC 6901 (JSON pointers); RFC 7493 section 2.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from recognition_service.credentials.errors import MalformedJSONError

_DETAILS = {
    "too_large": "The body is too large.",
    "not_utf8": "The body is not UTF-8.",
    "byte_order_mark": "The body begins with a byte order mark.",
    "not_json": "The body is not JSON from here on.",
    "duplicate_member": "This member is there twice.",
    "not_a_number": "NaN and Infinity are not JSON.",
    "number_out_of_range": "This number is larger or longer than is read safely.",
    "too_deep": "This is nested too deeply.",
    "lone_surrogate": "This text holds half of a surrogate pair.",
    "nul": "This text holds a NUL character.",
    "not_an_object": "A JSON object is expected.",
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST_INTEGER = 2**53 - 1
_LONGEST_INTEGER = 17
_LONGEST_FLOAT = 40


class _Number(NamedTuple):
    """A number as it was written."""

    text: str


class _Members(NamedTuple):
    """The members of an object, those given twice included."""

    pairs: list[tuple[str, Any]]


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Members,
    parse_int=_Number,
    parse_float=_Number,
    parse_constant=_Number,
)


def escape(name: str) -> str:
    """Return a member name as a segment of a JSON pointer."""
    printable = name.encode("utf-8", "replace").decode()
    return printable.replace("~", "~0").replace("/", "~1")


def explain(refused: MalformedJSONError, document: bytes) -> MalformedJSONError:
    """Return the same error with the place of what is wrong in `errors`."""
    reason = refused.reason
    fault: dict[str, Any] = {"code": reason}
    offset = _offset(document, reason)
    if offset is not None:
        fault["offset"] = offset
    else:
        fault["pointer"] = _pointer(document, reason)
    detail = _DETAILS.get(reason, refused.code)
    explained = MalformedJSONError(reason, detail)
    explained.errors = ({**fault, "detail": detail},)
    return explained


def _offset(document: bytes, reason: str) -> int | None:
    """Return the byte at which reading stopped, if it stopped before the end."""
    if reason == "byte_order_mark":
        return 0
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    if reason != "not_json":
        return None
    try:
        json.loads(text, object_pairs_hook=_Members, parse_int=_Number)
    except json.JSONDecodeError as error:
        return len(text[: error.pos].encode("utf-8"))
    except RecursionError:
        return None
    return 0


def _pointer(document: bytes, reason: str) -> str:
    """Return the place of the first fault of this kind."""
    find = _FINDERS.get(reason)
    if find is None:
        return ""
    try:
        value = _DECODER.decode(document.decode("utf-8"))
        return next(find(value), "")
    except (ValueError, RecursionError):
        return ""


def _walk(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    waiting = [(pointer, value)]
    while waiting:
        place, item = waiting.pop()
        yield place, item
        below: list[tuple[str, Any]] = []
        if isinstance(item, _Members):
            below = [(f"{place}/{escape(name)}", each) for name, each in item.pairs]
        elif isinstance(item, list):
            below = [
                (f"{place}/{position}", each) for position, each in enumerate(item)
            ]
        waiting.extend(reversed(below))


def _duplicates(value: Any) -> Iterator[str]:
    for place, item in _walk(value):
        if isinstance(item, _Members):
            seen: set[str] = set()
            for name, _ in item.pairs:
                if name in seen:
                    yield f"{place}/{escape(name)}"
                seen.add(name)


def _numbers(is_wrong: Callable[[str], bool]) -> Callable[[Any], Iterator[str]]:
    def find(value: Any) -> Iterator[str]:
        for place, item in _walk(value):
            if isinstance(item, _Number) and is_wrong(item.text):
                yield place

    return find


def _is_no_number(text: str) -> bool:
    return text in {"NaN", "Infinity", "-Infinity"}


def _is_out_of_range(text: str) -> bool:
    if _is_no_number(text):
        return False
    if text.lstrip("-").isdigit():
        return len(text) > _LONGEST_INTEGER or abs(int(text)) > _LARGEST_INTEGER
    return len(text) > _LONGEST_FLOAT or abs(float(text)) == float("inf")


def _texts(is_wrong: Callable[[str], bool]) -> Callable[[Any], Iterator[str]]:
    def find(value: Any) -> Iterator[str]:
        for place, item in _walk(value):
            if isinstance(item, str) and is_wrong(item):
                yield place
            elif isinstance(item, _Members):
                for name, _ in item.pairs:
                    if is_wrong(name):
                        yield f"{place}/{escape(name)}"

    return find


def _deep(value: Any) -> Iterator[str]:
    # Long pointers help nobody: the first thirty-two steps name the place.
    deepest = max(
        (place for place, _ in _walk(value)), key=lambda place: place.count("/")
    )
    yield "/".join(deepest.split("/")[:33])


_FINDERS: dict[str, Callable[[Any], Iterator[str]]] = {
    "duplicate_member": _duplicates,
    "not_a_number": _numbers(_is_no_number),
    "number_out_of_range": _numbers(_is_out_of_range),
    "too_deep": _deep,
    "lone_surrogate": _texts(lambda text: _SURROGATE.search(text) is not None),
    "nul": _texts(lambda text: "\0" in text),
}
