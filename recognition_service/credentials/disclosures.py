"""Disclosures: what a holder may show of a token or keep back, one claim each.

A disclosure is a salt, the claim's name (unless it is an element of an array) and
its value. The token carries the digest of the disclosure's text, so this text, once
made, is never written anew.

Source: RFC 9901 sections 4.2 and 9.3.
"""

import binascii
import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

import orjson

from recognition_service.credentials import base64url, strict_json
from recognition_service.credentials.errors import (
    MalformedBase64Error,
    MalformedJSONError,
    MalformedTokenError,
)

DIGESTS = "_sd"
ELEMENT = "..."
HASH_CLAIM = "_sd_alg"
HASH_NAME = "sha-256"
RESERVED_NAMES = frozenset({DIGESTS, ELEMENT, HASH_CLAIM})
MAX_DISCLOSURE_BYTES = 131_072
# 22 characters of 6 bits are 132 bits; section 9.3 recommends 128.
_SALT_CHARACTERS = 22
# Lengths of the array: salt, name and value, or no name.
MEMBER, _ELEMENT = 3, 2
_TO_URL = bytes.maketrans(b"+/", b"-_")


class Disclosure(NamedTuple):
    """A disclosure taken apart.

    Attributes:
        name: Name of the claim, None for an element of an array.
    """

    name: str | None
    value: Any


def digest_of(text: bytes) -> str:
    """Return the digest of a disclosure's text, as tokens carry it."""
    return base64url.encode_text(hashlib.sha256(text).digest())


def digests_of(texts: Iterable[bytes]) -> list[str]:
    """Return the digest of each disclosure's text, encoded all at once."""
    hashed = [hashlib.sha256(text).digest() for text in texts]
    return _encoded(hashed).decode("ascii").splitlines()


def read(text: bytes) -> Disclosure:
    """Take a disclosure apart.

    Raises:
        MalformedTokenError: "malformed_disclosure": not strict base64url, not strict
            JSON, not an array of two or three, a salt or a name that is no text.
    """
    (parts,) = parts_of([text])
    return Disclosure(parts[1] if len(parts) == MEMBER else None, parts[-1])


def parts_of(texts: Iterable[bytes]) -> list[list[Any]]:
    """Return of each disclosure salt, name and value, or of an element salt and value.

    Raises:
        MalformedTokenError: As in `read`, for any of them.
    """
    try:
        parsed = strict_json.parse_each(
            base64url.decode_each(texts), max_bytes=MAX_DISCLOSURE_BYTES
        )
    except (MalformedBase64Error, MalformedJSONError) as error:
        raise MalformedTokenError("malformed_disclosure") from error
    for parts in parsed:
        if type(parts) is list and parts and type(parts[0]) is str:
            if len(parts) == MEMBER and type(parts[1]) is str:
                continue
            if len(parts) == _ELEMENT:
                continue
        raise MalformedTokenError("malformed_disclosure")
    return parsed


class Concealment:
    """Makes the disclosures and decoys of one token, with salts drawn all at once.

    Attributes:
        texts: The disclosures that were made, in order.
    """

    __slots__ = ("_salts", "texts")

    def __init__(
        self, salts: int, draw: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        """Draw the randomness for a number of disclosures and decoys together."""
        characters = salts * _SALT_CHARACTERS
        drawn = base64url.encode_text(draw((characters * 6 + 7) // 8))
        self._salts = [
            drawn[start : start + _SALT_CHARACTERS]
            for start in range(0, characters, _SALT_CHARACTERS)
        ]
        self.texts: list[bytes] = []

    def add(self, members: Collection[tuple[Any, ...]], decoys: int = 0) -> list[str]:
        """Make disclosures of claims and return their digests, and some decoys.

        Each claim is a name and a value, or the value alone of an element of an array.
        The order of the digests is that of the claims; decoys come last.

        Source: RFC 9901 section 4.2.5 (decoys are digests of random values).
        """
        salts = self._salts
        contents = [orjson.dumps((salts.pop(), *member)) for member in members]
        texts = _encoded(contents).splitlines()
        self.texts += texts
        return digests_of(texts + [salts.pop().encode() for _ in range(decoys)])

    def add_sorted(self, members: Collection[tuple[Any, ...]], size: int) -> list[str]:
        """Make disclosures and as many decoys as bring the digests to a number.

        Sorted digests tell nothing about the order of the claims (RFC 9901 section
        4.2.4.1).
        """
        return sorted(self.add(members, size - len(members)))


def _encoded(contents: Iterable[bytes]) -> bytes:
    """Return the base64url text of each content on a line, translated all at once."""
    return b"".join(map(binascii.b2a_base64, contents)).translate(_TO_URL, b"=")
