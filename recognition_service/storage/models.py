"""Rows that every room leaves behind: audit, outbox, idempotency, numbers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, OwnedByAuthority, TenantRow


class AuditEntry(TenantRow, Base):
    """What somebody changed; written in the transaction of the change, never again.

    Attributes:
        digest: SHA-256 over the canonical content of the entry, base64url.
        actor: Principal as "person:<id>" or "system:<id>", or "service".
        subject: What was changed, as "<kind>/<id>".
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_action", "action"),)

    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(60))


class AuditPending(TenantRow, Base):
    """That the entry of the same id waits for its place in the chain."""

    __tablename__ = "audit_pending"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "id"], ["audit_entry.authority_id", "audit_entry.id"]
        ),
    )


class AuditSeal(OwnedByAuthority, Base):
    """Place of an audit entry in its authority's chain.

    Attributes:
        position: Counted from 1 without gaps.
        chain_digest: SHA-256 over the previous chain digest and the entry's digest.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "entry_id"], ["audit_entry.authority_id", "audit_entry.id"]
        ),
        Index("ix_audit_seal_entry", "authority_id", "entry_id", unique=True),
    )

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    entry_id: Mapped[UUID]
    chain_digest: Mapped[str] = mapped_column(String(60))


class AuditCheckpoint(OwnedByAuthority, Base):
    """A signed statement of how long a chain was and how it ended at an instant."""

    __tablename__ = "audit_checkpoint"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    chain_digest: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    token: Mapped[str] = mapped_column(Text)


class OutboxMessage(TenantRow, Base):
    """Something to be done after the commit, at least once.

    Attributes:
        status: "waiting", "running", "done" or "failed" (given up for good).
        due_at: Not to be tried before this instant.
        attempts: How often it was begun.
        lease_until: A running message whose lease has passed is tried again.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_due", "status", "due_at"),)

    kind: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class IdempotentRequest(OwnedByAuthority, Base):
    """The answer that a repeated request with the same key gets again.

    Attributes:
        fingerprint: SHA-256 over method, path and body.
        status_code: None while the first request is still running.
    """

    __tablename__ = "idempotent_request"
    __table_args__ = (Index("ix_idempotent_request_expires_at", "expires_at"),)

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    status_code: Mapped[int | None] = mapped_column(Integer)
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class NumberSeries(OwnedByAuthority, Base):
    """The last number given out in a series such as "REC-2026"."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class Setting(Base):
    """A fact about the installation, fixed when it was created."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
