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

from recognition_service.attestations.packing import PackedJSON
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


class CopyFormat(StrEnum):
    """The signed forms that an attestation takes."""

    VC_JWT = "vc+jwt"
    SD_JWT_VC = "dc+sd-jwt"
    ENDORSEMENT = "endorsement"


class ListForm(StrEnum):
    """The signed forms that a status list is published in."""

    TSL = "tsl"
    REVOCATION = "revocation"
    SUSPENSION = "suspension"


class ListPurpose(StrEnum):
    """Whose places a status list holds."""

    ATTESTATIONS = "attestations"
    CREDENTIALS = "credentials"


class BatchKind(StrEnum):
    """What a batch does."""

    ISSUE = "issue"
    STATUS = "status"


class Attestation(TenantRow, Base):
    """An authority's signed word about one decision.

    Attributes:
        record: The decision record: `inputs` and `findings`.
        decision_digest: Over the record's canonical form; what is attested.
        validity_until: The decision's last legal day; None: without end.
        base_id: The attestation that it rests on, of `base_authority`; None: of none.
        version: Counts changes of status, for `ETag`.
    """

    __tablename__ = "attestation"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        UniqueConstraint("authority_id", "decision_id"),
        UniqueConstraint("authority_id", "number"),
        Index("ix_attestation_base", "base_authority", "base_id"),
    )

    number: Mapped[str] = mapped_column(String(40))
    decision_id: Mapped[UUID]
    request_id: Mapped[UUID | None]
    record: Mapped[dict[str, Any]] = mapped_column(PackedJSON)
    decision_digest: Mapped[str] = mapped_column(String(60))
    mandate: Mapped[str] = mapped_column(Text)
    validity_from: Mapped[date]
    validity_until: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(12))
    status_reason: Mapped[str | None] = mapped_column(String(40))
    status_since: Mapped[datetime]
    supersedes: Mapped[UUID | None]
    superseded_by: Mapped[UUID | None]
    base_authority: Mapped[str | None] = mapped_column(String(64))
    base_id: Mapped[UUID | None]
    reserved_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer)


class TokenHeader(OwnedByAuthority, Base):
    """The exact protected header of many copies, kept once.

    Attributes:
        digest: Of the encoded header segment, in our spelling of digests.
        segment: The segment as it stands in the tokens.
    """

    __tablename__ = "token_header"

    digest: Mapped[str] = mapped_column(String(60), primary_key=True)
    segment: Mapped[str] = mapped_column(Text)


class Copy(TenantRow, Base):
    """One signed form of an attestation, with its own place in the lists.

    Attributes:
        format: A `CopyFormat`.
        payload: The exact signed bytes, packed.
        disclosures: What the holder may disclose, packed; None in other formats.
        kid: Name of the key, as in the token's header.
        header: Digest of the token's header; None where the format has none.
        signature: 64 bytes; None until the copy is sealed.
        holder_thumbprint: RFC 7638 thumbprint of the key that the copy is bound to.
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
    disclosures: Mapped[bytes | None] = mapped_column(LargeBinary)
    kid: Mapped[str] = mapped_column(Text)
    header: Mapped[str | None] = mapped_column(String(60))
    algorithm: Mapped[str] = mapped_column(String(10))
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    holder_thumbprint: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    reserved_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class StatusList(OwnedByAuthority, Base):
    """The places of up to `size` copies of one authority.

    One list of places is published in several forms at once: a token status list,
    and one bitstring list for each purpose.

    Attributes:
        purpose: A `ListPurpose`.
        taken: How many places were given; none is ever given twice.
        wanted_version: Counts the changes that must be published.
        published_version: The changes that the newest publication contains.
        publications: How often the list was published; numbers the publications.
        paused_at: The operator stopped publishing; the list goes stale.
    """

    __tablename__ = "status_list"
    __table_args__ = (ForeignKeyConstraint(["authority_id"], ["authority.id"]),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    size: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer)
    wanted_version: Mapped[int] = mapped_column(BigInteger)
    published_version: Mapped[int] = mapped_column(BigInteger)
    publications: Mapped[int] = mapped_column(BigInteger)
    published_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]


class StatusEntry(OwnedByAuthority, Base):
    """A place whose value was ever changed; the others are valid.

    Attributes:
        value: As in a token status list: 0 valid, 1 revoked, 2 suspended, 3
            superseded.
        version: The version of the list that brought this value.
    """

    __tablename__ = "status_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "number"],
            ["status_list.authority_id", "status_list.number"],
        ),
        Index("ix_status_entry_version", "authority_id", "number", "version"),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    status_index: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(BigInteger)


class StatusPublication(OwnedByAuthority, Base):
    """A signed list exactly as it was served; kept for ever.

    Attributes:
        sequence: Number of the publication, from 1.
        form: A `ListForm`.
        version: The changes that it contains.
        token: The signed text.
    """

    __tablename__ = "status_publication"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "number"],
            ["status_list.authority_id", "status_list.number"],
        ),
        Index(
            "ix_status_publication_issued",
            "authority_id",
            "number",
            "form",
            "issued_at",
        ),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    form: Mapped[str] = mapped_column(String(12), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    token: Mapped[str] = mapped_column(Text)


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


class IssuedCredential(TenantRow, Base):
    """A credential of another kind that was signed for an authority on demand.

    Only what its status needs is kept, nothing of its contents.

    Attributes:
        credential_id: The `id` of the credential.
    """

    __tablename__ = "issued_credential"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        UniqueConstraint("authority_id", "credential_id"),
        UniqueConstraint("authority_id", "list_number", "status_index"),
    )

    credential_id: Mapped[str] = mapped_column(Text)
    list_number: Mapped[int] = mapped_column(Integer)
    status_index: Mapped[int] = mapped_column(Integer)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(120))


class Batch(TenantRow, Base):
    """Many acts of one kind that one principal asked for at once.

    Attributes:
        kind: A `BatchKind`.
        state: "running" or "finished".
        formats: The formats of the copies that are issued.
        edition: Digests of the edition that the whole batch is decided by.
        total: Number of rows.
    """

    __tablename__ = "batch"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        Index("ix_batch_state", "state"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(120))
    formats: Mapped[list[str]]
    edition: Mapped[dict[str, Any] | None]
    total: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class BatchRow(OwnedByAuthority, Base):
    """One line of a batch and what became of it.

    Attributes:
        position: Number of the line, from 1.
        content: The checked line, packed; None when it is done.
        state: "waiting", "done" or "failed".
        attestation_id: What was issued or changed.
        problem: Why it failed: `code`, `detail`, `errors`.
    """

    __tablename__ = "batch_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "batch_id"], ["batch.authority_id", "batch.id"]
        ),
        Index("ix_batch_row_state", "authority_id", "batch_id", "state", "position"),
    )

    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    attestation_id: Mapped[UUID | None]
    problem: Mapped[dict[str, Any] | None]
