"""Attestations, issued in two short transactions with the signature between."""

from datetime import timedelta
from uuid import UUID

from recognition_service.attestations import issue
from recognition_service.attestations.issue import Intent
from recognition_service.authorities import keys as key_records
from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.errors import RecognitionError
from recognition_service.recognition.decide import SignedDecision
from recognition_service.runtime.keys_desk import KeysDesk
from recognition_service.runtime.tables_desk import SERVICE
from recognition_service.signing.errors import KeyUnavailableError

_UNFINISHED_AFTER = timedelta(minutes=1)


class IssuingDesk(KeysDesk):
    """Uses the private keys; no transaction is open while it does."""

    def issue(
        self, authority_id: str, signed: SignedDecision, *, actor: str
    ) -> UUID | None:
        """Issue the attestation over a signed decision; None for a refusal.

        Two short transactions with the signature between them. What fails after
        the first is finished by `finish_issuing`.

        Raises:
            MandateMissingError: No mandate covers the decision.
            NoActiveKeyError: The authority has no key.
            UnavailableError: The key cannot be used now.
        """
        if signed.attestation is None:
            return None
        with self.database.transaction() as session:
            intent = issue.reserve(
                session,
                authority_id,
                signed.attestation,
                public_url=self.public_url,
                actor=actor,
                now=self.now(),
            )
        self.finish(intent, actor=actor)
        return intent.attestation_id

    def finish_issuing(self) -> int:
        """Finish what was reserved a minute ago and never recorded.

        A copy whose key is gone or may not sign any more is given up. One that cannot
        be finished holds up no other.

        Returns:
            How many copies were finished or given up.

        Raises:
            RecognitionError: One could not be finished; the others are.
        """
        failed: RecognitionError | None = None
        with self.database.reading() as session:
            intents = issue.unfinished(session, before=self.now() - _UNFINISHED_AFTER)
        for intent in intents:
            try:
                if self._may_still_sign(intent):
                    self.finish(intent, actor=SERVICE)
                    continue
            except (KeyUnavailableError, NoActiveKeyError):
                pass
            except RecognitionError as error:
                failed = error
                continue
            with self.database.transaction() as session:
                issue.void(session, intent, now=self.now())
        if failed is not None:
            raise failed
        return len(intents)

    def _may_still_sign(self, intent: Intent) -> bool:
        with self.database.reading() as session:
            active = key_records.active_key(
                session, intent.authority_id, KeyPurpose.ATTESTATIONS, self.now()
            )
        return active.thumbprint == intent.thumbprint

    def finish(self, intent: Intent, *, actor: str) -> None:
        """Seal a reserved attestation, record it and have its list published.

        Raises:
            UnavailableError: The key cannot be used now; the worker tries again.
        """
        token = issue.seal(intent, self._keys.signer(intent.thumbprint, intent.kid))
        with self.database.transaction() as session:
            issue.record(session, intent, token, actor=actor, now=self.now())
        self.publish_lists(intent.authority_id)
