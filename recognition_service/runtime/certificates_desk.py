"""Certificates for keys: asked for, checked, attached."""

from recognition_service.authorities.certify_keys import attach_certificates
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.keys import get_key
from recognition_service.authorities.trust import issuer_url
from recognition_service.credentials.certificate_chain import checked_chain
from recognition_service.runtime.editions_desk import SERVICE
from recognition_service.runtime.issuers_desk import IssuersDesk
from recognition_service.signing.certificate_request import certificate_request
from recognition_service.signing.local_authority import open_local_authority


class CertificatesDesk(IssuersDesk):
    """Gives keys the certificates that some verifiers insist on."""

    def request_certificate(self, authority_id: str, thumbprint: str) -> str:
        """Return a PKCS #10 request for a key, as PEM.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            KeyNotFoundError: The authority has no such key.
            UnavailableError: The key cannot be used now.
        """
        with self.database.reading() as session:
            name = get_authority(session, authority_id).name
            get_key(session, authority_id, thumbprint)
        issuer = issuer_url(self.public_url, authority_id)
        signer = self._keys.signer(thumbprint, thumbprint)
        return certificate_request(signer, issuer, name)

    def import_certificates(
        self,
        authority_id: str,
        thumbprint: str,
        pem: bytes,
        *,
        actor: str = SERVICE,
    ) -> tuple[str, ...]:
        """Check a chain and attach it to a key.

        Returns:
            What tokens carry: base64 of DER, without the trust anchor.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            KeyNotFoundError: The authority has no such key.
            KeyRetiredError: The key signs nothing any more.
            CertificateChainError: The chain is not for this key and issuer.
        """
        with self.database.reading() as session:
            public_jwk = get_key(session, authority_id, thumbprint).public_jwk
        issuer = issuer_url(self.public_url, authority_id)
        chain = checked_chain(pem, public_jwk, issuer, at=self.now())
        self._attach(authority_id, thumbprint, chain, actor)
        return chain

    def certify_locally(
        self, authority_id: str, thumbprint: str, *, actor: str = SERVICE
    ) -> tuple[str, ...]:
        """Attach a certificate of the installation's own authority to a key.

        Returns:
            What tokens carry: base64 of DER, without the trust anchor.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            KeyNotFoundError: The authority has no such key.
            KeyRetiredError: The key signs nothing any more.
            KeyStoreError: The certificate authority cannot be opened.
        """
        with self.database.reading() as session:
            name = get_authority(session, authority_id).name
            public_jwk = get_key(session, authority_id, thumbprint).public_jwk
        now = self.now()
        local = open_local_authority(
            self.config.keys_dir, self.config.keys_passphrase, now=now
        )
        issuer = issuer_url(self.public_url, authority_id)
        chain = local.certify(public_jwk, issuer, name, now=now)
        self._attach(authority_id, thumbprint, chain, actor)
        return chain

    def _attach(
        self, authority_id: str, thumbprint: str, chain: tuple[str, ...], actor: str
    ) -> None:
        with self.database.transaction() as session:
            attach_certificates(
                session,
                authority_id,
                thumbprint,
                chain,
                actor=actor,
                now=self.now(),
            )
        self.refresh()
