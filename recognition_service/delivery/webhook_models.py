"""Rows of webhooks: where they go, what was sent, and how each attempt ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, TenantRow


class WebhookEndpoint(TenantRow, Base):
    """An address of an authority to which its events are sent.

    Attributes:
        event_types: What is sent; an empty list: every type.
        state: An `EndpointState`.
        disabled_because: A `DisablingReason`, or None.
        secret: What signs; as the receiver has it, since the same bytes sign.
        previous_secret: What signs too until `previous_until`, or None.
        position: Place in the authority's audit chain up to which events were made.
        failing_since: First failure since the last success, or None.
        resting_until: Nothing is sent before, or None.
        served_at: When deliveries were taken last, so that endpoints take turns.
        version: Counts changes by people, for `ETag`.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        Index("ix_webhook_endpoint_state", "state"),
    )

    url: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    event_types: Mapped[list[str]]
    state: Mapped[str] = mapped_column(String(10))
    disabled_because: Mapped[str | None] = mapped_column(String(20))
    disabled_at: Mapped[datetime | None]
    secret: Mapped[str] = mapped_column(String(120))
    previous_secret: Mapped[str | None] = mapped_column(String(120))
    previous_until: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(BigInteger)
    failing_since: Mapped[datetime | None]
    resting_until: Mapped[datetime | None]
    served_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(Integer)


class WebhookDelivery(TenantRow, Base):
    """One event for one endpoint.

    Attributes:
        event_id: The same for every attempt and every endpoint.
        event_at: When it happened.
        body: The text exactly as it is sent.
        state: A `DeliveryState`.
        tries: Attempts since it was first due, or was replayed.
        attempts: All attempts that were begun.
        next_at: When it is due; None: it is over.
        lease_until: A worker is sending it until then; later, another one may.
        last_status: What the receiver answered last; None: nothing yet.
        last_error: Why there was no answer, as a code, or None.
        finished_at: When it was delivered or given up.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "endpoint_id"],
            ["webhook_endpoint.authority_id", "webhook_endpoint.id"],
        ),
        UniqueConstraint("authority_id", "endpoint_id", "event_id"),
        Index("ix_webhook_delivery_next", "authority_id", "endpoint_id", "next_at"),
        Index("ix_webhook_delivery_due", "next_at"),
        Index("ix_webhook_delivery_finished", "finished_at"),
    )

    endpoint_id: Mapped[UUID]
    event_id: Mapped[str] = mapped_column(String(40))
    event_type: Mapped[str] = mapped_column(String(60))
    event_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(Integer)
    attempts: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    last_status: Mapped[int | None] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class WebhookAttempt(TenantRow, Base):
    """How one attempt to deliver ended; of each delivery the last ones are kept.

    Attributes:
        number: Counted from 1 over the life of the delivery.
        status: What the receiver answered; None: nothing.
        error: Why there was no answer, as a code, or None.
    """

    __tablename__ = "webhook_attempt"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "delivery_id"],
            ["webhook_delivery.authority_id", "webhook_delivery.id"],
        ),
        Index("ix_webhook_attempt_delivery", "authority_id", "delivery_id", "number"),
    )

    delivery_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(String(40))
    duration_ms: Mapped[int] = mapped_column(Integer)
