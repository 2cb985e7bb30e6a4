"""Agreements between authorities, signed with the key of each party."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.mutual_recognition.act_kinds import ActKind
from recognition_service.mutual_recognition.agreement import get_agreement, parties_of
from recognition_service.mutual_recognition.sides import VersionCheck, any_version
from recognition_service.mutual_recognition.sign_agreement import (
    prepare_signature,
    record_signature,
    sign_agreement,
    withdraw_from_agreement,
)
from recognition_service.runtime.leaders_desk import LeadersDesk


class AgreementsDesk(LeadersDesk):
    """Signs agreements and publishes what was agreed."""

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
        given = {"token": token, "claims": dict(intent.claims)}
        kind = ActKind.SIGN_AGREEMENT
        if self._asks_leader(caller, agreement_id, kind, given, check):
            return
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
        kind = ActKind.WITHDRAW_FROM_AGREEMENT
        if self._asks_leader(caller, agreement_id, kind, {}, check):
            return
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

    def revises_elsewhere(
        self,
        caller: Caller,
        agreement_id: UUID,
        text: Mapping[str, Any],
        *,
        check: VersionCheck,
    ) -> bool:
        """Ask to lay another text on the table if another installation leads.

        Raises:
            AgreementNotFoundError: The authority is party to no such agreement.
            RecognitionError: It cannot be revised like this now.
        """
        given = {"content": dict(text)}
        kind = ActKind.REVISE_AGREEMENT
        return self._asks_leader(caller, agreement_id, kind, given, check)

    def abandons_elsewhere(
        self, caller: Caller, agreement_id: UUID, *, check: VersionCheck
    ) -> bool:
        """Ask to end the negotiation if another installation leads.

        Raises:
            AgreementNotFoundError: The authority is party to no such agreement.
            RecognitionError: It is not negotiated any more.
        """
        kind = ActKind.ABANDON_AGREEMENT
        return self._asks_leader(caller, agreement_id, kind, {}, check)

    def _asks_leader(
        self,
        caller: Caller,
        agreement_id: UUID,
        kind: ActKind,
        given: Mapping[str, Any],
        check: VersionCheck,
    ) -> bool:
        """Ask who leads an agreement, if somebody elsewhere does.

        An agreement has the id of the request by which it was proposed. The version
        that the caller has read is that of the agreement, which is checked here.
        """
        with self.database.reading() as session:
            row = get_agreement(session, caller.authority_id, agreement_id)
            if not is_elsewhere(parties_of(row)[0].authority):
                return False
            check(row.version)
        return self.ask_leader(caller, agreement_id, kind, given, check=any_version)

    def _publish(self, parties: Sequence[str]) -> None:
        """Sign what was published for the parties, and answer them with it."""
        self.sign_if_possible(parties)
        for party in parties:
            self.renew_edition(party)
