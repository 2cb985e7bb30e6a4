"""Bytes as text that names its own alphabet, strictly: one spelling per content.

Source: Controlled Identifiers v1.0 section 2.4 (Multibase); The Base58 Encoding
Scheme, draft-msporny-base58-03 sections 2 to 4.
"""

from recognition_service.credentials import base64url
from recognition_service.credentials.errors import (
    MalformedBase64Error,
    MalformedInputError,
)

BASE58BTC = "z"
BASE64URL = "u"
# Decoding base 58 takes time with the square of the length, and everything that
# we read in it is a key or a signature.
MAX_BASE58_CHARACTERS = 256
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_ZERO = _ALPHABET[0]
_BASE = len(_ALPHABET)
_BYTE_BITS = 8


def encode_base58btc(content: bytes) -> str:
    """Return some bytes in base 58, with "z" before them."""
    number = int.from_bytes(content)
    characters = []
    while number:
        number, value = divmod(number, _BASE)
        characters.append(_ALPHABET[value])
    zeros = len(content) - len(content.lstrip(b"\0"))
    return BASE58BTC + _ZERO * zeros + "".join(reversed(characters))


def encode_base64url(content: bytes) -> str:
    """Return some bytes in base64url without padding, with "u" before them."""
    return BASE64URL + base64url.encode_text(content)


def decode(text: str) -> bytes:
    """Return the bytes of a text in one of the two alphabets.

    Raises:
        MalformedInputError: With the `reason` "malformed_multibase": another
            alphabet, a foreign character, bits that belong to no byte, or base 58
            that is longer than a key or a signature.
    """
    match text[:1]:
        case "z":
            return _decode_base58(text[1:])
        case "u":
            try:
                return base64url.decode(text[1:])
            except MalformedBase64Error as error:
                raise MalformedInputError("malformed_multibase") from error
        case _:
            raise MalformedInputError("malformed_multibase")


def decode_base58btc(text: str) -> bytes:
    """Return the bytes of a text in base 58; no other alphabet is accepted.

    Raises:
        MalformedInputError: As in `decode`.
    """
    if not text.startswith(BASE58BTC):
        raise MalformedInputError("malformed_multibase")
    return _decode_base58(text[1:])


def _decode_base58(text: str) -> bytes:
    if len(text) > MAX_BASE58_CHARACTERS:
        raise MalformedInputError("malformed_multibase")
    number = 0
    try:
        for character in text:
            number = number * _BASE + _VALUES[character]
    except KeyError as error:
        raise MalformedInputError("malformed_multibase") from error
    zeros = len(text) - len(text.lstrip(_ZERO))
    size = (number.bit_length() + _BYTE_BITS - 1) // _BYTE_BITS
    return bytes(zeros) + number.to_bytes(size)
