"""Putting a message in the post, in the transaction of what it tells."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import home_name
from recognition_service.exchange.models import OutgoingMessage
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Prepared

_JTI_BYTES = 16
_MOST_AT_ONCE = 500
_LAST = Prepared(
    lambda _: select(func.max(OutgoingMessage.sequence)).where(
        OutgoingMessage.authority_id == bindparam("authority_id"),
        OutgoingMessage.recipient == bindparam("recipient"),
        OutgoingMessage.conversation == bindparam("conversation"),
    )
)
_SETTLE = Prepared(
    lambda _: (
        update(OutgoingMessage)
        .where(
            OutgoingMessage.authority_id == bindparam("_of"),
            OutgoingMessage.conversation == bindparam("_about"),
            OutgoingMessage.jti == bindparam("_named"),
        )
        .values(is_settled=True)
        .returning(OutgoingMessage.actor)
    )
)


class State(StrEnum):
    """What has become of a message that goes out."""

    WAITING = "waiting"
    RECEIVED = "received"
    REFUSED = "refused"
    EXPIRED = "expired"


def new_jti() -> str:
    """Return a random name for a message."""
    return secrets.token_urlsafe(_JTI_BYTES)


def post(
    session: Session,
    sender: str,
    recipient: str,
    conversation: UUID,
    *,
    type: str,  # noqa: A002  # the name of the claim
    body: Mapping[str, Any],
    attachments: Sequence[str] = (),
    actor: str,
    is_settled: bool = True,
    is_lasting: bool = False,
    jti: str | None = None,
    now: datetime,
) -> OutgoingMessage:
    """Have a message delivered to an authority in another installation.

    The caller owns the transaction, and holds a lock on what the conversation is about,
    so that nobody else numbers a message of it at the same time.

    Args:
        session: A writing session.
        sender: The authority of ours that speaks.
        recipient: What the other one is called here.
        conversation: What it belongs to; messages of one are delivered in their order.
        type: What it is.
        body: A JSON value.
        attachments: Digests of documents whose bytes go beside it.
        actor: Whose act it tells.
        is_settled: False where something is pending until the other side has answered.
        is_lasting: Whether it is tried until it is answered, and forgotten then.
        jti: Its name; a new one if None.
        now: The instant.
    """
    row = _LAST.first(
        session, authority_id=sender, recipient=recipient, conversation=conversation
    )
    last = (row and row[0]) or 0
    message = OutgoingMessage(
        authority_id=sender,
        id=new_id(now),
        peer=home_name(recipient).peer,
        recipient=recipient,
        conversation=conversation,
        sequence=last + 1,
        type=type,
        body=dict(body),
        attachments=list(attachments),
        jti=jti or new_jti(),
        actor=actor,
        state=State.WAITING,
        created_at=now,
        due_at=now,
        attempts=0,
        is_settled=is_settled,
        is_lasting=is_lasting,
    )
    session.add(message)
    session.flush()
    return message


def pending_of(
    session: Session, authority_id: str, conversation: UUID
) -> OutgoingMessage | None:
    """Return the act of an authority that the other side has not confirmed, or None."""
    return session.scalars(
        select(OutgoingMessage)
        .where(
            OutgoingMessage.authority_id == authority_id,
            OutgoingMessage.conversation == conversation,
            OutgoingMessage.is_settled.is_(False),
        )
        .order_by(OutgoingMessage.sequence)
    ).first()


def last_refused(
    session: Session, authority_id: str, conversation: UUID
) -> OutgoingMessage | None:
    """Return the last message of an authority in a conversation if it was refused."""
    last = session.scalars(
        select(OutgoingMessage)
        .where(
            OutgoingMessage.authority_id == authority_id,
            OutgoingMessage.conversation == conversation,
        )
        .order_by(OutgoingMessage.sequence.desc())
        .limit(1)
    ).first()
    return last if last is not None and last.state == State.REFUSED else None


def find_sent(session: Session, authority_id: str, jti: str) -> OutgoingMessage | None:
    """Return the message of this name that an authority has sent, or None."""
    return session.scalars(
        select(OutgoingMessage).where(
            OutgoingMessage.authority_id == authority_id, OutgoingMessage.jti == jti
        )
    ).first()


def sent_messages(
    session: Session, authority_id: str, conversation: UUID, *, kind: str
) -> list[OutgoingMessage]:
    """Return what an authority has sent of one type in a conversation, in order."""
    return list(
        session.scalars(
            select(OutgoingMessage)
            .where(
                OutgoingMessage.authority_id == authority_id,
                OutgoingMessage.conversation == conversation,
                OutgoingMessage.type == kind,
            )
            .order_by(OutgoingMessage.sequence)
        )
    )


def settle(session: Session, authority_id: str, conversation: UUID, jti: str) -> str:
    """Note that an act was done on the other side; return whose act it was.

    The caller owns the transaction.

    Returns:
        The actor, or "" where this authority has sent no such message.
    """
    row = _SETTLE.first(session, _of=authority_id, _about=conversation, _named=jti)
    return "" if row is None else str(row[0])


class Told(NamedTuple):
    """That a message went to somebody in a conversation, and what became of it."""

    conversation: UUID
    recipient: str
    state: str


def told_in(
    session: Session, authority_id: str, conversations: Sequence[UUID]
) -> set[Told]:
    """Return whom an authority has told something in conversations."""
    found = set()
    for start in range(0, len(conversations), _MOST_AT_ONCE):
        rows = session.execute(
            select(*(getattr(OutgoingMessage, name) for name in Told._fields))
            .where(
                OutgoingMessage.authority_id == authority_id,
                OutgoingMessage.conversation.in_(
                    conversations[start : start + _MOST_AT_ONCE]
                ),
            )
            .distinct()
        )
        found |= {Told(*row) for row in rows}
    return found


def replace_waiting(
    session: Session, authority_id: str, conversation: UUID, body: Mapping[str, Any]
) -> None:
    """Let what waits in a conversation say something else, under the same numbers.

    The caller owns the transaction. A message that was delivered although no receipt
    has come back is refused then as `contradictory`; those after it are not.
    """
    session.execute(
        update(OutgoingMessage)
        .where(
            OutgoingMessage.authority_id == authority_id,
            OutgoingMessage.conversation == conversation,
            OutgoingMessage.state == State.WAITING,
        )
        .values(body=dict(body))
    )
