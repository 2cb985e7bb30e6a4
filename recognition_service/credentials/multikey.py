"""Public keys as one short text, and the identifiers that consist of a key.

Ed25519 and P-256, as everywhere here. A `did:key` is read from its own text; no
other DID method is known, and nothing is ever looked up.

Source: Controlled Identifiers v1.0 section 2.2.2 (Multikey); The did:key Method
v0.9 sections 2 and 3.1.
"""

from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from recognition_service.credentials import multibase
from recognition_service.credentials.errors import (
    MalformedInputError,
    UnusableKeyError,
)
from recognition_service.credentials.jwk import PublicKey, public_jwk, public_key

TYPE = "Multikey"
DID_KEY = "did:key:"
_ED25519 = b"\xed\x01"
_P256 = b"\x80\x24"
_ED25519_BYTES = 32
_P256_BYTES = 33  # The sign of y, and x.


def encode(key: PublicKey) -> str:
    """Return the `publicKeyMultibase` of a key, such as "z6MkrJVn…"."""
    material = key.material
    if isinstance(material, Ed25519PublicKey):
        content = _ED25519 + material.public_bytes_raw()
    else:
        content = _P256 + material.public_bytes(
            Encoding.X962, PublicFormat.CompressedPoint
        )
    return multibase.encode_base58btc(content)


def decode(text: str) -> PublicKey:
    """Return the key that a `publicKeyMultibase` stands for.

    Raises:
        UnusableKeyError: Not base 58, another type of key, a private one, or a
            point that is not on the curve.
    """
    try:
        content = multibase.decode_base58btc(text)
    except MalformedInputError as error:
        raise UnusableKeyError("malformed_key") from error
    prefix, point = content[:2], content[2:]
    try:
        if prefix == _ED25519 and len(point) == _ED25519_BYTES:
            return public_key(public_jwk(Ed25519PublicKey.from_public_bytes(point)))
        if prefix == _P256 and len(point) == _P256_BYTES:
            material = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
            return public_key(public_jwk(material))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableKeyError("point_not_on_curve") from error
    raise UnusableKeyError("curve_not_supported")


def multikey(key: PublicKey, *, id: str, controller: str) -> dict[str, Any]:  # noqa: A002 (the member's name)
    """Return the verification method that publishes a key."""
    return {
        "id": id,
        "type": TYPE,
        "controller": controller,
        "publicKeyMultibase": encode(key),
    }


def did_key(key: PublicKey) -> str:
    """Return the DID that consists of a key, such as "did:key:z6MkrJVn…"."""
    return DID_KEY + encode(key)


def did_key_method(key: PublicKey) -> str:
    """Return the id of the one verification method of a key's DID."""
    text = encode(key)
    return f"{DID_KEY}{text}#{text}"


def controller_of(identifier: str) -> str:
    """Return the part of a verification method's id that names who controls it."""
    return identifier.partition("#")[0]


def resolve(identifier: str) -> PublicKey:
    """Return the key of a `did:key` or of its verification method.

    Raises:
        UnusableKeyError: Another kind of identifier ("did_not_supported"), a
            fragment that is not the DID's own key, or a key that we do not use.
    """
    did, hash_sign, fragment = identifier.partition("#")
    if not did.startswith(DID_KEY):
        raise UnusableKeyError("did_not_supported")
    text = did.removeprefix(DID_KEY)
    if hash_sign and fragment != text:
        raise UnusableKeyError("key_not_of_did")
    return decode(text)
