"""Bitstring status lists: one bit per credential, in a credential of its own.

The first entry is the left-most bit. What a credential says of its entry is read
strictly, because whoever looks at the wrong bit takes the revoked for valid.

Source: Bitstring Status List v1.0, sections 2.1, 2.2, 3.1 to 3.4 and 7.1.
"""

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from recognition_service.clock import format_instant, parse_instant
from recognition_service.credentials import base64url, jws, strict_json, vc_jwt
from recognition_service.credentials.errors import (
    MalformedBase64Error,
    MalformedJSONError,
    MalformedStatusListError,
    MalformedTokenError,
)
from recognition_service.credentials.jws import CompactJWS
from recognition_service.credentials.signer import Signer
from recognition_service.credentials.token_status_list import ChangeableBytes

MEDIA_TYPE = "application/vc+jwt"
ENTRY_TYPE = "BitstringStatusListEntry"
CREDENTIAL_TYPE = "BitstringStatusListCredential"
LIST_TYPE = "BitstringStatusList"
REVOCATION, SUSPENSION = "revocation", "suspension"
LEAST_ENTRIES = 131_072
MAX_TOKEN_BYTES = 4 << 20
MAX_LIST_BYTES = 16 << 20
_VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_BASE64URL = "u"
_GZIP = 31
_BYTE_BITS = 8
_LEFTMOST = 0x80
_MILLISECONDS = 1000
_LONGEST_INDEX = 20
_LARGEST_SIZE = 8
_INDEX = re.compile(rf"0|[1-9][0-9]{{0,{_LONGEST_INDEX - 1}}}")
_HEXADECIMAL = re.compile(r"0x[0-9A-Fa-f]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a credential says of its place in a list.

    Attributes:
        purpose: Such as "revocation" or "suspension".
        index: Place in the list, from 0.
        uri: Address of the list's credential.
        size: Bits per entry.
    """

    purpose: str
    index: int
    uri: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Bitstring:
    """The uncompressed bits, the first one left-most in the first byte."""

    content: bytes

    def value(self, index: int, size: int = 1) -> int:
        """Return the value of an entry of `size` bits.

        Raises:
            MalformedStatusListError: The list has fewer than 131,072 entries, or no
                such entry; it must not be taken for unset.
        """
        bits = len(self.content) * _BYTE_BITS
        if bits < LEAST_ENTRIES * size:
            raise MalformedStatusListError("too_short")
        if not 0 <= index < bits // size:
            raise MalformedStatusListError("index_out_of_range")
        value = 0
        for position in range(index * size, (index + 1) * size):
            byte, place = divmod(position, _BYTE_BITS)
            bit = self.content[byte] & _LEFTMOST >> place
            value = value << 1 | (bit != 0)
        return value


@dataclass(frozen=True, slots=True)
class ListCredential:
    """What a status list credential claims; how it is secured is checked apart.

    Attributes:
        uri: Its `id`: the address that it is published at; None when it has none.
        issuer: Id of the issuer.
        purposes: What a set bit of the list can mean.
        valid_from: None when the issuer set none.
        valid_until: Must not be relied on from then; None when the issuer set none.
        ttl_seconds: How long a fetched copy may be used, None when not said.
        encoded_list: The entries, still packed.
    """

    uri: str | None
    issuer: str
    purposes: tuple[str, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    ttl_seconds: float | None
    encoded_list: str

    def value(self, entry: Entry, *, max_bytes: int = MAX_LIST_BYTES) -> int:
        """Return the value of an entry that names this list.

        Raises:
            MalformedStatusListError: With the `reason` "another_list" for another
                address, "wrong_purpose" for another purpose, or as in `decompress`
                and `Bitstring.value`.
        """
        if self.uri is not None and self.uri != entry.uri:
            raise MalformedStatusListError("another_list")
        if entry.purpose not in self.purposes:
            raise MalformedStatusListError("wrong_purpose")
        bits = Bitstring(decompress(self.encoded_list, max_bytes=max_bytes))
        return bits.value(entry.index, entry.size)


def put(content: ChangeableBytes, index: int, *, is_set: bool) -> None:
    """Set or unset one bit of an uncompressed list."""
    byte, place = divmod(index, _BYTE_BITS)
    mask = _LEFTMOST >> place
    content[byte] = content[byte] | mask if is_set else content[byte] & ~mask


def compress(content: bytes, level: int = zlib.Z_BEST_COMPRESSION) -> str:
    """Return the `encodedList` of some bits."""
    deflater = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    return encoded(deflater.compress(content) + deflater.flush())


def encoded(gzip_stream: bytes) -> str:
    """Return the `encodedList` of bits that were compressed before."""
    return _BASE64URL + base64url.encode_text(gzip_stream)


def decompress(encoded_list: str, *, max_bytes: int = MAX_LIST_BYTES) -> bytes:
    """Return the bits of an `encodedList`.

    Raises:
        MalformedStatusListError: Not base64url with "u" before it, not one gzip
            member, with something behind it, or larger than `max_bytes` (a bomb).
    """
    if not encoded_list.startswith(_BASE64URL):
        raise MalformedStatusListError("not_compressed_data")
    try:
        compressed = base64url.decode(encoded_list[len(_BASE64URL) :])
        inflater = zlib.decompressobj(_GZIP)
        content = inflater.decompress(compressed, max_bytes + 1)
    except (MalformedBase64Error, zlib.error) as error:
        raise MalformedStatusListError("not_compressed_data") from error
    if len(content) > max_bytes:
        raise MalformedStatusListError("too_large")
    if not inflater.eof or inflater.unused_data:
        raise MalformedStatusListError("not_compressed_data")
    return content


def status_entry(entry: Entry) -> dict[str, Any]:
    """Return the member of `credentialStatus` for one place, of one bit.

    It has no `id`: nothing but the index and the address tells holders apart.
    """
    return {
        "type": ENTRY_TYPE,
        "statusPurpose": entry.purpose,
        "statusListIndex": str(entry.index),
        "statusListCredential": entry.uri,
    }


def read_entry(member: Mapping[str, Any]) -> Entry:
    """Return what a member of `credentialStatus` says.

    Raises:
        MalformedStatusListError: With the `reason` "entry": something is missing or
            not of its kind.
    """
    purpose, index = member.get("statusPurpose"), member.get("statusListIndex")
    uri, size = member.get("statusListCredential"), member.get("statusSize", 1)
    is_whole = (
        member.get("type") == ENTRY_TYPE
        and isinstance(purpose, str)
        and isinstance(index, str)
        and _INDEX.fullmatch(index) is not None
        and _is_url(uri)
        and type(size) is int
        and 0 < size <= _LARGEST_SIZE
        and _are_messages(member.get("statusMessage"), size)
        and _are_references(member.get("statusReference"))
        and ("id" not in member or (_is_url(member["id"]) and member["id"] != uri))
    )
    if not is_whole:
        raise MalformedStatusListError("entry")
    return Entry(str(purpose), int(str(index)), str(uri), int(size))


def list_credential(
    *,
    uri: str,
    issuer: str,
    purpose: str,
    valid_from: datetime,
    valid_until: datetime,
    ttl_seconds: int,
    encoded_list: str,
) -> dict[str, Any]:
    """Return a status list credential, to be secured in any way."""
    return {
        "@context": [_VC_CONTEXT],
        "id": uri,
        "type": ["VerifiableCredential", CREDENTIAL_TYPE],
        "issuer": issuer,
        "validFrom": format_instant(valid_from),
        "validUntil": format_instant(valid_until),
        "credentialSubject": {
            "id": f"{uri}#list",
            "type": LIST_TYPE,
            "statusPurpose": purpose,
            "ttl": ttl_seconds * _MILLISECONDS,
            "encodedList": encoded_list,
        },
    }


def sign(
    credential: Mapping[str, Any], signer: Signer, x5c: tuple[str, ...] = ()
) -> str:
    """Return a status list credential as a signed `vc+jwt`.

    Raises:
        SignerFaultError: The signer did not return a signature.
    """
    header = jws.protected_header(
        alg=signer.alg, typ=vc_jwt.TYP, cty=vc_jwt.CTY, kid=signer.kid, x5c=x5c
    )
    payload = json.dumps(credential, separators=(",", ":")).encode()
    return jws.sign(header, payload, signer)


def decode(token: str | bytes) -> tuple[CompactJWS, ListCredential]:
    """Take a signed status list credential apart, without checking its signature.

    Raises:
        MalformedTokenError: Not a token, or of another type.
        MalformedStatusListError: A member is missing or not of its kind.
    """
    try:
        raw = token.encode("ascii") if isinstance(token, str) else token
    except UnicodeEncodeError as error:
        raise MalformedTokenError("malformed_token") from error
    if len(raw) > MAX_TOKEN_BYTES:
        raise MalformedTokenError("too_large")
    parts = jws.split(raw)
    if parts.header.get("typ") != vc_jwt.TYP:
        raise MalformedTokenError("wrong_type")
    try:
        credential = strict_json.parse_object(parts.payload, max_bytes=MAX_TOKEN_BYTES)
    except MalformedJSONError as error:
        raise MalformedTokenError(error.reason) from error
    return parts, read_credential(credential)


def read_credential(credential: Mapping[str, Any]) -> ListCredential:
    """Return what a status list credential claims, however it is secured.

    Raises:
        MalformedStatusListError: With the `reason` "claims": a member is missing or
            not of its kind.
    """
    subject = credential.get("credentialSubject")
    issuer = credential.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, dict) else issuer
    uri = credential.get("id")
    if (
        CREDENTIAL_TYPE not in _words(credential.get("type"))
        or not isinstance(subject, dict)
        or LIST_TYPE not in _words(subject.get("type"))
        or not isinstance(issuer_id, str)
        or not (uri is None or isinstance(uri, str))
    ):
        raise MalformedStatusListError("claims")
    purposes, packed = _words(subject.get("statusPurpose")), subject.get("encodedList")
    if not purposes or not isinstance(packed, str):
        raise MalformedStatusListError("claims")
    return ListCredential(
        uri,
        issuer_id,
        purposes,
        _instant(credential, "validFrom"),
        _instant(credential, "validUntil"),
        _ttl_seconds(subject),
        packed,
    )


def _ttl_seconds(subject: Mapping[str, Any]) -> float | None:
    if "ttl" not in subject:
        return None
    ttl = subject["ttl"]
    if type(ttl) not in {int, float} or not 0 < ttl < float("inf"):
        raise MalformedStatusListError("claims")
    return float(ttl) / _MILLISECONDS


def _instant(credential: Mapping[str, Any], name: str) -> datetime | None:
    value = credential.get(name)
    if value is None and name not in credential:
        return None
    try:
        return parse_instant(value) if isinstance(value, str) else _refused()
    except (ValueError, OverflowError) as error:
        raise MalformedStatusListError("claims") from error


def _refused() -> datetime:
    raise MalformedStatusListError("claims")


def _words(value: Any) -> tuple[str, ...]:
    words = value if isinstance(value, list) else [value]
    return tuple(words) if all(isinstance(word, str) for word in words) else ()


def _is_url(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path))


def _are_messages(messages: Any, size: int) -> bool:
    if messages is None:
        return size == 1
    return (
        isinstance(messages, list)
        and len(messages) == 1 << size
        and all(
            isinstance(each, dict)
            and isinstance(each.get("message"), str)
            and isinstance(each.get("status"), str)
            and _HEXADECIMAL.fullmatch(each["status"]) is not None
            for each in messages
        )
    )


def _are_references(references: Any) -> bool:
    if references is None:
        return True
    listed = references if isinstance(references, list) else [references]
    return all(_is_url(each) for each in listed)
