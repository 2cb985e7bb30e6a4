"""A certificate authority of this installation, for demonstrations and tests.

Wallets that insist on X.509 can be shown something; nobody outside has reason to
trust it. A live authority has its key certified by an authority that others trust.

Source: RFC 5280 sections 4.1 and 4.2; OpenID4VC HAIP 1.0 section 6.1.1 (the chain
leaves the trust anchor out, and a leaf is never self-signed).
"""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from recognition_service.credentials import jwk
from recognition_service.signing.certificate_names import (
    alternative_names,
    common_name,
)
from recognition_service.signing.errors import KeyStoreError
from recognition_service.signing.file_keys import encrypted_pem, read_encrypted_key
from recognition_service.signing.private_files import (
    make_private_directory,
    own_passphrase,
    write_private,
)

KEY_FILE = "local-authority.key"
CERTIFICATE_FILE = "local-authority.crt"
LONGEST_VALIDITY = timedelta(days=730)
_OWN_VALIDITY = timedelta(days=3650)
_CLOCKS_DIFFER_BY = timedelta(minutes=5)
_NAME = "Local certificate authority for demonstrations"


class LocalAuthority:
    """Certifies the keys of issuers of this installation."""

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
    ) -> None:
        self._key = key
        self._certificate = certificate

    @property
    def certificate_pem(self) -> str:
        """The trust anchor, for whoever chooses to trust it."""
        return self._certificate.public_bytes(Encoding.PEM).decode()

    def certify(
        self,
        public_jwk: Mapping[str, str],
        issuer_id: str,
        name: str,
        *,
        now: datetime,
        validity: timedelta = LONGEST_VALIDITY,
    ) -> tuple[str, ...]:
        """Certify the key of an issuer and return the chain for `x5c`.

        Args:
            public_jwk: The key.
            issuer_id: URL of the issuer, as in `iss`; all ASCII.
            name: What people call the issuer; cut at 64 bytes of UTF-8.
            now: The certificate is valid from a little before.
            validity: At most two years; ends with the authority's own certificate.

        Returns:
            Base64 of DER, the leaf first, without the trust anchor: one certificate.

        Raises:
            KeyStoreError: The authority's own certificate is not valid now, or the id
                cannot stand in a certificate.
        """
        own = self._certificate
        if not own.not_valid_before_utc <= now < own.not_valid_after_utc:
            raise KeyStoreError(
                f"The certificate of the local authority is not valid at {now}; remove "
                f"{KEY_FILE} and {CERTIFICATE_FILE} to have new ones made."
            )
        leaf = (
            _draft(
                common_name(name),
                own.subject,
                jwk.public_key(public_jwk).material,
                since=max(now - _CLOCKS_DIFFER_BY, own.not_valid_before_utc),
                until=min(
                    now + min(validity, LONGEST_VALIDITY), own.not_valid_after_utc
                ),
                signed_by=self._key.public_key(),
            )
            .add_extension(
                x509.SubjectAlternativeName(alternative_names(issuer_id)),
                critical=False,
            )
            .add_extension(
                x509.BasicConstraints(ca=False, path_length=None), critical=True
            )
            .add_extension(_usage(certificates=False), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        return (base64.b64encode(leaf.public_bytes(Encoding.DER)).decode(),)


def open_local_authority(
    directory: Path, passphrase: str | None = None, *, now: datetime
) -> LocalAuthority:
    """Open the authority whose files lie beside the keys; make it if there is none.

    Raises:
        KeyStoreError: A file is missing, damaged or not for its owner only.
    """
    make_private_directory(directory)
    secret = (passphrase or own_passphrase(directory)).encode()
    key_path, certificate_path = directory / KEY_FILE, directory / CERTIFICATE_FILE
    if not key_path.exists() and not certificate_path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        pem = _own_certificate(key, now).public_bytes(Encoding.PEM)
        write_private(key_path, encrypted_pem(key, secret))
        certificate_path.write_bytes(pem)
    opened = read_encrypted_key(key_path, secret)
    try:
        certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeyStoreError(
            f"{certificate_path} cannot be read; restore it from the backup."
        ) from error
    if (
        not isinstance(opened, ec.EllipticCurvePrivateKey)
        or certificate.public_key() != opened.public_key()
    ):
        raise KeyStoreError(f"{certificate_path} is not for the key in {KEY_FILE}.")
    return LocalAuthority(opened, certificate)


def _own_certificate(
    key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    return (
        _draft(
            common_name(_NAME),
            common_name(_NAME),
            key.public_key(),
            since=now - _CLOCKS_DIFFER_BY,
            until=now + _OWN_VALIDITY,
            signed_by=key.public_key(),
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _draft(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | Ed25519PublicKey,
    *,
    since: datetime,
    until: datetime,
    signed_by: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by),
            critical=False,
        )
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    """A leaf signs tokens, the authority signs certificates; neither does both."""
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
