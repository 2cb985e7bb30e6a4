"""What people do with a claim beside collecting: export, correct, erase."""

from contextlib import suppress
from typing import Any

from recognition_service.delivery.own_rights import (
    Erasure,
    ask_for_rectification,
    erase_own_data,
    export_own_data,
)
from recognition_service.errors import UnavailableError
from recognition_service.recognition.rectification import Correctable
from recognition_service.runtime.status_desk import StatusDesk


class ClaimsDesk(StatusDesk):
    """Serves the people whom cases are about."""

    def export_own_data(self, claim_token: str) -> dict[str, Any]:
        """Return everything that is held about a person's case.

        Raises:
            ClaimTokenError: The claim is unknown or over.
        """
        with self.database.transaction() as session:
            return export_own_data(
                session, claim_token, public_url=self.public_url, now=self.now()
            )

    def ask_for_rectification(
        self, claim_token: str, member: Correctable, value: str
    ) -> list[dict[str, Any]]:
        """Note that a person asks for a correction; return all that they asked for.

        Raises:
            ClaimTokenError: The claim is unknown or over.
            RectificationInvalidError: The value does not fit the member.
        """
        with self.database.transaction() as session:
            return ask_for_rectification(
                session, claim_token, member=member, value=value, now=self.now()
            )

    def erase_own_data(
        self, claim_token: str, *, withdraw_attestations: bool, with_proof: bool
    ) -> Erasure:
        """Erase what a person can demand, and have a withdrawal be known.

        Raises:
            ClaimTokenError: The claim is unknown or over.
            CaseOpenError: The case is not closed.
            LegalHoldError: The case is kept for a legal claim.
        """
        with self.database.transaction() as session:
            done = erase_own_data(
                session,
                claim_token,
                withdraw_attestations=withdraw_attestations,
                with_proof=with_proof,
                now=self.now(),
            )
        if withdraw_attestations:
            # The answer is handed out in any case; the worker publishes what is due.
            with suppress(UnavailableError):
                self.publish_lists(done.authority_id)
        return done
