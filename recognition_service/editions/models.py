"""Rows of editions. They are inserted once and kept for ever.

A row of a table is stored once, however many editions contain it. A base edition
lists all its rows; an authority's overlay lists only those that it replaces, adds
or withdraws.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, OwnedByAuthority, TenantRow


class TableRow(Base):
    """A row of an equivalence table in its canonical form.

    Attributes:
        digest: SHA-256 over the canonical form of table name and content.
        content: Column to text, empty cells left out; a regime is its whole tree.
    """

    __tablename__ = "table_row"

    digest: Mapped[str] = mapped_column(String(60), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]


class Edition(OwnedByAuthority, Base):
    """An edition: the shipped base of "platform", or an authority's overlay.

    Attributes:
        digest: Over its description and the digests of all its rows.
        base_digest: For an overlay, the base that it was made for.
        label: Such as "2026-11-22".
        signature: JWS of its owner over its digest; None: not signed yet.
    """

    __tablename__ = "edition"

    digest: Mapped[str] = mapped_column(String(60), primary_key=True)
    base_digest: Mapped[str | None] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(60))
    dated: Mapped[date]
    title: Mapped[str] = mapped_column(Text)
    changes: Mapped[list[str]]
    loaded_at: Mapped[datetime]
    signature: Mapped[str | None] = mapped_column(Text)


class EditionRow(OwnedByAuthority, Base):
    """That an edition contains a row, or, in an overlay, withdraws it.

    Attributes:
        row_digest: None: the overlay withdraws the base's row of this id.
    """

    __tablename__ = "edition_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "edition_digest"],
            ["edition.authority_id", "edition.digest"],
        ),
    )

    edition_digest: Mapped[str] = mapped_column(String(60), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(60), primary_key=True)
    row_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    row_digest: Mapped[str | None] = mapped_column(ForeignKey("table_row.digest"))


class CurrentEdition(OwnedByAuthority, Base):
    """The edition that an owner's questions are answered from now."""

    __tablename__ = "current_edition"

    edition_digest: Mapped[str] = mapped_column(String(60))
    since: Mapped[datetime]


class QualificationTitle(Base):
    """A title of the current base edition, by which a qualification is found.

    Attributes:
        key: Words in plain ASCII, see `frameworks.titles`.
    """

    __tablename__ = "qualification_title"
    __table_args__ = (Index("ix_qualification_title_key", "key"),)

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    qualification_id: Mapped[str] = mapped_column(String(200))
    jurisdiction: Mapped[str] = mapped_column(String(16))
    framework: Mapped[str | None] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)


class TableDraft(TenantRow, Base):
    """Changes of an authority's own rows that wait for a second person.

    Attributes:
        state: See `drafts.DraftState`.
        told: What changes, in sentences.
        changes: Each {table, id, content}; content None withdraws the row.
        ended_by: Who approved or abandoned it.
        edition_digest: What came of it, once it was published.
        version: Counts changes, for `ETag`.
    """

    __tablename__ = "table_draft"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        Index("ix_table_draft_state", "authority_id", "state", "id"),
    )

    state: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(Text)
    told: Mapped[list[str]]
    changes: Mapped[list[Any]]
    drafted_by: Mapped[str] = mapped_column(String(120))
    drafted_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(120))
    ended_at: Mapped[datetime | None]
    edition_digest: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
