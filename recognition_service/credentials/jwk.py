"""Public keys as JSON: P-256 for ES256 and Ed25519 for EdDSA, nothing else.

Source: RFC 7517; RFC 7518 section 6.2; RFC 8037 section 2; RFC 7638.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from recognition_service.credentials import base64url, canonical
from recognition_service.credentials.errors import (
    MalformedBase64Error,
    UnusableKeyError,
)

COORDINATE_BYTES = 32
_CACHED_KEYS = 4096


class Algorithm(StrEnum):
    """The signature algorithms that we make and accept."""

    ES256 = "ES256"
    EDDSA = "EdDSA"


@dataclass(frozen=True, slots=True, eq=False)
class PublicKey:
    """A public key, parsed once; the same JWK always gives the same object.

    Attributes:
        algorithm: The one algorithm that this key verifies.
        material: The key as the cryptographic library holds it.
        jwk: `kty`, `crv`, `x` and, for P-256, `y`; nothing else.
        thumbprint: RFC 7638 thumbprint of the key, base64url.
    """

    algorithm: Algorithm
    material: EllipticCurvePublicKey | Ed25519PublicKey
    jwk: Mapping[str, str]
    thumbprint: str


def public_key(jwk: Mapping[str, Any]) -> PublicKey:
    """Return the key that a JWK describes.

    Raises:
        UnusableKeyError: Another type of key, a private one, one for another use or
            algorithm, or a point that is not on the curve.
    """
    if "d" in jwk or jwk.get("use", "sig") != "sig":
        raise UnusableKeyError("not_a_public_signature_key")
    try:
        key = _parsed(jwk.get("kty"), jwk.get("crv"), jwk.get("x"), jwk.get("y"))
    except TypeError as error:  # Not text: cannot be looked up or decoded.
        raise UnusableKeyError("malformed_key") from error
    if jwk.get("alg", key.algorithm) != key.algorithm:
        raise UnusableKeyError("alg_not_of_key")
    return key


def public_jwk(material: EllipticCurvePublicKey | Ed25519PublicKey) -> dict[str, str]:
    """Return the JWK of a key: only the members that define it.

    Raises:
        UnusableKeyError: An elliptic curve other than P-256.
    """
    if isinstance(material, Ed25519PublicKey):
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": base64url.encode_text(material.public_bytes_raw()),
        }
    if not isinstance(material.curve, SECP256R1):
        raise UnusableKeyError("curve_not_supported")
    numbers = material.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": base64url.encode_text(numbers.x.to_bytes(COORDINATE_BYTES)),
        "y": base64url.encode_text(numbers.y.to_bytes(COORDINATE_BYTES)),
    }


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the RFC 7638 thumbprint of a JWK, base64url.

    Raises:
        UnusableKeyError: Not a key that we know.
    """
    return public_key(jwk).thumbprint


@lru_cache(maxsize=_CACHED_KEYS)
def _parsed(
    kty: str | None, crv: str | None, x: str | None, y: str | None
) -> PublicKey:
    match (kty, crv):
        case ("EC", "P-256"):
            return _p256(_coordinate(x), _coordinate(y))
        case ("OKP", "Ed25519") if y is None:
            return _ed25519(_coordinate(x))
        case _:
            raise UnusableKeyError("curve_not_supported")


def _coordinate(text: str | None) -> bytes:
    if not isinstance(text, str):
        raise UnusableKeyError("malformed_key")
    try:
        content = base64url.decode(text)
    except MalformedBase64Error as error:
        raise UnusableKeyError("malformed_key") from error
    if len(content) != COORDINATE_BYTES:
        raise UnusableKeyError("malformed_key")
    return content


def _p256(x: bytes, y: bytes) -> PublicKey:
    numbers = EllipticCurvePublicNumbers(
        int.from_bytes(x), int.from_bytes(y), SECP256R1()
    )
    try:
        material = numbers.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableKeyError("point_not_on_curve") from error
    return _with_thumbprint(Algorithm.ES256, material)


def _ed25519(x: bytes) -> PublicKey:
    try:
        material = Ed25519PublicKey.from_public_bytes(x)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableKeyError("point_not_on_curve") from error
    return _with_thumbprint(Algorithm.EDDSA, material)


def _with_thumbprint(
    algorithm: Algorithm, material: EllipticCurvePublicKey | Ed25519PublicKey
) -> PublicKey:
    jwk = public_jwk(material)
    # RFC 7638 section 3: the required members, sorted, without white space. That
    # is the canonical form of exactly these members.
    hashed = hashlib.sha256(canonical.canonical_bytes(jwk)).digest()
    return PublicKey(
        algorithm, material, MappingProxyType(jwk), base64url.encode_text(hashed)
    )
