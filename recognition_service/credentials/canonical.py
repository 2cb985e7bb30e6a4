"""The canonical form of JSON and the digests of values.

Source: RFC 8785.
"""

import hashlib
from typing import Any

import orjson
import rfc8785

from recognition_service.credentials import base64url
from recognition_service.credentials.errors import NotCanonicalizableError

_LARGEST_INTEGER = 2**53 - 1
_MOST_VALUES = 100_000
_PLAIN = frozenset({bool, type(None)})


def canonical_bytes(value: Any) -> bytes:
    """Return the canonical JSON text of a value, in UTF-8.

    Raises:
        NotCanonicalizableError: Not JSON, a number outside the doubles' safe range,
            a lone surrogate, or nested too deeply.
    """
    try:
        if _is_plain(value):
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return rfc8785.dumps(value)
    except RecursionError as error:
        raise NotCanonicalizableError("too_deep") from error
    # The libraries' errors and UnicodeEncodeError.
    except (ValueError, TypeError) as error:
        raise NotCanonicalizableError("not_canonicalizable") from error


def digest(value: Any) -> str:
    """Return the digest of a value's canonical form, such as "sha256-47DEQpj8…".

    Raises:
        NotCanonicalizableError: The value has no canonical form.
    """
    return digest_of_bytes(canonical_bytes(value))


def digest_of_bytes(content: bytes) -> str:
    """Return the digest of some bytes: "sha256-" and base64url without padding."""
    return "sha256-" + base64url.encode_text(hashlib.sha256(content).digest())


def _is_plain(value: Any) -> bool:
    """Tell whether sorted compact JSON is the canonical form of a value.

    It is unless a number is written in a way of its own (fractions) or the order of
    the names differs between code points and UTF-16 (names beyond ASCII).
    """
    waiting = [value]
    for item in waiting:  # Grows while it is read: everything inside is looked at.
        kind = type(item)
        if kind is str:
            continue
        if kind is dict:
            if not "".join(item).isascii() or len(waiting) > _MOST_VALUES:
                return False
            waiting += item.values()
        elif kind is list:
            if len(waiting) > _MOST_VALUES:
                return False
            waiting += item
        elif kind is int:
            if not -_LARGEST_INTEGER <= item <= _LARGEST_INTEGER:
                return False
        elif kind not in _PLAIN:
            return False
    return True
