"""Asking a certificate authority to certify a key, wherever the key is kept.

Source: RFC 2986 section 4; RFC 5280 section 4.2.1.6 (alternative names).
"""

from typing import Any, NoReturn

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from recognition_service.credentials import jwk
from recognition_service.credentials.signer import Signer
from recognition_service.signing.certificate_names import (
    alternative_names,
    common_name,
)

_SCALAR_BYTES = 32


def certificate_request(signer: Signer, issuer_id: str, name: str) -> str:
    """Return a PKCS #10 request for the key of a signer, as PEM.

    Args:
        signer: Signs the request; its `kid` plays no part.
        issuer_id: URL of the issuer, as in `iss`; all ASCII.
        name: What people call the issuer; cut at 64 bytes of UTF-8.

    Raises:
        UnavailableError: The key cannot be used now.
    """
    draft = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(common_name(name))
        .add_extension(
            x509.SubjectAlternativeName(alternative_names(issuer_id)), critical=False
        )
    )
    material = jwk.public_key(signer.public_jwk).material
    request = (
        draft.sign(_KeptEd25519Key(signer, material), None)
        if isinstance(material, Ed25519PublicKey)
        else draft.sign(_KeptP256Key(signer, material), hashes.SHA256())
    )
    return request.public_bytes(Encoding.PEM).decode()


class _Kept:
    """A key as the library wants to see it; only its signature can be had."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError

    private_bytes = private_bytes_raw = private_numbers = exchange = _refuse
    __copy__ = __deepcopy__ = _refuse


class _KeptP256Key(_Kept, ec.EllipticCurvePrivateKey):
    """Signs as the library does: r and s in a DER sequence."""

    def __init__(self, signer: Signer, public: ec.EllipticCurvePublicKey) -> None:
        self._signer = signer
        self._public = public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    def sign(self, data: Any, signature_algorithm: Any) -> bytes:  # noqa: ARG002
        signature = self._signer.sign(bytes(data))
        return encode_dss_signature(
            int.from_bytes(signature[:_SCALAR_BYTES]),
            int.from_bytes(signature[_SCALAR_BYTES:]),
        )


class _KeptEd25519Key(_Kept, Ed25519PrivateKey):
    def __init__(self, signer: Signer, public: Ed25519PublicKey) -> None:
        self._signer = signer
        self._public = public

    def public_key(self) -> Ed25519PublicKey:
        return self._public

    def sign(self, data: Any) -> bytes:
        return self._signer.sign(bytes(data))
