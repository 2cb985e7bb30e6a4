"""Rows of attestations, their copies, and the lists that tell their status."""

from datetime import date, datetime
from enum import StrEnum
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
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, OwnedByAuthority, TenantRow


class Status(StrEnum):
    """What an authority says of its attestation now. Expiry is read from dates."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class CopyState(StrEnum):
    """How far a copy has come: reserved, then issued or given up."""

    RESERVED = "reserved"
    ISSUED = "issued"
    VOID = "void"


class Attestation(TenantRow, Base):
    """An authority's signed word about one decision.

    Attributes:
        record: The decision record: `inputs` and `findings`.
        decision_digest: Over the record's canonical form; what is attested.
        validity_until: The decision's last legal day; None: without end.
        version: Counts changes of status, for `ETag`.
    """

    __tablename__ = "attestation"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        UniqueConstraint("authority_id", "decision_id"),
        UniqueConstraint("authority_id", "number"),
    )

    number: Mapped[str] = mapped_column(String(40))
    decision_id: Mapped[UUID]
    request_id: Mapped[UUID | None]
    record: Mapped[dict[str, Any]]
    decision_digest: Mapped[str] = mapped_column(String(60))
    mandate: Mapped[str] = mapped_column(Text)
    validity_from: Mapped[date]
    validity_until: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(12))
    status_reason: Mapped[str | None] = mapped_column(String(40))
    status_since: Mapped[datetime]
    supersedes: Mapped[UUID | None]
    superseded_by: Mapped[UUID | None]
    reserved_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer)


class Copy(TenantRow, Base):
    """One token of an attestation, in one format, with its own place in a list.

    Attributes:
        payload: The exact signed bytes, compressed.
        kid: Name of the key, as in the token's header.
        signature: 64 bytes; None until the copy is sealed.
    """

    __tablename__ = "copy"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "attestation_id"],
            ["attestation.authority_id", "attestation.id"],
        ),
        UniqueConstraint("authority_id", "list_number", "status_index"),
        UniqueConstraint("jti"),
        Index("ix_copy_attestation", "authority_id", "attestation_id"),
        Index("ix_copy_state", "state", "reserved_at"),
    )

    attestation_id: Mapped[UUID]
    format: Mapped[str] = mapped_column(String(20))
    jti: Mapped[str] = mapped_column(String(60))
    list_number: Mapped[int] = mapped_column(Integer)
    status_index: Mapped[int] = mapped_column(Integer)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    payload_digest: Mapped[str] = mapped_column(String(60))
    kid: Mapped[str] = mapped_column(Text)
    algorithm: Mapped[str] = mapped_column(String(10))
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    holder_thumbprint: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    reserved_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class StatusList(OwnedByAuthority, Base):
    """A list that tells the status of up to `size` copies of one authority.

    Attributes:
        wanted_version: Counts the changes that must be published.
        published_version: The changes that `token` contains.
        token: The signed list as served, or None before the first publication.
        paused_at: The operator stopped publishing; the list goes stale.
    """

    __tablename__ = "status_list"
    __table_args__ = (ForeignKeyConstraint(["authority_id"], ["authority.id"]),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    wanted_version: Mapped[int] = mapped_column(BigInteger)
    published_version: Mapped[int] = mapped_column(BigInteger)
    token: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]


class StatusChange(TenantRow, Base):
    """One change of an attestation's status, kept for ever.

    Attributes:
        note: Internal; never published.
    """

    __tablename__ = "status_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "attestation_id"],
            ["attestation.authority_id", "attestation.id"],
        ),
        Index("ix_status_change_attestation", "authority_id", "attestation_id"),
    )

    attestation_id: Mapped[UUID]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(Text)
