"""Taking messages in: whose they are, whether they are the next, and what they get.

A message is taken once, under its name; who sends it again gets the same answer. Of a
conversation messages are taken in their order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, bindparam, func, select
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.found import modes_of
from recognition_service.authorities.keys import ActiveKey, active_key
from recognition_service.authorities.peers import (
    Correspondent,
    correspondent_of,
    local_name,
)
from recognition_service.credentials import jws
from recognition_service.credentials.errors import MalformedInputError
from recognition_service.credentials.exchange_message import (
    RECEIVED,
    REFUSED,
    ExchangeMessage,
    ExchangeReceipt,
    open_message,
)
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.exchange.errors import (
    MessageRefusedError,
    SenderRefusedError,
    SenderUnprovenError,
)
from recognition_service.exchange.models import ReceivedMessage
from recognition_service.exchange.post import new_jti
from recognition_service.exchange.wire import require_plain
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Glance, Prepared
from recognition_service.storage.upsert import insert_on
from recognition_service.verification.message_sender import (
    LEEWAY,
    MAY_PASS,
    SenderFault,
    check_sender,
)
from recognition_service.verification.trust import TrustSnapshot

_LONGEST_DETAIL = 500
_READ_UNPROVEN = 65_536
_COLUMNS = tuple(ReceivedMessage.__table__.c.keys())


def _write_claim(dialect: Dialect) -> Any:
    return (
        insert_on(dialect, ReceivedMessage)
        .values({name: bindparam(name) for name in _COLUMNS})
        .on_conflict_do_nothing()
        .returning(ReceivedMessage.jti)
    )


_CLAIM = Prepared(_write_claim)
_BEFORE = Prepared(
    lambda _: select(
        *(
            getattr(ReceivedMessage, name)
            for name in ("digest", "status", "code", "detail")
        )
    ).where(
        ReceivedMessage.authority_id == bindparam("authority_id"),
        ReceivedMessage.sender == bindparam("sender"),
        ReceivedMessage.jti == bindparam("jti"),
    )
)
_LAST = Prepared(
    lambda _: select(func.max(ReceivedMessage.sequence)).where(
        ReceivedMessage.authority_id == bindparam("authority_id"),
        ReceivedMessage.sender == bindparam("sender"),
        ReceivedMessage.conversation == bindparam("conversation"),
        ReceivedMessage.jti != bindparam("jti"),
    )
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message that its sender has signed.

    Attributes:
        sender: What who wrote is called here.
        recipient: The authority of ours to whom it is addressed.
    """

    message: ExchangeMessage
    sender: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message is answered.

    Attributes:
        code: Why it is refused; None if it was received.
    """

    status: str
    code: str | None = None
    detail: str | None = None
    may_retry: bool = False


def open_envelope(
    session: Session | Glance, token: bytes, *, now: datetime
) -> Envelope:
    """Return the message of a token, once it is proven who has sent it.

    A trust list that does not know the key any more is asked for anew, soon.

    Raises:
        SenderRefusedError: It is no message, of nobody known, or not signed by them.
        SenderUnprovenError: A newer trust list may tell.
    """
    try:
        if len(token) > _READ_UNPROVEN:
            _require_signed(session, token)
        opened = open_message(token)
    except MalformedInputError as error:
        raise SenderRefusedError(error.reason, str(error)) from error
    message = opened.message
    peer, trust = _trust_in(session, message.sender)
    sender = local_name(session, message.sender)
    recipient = local_name(session, message.recipient)
    fault = check_sender(
        opened.jws,
        opened.kid,
        message.sender,
        KeyPurpose.EXCHANGE,
        trust,
        signed_at=message.issued_at,
        now=now,
    )
    if fault in MAY_PASS:
        raise SenderUnprovenError(
            fault, "A newer trust list is needed.", peer=peer.name
        )
    if fault is not None:
        raise SenderRefusedError(fault, f"The message is not believed: {fault}.")
    if recipient is None or is_elsewhere(recipient):
        raise SenderRefusedError("recipient_unknown", "It is addressed to nobody here.")
    if sender is None:
        raise SenderUnprovenError(
            "sender_unreachable", "The sender cannot be asked.", peer=peer.name
        )
    return Envelope(message, sender, recipient)


def _trust_in(
    session: Session | Glance, issuer: str
) -> tuple[Correspondent, TrustSnapshot]:
    """Return the installation of an issuer, and its trust list.

    Raises:
        SenderRefusedError: There is no exchange with it.
        SenderUnprovenError: No trust list of it was accepted yet.
    """
    peer = correspondent_of(session, issuer)
    if peer is None:
        raise SenderRefusedError(
            "sender_unknown", f"There is no exchange with {issuer}."
        )
    trust = peer.trust
    if trust is None:
        raise SenderUnprovenError(
            "trust_missing", "No trust list was accepted yet.", peer=peer.name
        )
    return peer, trust


def _require_signed(session: Session | Glance, token: bytes) -> None:
    """Refuse a large message before it is read, unless a known key has signed it.

    Everybody can send large messages here, and reading one costs much more than looking
    at its signature. All the rest is checked as for small ones.

    Raises:
        MalformedTokenError: It is no token.
        SenderRefusedError: No known key has signed it.
        SenderUnprovenError: A newer trust list may know the key.
    """
    parts = jws.split(token)
    kid = parts.header.get("kid")
    issuer = kid.rpartition("#")[0] if isinstance(kid, str) else ""
    peer, trust = _trust_in(session, issuer)
    known = trust.issuers.get(issuer)
    key = None if known is None else known.key(str(kid))
    if key is None:
        raise SenderUnprovenError(
            SenderFault.KEY_UNKNOWN, "A newer trust list is needed.", peer=peer.name
        )
    if not jws.verify_signature(parts, public_key(key.public_jwk)):
        raise SenderRefusedError(
            SenderFault.BAD_SIGNATURE, "The message is not believed: bad_signature."
        )


def known_outcome(session: Session, envelope: Envelope) -> Outcome | None:
    """Return what a message was answered before, or None for a new one.

    Raises:
        MessageRefusedError: The name was used for another message.
    """
    message = envelope.message
    row = _BEFORE.first(
        session,
        authority_id=envelope.recipient,
        sender=envelope.sender,
        jti=message.jti,
    )
    if row is None:
        return None
    digest, status, code, detail = row
    if digest != message.digest:
        raise MessageRefusedError(
            "contradictory", "Another message came under this name before."
        )
    return Outcome(status, code, detail)


def claim(session: Session, envelope: Envelope, *, now: datetime) -> Outcome | None:
    """Make a message ours, or return what it was answered before.

    The caller owns the transaction and does what the message asks in it; two that get
    the same message at once wait for one another here.

    Raises:
        MessageRefusedError: It is too old, from the future, not the next of its
            conversation, or contradicts what came before.
        BodyUnfitError: A text has signs that nobody sees.
    """
    if not _insert(session, envelope, Outcome(RECEIVED), now):
        return known_outcome(session, envelope)
    _require_time(envelope.message, now)
    _require_mode(session, envelope)
    require_plain(envelope.message.body)
    _require_next(session, envelope)
    return None


def keep_refusal(
    session: Session, envelope: Envelope, refusal: Outcome, *, now: datetime
) -> None:
    """Keep that a message was refused for good. The caller owns the transaction.

    It stays visible, and the next one of the conversation can follow.
    """
    if not _insert(session, envelope, refusal, now):
        return
    audit.append(
        session,
        envelope.recipient,
        actor=f"authority:{envelope.sender}",
        action="exchange.message_refused",
        subject=f"exchange/{envelope.message.conversation}",
        content={
            "message": envelope.message.jti,
            "type": envelope.message.type,
            "code": refusal.code,
        },
        now=now,
    )


def draft_receipt(
    session: Session | Glance, envelope: Envelope, outcome: Outcome, *, now: datetime
) -> tuple[ExchangeReceipt, ActiveKey]:
    """Return the receipt for a message and the key that signs it.

    Raises:
        NoActiveKeyError: The authority has no key for receipts.
    """
    message = envelope.message
    receipt = ExchangeReceipt(
        sender=message.recipient,
        recipient=message.sender,
        jti=new_jti(),
        issued_at=now,
        message=message.jti,
        digest=message.digest,
        conversation=message.conversation,
        sequence=message.sequence,
        status=outcome.status,
        code=outcome.code,
        detail=outcome.detail,
        may_retry=outcome.may_retry,
    )
    key = active_key(session, envelope.recipient, KeyPurpose.RECEIPTS, now)
    return receipt, key


def received() -> Outcome:
    """Return the outcome of a message that was taken in."""
    return Outcome(RECEIVED)


def refusal_of(code: str, detail: str, *, may_retry: bool = False) -> Outcome:
    """Return the outcome that refuses a message."""
    return Outcome(REFUSED, code, detail[:_LONGEST_DETAIL] or None, may_retry)


def _insert(
    session: Session, envelope: Envelope, outcome: Outcome, now: datetime
) -> bool:
    """Insert the row of a message; tell whether there was none before."""
    message = envelope.message
    inserted = _CLAIM.first(
        session,
        authority_id=envelope.recipient,
        sender=envelope.sender,
        jti=message.jti,
        id=new_id(now),
        conversation=message.conversation,
        sequence=message.sequence,
        type=message.type,
        digest=message.digest,
        received_at=now,
        status=outcome.status,
        code=outcome.code,
        detail=outcome.detail,
    )
    return inserted is not None


def _require_time(message: ExchangeMessage, now: datetime) -> None:
    if message.issued_at > now + LEEWAY:
        raise MessageRefusedError(
            "issued_in_future", "It was signed in the future.", may_retry=True
        )
    if message.expires_at + LEEWAY < now:
        raise MessageRefusedError(
            "expired", "It has expired; sign it anew.", may_retry=True
        )


def _require_mode(session: Session, envelope: Envelope) -> None:
    """Refuse that a test authority speaks to a live one, and the other way round."""
    if len(modes_of(session, (envelope.sender, envelope.recipient))) > 1:
        raise MessageRefusedError("other_mode", "One of both is a test authority.")


def _require_next(session: Session, envelope: Envelope) -> None:
    """Refuse a message before its turn, and another one in the place of a known one."""
    message = envelope.message
    row = _LAST.first(
        session,
        authority_id=envelope.recipient,
        sender=envelope.sender,
        conversation=message.conversation,
        jti=message.jti,
    )
    last = (row and row[0]) or 0
    sequence = message.sequence
    if sequence > last + 1:
        raise MessageRefusedError(
            "out_of_order", f"Number {last + 1} comes first.", may_retry=True
        )
    if sequence <= last:
        raise MessageRefusedError(
            "contradictory", f"Number {sequence} was another message."
        )
