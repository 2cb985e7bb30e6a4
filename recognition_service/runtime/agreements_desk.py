"""Agreements between authorities, signed with the key of each party."""

from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

from recognition_service.authorities.access import Caller
from recognition_service.mutual_recognition.agreement import parties_of
from recognition_service.mutual_recognition.sides import VersionCheck
from recognition_service.mutual_recognition.sign_agreement import (
    Publisher,
    prepare_signature,
    record_signature,
    sign_agreement,
    withdraw_from_agreement,
)
from recognition_service.runtime.keys_desk import KeysDesk


class AgreementsDesk(KeysDesk):
    """Signs agreements and publishes what was agreed."""

    @cached_property
    def _publisher(self) -> Publisher:
        return Publisher(self.public_url, self.table_schema)

    def sign_agreement(
        self, caller: Caller, agreement_id: UUID, *, check: VersionCheck
    ) -> None:
        """Sign the text on the table for the caller's authority.

        With the last signature its rows are published, and both parties are answered
        with them from then on.

        Raises:
            AgreementNotFoundError: The authority is party to no such agreement.
            AgreementStateError: It cannot be signed now, or its text has changed.
            UnavailableError: The key cannot be used now.
        """
        now = self.now()
        with self.database.reading() as session:
            intent = prepare_signature(
                session,
                caller,
                agreement_id,
                public_url=self.public_url,
                check=check,
                now=now,
            )
        token = sign_agreement(intent, self._keys.signer(intent.thumbprint, intent.kid))
        with self.database.transaction() as session:
            row = record_signature(
                session, caller, intent, token, publisher=self._publisher, now=now
            )
            parties = [party.authority for party in parties_of(row)]
        self._publish(parties)

    def withdraw_from_agreement(
        self, caller: Caller, agreement_id: UUID, *, check: VersionCheck
    ) -> None:
        """Leave a signed agreement for the caller's authority.

        Raises:
            AgreementNotFoundError: The authority is party to no such agreement.
            AgreementStateError: It is not signed, or has ended.
        """
        with self.database.transaction() as session:
            row = withdraw_from_agreement(
                session,
                caller,
                agreement_id,
                publisher=self._publisher,
                check=check,
                now=self.now(),
            )
            parties = [party.authority for party in parties_of(row)]
        self._publish(parties)

    def _publish(self, parties: Sequence[str]) -> None:
        """Sign what was published for the parties, and answer them with it."""
        self.sign_if_possible(parties)
        for party in parties:
            self.renew_edition(party)
