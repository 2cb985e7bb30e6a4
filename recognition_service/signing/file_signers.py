"""Signing with a private key that this process holds in memory."""

from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from recognition_service.credentials.jwk import Algorithm

_SCALAR_BYTES = 32
_ECDSA_SHA256 = ec.ECDSA(hashes.SHA256())

PrivateKey = ec.EllipticCurvePrivateKey | Ed25519PrivateKey


class ES256Signer:
    """Signs with one P-256 key that was read from its file."""

    alg = Algorithm.ES256

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, kid: str, public_jwk: Mapping[str, str]
    ) -> None:
        self._sign = key.sign
        self.kid = kid
        self.public_jwk = public_jwk

    def sign(self, message: bytes) -> bytes:
        """Return r and s side by side, 64 bytes."""
        r, s = decode_dss_signature(self._sign(message, _ECDSA_SHA256))
        return r.to_bytes(_SCALAR_BYTES) + s.to_bytes(_SCALAR_BYTES)


class EdDSASigner:
    """Signs with one Ed25519 key that was read from its file."""

    alg = Algorithm.EDDSA

    def __init__(
        self, key: Ed25519PrivateKey, kid: str, public_jwk: Mapping[str, str]
    ) -> None:
        self.sign = key.sign
        self.kid = kid
        self.public_jwk = public_jwk


FileSigner = ES256Signer | EdDSASigner


def file_signer(key: PrivateKey, kid: str, public_jwk: Mapping[str, str]) -> FileSigner:
    """Return the signer of a key, by the algorithm that the key is for."""
    if isinstance(key, Ed25519PrivateKey):
        return EdDSASigner(key, kid, public_jwk)
    return ES256Signer(key, kid, public_jwk)
