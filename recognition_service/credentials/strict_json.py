"""JSON read so that two readers can never understand it differently.

Refused beyond RFC 8259: members given twice, NaN and Infinity, numbers that a
double cannot hold, lone surrogates, NUL, a byte order mark, and what is too long
or nested too deeply.

Source: RFC 7493 section 2 (I-JSON); RFC 8725 section 2.4.
"""

import json
import math
from typing import Any, NoReturn

from recognition_service.credentials.errors import MalformedJSONError

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
_LARGEST_INTEGER = 2**53 - 1
_LONGEST_INTEGER = 17  # characters: 16 digits and a sign
_LONGEST_FLOAT = 40
_LAST_BEFORE_SURROGATES = "\ud7ff"
_FIRST_AFTER_SURROGATES = "\ue000"


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedJSONError("duplicate_member")
    return members


def _integer(text: str) -> int:
    number = int(text) if len(text) <= _LONGEST_INTEGER else _LARGEST_INTEGER + 1
    if abs(number) > _LARGEST_INTEGER:
        raise MalformedJSONError("number_out_of_range")
    return number


def _fraction(text: str) -> float:
    if len(text) > _LONGEST_FLOAT or math.isinf(number := float(text)):
        raise MalformedJSONError("number_out_of_range")
    return number


def _no_constant(_name: str) -> NoReturn:
    raise MalformedJSONError("not_a_number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_int=_integer,
    parse_float=_fraction,
    parse_constant=_no_constant,
)


def parse(
    document: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH
) -> Any:
    """Return the one value that a JSON text stands for.

    Raises:
        MalformedJSONError: With a `reason`: "too_large", "not_utf8",
            "byte_order_mark", "not_json", "duplicate_member", "not_a_number",
            "number_out_of_range", "too_deep", "lone_surrogate" or "nul".
    """
    text = _decoded(document, max_bytes)
    try:
        value = _DECODER.decode(text)
    except RecursionError as error:
        raise MalformedJSONError("too_deep") from error
    except json.JSONDecodeError as error:
        raise MalformedJSONError("not_json") from error
    # Only escapes can smuggle in surrogates and NUL, and a text with few brackets
    # cannot be deep: nearly every document is spared the walk.
    if "\\u" in text or text.count("{") + text.count("[") > max_depth:
        _walk(value, max_depth)
    return value


def parse_object(
    document: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH
) -> dict[str, Any]:
    """Return the object that a JSON text stands for.

    Raises:
        MalformedJSONError: As in `parse`, or "not_an_object".
    """
    value = parse(document, max_bytes=max_bytes, max_depth=max_depth)
    if not isinstance(value, dict):
        raise MalformedJSONError("not_an_object")
    return value


def _decoded(document: bytes | str, max_bytes: int) -> str:
    if len(document) > max_bytes:
        raise MalformedJSONError("too_large")
    try:
        if isinstance(document, bytes):
            text = document.decode("utf-8")
        else:
            text = document
            if not text.isascii() and len(text.encode()) > max_bytes:
                raise MalformedJSONError("too_large")
    except UnicodeError as error:
        raise MalformedJSONError("not_utf8") from error
    if text.startswith("\ufeff"):
        raise MalformedJSONError("byte_order_mark")
    return text


def _walk(value: Any, max_depth: int) -> None:
    level = [value]
    depth = 0
    while level:
        if any(isinstance(item, dict | list) for item in level):
            depth += 1
        if depth > max_depth:
            raise MalformedJSONError("too_deep")
        level = [child for item in level for child in _children(item)]


def _children(item: Any) -> list[Any]:
    if isinstance(item, list):
        return item
    if isinstance(item, dict):
        for name in item:
            _check_text(name)
        return list(item.values())
    if isinstance(item, str):
        _check_text(item)
    return []


def _check_text(text: str) -> None:
    if "\0" in text:
        raise MalformedJSONError("nul")
    if any(
        _LAST_BEFORE_SURROGATES < character < _FIRST_AFTER_SURROGATES
        for character in text
    ):
        raise MalformedJSONError("lone_surrogate")
