"""Lists by pages: opaque cursors that belong to one list and one filter.

A cursor holds the position after which the next page begins, and a check sum over
it and the list with its filter. It is no secret: what it may show is decided by
the query, which is always limited to the caller's own rows.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from recognition_service.credentials import base64url
from recognition_service.errors import RecognitionError
from recognition_service.web.bodies import bad_parameter
from recognition_service.web.errors import InvalidCursorError

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200
LONGEST_CURSOR = 1_000
_CHECK_CHARACTERS = 22

Position = Sequence[str | int]


def page(items: list[Any], following: str | None) -> dict[str, Any]:
    """Return the document of one page; `following` is the cursor of the next."""
    return {"items": items, "next": following}


def read_limit(text: str | None, default: int = DEFAULT_LIMIT) -> int:
    """Return how many items the caller wants.

    Raises:
        InvalidParametersError: Not a number from 1 to 200.
    """
    if text is None:
        return default
    if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_LIMIT)):
        limit = int(text)
        if 1 <= limit <= LARGEST_LIMIT:
            return limit
    raise bad_parameter(
        "limit", "out_of_range", f"A number from 1 to {LARGEST_LIMIT} is expected."
    )


def write_cursor(name: str, filters: Mapping[str, Any], position: Position) -> str:
    """Return the cursor of the page that begins after a position.

    Args:
        name: What list this is, with the authority that it belongs to.
        filters: All that narrows or orders the list.
        position: The sort key of the last item that was shown.
    """
    content = _spelled(list(position))
    return base64url.encode_text(
        _check(name, filters, content).encode() + content.encode()
    )


def read_cursor(
    name: str, filters: Mapping[str, Any], cursor: str | None, length: int
) -> list[str | int] | None:
    """Return the position of a cursor, or None without a cursor.

    Raises:
        InvalidCursorError: Changed, of another list or filter, or no cursor at all.
    """
    if cursor is None:
        return None
    try:
        raw = base64url.decode(cursor[: LONGEST_CURSOR + 1]).decode("utf-8")
        check, content = raw[:_CHECK_CHARACTERS], raw[_CHECK_CHARACTERS:]
        position = json.loads(content)
    except (RecognitionError, ValueError, RecursionError) as error:
        raise _invalid() from error
    if (
        len(cursor) > LONGEST_CURSOR
        or check != _check(name, filters, content)
        or not isinstance(position, list)
        or len(position) != length
    ):
        raise _invalid()
    return position


def _check(name: str, filters: Mapping[str, Any], content: str) -> str:
    told = _spelled([name, {key: str(filters[key]) for key in filters}, content])
    digest = base64url.encode_text(hashlib.sha256(told.encode()).digest())
    return digest[:_CHECK_CHARACTERS]


def _spelled(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _invalid() -> InvalidCursorError:
    return InvalidCursorError(
        "Begin again without a cursor.",
        (
            {
                "parameter": "cursor",
                "code": "invalid_cursor",
                "detail": "It was changed, or it belongs to another list or filter.",
            },
        ),
    )
