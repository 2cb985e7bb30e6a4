"""Messages from other installations: whose they are, what they ask, their receipts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.peers import local_name, peer_of_issuer
from recognition_service.authorities.trust import key_id
from recognition_service.credentials.exchange_message import (
    ExchangeReceipt,
    open_message,
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
from recognition_service.exchange.wire import Body
from recognition_service.mutual_recognition.acts import REQUEST_ACT, ActDesk
from recognition_service.mutual_recognition.agreement_wire import follow_agreement
from recognition_service.mutual_recognition.ask_leader import let_happen
from recognition_service.mutual_recognition.follow import follow
from recognition_service.mutual_recognition.receive_attachment import (
    ATTACHMENT,
    receive_attachment,
)
from recognition_service.mutual_recognition.tell_elsewhere import REQUEST_STATE
from recognition_service.mutual_recognition.tell_parties import AGREEMENT_STATE
from recognition_service.runtime.agreements_desk import AgreementsDesk
from recognition_service.runtime.trust_desk import TrustDesk

After = Callable[[], None]
"""What is done without a transaction once a message was taken in."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A message with its receipt.

    Attributes:
        token: The receipt, signed.
    """

    token: str
    receipt: ExchangeReceipt


def _nothing() -> None:
    """Do nothing more."""


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
            with self.database.reading() as session:
                envelope = open_envelope(session, token, now=now)
        except SenderUnprovenError:
            self._want_list(token)
            raise
        outcome = self._take(envelope, content)
        with self.database.reading() as session:
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
                after = self._dispatch(session, envelope, desk, content)
        except UnavailableError:
            raise
        except MessageRefusedError as error:
            refusal = refusal_of(error.reason, str(error), may_retry=error.may_retry)
        except RecognitionError as error:
            refusal = refusal_of(error.code, str(error))
        else:
            after()
            return received()
        if not refusal.may_retry:
            with self.database.transaction() as session:
                keep_refusal(session, envelope, refusal, now=now)
        return refusal

    def _dispatch(
        self,
        session: Session,
        envelope: Envelope,
        desk: ActDesk,
        content: bytes | None,
    ) -> After:
        """Do what a message asks, and return what is to be done after the commit.

        Raises:
            MessageRefusedError: Its type is not known here.
            RecognitionError: It cannot be done.
        """
        now, edition = self.now(), desk.service.edition
        match envelope.message.type:
            case kind if kind == REQUEST_STATE:
                follow(session, envelope, edition, now=now)
                return _nothing
            case kind if kind == REQUEST_ACT:
                intents = let_happen(session, envelope, desk, now=now)
                actor = f"authority:{envelope.sender}"
                finish = partial(self.finish_if_possible, intents, actor=actor)
                return partial(self._after_act, finish, envelope.recipient)
            case kind if kind == AGREEMENT_STATE:
                publisher = desk.publisher
                parties = follow_agreement(session, envelope, publisher, now=now)
                return partial(self._publish, parties)
            case kind if kind == ATTACHMENT:
                self._take_attachment(session, envelope, content)
                return _nothing
            case kind:
                raise MessageRefusedError("type_unknown", f"{kind} is not known here.")

    def _take_attachment(
        self, session: Session, envelope: Envelope, content: bytes | None
    ) -> None:
        digest = Body(dict(envelope.message.body), "digest").text("digest")
        if content is None or list(envelope.message.attachments) != [digest]:
            raise MessageRefusedError(
                "attachment_missing", "The bytes of the document did not come along."
            )
        sender = get_authority(session, envelope.sender)
        receive_attachment(
            session,
            Caller.elsewhere(sender, envelope.message.jti),
            envelope.message.conversation,
            digest,
            content,
            now=self.now(),
        )

    def _after_act(self, finish: After, authority_id: str) -> None:
        """Sign what follows from an act of the other side, and what it published."""
        finish()
        self._publish([authority_id])

    def _desk_for(self, envelope: Envelope) -> ActDesk:
        """Return what the message may need; tables are read without a transaction."""
        forwarded_to = envelope.recipient
        given = envelope.message.body.get("given")
        if isinstance(given, dict) and isinstance(given.get("to"), str):
            with self.database.reading() as session:
                forwarded_to = local_name(session, given["to"]) or forwarded_to
        return self._act_desk(envelope.recipient, forwarded_to)

    def _want_list(self, token: bytes) -> None:
        """Note that a newer trust list of an installation is needed."""
        issuer = open_message(token).message.sender
        with self.database.transaction() as session:
            peer = peer_of_issuer(session, issuer)
            if peer is not None and peer.wanted_at is None:
                peer.wanted_at = self.now()
