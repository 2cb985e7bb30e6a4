"""Rows of the exchange with other installations: what goes out, and what came in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, OwnedByAuthority, TenantRow


class OutgoingMessage(TenantRow, Base):
    """A message of an authority of ours to one in another installation.

    Attributes:
        peer: Name of the other installation.
        recipient: What who is written to is called here.
        conversation: What it belongs to.
        sequence: Number in the conversation between the two, from 1 without gaps.
        type: Such as "mutual_request.state".
        body: As it is signed; empty once it was received, unless it is an act: what
            follows is compared with it.
        attachments: Digests of documents whose bytes go beside it.
        jti: The same whenever it is sent again.
        actor: Whose act it tells, as the audit names people; never sent.
        state: See `delivery.State`.
        due_at: Not to be sent before.
        attempts: How often it was tried.
        failing_since: When the first of the attempts failed that did not help, or None.
        answered_at: When the receipt came.
        receipt: The receipt as it came.
        code: Why it was refused, or the last failure; None for neither.
        is_settled: Whether what was asked by it has been done or refused, so that
            nothing is pending any more.
        is_lasting: Whether it is tried until it is answered, however long that takes;
            its body is forgotten with any answer.
    """

    __tablename__ = "outgoing_message"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        ForeignKeyConstraint(["peer"], ["peer.name"]),
        UniqueConstraint("authority_id", "recipient", "conversation", "sequence"),
        Index("ix_outgoing_message_due", "state", "due_at"),
        Index("ix_outgoing_message_conversation", "authority_id", "conversation"),
    )

    peer: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(64))
    conversation: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, Any]]
    attachments: Mapped[list[str]]
    jti: Mapped[str] = mapped_column(String(60))
    actor: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer)
    failing_since: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(String(60))
    is_settled: Mapped[bool] = mapped_column(Boolean)
    is_lasting: Mapped[bool] = mapped_column(Boolean, default=False)


class ReceivedMessage(OwnedByAuthority, Base):
    """A message that came from another installation, and what it was answered.

    Attributes:
        authority_id: Ours, to whom it is addressed.
        sender: What who wrote is called here.
        jti: Its name; together with the sender it is unique.
        id: Where it stands in lists: ids of later ones are greater.
        digest: See `ExchangeMessage.digest`.
        status: "received", or "refused" for good.
        code: Why it was refused.
    """

    __tablename__ = "received_message"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        Index("ix_received_message_id", "authority_id", "id"),
        Index(
            "ix_received_message_sequence",
            *("authority_id", "sender", "conversation", "sequence"),
        ),
    )

    sender: Mapped[str] = mapped_column(String(64), primary_key=True)
    jti: Mapped[str] = mapped_column(String(120), primary_key=True)
    id: Mapped[UUID]
    conversation: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(60))
    received_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10))
    code: Mapped[str | None] = mapped_column(String(60))
    detail: Mapped[str | None] = mapped_column(String(500))
