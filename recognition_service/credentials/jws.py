"""Compact JWS with one algorithm per key, on the shortest safe path.

What others leave to configuration is fixed here: only ES256 and EdDSA, the
algorithm must be the key's, no `crit`, `b64` or `zip`, no key material taken from
the token. An ES256 signature (r, s) stays good as (r, n - s); signature bytes and
token texts are therefore never used as an identity, `jti` is.

Source: RFC 7515 sections 3.1, 4.1 and 5.2; RFC 7518 section 3.4; RFC 8037 section
3.1; RFC 8725 sections 3.1 to 3.5.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from recognition_service.credentials import base64url, strict_json
from recognition_service.credentials.errors import (
    MalformedBase64Error,
    MalformedJSONError,
    MalformedTokenError,
    SignerFaultError,
)
from recognition_service.credentials.jwk import Algorithm, PublicKey
from recognition_service.credentials.signer import Signer

MAX_HEADER_BYTES = 16_384
SIGNATURE_BYTES = 64
_SCALAR_BYTES = 32
_P256_ORDER = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
_ECDSA_SHA256 = ECDSA(SHA256())
_CACHED_HEADERS = 256
_REFUSED_PARAMETERS = {
    "crit": "crit_not_supported",
    "b64": "b64_not_supported",
    "zip": "zip_not_supported",
}


class CompactJWS(NamedTuple):
    """The parts of a token. Nothing is verified yet.

    A tuple, because one is made for every token that is looked at.

    Attributes:
        header: The protected header, read as strict JSON.
        signing_input: Header and payload segments with the dot between them.
        payload: The decoded payload bytes.
        signature: The decoded signature bytes.
    """

    header: Mapping[str, Any]
    signing_input: bytes
    payload: bytes
    signature: bytes


def split(token: bytes) -> CompactJWS:
    """Take a compact token apart.

    Raises:
        MalformedTokenError: With a `reason`: not three parts, not strict base64url,
            a header that is not strict JSON, or one with `crit`, `b64` or `zip`.
    """
    first = token.find(b".")
    second = token.find(b".", first + 1)
    if first < 0 or second < 0 or token.find(b".", second + 1) >= 0:
        raise MalformedTokenError("malformed_token")
    try:
        return CompactJWS(
            _header(token[:first]),
            token[:second],
            base64url.decode(token[first + 1 : second]),
            base64url.decode(token[second + 1 :]),
        )
    except (MalformedBase64Error, MalformedJSONError) as error:
        raise MalformedTokenError(error.reason) from error


def peek_header(token: str) -> Mapping[str, Any]:
    """Return the header of a token without reading the rest.

    Raises:
        MalformedTokenError: As in `split`, as far as the header goes.
    """
    segment = token[: max(token.find("."), 0)]
    try:
        return _header(segment.encode("ascii"))
    except (MalformedBase64Error, MalformedJSONError) as error:
        raise MalformedTokenError(error.reason) from error
    except UnicodeEncodeError as error:
        raise MalformedTokenError("malformed_token") from error


def verify_signature(jws: CompactJWS, key: PublicKey) -> bool:
    """Tell whether a token was signed with this key, by the key's own algorithm."""
    if jws.header.get("alg") != key.algorithm:
        return False
    return is_signature(jws.signature, jws.signing_input, key)


def is_signature(signature: bytes, message: bytes, key: PublicKey) -> bool:
    """Tell whether 64 bytes are the signature of a message by this key."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    material = key.material
    try:
        if isinstance(material, EllipticCurvePublicKey):
            r = int.from_bytes(signature[:_SCALAR_BYTES])
            s = int.from_bytes(signature[_SCALAR_BYTES:])
            if not (0 < r < _P256_ORDER and 0 < s < _P256_ORDER):
                return False
            material.verify(encode_dss_signature(r, s), message, _ECDSA_SHA256)
        else:
            material.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=_CACHED_HEADERS)
def protected_header(
    *, alg: str, typ: str, kid: str, cty: str | None = None, x5c: tuple[str, ...] = ()
) -> bytes:
    """Return the encoded header segment of a token, made once per key and type.

    Raises:
        MalformedTokenError: The algorithm is not one of ours.
    """
    if alg not in set(Algorithm):
        raise MalformedTokenError("alg_not_allowed")
    header: dict[str, Any] = {"alg": alg, "typ": typ}
    if cty is not None:
        header["cty"] = cty
    header["kid"] = kid
    if x5c:
        header["x5c"] = list(x5c)
    return base64url.encode(json.dumps(header, separators=(",", ":")).encode())


def sign(header: bytes, payload: bytes, signer: Signer) -> str:
    """Return the compact token of a payload.

    `header` is a segment made by `protected_header` for this signer.

    Raises:
        SignerFaultError: The signer returned something else than 64 bytes.
    """
    signing_input = header + b"." + base64url.encode(payload)
    signature = signer.sign(signing_input)
    if len(signature) != SIGNATURE_BYTES:
        raise SignerFaultError(f"{signer.kid} did not return a raw signature.")
    return (signing_input + b"." + base64url.encode(signature)).decode("ascii")


@lru_cache(maxsize=_CACHED_HEADERS)
def _header(segment: bytes) -> Mapping[str, Any]:
    header = strict_json.parse_object(
        base64url.decode(segment), max_bytes=MAX_HEADER_BYTES
    )
    for parameter, reason in _REFUSED_PARAMETERS.items():
        if parameter in header:
            raise MalformedTokenError(reason)
    return MappingProxyType(header)
