"""The whole runtime, as doors use it.

Doors ask here for what needs more than one room or a private key. A use case that
only needs a transaction is called directly, with `runtime.database`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from recognition_service.attestations.lists_elsewhere import lists_elsewhere
from recognition_service.attestations.published import (
    status_inputs,
    status_inputs_at,
)
from recognition_service.authorities.issuers_elsewhere import issuers_elsewhere
from recognition_service.authorities.trust import trust_snapshot
from recognition_service.delivery import claim as claims
from recognition_service.errors import UnavailableError
from recognition_service.runtime import saved_inputs
from recognition_service.runtime.batch_desk import BatchDesk
from recognition_service.runtime.claims_desk import ClaimsDesk
from recognition_service.runtime.cohort_files_desk import CohortFilesDesk
from recognition_service.runtime.credentials_desk import CredentialsDesk
from recognition_service.runtime.deadlines_desk import DeadlinesDesk
from recognition_service.runtime.directory_desk import DirectoryDesk
from recognition_service.runtime.drafts_desk import DraftsDesk
from recognition_service.runtime.exchange_desk import ExchangeDesk
from recognition_service.runtime.letters_desk import LettersDesk
from recognition_service.runtime.lists_desk import ListsDesk
from recognition_service.runtime.proposals_desk import ProposalsDesk
from recognition_service.runtime.published_documents import published_document
from recognition_service.runtime.reports_desk import ReportsDesk
from recognition_service.verification.holder_binding import Presentation
from recognition_service.verification.report import Report
from recognition_service.verification.trust import VerificationInputs
from recognition_service.verification.verify import verify

_VERIFIERS = 2
_TRUST_LIFE = timedelta(hours=24)
_INPUTS_RENEWED_EVERY = timedelta(minutes=1)
"""Well below the `ttl` of our status lists, which counts from the last reading."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of many verifications that were asked for at once.

    Attributes:
        at: The instant that the answer is to be about; None: now.
        peers: The other credentials of a joint award.
    """

    presented: bytes | str
    at: datetime | None = None
    peers: tuple[bytes | str, ...] = ()


class Runtime(
    ListsDesk,
    BatchDesk,
    CredentialsDesk,
    CohortFilesDesk,
    ProposalsDesk,
    ExchangeDesk,
    DraftsDesk,
    DeadlinesDesk,
    DirectoryDesk,
    ReportsDesk,
    LettersDesk,
    ClaimsDesk,
):
    """An open installation with all its desks: tables, issuing, verification."""

    _inputs: VerificationInputs | None = None
    _inputs_read_at: datetime | None = None

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
                or self._inputs_read_at is None
                or self._inputs_read_at + _INPUTS_RENEWED_EVERY <= now
            ):
                inputs = self._inputs = self._read_inputs(now)
                self._inputs_read_at = now
            return inputs

    def save_inputs(self) -> None:
        """Keep what verifications rely on in a file, for checks without a network.

        A trust list that has changed is published first; if it cannot be signed now,
        the worker tries again. Nothing is written for an installation without a data
        directory.
        """
        with suppress(UnavailableError):
            self.publish_trust_list()
        if self.config.data_dir.is_dir():
            saved_inputs.save(self.config.data_dir, self.verification_inputs())

    def verify(
        self,
        presented: bytes | str,
        *,
        at: datetime | None = None,
        peers: Sequence[bytes | str] = (),
        expected: Presentation | None = None,
    ) -> Report:
        """Verify what was presented, now or as of an instant.

        `peers` are the other credentials of a joint award. With `expected` the holder
        must have proved to be the one.
        """
        now = self.now()
        inputs = self.verification_inputs()
        if at is not None and at < now:
            inputs = self._as_of(inputs, at)
        return verify(
            presented,
            inputs,
            at=at or now,
            checked_at=now,
            expected=expected,
            peers=peers,
        )

    def verify_many(self, questions: Sequence[Question]) -> list[Report]:
        """Verify many presentations, in their order.

        Signatures are checked beside one another: the library that does it leaves
        the interpreter to others meanwhile.
        """
        with ThreadPoolExecutor(_VERIFIERS, thread_name_prefix="verify") as verifiers:
            return list(
                verifiers.map(
                    lambda asked: self.verify(
                        asked.presented, at=asked.at, peers=asked.peers
                    ),
                    questions,
                )
            )

    def published(self, path: str) -> tuple[bytes, str] | None:
        """Return a published document and its media type, or None."""
        return published_document(path, self.public_url)

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

    def _as_of(self, inputs: VerificationInputs, at: datetime) -> VerificationInputs:
        """Add the status lists that were served at an earlier instant."""
        with self.database.reading() as session:
            found = status_inputs_at(session, at, public_url=self.public_url)
        earlier = {uri: (status,) for uri, status in found.items()}
        return replace(inputs, earlier_statuses=earlier)

    def _read_inputs(self, now: datetime) -> VerificationInputs:
        """Return what is relied on: of this installation and of those connected."""
        with self.database.reading() as session:
            trust = trust_snapshot(
                session,
                self.public_url,
                is_demo=self.is_demo,
                now=now,
                fresh_until=now + _TRUST_LIFE,
            )
            elsewhere = {
                each.issuer.id: each.issuer
                for each in issuers_elsewhere(session, now=now)
            }
            own = status_inputs(session, public_url=self.public_url, now=now)
            statuses = {**lists_elsewhere(session), **own}
        issuers = {**elsewhere, **trust.issuers}
        return VerificationInputs(replace(trust, issuers=issuers), statuses)
