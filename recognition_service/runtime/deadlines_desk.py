"""Time limits of all cases: let pass when they have ended, each once."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from recognition_service.attestations.errors import AlreadyAttestedError
from recognition_service.recognition.decide import signed_decision
from recognition_service.recognition.retention import (
    ClosedCase,
    closed_cases,
    keep_to_retention,
)
from recognition_service.recognition.silence import (
    PassedCase,
    let_limits_pass,
    passed_cases,
)
from recognition_service.runtime.trust_desk import TrustDesk

_SERVICE = "service"


class DeadlinesDesk(TrustDesk):
    """Lets time limits pass; any number of workers may do so at once."""

    def passed_cases(self, most: int) -> Sequence[PassedCase]:
        """Return cases in which time limits ended and were not let pass yet."""
        with self.database.reading() as session:
            return passed_cases(session, now=self.now(), most=most)

    def let_limits_pass(self, passed: PassedCase) -> int:
        """Let the time limits of a case pass that have ended; return how many.

        What the law grants is attested by a message of its own.
        """
        now, edition = self.now(), self.edition(passed.authority_id)
        with self.database.transaction() as session:
            return let_limits_pass(session, passed, edition, now=now)

    def closed_cases(self, after: ClosedCase | None, most: int) -> Sequence[ClosedCase]:
        """Return closed cases that were perhaps kept long enough, in order."""
        with self.database.reading() as session:
            return closed_cases(session, after=after, most=most, now=self.now())

    def keep_to_retention(self, case: ClosedCase) -> None:
        """Erase and block what a closed case has been kept for long enough."""
        with self.database.transaction() as session:
            keep_to_retention(session, case, now=self.now())

    def attest_decision(self, authority_id: str, decision_id: UUID) -> None:
        """Issue the attestation over a decision that was signed, unless there is one.

        Raises:
            DecisionNotFoundError: The authority has no such signed decision.
            MandateMissingError: No mandate covers the decision.
            NoActiveKeyError: The authority has no key.
            UnavailableError: The key cannot be used now.
        """
        with self.database.reading() as session:
            signed = signed_decision(session, authority_id, decision_id)
        with suppress(AlreadyAttestedError):
            self.issue(authority_id, signed, actor=_SERVICE)
