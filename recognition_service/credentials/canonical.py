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
_MOST_CONTAINERS = 20_000
_PLAIN = frozenset({str, bool, type(None), orjson.Fragment})
_CONTAINERS = frozenset({dict, list, int})
_NAMES = frozenset({str})
# Only with characters that UTF-16 writes as two does the order of names differ; in
# UTF-8 they begin with one of these bytes.
_BEYOND_16_BITS = b"\xf0\xf1\xf2\xf3\xf4"


def canonical_bytes(value: Any) -> bytes:
    """Return the canonical JSON text of a value, in UTF-8.

    Parts of it may be given as `canonical_part`s.

    Raises:
        NotCanonicalizableError: Not JSON, a number outside the doubles' safe range,
            a lone surrogate, or nested too deeply.
    """
    try:
        if _is_plain(value):
            text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
            if len(text.translate(None, _BEYOND_16_BITS)) == len(text):
                return text
        return rfc8785.dumps(_whole(value))
    except RecursionError as error:
        raise NotCanonicalizableError("too_deep") from error
    # The libraries' errors and UnicodeEncodeError.
    except (ValueError, TypeError) as error:
        raise NotCanonicalizableError("not_canonicalizable") from error


def canonical_part(value: Any) -> orjson.Fragment:
    """Return a part of larger values, written once for all of them.

    Raises:
        NotCanonicalizableError: As in `canonical_bytes`.
    """
    return orjson.Fragment(canonical_bytes(value))


def digest(value: Any) -> str:
    """Return the digest of a value's canonical form, such as "sha256-47DEQpj8…".

    Raises:
        NotCanonicalizableError: The value has no canonical form.
    """
    return digest_of_bytes(canonical_bytes(value))


def digest_of_bytes(content: bytes) -> str:
    """Return the digest of some bytes: "sha256-" and base64url without padding."""
    return "sha256-" + base64url.encode_text(hashlib.sha256(content).digest())


def _whole(value: Any) -> Any:
    """Return a value with its canonical parts read again."""
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(item) for item in value]
    if isinstance(value, orjson.Fragment):
        return orjson.loads(orjson.dumps(value))
    return value


def _is_plain(value: Any) -> bool:
    """Tell whether all numbers of a value are whole and small, and nothing is odd.

    Then sorted compact JSON is the canonical form, unless the order of the names
    differs between code points and UTF-16. Looks at containers, not at each value.
    """
    waiting = [[value]]
    for container in waiting:  # Grows while it is read: everything inside is looked at.
        kinds = set(map(type, container)) - _PLAIN
        if not kinds:
            continue
        if not kinds <= _CONTAINERS or len(waiting) > _MOST_CONTAINERS:
            return False
        for item in container:
            kind = type(item)
            if kind is dict:
                if not set(map(type, item)) <= _NAMES:
                    return False
                waiting.append(list(item.values()))
            elif kind is list:
                waiting.append(item)
            elif kind is int and not -_LARGEST_INTEGER <= item <= _LARGEST_INTEGER:
                return False
    return True
