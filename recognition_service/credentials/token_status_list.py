"""Status lists: a few bits per issued copy, compressed, in a signed token.

Source: Token Status List, draft-ietf-oauth-status-list-20, sections 4.1, 4.2, 5.1,
7.1 and 8.3 (unchanged in draft-21).
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from recognition_service.credentials import base64url, jws, strict_json
from recognition_service.credentials.errors import (
    MalformedBase64Error,
    MalformedJSONError,
    MalformedStatusListError,
    MalformedTokenError,
)
from recognition_service.credentials.jws import CompactJWS
from recognition_service.credentials.signer import Signer

TYP = "statuslist+jwt"
MEDIA_TYPE = "application/statuslist+jwt"
BITS = 2
ALLOWED_BITS = frozenset({1, 2, 4, 8})
VALID, REVOKED, SUSPENDED, SUPERSEDED = range(4)
MAX_TOKEN_BYTES = 4 << 20
MAX_LIST_BYTES = 16 << 20
_BYTE_BITS = 8
_LATEST = 253_402_300_799  # 9999-12-31T23:59:59Z


class ChangeableBytes(Protocol):
    """Bytes that can be read and changed one by one, such as a `bytearray`."""

    def __getitem__(self, offset: int, /) -> int:
        """Return one byte."""
        ...

    def __setitem__(self, offset: int, value: int, /) -> None:
        """Change one byte."""
        ...


@dataclass(frozen=True, slots=True)
class StatusList:
    """The uncompressed list.

    Attributes:
        bits: Bits per entry: 1, 2, 4 or 8.
        packed: The entries, the first in the least significant bits of each byte.
    """

    bits: int
    packed: bytes

    def __len__(self) -> int:
        """Return the number of entries, the unused ones of the last byte included."""
        return len(self.packed) * _BYTE_BITS // self.bits

    def value(self, index: int) -> int:
        """Return the value of an entry.

        Raises:
            MalformedStatusListError: There is no such entry. It must not be taken
                for valid.
        """
        if not 0 <= index < len(self):
            raise MalformedStatusListError("index_out_of_range")
        byte, place = divmod(index * self.bits, _BYTE_BITS)
        return (self.packed[byte] >> place) & ((1 << self.bits) - 1)


@dataclass(frozen=True, slots=True)
class StatusListToken:
    """What a status list token claims. Its signature is checked apart.

    Attributes:
        uri: `sub`: the address that the list is published at.
        issued_at: `iat`, seconds since 1970.
        expires_at: `exp`, None when the issuer set none.
        ttl_seconds: How long a fetched copy may be used, None when not said.
        bits: Bits per entry.
        lst: The compressed entries, still packed.
    """

    jws: CompactJWS
    uri: str
    issued_at: int
    expires_at: int | None
    ttl_seconds: int | None
    bits: int
    lst: str

    def status_list(self, *, max_bytes: int = MAX_LIST_BYTES) -> StatusList:
        """Return the list, uncompressed.

        Raises:
            MalformedStatusListError: As in `decompress`.
        """
        return StatusList(self.bits, decompress(self.lst, max_bytes=max_bytes))


def pack(values: Iterable[int], bits: int = BITS) -> bytes:
    """Return the packed bytes of some values; the last byte is filled with zeros.

    Raises:
        MalformedStatusListError: An impossible number of bits, or a value that does
            not fit.
    """
    if bits not in ALLOWED_BITS:
        raise MalformedStatusListError("bits_not_allowed")
    per_byte = _BYTE_BITS // bits
    packed = bytearray()
    for position, value in enumerate(values):
        if not 0 <= value < 1 << bits:
            raise MalformedStatusListError("value_too_large")
        if position % per_byte == 0:
            packed.append(0)
        packed[-1] |= value << (position % per_byte * bits)
    return bytes(packed)


def put(packed: ChangeableBytes, index: int, value: int, bits: int = BITS) -> None:
    """Change one of the packed entries; the value must fit into the bits."""
    byte, place = divmod(index * bits, _BYTE_BITS)
    mask = (1 << bits) - 1 << place
    packed[byte] = packed[byte] & ~mask | value << place


def compress(packed: bytes, level: int = zlib.Z_BEST_COMPRESSION) -> str:
    """Return the `lst` member of packed entries."""
    return encoded(zlib.compress(packed, level))


def encoded(zlib_stream: bytes) -> str:
    """Return the `lst` member of entries that were compressed before."""
    return base64url.encode_text(zlib_stream)


def decompress(lst: str, *, max_bytes: int = MAX_LIST_BYTES) -> bytes:
    """Return the packed entries of an `lst` member.

    Raises:
        MalformedStatusListError: Not base64url, not zlib, empty, with something
            behind it, or larger than `max_bytes` (a bomb).
    """
    try:
        compressed = base64url.decode(lst)
        inflater = zlib.decompressobj()
        packed = inflater.decompress(compressed, max_bytes + 1)
    except (MalformedBase64Error, zlib.error) as error:
        raise MalformedStatusListError("not_compressed_data") from error
    if len(packed) > max_bytes:
        raise MalformedStatusListError("too_large")
    if not inflater.eof or inflater.unused_data or not packed:
        raise MalformedStatusListError("not_compressed_data")
    return packed


def status_list_token(
    *,
    uri: str,
    issued_at: datetime,
    expires_at: datetime,
    ttl_seconds: int,
    bits: int,
    lst: str,
    aggregation_uri: str | None = None,
) -> dict[str, Any]:
    """Return the claims of a status list token."""
    entries: dict[str, Any] = {"bits": bits, "lst": lst}
    if aggregation_uri is not None:
        entries["aggregation_uri"] = aggregation_uri
    return {
        "sub": uri,
        "iat": int(issued_at.timestamp()),
        "exp": int(expires_at.timestamp()),
        "ttl": ttl_seconds,
        "status_list": entries,
    }


def sign(claims: Mapping[str, Any], signer: Signer, x5c: tuple[str, ...] = ()) -> str:
    """Return the signed status list token.

    Raises:
        SignerFaultError: The signer did not return a signature.
    """
    header = jws.protected_header(alg=signer.alg, typ=TYP, kid=signer.kid, x5c=x5c)
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return jws.sign(header, payload, signer)


def decode(token: str | bytes) -> StatusListToken:
    """Take a status list token apart, without checking its signature.

    Raises:
        MalformedTokenError: Not a token, or of another type.
        MalformedStatusListError: A claim is missing or not of its kind.
    """
    try:
        raw = token.encode("ascii") if isinstance(token, str) else token
    except UnicodeEncodeError as error:
        raise MalformedTokenError("malformed_token") from error
    if len(raw) > MAX_TOKEN_BYTES:
        raise MalformedTokenError("too_large")
    parts = jws.split(raw)
    if parts.header.get("typ") != TYP:
        raise MalformedTokenError("wrong_type")
    try:
        claims = strict_json.parse_object(parts.payload, max_bytes=MAX_TOKEN_BYTES)
    except MalformedJSONError as error:
        raise MalformedTokenError(error.reason) from error
    return _from_claims(parts, claims)


def _from_claims(parts: CompactJWS, claims: Mapping[str, Any]) -> StatusListToken:
    entries = claims.get("status_list")
    if not isinstance(entries, dict):
        raise MalformedStatusListError("claims")
    uri, lst, bits = claims.get("sub"), entries.get("lst"), entries.get("bits")
    issued_at = _seconds(claims, "iat")
    if not isinstance(uri, str) or not isinstance(lst, str) or issued_at is None:
        raise MalformedStatusListError("claims")
    if type(bits) is not int or bits not in ALLOWED_BITS:
        raise MalformedStatusListError("bits_not_allowed")
    ttl_seconds = _seconds(claims, "ttl")
    if ttl_seconds == 0:
        raise MalformedStatusListError("claims")
    return StatusListToken(
        parts, uri, issued_at, _seconds(claims, "exp"), ttl_seconds, bits, lst
    )


def _seconds(claims: Mapping[str, Any], name: str) -> int | None:
    value = claims.get(name)
    if value is None and name not in claims:
        return None
    if type(value) is not int or not 0 <= value <= _LATEST:
        raise MalformedStatusListError("claims")
    return value
