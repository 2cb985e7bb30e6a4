"""The whole runtime, as doors use it.

Doors ask here for what needs more than one room or a private key. A use case that
only needs a transaction is called directly, with `runtime.database`.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from recognition_service.attestations import publish
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.mandates import competence_document
from recognition_service.authorities.trust import (
    issuer_keys,
    issuer_url,
    trust_snapshot,
)
from recognition_service.credentials.key_document import key_document, key_set
from recognition_service.credentials.recognition_context import recognition_context
from recognition_service.credentials.recognition_schema import recognition_schema
from recognition_service.delivery import claim as claims
from recognition_service.runtime import saved_inputs
from recognition_service.runtime.issuing_desk import IssuingDesk
from recognition_service.verification.report import Report
from recognition_service.verification.trust import VerificationInputs
from recognition_service.verification.verify import verify

_TRUST_LIFE = timedelta(hours=24)
_INPUTS_RENEWED_EVERY = timedelta(minutes=1)
"""Well below the `ttl` of our status lists, which counts from the last reading."""


class Runtime(IssuingDesk):
    """An open installation with all its desks: tables, issuing, verification."""

    _inputs: VerificationInputs | None = None

    def refresh(self) -> None:
        """Look up anew what another process may have changed meanwhile."""
        super().refresh()
        with self._lock:
            self._inputs = None

    def verification_inputs(self) -> VerificationInputs:
        """Return the trust list and the status lists of this installation."""
        now = self.now()
        with self._lock:
            inputs = self._inputs
            if (
                inputs is None
                or inputs.trust is None
                or inputs.trust.as_of + _INPUTS_RENEWED_EVERY <= now
            ):
                inputs = self._inputs = self._read_inputs(now)
            return inputs

    def save_inputs(self) -> None:
        """Keep what verifications rely on in a file, for checks without a network.

        Nothing is written for an installation without a data directory.
        """
        if self.config.data_dir.is_dir():
            saved_inputs.save(self.config.data_dir, self.verification_inputs())

    def verify(self, presented: bytes | str, *, at: datetime | None = None) -> Report:
        """Verify what was presented, now or as of an instant."""
        now = self.now()
        return verify(
            presented, self.verification_inputs(), at=at or now, checked_at=now
        )

    def issuer_document(self, authority_id: str) -> dict[str, Any]:
        """Return the published keys of an issuer with their history.

        Raises:
            AuthorityNotFoundError: There is no such authority.
        """
        with self.database.reading() as session:
            authority = get_authority(session, authority_id)
            issuer = issuer_url(self.public_url, authority_id)
            keys = issuer_keys(session, authority_id, issuer)
            return key_document(issuer, authority.name, keys)

    def issuer_jwks(self, authority_id: str) -> dict[str, Any]:
        """Return the JWK set of an issuer.

        Raises:
            AuthorityNotFoundError: There is no such authority.
        """
        with self.database.reading() as session:
            get_authority(session, authority_id)
            issuer = issuer_url(self.public_url, authority_id)
            return key_set(issuer_keys(session, authority_id, issuer))

    def competence(self, authority_id: str, year: int) -> dict[str, Any]:
        """Return the mandates of an issuer that were in force in a year.

        Raises:
            AuthorityNotFoundError: There is no such authority.
        """
        with self.database.reading() as session:
            get_authority(session, authority_id)
            issuer = issuer_url(self.public_url, authority_id)
            return competence_document(session, authority_id, issuer, year)

    def status_list(self, authority_id: str, number: int) -> bytes | None:
        """Return a status list as it is served, or None."""
        with self.database.reading() as session:
            token = publish.published_list(session, authority_id, number)
        return token.encode() if token is not None else None

    def published(self, path: str) -> tuple[bytes, str] | None:
        """Return a published document and its media type, or None."""
        match path:
            case "ns/recognition/v1":
                document = recognition_context(self.public_url)
                media_type = "application/ld+json"
            case "schemas/recognition/v1.json":
                document = recognition_schema(self.public_url)
                media_type = "application/schema+json"
            case _:
                return None
        return json.dumps(document, indent=1, ensure_ascii=False).encode(), media_type

    def claim(self, code: str, birth_date: date) -> claims.Claim:
        """Return what belongs to a claim code and a birth date.

        Raises:
            ClaimNotFoundError: They do not belong together.
            TooManyTriesError: Five wrong tries within a day.
        """
        now = self.now()
        with self.database.transaction() as session:
            claims.count_try(session, code, now=now)
        with self.database.transaction() as session:
            return claims.claim(
                session, code, birth_date, public_url=self.public_url, now=now
            )

    def claimed_token(self, claim_token: str, attestation_id: UUID) -> str:
        """Return the signed token of an attestation that a claim listed.

        Raises:
            ClaimTokenError: The claim is unknown or over.
            AttestationNotFoundError: The claim does not list it.
        """
        with self.database.reading() as session:
            return claims.claimed_token(
                session, claim_token, attestation_id, now=self.now()
            )

    def _read_inputs(self, now: datetime) -> VerificationInputs:
        with self.database.reading() as session:
            return VerificationInputs(
                trust_snapshot(
                    session,
                    self.public_url,
                    is_demo=self.is_demo,
                    now=now,
                    fresh_until=now + _TRUST_LIFE,
                ),
                publish.status_inputs(session, public_url=self.public_url, now=now),
            )
