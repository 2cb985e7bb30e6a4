"""Base64url without padding, strictly: every byte string has one spelling.

Source: RFC 7515 section 2 and appendix C; RFC 4648 sections 3.5 and 5.
"""

import binascii
from collections.abc import Iterable

from recognition_service.credentials.errors import MalformedBase64Error

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# What is not of this alphabet becomes something that no alphabet knows.
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")
_TO_URL = bytes.maketrans(b"+/", b"-_")
# The last character carries bits that belong to no byte: they must be zero. Places
# are the length of the text modulo 4; with one character left there is no byte.
_LAST_CHARACTERS = (_ALPHABET, b"", b"AQgw", b"AEIMQUYcgkosw048")
_PADDING = (b"", b"===", b"==", b"=")
_LONG = 512


def encode(content: bytes) -> bytes:
    """Return the base64url text of some bytes, as ASCII bytes."""
    standard = binascii.b2a_base64(content, newline=False)
    return standard.translate(_TO_URL, b"=")


def encode_text(content: bytes) -> str:
    """Return the base64url text of some bytes."""
    return encode(content).decode("ascii")


def decode(text: bytes | str) -> bytes:
    """Return the bytes that a base64url text stands for.

    Raises:
        MalformedBase64Error: Padding, white space, another alphabet, an impossible
            length, or bits set that belong to no byte.
    """
    if isinstance(text, str):
        text = _ascii(text)
    if not text:
        return b""
    remainder = len(text) & 3
    if text[-1] not in _LAST_CHARACTERS[remainder]:
        raise MalformedBase64Error("malformed_base64")
    # Replacing is slower to begin and faster to go on, as most texts hold no sign.
    standard = text.translate(_TO_STANDARD) if len(text) < _LONG else _standard(text)
    try:
        return binascii.a2b_base64(standard + _PADDING[remainder], strict_mode=True)
    except binascii.Error as error:
        raise MalformedBase64Error("malformed_base64") from error


def decode_each(texts: Iterable[bytes]) -> list[bytes]:
    """Return what several short texts stand for, each read as by `decode`.

    Raises:
        MalformedBase64Error: As in `decode`, for any of them; or one is empty.
    """
    decoded = []
    try:
        for text in texts:
            remainder = len(text) & 3
            if text[-1] not in _LAST_CHARACTERS[remainder]:
                raise MalformedBase64Error("malformed_base64")
            padded = text.translate(_TO_STANDARD) + _PADDING[remainder]
            decoded.append(binascii.a2b_base64(padded, strict_mode=True))
    except (binascii.Error, IndexError) as error:
        raise MalformedBase64Error("malformed_base64") from error
    return decoded


def _standard(text: bytes) -> bytes:
    if b"+" in text or b"/" in text or b"=" in text:
        raise MalformedBase64Error("malformed_base64")
    return text.replace(b"-", b"+").replace(b"_", b"/")


def _ascii(text: str) -> bytes:
    try:
        return text.encode("ascii")
    except UnicodeEncodeError as error:
        raise MalformedBase64Error("malformed_base64") from error
