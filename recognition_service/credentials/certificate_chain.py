"""The X.509 chain that somebody else's authority made for a key of ours.

This is a check before the chain is put into `x5c`, not a verification against a trust
anchor: whom a verifier trusts is for the verifier to say.

Source: RFC 5280 sections 4.1.2.5, 4.2.1 and 6.1.3; RFC 9525 section 6 (names); RFC 7515
section 4.1.6 (`x5c`); OpenID4VC HAIP 1.0 section 6.1.1.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from recognition_service.credentials import jwk
from recognition_service.credentials.errors import (
    CertificateChainError,
    UnusableKeyError,
)

MAX_PEM_BYTES = 65_536
MAX_CERTIFICATES = 6
_SAFE_HASHES = {"sha256", "sha384", "sha512"}
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


def checked_chain(
    pem: bytes, public_jwk: Mapping[str, Any], issuer_id: str, *, at: datetime
) -> tuple[str, ...]:
    """Check a chain and return it as it stands in `x5c`.

    Args:
        pem: The certificates, the one of the key first, each signed by the next.
        public_jwk: The key that the first one must be for.
        issuer_id: URL of the issuer, as in `iss`; its host must be named.
        at: All certificates must be valid at this instant.

    Returns:
        Base64 of DER, in order, without a trust anchor at the end.

    Raises:
        CertificateChainError: With a `reason`: not_pem, too_many_certificates,
            malformed_certificate, self_signed, not_for_this_key, leaf_is_authority,
            may_not_sign, issuer_not_named, not_yet_valid, expired, out_of_order,
            bad_signature, weak_signature, not_an_authority, path_too_long,
            unknown_critical_extension.
        UnusableKeyError: The JWK is no key of ours.
    """
    chain = _parsed(pem)
    try:
        _check_leaf(chain[0], public_jwk, issuer_id)
        for certificate in chain:
            _check_itself(certificate, at)
        for below, (certificate, issuer) in enumerate(pairwise(chain)):
            _check_issued(certificate, issuer, below=below)
        if len(chain) > 1 and _is_self_signed(chain[-1]):
            chain = chain[:-1]
    except (ValueError, x509.DuplicateExtension, UnsupportedAlgorithm) as error:
        raise CertificateChainError("malformed_certificate") from error
    return tuple(
        base64.b64encode(certificate.public_bytes(Encoding.DER)).decode("ascii")
        for certificate in chain
    )


def _parsed(pem: bytes) -> Sequence[x509.Certificate]:
    if len(pem) > MAX_PEM_BYTES:
        raise CertificateChainError("too_many_certificates")
    try:
        chain = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise CertificateChainError("not_pem") from error
    if len(chain) > MAX_CERTIFICATES:
        raise CertificateChainError("too_many_certificates")
    return chain


def _check_leaf(
    leaf: x509.Certificate, public_jwk: Mapping[str, Any], issuer_id: str
) -> None:
    if leaf.issuer == leaf.subject:
        raise CertificateChainError("self_signed")
    if _thumbprint(leaf) != jwk.public_key(public_jwk).thumbprint:
        raise CertificateChainError("not_for_this_key")
    constraints = _extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise CertificateChainError("leaf_is_authority")
    usage = _extension(leaf, x509.KeyUsage)
    if usage is not None and not usage.digital_signature:
        raise CertificateChainError("may_not_sign")
    if not _names(leaf, issuer_id):
        raise CertificateChainError("issuer_not_named")


def _thumbprint(leaf: x509.Certificate) -> str | None:
    material = leaf.public_key()
    if not isinstance(material, EllipticCurvePublicKey | Ed25519PublicKey):
        return None
    try:
        return jwk.thumbprint(jwk.public_jwk(material))
    except UnusableKeyError:
        return None


def _names(leaf: x509.Certificate, issuer_id: str) -> bool:
    """Tell whether a certificate names an issuer or its host; subjects do not count."""
    found = _extension(leaf, x509.SubjectAlternativeName)
    host = urlsplit(issuer_id).hostname
    if found is None or host is None:
        return False
    uris = found.get_values_for_type(x509.UniformResourceIdentifier)
    addresses = found.get_values_for_type(x509.IPAddress)
    return (
        issuer_id in uris
        or host in {urlsplit(uri).hostname for uri in uris}
        or host in {str(address) for address in addresses}
        or any(_covers(name, host) for name in found.get_values_for_type(x509.DNSName))
    )


def _covers(name: str, host: str) -> bool:
    """A wildcard stands for exactly one label, the first."""
    name = name.lower()
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return host == name


def _check_itself(certificate: x509.Certificate, at: datetime) -> None:
    if at < certificate.not_valid_before_utc:
        raise CertificateChainError("not_yet_valid")
    if at > certificate.not_valid_after_utc:
        raise CertificateChainError("expired")
    hashed = certificate.signature_hash_algorithm
    if hashed is not None and hashed.name not in _SAFE_HASHES:
        raise CertificateChainError("weak_signature")
    if any(
        extension.critical and isinstance(extension.value, x509.UnrecognizedExtension)
        for extension in certificate.extensions
    ):
        raise CertificateChainError("unknown_critical_extension")


def _check_issued(
    certificate: x509.Certificate, issuer: x509.Certificate, *, below: int
) -> None:
    """Check one step; `below` counts the authorities between the issuer and the key."""
    if certificate.issuer != issuer.subject:
        raise CertificateChainError("out_of_order")
    constraints = _extension(issuer, x509.BasicConstraints)
    usage = _extension(issuer, x509.KeyUsage)
    if constraints is None or not constraints.ca:
        raise CertificateChainError("not_an_authority")
    if usage is not None and not usage.key_cert_sign:
        raise CertificateChainError("not_an_authority")
    if constraints.path_length is not None and below > constraints.path_length:
        raise CertificateChainError("path_too_long")
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError) as error:
        raise CertificateChainError("bad_signature") from error


def _is_self_signed(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject


def _extension(
    certificate: x509.Certificate, kind: type[_Extension]
) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
