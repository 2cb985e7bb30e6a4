"""Verifiable Credentials 2.0 as signed tokens: `vc+jwt`.

The payload is the credential itself, with the claims that belong to one copy. The
header names the key by an absolute URL in the issuer's key document.

Source: Securing Verifiable Credentials using JOSE and COSE, sections 3.1.1, 3.1.3
and 6.1.1; Token Status List draft-20 section 6.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from recognition_service.credentials import jws, strict_json
from recognition_service.credentials.errors import (
    MalformedJSONError,
    MalformedTokenError,
)
from recognition_service.credentials.jws import CompactJWS
from recognition_service.credentials.signer import Signer

TYP = "vc+jwt"
CTY = "vc"
MAX_TOKEN_BYTES = 131_072
ENVELOPED_TYPE = "EnvelopedVerifiableCredential"
_DATA_URL = "data:application/vc+jwt,"
_DATA_URLS = (
    _DATA_URL,
    "data:application/dc+sd-jwt,",
    "data:application/vc+sd-jwt,",
)
_OTHER_FILES = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff")
_VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"


@dataclass(frozen=True, slots=True)
class CopyClaims:
    """What belongs to one signed copy, not to the attestation.

    Attributes:
        jti: Random id of the copy, never the attestation's id.
        issued_at: When the copy is signed.
        expires_at: When a fresh copy should be asked for; None means never. It says
            nothing about the decision's validity.
        status_uri: Address of the status list that holds the copy's entry.
        status_index: Place of the entry in the list, from 0.
    """

    jti: str
    issued_at: datetime
    expires_at: datetime | None
    status_uri: str
    status_index: int


class DecodedCredential(NamedTuple):
    """A token taken apart. Nothing is verified yet."""

    jws: CompactJWS
    payload: Mapping[str, Any]


def payload_bytes(credential: Mapping[str, Any], copy: CopyClaims) -> bytes:
    """Return the exact payload of one copy of a credential."""
    claims = dict(credential)
    claims["status"] = {
        "status_list": {"idx": copy.status_index, "uri": copy.status_uri}
    }
    claims["iat"] = int(copy.issued_at.timestamp())
    if copy.expires_at is not None:
        claims["exp"] = int(copy.expires_at.timestamp())
    claims["jti"] = copy.jti
    return orjson.dumps(claims)


def encode(credential: Mapping[str, Any], copy: CopyClaims, signer: Signer) -> str:
    """Return the signed token of one copy.

    Raises:
        SignerFaultError: The signer did not return a signature.
    """
    return encode_payload(payload_bytes(credential, copy), signer)


def encode_payload(payload: bytes, signer: Signer) -> str:
    """Return the signed token of a payload that was made before.

    Raises:
        SignerFaultError: The signer did not return a signature.
    """
    header = jws.protected_header(alg=signer.alg, typ=TYP, cty=CTY, kid=signer.kid)
    return jws.sign(header, payload, signer)


def envelope(token: str) -> dict[str, Any]:
    """Return the JSON object that carries a token inside presentations.

    Source: Verifiable Credentials Data Model v2.0 section 4.13.
    """
    return {
        "@context": _VC_CONTEXT,
        "id": _DATA_URL + token,
        "type": ENVELOPED_TYPE,
    }


def decode(presented: bytes | str) -> DecodedCredential:
    """Take a token or an enveloped token apart.

    Raises:
        MalformedTokenError: As in `token_text`; "format_not_supported" for another
            format that we recognise; a fault of the token or of the JSON inside.
    """
    token = token_text(presented)
    if b"~" in token:
        raise MalformedTokenError("format_not_supported")
    return decode_token(token)


def decode_token(token: bytes) -> DecodedCredential:
    """Take a bare token apart.

    Raises:
        MalformedTokenError: A fault of the token or of the JSON inside.
    """
    parts = jws.split(token)
    try:
        payload = strict_json.parse_object(parts.payload, max_bytes=MAX_TOKEN_BYTES)
    except MalformedJSONError as error:
        raise MalformedTokenError(error.reason) from error
    return DecodedCredential(parts, payload)


def token_text(presented: bytes | str) -> bytes:
    """Return the token in what was presented, out of its envelope if it lies in one.

    White space around it is ignored, as it comes with files and copied text.

    Raises:
        MalformedTokenError: With the `reason`: "too_large"; "format_not_supported"
            for a document, a picture or an object with a proof of its own;
            "not_a_credential" for another object; what is wrong with its JSON.
    """
    if len(presented) > MAX_TOKEN_BYTES:
        raise MalformedTokenError("too_large")
    try:
        raw = presented.encode() if isinstance(presented, str) else presented
    except UnicodeEncodeError as error:
        raise MalformedTokenError("malformed_token") from error
    raw = raw.strip(b" \t\r\n")
    if raw.startswith(b"{"):
        raw = _enveloped(raw)
    if raw.startswith(_OTHER_FILES):
        raise MalformedTokenError("format_not_supported")
    return raw


def _enveloped(document: bytes) -> bytes:
    try:
        outer = strict_json.parse_object(document, max_bytes=MAX_TOKEN_BYTES)
    except MalformedJSONError as error:
        raise MalformedTokenError(error.reason) from error
    types = outer.get("type")
    locator = outer.get("id")
    if ENVELOPED_TYPE not in (types if isinstance(types, list) else [types]):
        proven = "proof" in outer
        raise MalformedTokenError(
            "format_not_supported" if proven else "not_a_credential"
        )
    if not isinstance(locator, str) or not locator.startswith(_DATA_URLS):
        raise MalformedTokenError("not_a_credential")
    return locator.partition(",")[2].encode()
