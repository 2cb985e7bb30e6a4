"""A signer over a private key that somebody keeps as a JWK.

For the command line and for keys of holders; keys of authorities lie in a store.

Source: RFC 7518 section 6.2.2; RFC 8037 section 2.
"""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recognition_service.credentials import base64url
from recognition_service.credentials.errors import (
    MalformedBase64Error,
    UnusableKeyError,
)
from recognition_service.credentials.jwk import (
    COORDINATE_BYTES,
    public_jwk,
    public_key,
)
from recognition_service.credentials.signer import Signer
from recognition_service.signing.file_signers import PrivateKey, file_signer


def jwk_signer(jwk: Mapping[str, Any], kid: str | None = None) -> Signer:
    """Return the signer of a private JWK: P-256 for ES256, Ed25519 for EdDSA.

    `kid` is how tokens name the key; None: as the JWK itself does, else by its
    thumbprint.

    Raises:
        UnusableKeyError: Another kind of key, no private half, or one that is not of
            the public half beside it.
    """
    public = public_key({name: jwk[name] for name in jwk if name != "d"})
    key = _private_key(public.jwk, _scalar(jwk.get("d")))
    if public_jwk(key.public_key()) != dict(public.jwk):
        raise UnusableKeyError(
            "halves_do_not_match", "The private half of the key is of another key."
        )
    name = kid or jwk.get("kid") or public.thumbprint
    return file_signer(key, str(name), public.jwk)


def _scalar(text: Any) -> bytes:
    if not isinstance(text, str):
        raise UnusableKeyError(
            "not_a_private_key", "The key has no private half (member d)."
        )
    try:
        scalar = base64url.decode(text)
    except MalformedBase64Error as error:
        raise _malformed() from error
    if len(scalar) != COORDINATE_BYTES:
        raise _malformed()
    return scalar


def _private_key(public: Mapping[str, str], scalar: bytes) -> PrivateKey:
    if public["kty"] == "OKP":
        return Ed25519PrivateKey.from_private_bytes(scalar)
    try:
        return ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1())
    except ValueError as error:  # Zero, or beyond the order of the curve.
        raise _malformed() from error


def _malformed() -> UnusableKeyError:
    return UnusableKeyError(
        "malformed_key", "The private half of the key (member d) is malformed."
    )
