"""Messages from other installations: whose they are, what they ask, their receipts."""

from contextlib import suppress
from dataclasses import dataclass

from recognition_service.authorities.peers import get_peer, local_name
from recognition_service.authorities.trust import key_id
from recognition_service.credentials.exchange_message import (
    ExchangeReceipt,
    sign_receipt,
)
from recognition_service.errors import RecognitionError, UnavailableError
from recognition_service.exchange.errors import (
    MessageRefusedError,
    SenderUnprovenError,
)
from recognition_service.exchange.receive import (
    Envelope,
    Outcome,
    claim,
    draft_receipt,
    keep_refusal,
    open_envelope,
    received,
    refusal_of,
)
from recognition_service.mutual_recognition.acts import ActDesk
from recognition_service.mutual_recognition.take_message import Taken, take_message
from recognition_service.runtime.agreements_desk import AgreementsDesk
from recognition_service.runtime.trust_desk import TrustDesk


@dataclass(frozen=True, slots=True)
class Answered:
    """A message with its receipt.

    Attributes:
        token: The receipt, signed.
    """

    token: str
    receipt: ExchangeReceipt


class IncomingDesk(TrustDesk, AgreementsDesk):
    """Takes messages in; no transaction is open while a key is used."""

    def receive_message(self, token: bytes, content: bytes | None = None) -> Answered:
        """Take a message in, with the bytes of the document that it brings along.

        Raises:
            SenderRefusedError: Nobody known has sent it.
            SenderUnprovenError: A newer trust list may tell who has.
            UnavailableError: The receipt cannot be signed now; what was taken in is
                answered when the message comes again.
        """
        now = self.now()
        try:
            with self.database.glance() as session:
                envelope = open_envelope(session, token, now=now)
        except SenderUnprovenError as error:
            self._want_list(error.peer)
            raise
        outcome = self._take(envelope, content)
        with self.database.glance() as session:
            receipt, key = draft_receipt(session, envelope, outcome, now=now)
        signer = self._keys.signer(
            key.thumbprint, key_id(receipt.sender, key.thumbprint)
        )
        return Answered(sign_receipt(receipt, signer), receipt)

    def _take(self, envelope: Envelope, content: bytes | None) -> Outcome:
        """Do what a message asks, once; what cannot be done is refused for good.

        What may be done later is neither done nor kept.
        """
        now = self.now()
        desk = self._desk_for(envelope)
        try:
            with self.database.transaction() as session:
                known = claim(session, envelope, now=now)
                if known is not None:
                    return known
                taken = take_message(session, envelope, desk, content, now=now)
        except UnavailableError:
            raise
        except MessageRefusedError as error:
            refusal = refusal_of(error.reason, str(error), may_retry=error.may_retry)
        except RecognitionError as error:
            refusal = refusal_of(error.code, str(error))
        else:
            self._follow_up(taken, envelope)
            return received()
        if not refusal.may_retry:
            with self.database.transaction() as session:
                keep_refusal(session, envelope, refusal, now=now)
        return refusal

    def _follow_up(self, taken: Taken, envelope: Envelope) -> None:
        """Sign what follows from a message, and what it published."""
        actor = f"authority:{envelope.sender}"
        self.finish_if_possible(taken.intents, actor=actor)
        if taken.publishing:
            self._publish(taken.publishing)
        for authority_id in taken.lists:
            with suppress(UnavailableError):  # The worker tries again.
                self.publish_lists(authority_id)

    def _desk_for(self, envelope: Envelope) -> ActDesk:
        """Return what the message may need; tables are read without a transaction."""
        forwarded_to = envelope.recipient
        given = envelope.message.body.get("given")
        if isinstance(given, dict) and isinstance(given.get("to"), str):
            with self.database.reading() as session:
                forwarded_to = local_name(session, given["to"]) or forwarded_to
        return self._act_desk(envelope.recipient, forwarded_to)

    def _want_list(self, name: str) -> None:
        """Note that a newer trust list of an installation is needed."""
        with self.database.transaction() as session:
            peer = get_peer(session, name)
            peer.wanted_at = peer.wanted_at or self.now()
