"""Editions: signed by who publishes them, and looked over before they answer."""

from collections.abc import Iterable
from contextlib import suppress

from recognition_service.authorities import operator_keys, rotate_keys
from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.authorities.keys import active_key
from recognition_service.authorities.trust import issuer_keys, issuer_url, key_id
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose, Signer
from recognition_service.editions.errors import EditionAlteredError
from recognition_service.editions.find import (
    EditionInForce,
    altered_rows,
    owner_of_overlay,
    signature_of,
)
from recognition_service.editions.load import package_digest
from recognition_service.editions.package import Package
from recognition_service.editions.signatures import (
    UnsignedEdition,
    editions_issuer,
    keep_signature,
    require_signature,
    sign_edition,
    signed_claims,
    unsigned_editions,
)
from recognition_service.errors import RecognitionError, UnavailableError
from recognition_service.runtime.installation import Installation
from recognition_service.storage.base import PLATFORM

SERVICE = "service"
"""How the audit names the service itself."""

_SHOWN = 3


class EditionsDesk(Installation):
    """Signs editions, and refuses those that are not what was signed."""

    def sign_editions(self, owners: Iterable[str] = (PLATFORM,)) -> int:
        """Sign what owners have published and nobody has signed; return how many.

        The key is made with the first edition. An edition is looked over before it
        is signed.

        Raises:
            EditionAlteredError: A row of one is not what was published.
            UnavailableError: The key cannot be used now.
        """
        with self.database.reading() as session:
            waiting = unsigned_editions(session, owners)
        for edition in waiting:
            self._require_unaltered(edition.digest, edition.owner)
            token = self._signature(edition)
            with self.database.transaction() as session:
                keep_signature(session, edition.owner, edition.digest, token)
        return len(waiting)

    def sign_package(self, package: Package) -> tuple[str, str]:
        """Return digest and signature of tables that others are to load.

        Raises:
            UnavailableError: The key cannot be used now.
        """
        digest = package_digest(package)
        unsigned = UnsignedEdition(PLATFORM, digest, None, package.description)
        return digest, self._signature(unsigned)

    def sign_if_possible(self, owners: Iterable[str]) -> None:
        """Sign what owners have published; what cannot be signed now is told later.

        `doctor` names editions that nobody has signed, `tables publish` signs them.
        """
        with suppress(UnavailableError):
            self.sign_editions(owners)

    def edition_keys(self) -> tuple[IssuerKey, ...]:
        """Return the operator's keys for editions with their history."""
        issuer = editions_issuer(self.public_url)
        with self.database.reading() as session:
            return operator_keys.published_operator_keys(
                session, issuer, KeyPurpose.TABLES
            )

    def require_sound_edition(self, wanted: EditionInForce) -> None:
        """Refuse a stored edition whose rows or signatures are not what they were.

        One that nobody has signed yet is taken: `doctor` tells.

        Raises:
            EditionAlteredError: It is not what was published.
            EditionNotFoundError: It is not stored here.
        """
        self._require_unaltered(wanted.base, PLATFORM)
        self._require_signed(wanted.base, PLATFORM)
        if wanted.overlay is not None:
            with self.database.reading() as session:
                owner = owner_of_overlay(session, wanted.overlay)
            self._require_unaltered(wanted.overlay, owner)
            self._require_signed(wanted.overlay, owner)

    def _require_unaltered(self, digest: str, owner: str) -> None:
        with self.database.reading() as session:
            altered = altered_rows(session, digest, owner)
        if altered:
            raise EditionAlteredError(
                f"Edition {digest}: {len(altered)} altered, "
                f"such as {', '.join(altered[:_SHOWN])}."
            )

    def _require_signed(self, digest: str, owner: str) -> None:
        with self.database.reading() as session:
            token = signature_of(session, owner, digest)
            if token is None:
                return
            keys = (
                operator_keys.published_operator_keys(
                    session, editions_issuer(self.public_url), KeyPurpose.TABLES
                )
                if owner == PLATFORM
                else issuer_keys(session, owner, issuer_url(self.public_url, owner))
            )
        try:
            require_signature(
                token, digest, [key for key in keys if key.purpose is KeyPurpose.TABLES]
            )
        except RecognitionError as error:
            raise EditionAlteredError(f"Edition {digest}: {error}") from error

    def _signature(self, edition: UnsignedEdition) -> str:
        issuer, signer = self._signer_of_editions(edition.owner)
        claims = signed_claims(
            edition.digest,
            edition.description,
            base=edition.base,
            issuer=issuer,
            now=self.now(),
        )
        return sign_edition(claims, signer)

    def _signer_of_editions(self, owner: str) -> tuple[str, Signer]:
        """Return who vouches for the editions of an owner, and with which key."""
        if owner == PLATFORM:
            issuer = editions_issuer(self.public_url)
            thumbprint = self._operator_key()
        else:
            issuer = issuer_url(self.public_url, owner)
            thumbprint = self._authority_key(owner)
        return issuer, self._keys.signer(thumbprint, key_id(issuer, thumbprint))

    def _operator_key(self) -> str:
        with self.database.reading() as session:
            key = operator_keys.active_operator_key(session, KeyPurpose.TABLES)
        return self.rotate_edition_key() if key is None else key.thumbprint

    def rotate_edition_key(self) -> str:
        """Make a new key of the operator for editions; return its thumbprint.

        What the old one has signed stays signed. Whoever loads tables of this operator
        elsewhere needs the new key.

        Raises:
            KeyStoreError: The store cannot keep another key.
        """
        public_jwk = self._keys.create()
        with self.database.transaction() as session:
            return operator_keys.record_operator_key(
                session, public_jwk, KeyPurpose.TABLES, actor=SERVICE, now=self.now()
            )

    def _authority_key(self, authority_id: str) -> str:
        now = self.now()
        try:
            with self.database.reading() as session:
                return active_key(
                    session, authority_id, KeyPurpose.TABLES, now
                ).thumbprint
        except NoActiveKeyError:
            public_jwk = self._keys.create()
        with self.database.transaction() as session:
            return rotate_keys.create_key(
                session,
                authority_id,
                public_jwk,
                purpose=KeyPurpose.TABLES,
                active_from=None,
                actor=SERVICE,
                now=now,
            ).thumbprint
