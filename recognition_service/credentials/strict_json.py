"""JSON read so that two readers can never understand it differently.

Refused beyond RFC 8259: members given twice, NaN and Infinity, numbers that a
double cannot hold, lone surrogates, NUL, a byte order mark, and what is too long
or nested too deeply.

A text that a writer without any of these writes back byte for byte, white space
between its tokens aside, is read the short way. Nearly every token is such a text, and
nearly every body; all others are read the long way.

Source: RFC 7493 section 2 (I-JSON); RFC 8725 section 2.4.
"""

import json
import math
import re
from itertools import repeat
from typing import Any, NoReturn

import orjson

from recognition_service.credentials.errors import MalformedJSONError

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
_LARGEST_INTEGER = 2**53 - 1
_LONGEST_INTEGER = 17  # characters: 16 digits and a sign
_LONGEST_FLOAT = 40
_CONTAINERS = (dict, list)
_read, _write, _STRICT = orjson.loads, orjson.dumps, orjson.OPT_STRICT_INTEGER
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = (b" ", b"\n", b"\t", b"\r")


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
    if len(document) > max_bytes:
        raise MalformedJSONError("too_large")
    raw = document if isinstance(document, bytes) else _encoded(document, max_bytes)
    try:
        value = _read(raw)
        written = _write(value, None, _STRICT)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _parse_the_long_way(raw, max_depth)
    # Equal texts leave no room for a member given twice, another spelling of a
    # number, or anything around the value. Only an escape can stand for NUL.
    has_escapes = b"\\" in raw
    if has_escapes and b"\\u" in raw:
        return _parse_the_long_way(raw, max_depth)
    if written != raw and (has_escapes or not _is_spaced(raw, written)):
        return _parse_the_long_way(raw, max_depth)
    # A short text, or one with few brackets, cannot be deep: most are spared the walk.
    if len(raw) > 2 * max_depth and _brackets(raw) > max_depth:
        _check_depth(value, max_depth)
    return value


def parse_each(
    documents: list[bytes], *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH
) -> list[Any]:
    """Return the values of several JSON texts, each read as by `parse`.

    Raises:
        MalformedJSONError: As in `parse`, for any of them.
    """
    together = b"".join(documents)
    # What all of them together do not exceed, none of them exceeds.
    is_small = len(together) <= max_bytes and b"\\" not in together
    if is_small and (
        _brackets(together) <= max_depth or max(map(_brackets, documents)) <= max_depth
    ):
        try:
            values = list(map(_read, documents))
            if list(map(_write, values, repeat(None), repeat(_STRICT))) == documents:
                return values
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            pass  # The long way says what is wrong.
    return [
        parse(document, max_bytes=max_bytes, max_depth=max_depth)
        for document in documents
    ]


def _is_spaced(raw: bytes, written: bytes) -> bool:
    """Tell whether a text without escapes is another one, but for white space.

    `written` tells the value that was read from `raw`. White space is left out of
    both, within texts as well, which cannot hide anything: the tokens that remain are
    as many and spelled alike, so that no member was lost and no number spelled anew;
    and without escapes a text is written as it was read.
    """
    for space in _SPACES:
        raw = raw.replace(space, b"")
    return raw == written.replace(b" ", b"")


def _brackets(document: bytes) -> int:
    # To leave them out is several times faster than to count them.
    braces = len(document) - len(document.replace(b"{", b""))
    return braces + len(document) - len(document.replace(b"[", b""))


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


def _encoded(document: str, max_bytes: int) -> bytes:
    try:
        raw = document.encode()
    except UnicodeEncodeError as error:
        raise MalformedJSONError("not_utf8") from error
    if len(raw) > max_bytes:
        raise MalformedJSONError("too_large")
    return raw


def _parse_the_long_way(raw: bytes, max_depth: int) -> Any:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise MalformedJSONError("not_utf8") from error
    if text.startswith("\ufeff"):
        raise MalformedJSONError("byte_order_mark")
    try:
        value = _DECODER.decode(text)
    except RecursionError as error:
        raise MalformedJSONError("too_deep") from error
    except json.JSONDecodeError as error:
        raise MalformedJSONError("not_json") from error
    if "\\u" in text or text.count("{") + text.count("[") > max_depth:
        _check_depth(value, max_depth)
        _check_texts(value)
    return value


def _check_depth(value: Any, max_depth: int) -> None:
    level = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(max_depth):
        if not level:
            return
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, _CONTAINERS)
        ]
    if level:
        raise MalformedJSONError("too_deep")


def _check_texts(value: Any) -> None:
    """Check names and texts of a value that is not too deep."""
    if isinstance(value, str):
        if "\0" in value:
            raise MalformedJSONError("nul")
        if _SURROGATE.search(value):
            raise MalformedJSONError("lone_surrogate")
    elif isinstance(value, list):
        for item in value:
            _check_texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_texts(name)
            _check_texts(item)
