"""Delivering messages: which are due, what is signed, and what the receipt says.

Like issuing, delivering is done in steps: what is due is read, it is signed and sent
without a transaction, and what came back is recorded. Whoever dies in between sends the
same message again, under the same name, and gets the same answer.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, case, exists, null, or_, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from recognition_service.authorities.elsewhere import home_name
from recognition_service.authorities.keys import active_key
from recognition_service.authorities.models import Peer
from recognition_service.authorities.peers import get_correspondent, wire_name
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.credentials.errors import MalformedInputError
from recognition_service.credentials.exchange_message import (
    LIFE,
    REFUSED,
    ExchangeMessage,
    ExchangeReceipt,
    open_receipt,
)
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.exchange.errors import ReceiptInvalidError
from recognition_service.exchange.models import OutgoingMessage
from recognition_service.exchange.post import State
from recognition_service.storage import audit
from recognition_service.storage.prepared import Glance, Prepared
from recognition_service.verification.message_sender import check_sender

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=30)
_MOST_DOUBLINGS = 12
_ACT = "act"
_LONGEST_CODE = 60
_TO_SEND = (
    *("peer", "recipient", "jti", "conversation", "sequence", "type", "body"),
    "attachments",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is due.

    Attributes:
        peer: Name of the other installation.
        url: Where it is sent to.
        thumbprint: Names the key in the key store.
        kid: Names the key in the world.
    """

    authority_id: str
    id: UUID
    peer: str
    url: str
    thumbprint: str
    kid: str
    message: ExchangeMessage


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered.

    Attributes:
        status: Of HTTP.
        body: At most as long as a receipt may be.
    """

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of sending a message.

    Attributes:
        receipt: What the other side says, proven; None: nothing that proves anything.
        token: The receipt as it came, else "".
        code: Why there is no receipt, else "".
    """

    draft: Draft
    at: datetime
    receipt: ExchangeReceipt | None = None
    token: str = ""
    code: str = ""


Transport = Callable[[str, bytes, Mapping[str, str]], Reply]
"""Posts a body with headers to a URL.

Raises:
    RecognitionError: Nobody can be reached there, or nobody may be asked.
"""


class Due(NamedTuple):
    """A message that is due.

    Attributes:
        attempts: How often it was tried in vain.
    """

    peer: str
    authority_id: str
    id: UUID
    attempts: int


def due_messages(session: Session, *, now: datetime, most: int) -> list[Due]:
    """Return the messages that are due, the oldest first, one of each conversation.

    Of a conversation the first that has no receipt is sent; the others wait for it.
    """
    earlier = aliased(OutgoingMessage)
    found = session.execute(
        select(*(getattr(OutgoingMessage, name) for name in Due._fields))
        .join(Peer, Peer.name == OutgoingMessage.peer)
        .where(
            OutgoingMessage.state == State.WAITING,
            OutgoingMessage.due_at <= now,
            Peer.ended_at.is_(None),
            ~exists().where(
                earlier.authority_id == OutgoingMessage.authority_id,
                earlier.recipient == OutgoingMessage.recipient,
                earlier.conversation == OutgoingMessage.conversation,
                earlier.sequence < OutgoingMessage.sequence,
                earlier.state == State.WAITING,
            ),
        )
        .order_by(OutgoingMessage.due_at, OutgoingMessage.id)
        .limit(most)
    )
    return [Due(*row) for row in found]


_MESSAGE = Prepared(
    lambda _: (
        select(Peer.url, *(getattr(OutgoingMessage, name) for name in _TO_SEND))
        .join(Peer, Peer.name == OutgoingMessage.peer)
        .where(
            OutgoingMessage.authority_id == bindparam("authority_id"),
            OutgoingMessage.id == bindparam("id"),
        )
    )
)
_RECEIVED = Prepared(
    lambda _: (
        update(OutgoingMessage)
        .where(
            OutgoingMessage.authority_id == bindparam("of"),
            OutgoingMessage.id == bindparam("named"),
            OutgoingMessage.state == State.WAITING.value,
        )
        .values(
            state=State.RECEIVED.value,
            attempts=OutgoingMessage.attempts + 1,
            receipt=bindparam("token"),
            body=case(
                (
                    or_(OutgoingMessage.is_settled, OutgoingMessage.is_lasting),
                    bindparam("kept", type_=OutgoingMessage.__table__.c.body.type),
                ),
                else_=OutgoingMessage.body,
            ),
            answered_at=bindparam("now"),
            code=null(),
            failing_since=null(),
        )
    )
)


def draft_message(
    session: Session | Glance, authority_id: str, message_id: UUID, *, now: datetime
) -> Draft:
    """Read what is to be signed and sent.

    Raises:
        NoActiveKeyError: The authority has no key for exchanges.
    """
    row = _MESSAGE.first(session, authority_id=authority_id, id=message_id)
    if row is None:
        raise NoResultFound
    url, peer, recipient, jti, conversation, sequence, kind, body, attachments = row
    key = active_key(session, authority_id, KeyPurpose.EXCHANGE, now)
    sender = wire_name(session, authority_id)
    return Draft(
        authority_id,
        message_id,
        peer,
        url,
        key.thumbprint,
        key_id(sender, key.thumbprint),
        ExchangeMessage(
            sender=sender,
            recipient=issuer_url(url, home_name(recipient).authority),
            jti=jti,
            issued_at=now,
            expires_at=now + LIFE,
            conversation=conversation,
            sequence=sequence,
            type=kind,
            body=body,
            attachments=tuple(attachments),
        ),
    )


def read_receipt(
    session: Session | Glance, draft: Draft, token: bytes, *, now: datetime
) -> ExchangeReceipt:
    """Return the receipt for a message, once it is proven to be one.

    Raises:
        ReceiptInvalidError: It is none, one for another message, or signed by somebody
            else.
    """
    sent = draft.message
    try:
        opened = open_receipt(token)
    except MalformedInputError as error:
        raise ReceiptInvalidError(f"The answer is no receipt: {error.reason}.") from (
            error
        )
    receipt = opened.receipt
    about = (receipt.message, receipt.digest, receipt.conversation, receipt.sequence)
    if (receipt.sender, receipt.recipient) != (sent.recipient, sent.sender) or (
        about != (sent.jti, sent.digest, sent.conversation, sent.sequence)
    ):
        raise ReceiptInvalidError("The receipt is for another message.")
    trust = get_correspondent(session, draft.peer).trust
    if trust is None:
        raise ReceiptInvalidError("No trust list tells who signs receipts there.")
    # An old list proves an old key; only whether trust has ended is not known.
    fault = check_sender(
        opened.jws,
        opened.kid,
        receipt.sender,
        KeyPurpose.RECEIPTS,
        replace(trust, fresh_until=max(trust.fresh_until, now)),
        signed_at=receipt.issued_at,
        now=now,
    )
    if fault is not None:
        raise ReceiptInvalidError(f"The receipt is not believed: {fault}.")
    return receipt


def record_answers(session: Session, answers: Iterable[Answer]) -> None:
    """Keep what came of sending messages. The caller owns the transaction.

    What may be taken later, or could not be delivered, is tried again; what was refused
    for good stays visible, and what it would have changed is not pending any more. The
    body of what nobody needs any more is forgotten.
    """
    # Two workers that have sent the same messages lock their rows in one order.
    in_order = sorted(
        answers, key=lambda each: (each.draft.authority_id, each.draft.id)
    )
    received = []
    for answer in in_order:
        draft, receipt = answer.draft, answer.receipt
        if receipt is None:
            _record_failure(session, answer)
        elif receipt.status == REFUSED:
            _record_refusal(session, answer, receipt)
        else:
            received.append(
                {
                    "of": draft.authority_id,
                    "named": draft.id,
                    "token": answer.token,
                    "now": answer.at,
                    "kept": _kept(draft.message.body),
                }
            )
    _RECEIVED.run_many(session, received)


def _kept(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is kept of a body that was received: all of an act, else nothing.

    What follows from an act is compared with it for as long as the conversation lasts.
    """
    return body if _ACT in body else {}


def _record_refusal(session: Session, answer: Answer, receipt: ExchangeReceipt) -> None:
    row, now = _locked(session, answer.draft), answer.at
    if row.state != State.WAITING:
        return
    if receipt.may_retry:
        _put_off(row, receipt.code or REFUSED, now)
        return
    row.state, row.is_settled, row.failing_since = State.REFUSED, True, None
    row.attempts += 1
    row.receipt, row.answered_at, row.code = answer.token, now, receipt.code
    if row.is_lasting:
        row.body = {}
    audit.append(
        session,
        row.authority_id,
        actor="service",
        action="exchange.refused",
        subject=f"exchange/{row.conversation}",
        content={"message": row.jti, "type": row.type, "code": receipt.code},
        now=now,
    )


def _record_failure(session: Session, answer: Answer) -> None:
    row = _locked(session, answer.draft)
    if row.state == State.WAITING:
        _put_off(row, answer.code, answer.at)


def put_off_others(session: Session, due: Due) -> None:
    """Let all other messages to an installation wait as long as one that was put off.

    The caller owns the transaction. Who does not answer is asked with one message, not
    with all that wait.
    """
    until = session.scalar(
        select(OutgoingMessage.due_at).where(
            OutgoingMessage.authority_id == due.authority_id,
            OutgoingMessage.id == due.id,
        )
    )
    session.execute(
        update(OutgoingMessage)
        .where(
            OutgoingMessage.peer == due.peer,
            OutgoingMessage.state == State.WAITING,
            OutgoingMessage.due_at < until,
        )
        .values(due_at=until)
    )


def _put_off(row: OutgoingMessage, code: str, now: datetime) -> None:
    """Try a message again later.

    The delay doubles from five seconds to an hour; after thirty days it is given up,
    and stays visible.
    """
    row.attempts += 1
    row.code = code[:_LONGEST_CODE]
    row.failing_since = row.failing_since or now
    if now - row.failing_since >= GIVEN_UP_AFTER and not row.is_lasting:
        row.state, row.is_settled = State.EXPIRED, True
        return
    doubled = FIRST_DELAY * 2 ** min(row.attempts - 1, _MOST_DOUBLINGS)
    row.due_at = now + min(doubled, LONGEST_DELAY)


def _locked(session: Session, draft: Draft) -> OutgoingMessage:
    return session.get_one(
        OutgoingMessage,
        (draft.authority_id, draft.id),
        with_for_update=True,
        populate_existing=True,
    )
