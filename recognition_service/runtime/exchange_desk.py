"""Messages to other installations: signed, sent, and what their receipts say."""

from collections.abc import Mapping, Sequence

from recognition_service.attestations.errors import ListRefusedError
from recognition_service.attestations.lists_elsewhere import forget_lists, keep_list
from recognition_service.authorities.issuers_elsewhere import (
    IssuerElsewhere,
    issuers_elsewhere,
)
from recognition_service.authorities.models import Peer
from recognition_service.authorities.peers import (
    accept_peer_list,
    all_peers,
    get_peer,
)
from recognition_service.credentials.exchange_message import sign_message
from recognition_service.errors import RecognitionError
from recognition_service.exchange.deliver import (
    Answer,
    Draft,
    Due,
    Reply,
    Transport,
    draft_message,
    due_messages,
    put_off_others,
    read_receipt,
    record_answers,
)
from recognition_service.exchange.errors import ReceiptInvalidError
from recognition_service.mutual_recognition.receive_attachment import (
    received_attachment,
)
from recognition_service.runtime.incoming_desk import IncomingDesk

JWT = "application/jwt"
MESSAGE_HEADER = "Recognition-Message"
EXCHANGE_PATH, ATTACHMENTS_PATH = "/exchange", "/exchange/attachments"
_ANSWERED = range(200, 500)
_LONGEST_PROBLEM = 200


class ExchangeDesk(IncomingDesk):
    """Speaks with other installations; no transaction is open while it does."""

    def due_messages(self, most: int) -> list[Due]:
        """Return messages that are to be sent now, the oldest first."""
        with self.database.reading() as session:
            return due_messages(session, now=self.now(), most=most)

    def put_off_messages(self, due: Due) -> None:
        """Let all messages to an installation wait as long as one that was put off."""
        with self.database.transaction() as session:
            put_off_others(session, due)

    def send_message(self, due: Due, transport: Transport) -> bool:
        """Sign a message, send it, and keep what is answered.

        Returns:
            Whether there is a receipt; otherwise it is tried again later.
        """
        answer = self.try_message(due, transport)
        self.keep_answers([answer])
        return answer.receipt is not None

    def keep_answers(self, answers: Sequence[Answer]) -> None:
        """Keep what came of sending messages, all together or nothing.

        A message whose answer is not kept is sent again, and gets the same receipt.
        """
        with self.database.transaction() as session:
            record_answers(session, answers)

    def try_message(self, due: Due, transport: Transport) -> Answer:
        """Sign a message and send it; what came of it is to be kept."""
        now = self.now()
        with self.database.glance() as session:
            draft = draft_message(session, due.authority_id, due.id, now=now)
        try:
            token = sign_message(
                draft.message, self._keys.signer(draft.thumbprint, draft.kid)
            )
            reply = self._deliver(draft, token, transport)
            return self._read(draft, reply)
        except RecognitionError as error:
            return Answer(draft, self.now(), code=error.code)

    def accept_peer_list(self, name: str, tokens: Sequence[str]) -> bool:
        """Take over the trust list of another installation; tell whether it is new.

        Raises:
            PeerNotFoundError: There is no such installation.
            PeerListRefusedError: The list is not believed.
        """
        try:
            with self.database.transaction() as session:
                return accept_peer_list(session, name, tokens, now=self.now())
        except RecognitionError as error:
            self.note_peer_problem(name, str(error))
            raise

    def note_peer_problem(self, name: str, problem: str) -> None:
        """Keep why there is no newer trust list of another installation."""
        with self.database.transaction() as session:
            peer = get_peer(session, name)
            peer.asked_at, peer.problem = self.now(), problem[:_LONGEST_PROBLEM]

    def issuers_elsewhere(self) -> list[IssuerElsewhere]:
        """Return the issuers of the other installations as they stand now."""
        with self.database.reading() as session:
            return list(issuers_elsewhere(session, now=self.now()))

    def keep_lists_elsewhere(
        self, of: IssuerElsewhere, lists: Mapping[str, str | None]
    ) -> None:
        """Keep the status lists of an issuer of another installation.

        Args:
            of: The issuer.
            lists: All that it publishes, by address; None: could not be fetched now.

        Raises:
            ListRefusedError: One is not believed; the others are kept.
        """
        refused: ListRefusedError | None = None
        with self.database.transaction() as session:
            forget_lists(session, of.issuer.id, lists)
            for uri, token in lists.items():
                try:
                    if token is not None:
                        keep_list(session, of, uri, token, now=self.now())
                except ListRefusedError as error:
                    refused = error
        if refused is not None:
            raise refused

    def peers(self) -> list[Peer]:
        """Return the other installations as they stand now."""
        with self.database.reading() as session:
            return all_peers(session)

    def _deliver(self, draft: Draft, token: str, transport: Transport) -> Reply:
        if not draft.message.attachments:
            headers = {"Content-Type": JWT}
            return transport(draft.url + EXCHANGE_PATH, token.encode(), headers)
        (digest,) = draft.message.attachments
        with self.database.reading() as session:
            document = received_attachment(
                session, draft.authority_id, draft.message.conversation, digest
            )
        headers = {
            "Content-Type": "application/octet-stream",
            MESSAGE_HEADER: token,
        }
        return transport(draft.url + ATTACHMENTS_PATH, document.content, headers)

    def _read(self, draft: Draft, reply: Reply) -> Answer:
        """Return what the other side says.

        Raises:
            ReceiptInvalidError: It says nothing that proves anything.
        """
        if reply.status not in _ANSWERED:
            raise ReceiptInvalidError(f"The other side answers {reply.status}.")
        now = self.now()
        with self.database.glance() as session:
            receipt = read_receipt(session, draft, reply.body, now=now)
        return Answer(draft, now, receipt, reply.body.decode("ascii"))
