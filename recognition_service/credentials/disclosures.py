"""Disclosures: what a holder may show of a token or keep back, one claim each.

A disclosure is a salt, the claim's name (unless it is an element of an array) and
its value. The token carries the digest of the disclosure's text, so this text, once
made, is never written anew.

Source: RFC 9901 sections 4.2 and 9.3.
"""

import binascii
import hashlib
import secrets
from collections.abc import Callable, Collection
from functools import lru_cache
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
ELEMENT_OPENING = b'",'
# 22 characters of 6 bits are 132 bits; section 9.3 recommends 128.
_SALT_CHARACTERS = 22
# Lengths of the array: salt, name and value, or no name.
_MEMBER, _ELEMENT = 3, 2
_DIGEST_CHARACTERS = 43
_CACHED_NAMES = 1024
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


def read(text: bytes) -> Disclosure:
    """Take a disclosure apart.

    Raises:
        MalformedTokenError: "malformed_disclosure": not strict base64url, not strict
            JSON, not an array of two or three, a salt or a name that is no text.
    """
    try:
        parts = strict_json.parse(
            base64url.decode(text), max_bytes=MAX_DISCLOSURE_BYTES
        )
    except (MalformedBase64Error, MalformedJSONError) as error:
        raise MalformedTokenError("malformed_disclosure") from error
    if type(parts) is list and parts and type(parts[0]) is str:
        if len(parts) == _MEMBER and type(parts[1]) is str:
            return Disclosure(parts[1], parts[2])
        if len(parts) == _ELEMENT:
            return Disclosure(None, parts[1])
    raise MalformedTokenError("malformed_disclosure")


@lru_cache(maxsize=_CACHED_NAMES)
def opening(name: str) -> bytes:
    """Return what stands between salt and value in the disclosure of a member."""
    return b'",' + orjson.dumps(name) + b","


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
        drawn = base64url.encode(draw((characters * 6 + 7) // 8))
        self._salts = [
            drawn[start : start + _SALT_CHARACTERS]
            for start in range(0, characters, _SALT_CHARACTERS)
        ]
        self.texts: list[bytes] = []

    def add(self, members: Collection[tuple[bytes, Any]], decoys: int = 0) -> list[str]:
        """Make disclosures of claims and return their digests, and some decoys.

        Each claim is an opening, from the function of this name or
        `ELEMENT_OPENING`, and a value. The order of the digests is that of the claims;
        decoys come last.

        Source: RFC 9901 section 4.2.5 (decoys are digests of random values).
        """
        salts = self._salts
        texts = _texts_of(
            [
                b'["%b%b%b]' % (salts.pop(), opening, orjson.dumps(value))
                for opening, value in members
            ]
        )
        self.texts += texts
        return _digests_of(texts + [salts.pop() for _ in range(decoys)])

    def add_sorted(
        self, members: Collection[tuple[bytes, Any]], size: int
    ) -> list[str]:
        """Make disclosures and as many decoys as bring the digests to a number.

        Sorted digests tell nothing about the order of the claims (RFC 9901 section
        4.2.4.1).
        """
        return sorted(self.add(members, size - len(members)))


def _texts_of(contents: list[bytes]) -> list[bytes]:
    """Return the base64url text of each content, translated all at once."""
    lines = b"".join([binascii.b2a_base64(content) for content in contents])
    return lines.translate(_TO_URL, b"=").splitlines()


def _digests_of(texts: list[bytes]) -> list[str]:
    """Return the digest of each text, encoded all at once.

    A zero byte behind each digest fills its last group of three without changing the
    43 characters that spell the digest; the 44th is dropped.
    """
    hashed = b"".join([hashlib.sha256(text).digest() + b"\0" for text in texts])
    encoded = base64url.encode_text(hashed)
    return [
        encoded[start : start + _DIGEST_CHARACTERS]
        for start in range(0, len(encoded), _DIGEST_CHARACTERS + 1)
    ]
