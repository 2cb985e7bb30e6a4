"""What the installation publishes about its issuers, for whoever verifies."""

from dataclasses import dataclass
from typing import Any

from recognition_service.authorities.certify_keys import certificate_chains
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.mandates import competence_document
from recognition_service.authorities.trust import issuer_keys, issuer_url
from recognition_service.credentials import key_document
from recognition_service.credentials.key_document import Chains, IssuerKey
from recognition_service.runtime.status_desk import StatusDesk


@dataclass(frozen=True, slots=True)
class _Published:
    issuer: str
    name: str
    keys: tuple[IssuerKey, ...]
    chains: Chains


class IssuersDesk(StatusDesk):
    """Shows the keys and the competence of issuers."""

    def issuer_document(self, authority_id: str) -> dict[str, Any]:
        """Return the published keys of an issuer with their history.

        Raises:
            AuthorityNotFoundError: There is no such authority.
        """
        of = self._published(authority_id)
        return key_document.key_document(
            of.issuer, of.name, of.keys, of.chains, public_url=self.public_url
        )

    def issuer_did_document(self, authority_id: str) -> dict[str, Any]:
        """Return the same under the issuer's DID.

        Raises:
            AuthorityNotFoundError: There is no such authority.
        """
        of = self._published(authority_id)
        return key_document.did_document(
            of.issuer, of.name, of.keys, of.chains, public_url=self.public_url
        )

    def issuer_jwks(self, authority_id: str) -> dict[str, Any]:
        """Return the JWK set of an issuer.

        Raises:
            AuthorityNotFoundError: There is no such authority.
        """
        of = self._published(authority_id)
        return key_document.key_set(of.keys, of.chains)

    def issuer_metadata(self, authority_id: str) -> dict[str, Any]:
        """Return what verifiers of SD-JWT credentials fetch.

        Raises:
            AuthorityNotFoundError: There is no such authority.
        """
        of = self._published(authority_id)
        return key_document.issuer_metadata(of.issuer, of.keys, of.chains)

    def competence(self, authority_id: str, year: int) -> dict[str, Any]:
        """Return the mandates of an issuer that were in force in a year.

        Raises:
            AuthorityNotFoundError: There is no such authority.
        """
        with self.database.reading() as session:
            get_authority(session, authority_id)
            issuer = issuer_url(self.public_url, authority_id)
            return competence_document(session, authority_id, issuer, year)

    def _published(self, authority_id: str) -> _Published:
        with self.database.reading() as session:
            authority = get_authority(session, authority_id)
            issuer = issuer_url(self.public_url, authority_id)
            return _Published(
                issuer,
                authority.name,
                issuer_keys(session, authority_id, issuer),
                certificate_chains(session, authority_id),
            )
