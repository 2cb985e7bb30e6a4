"""Rows of the papers of a case, and of who has read the sensitive ones.

Bytes lie in tables of their own, so that lists stay quick. Sensitive papers have the
same columns in other tables: what reads the papers of a case, for a list or for an
export, never meets them by accident.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.recognition.paper_kinds import CREDENTIAL_TYPES
from recognition_service.storage.base import Base, OwnedByAuthority, TenantRow


def _of_the_request() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["authority_id", "request_id"],
        ["recognition_request.authority_id", "recognition_request.id"],
    )


class Paper(TenantRow):
    """A paper of a case: first described, then received; never edited or deleted.

    Attributes:
        held_position: The held qualification that it is about, counted from 0; None:
            it is about the person.
        file_name: As its sender calls the file, or None.
        size: In bytes.
        digest: SHA-256 of the bytes, "sha256-" and base64url.
        received_at: When the bytes came; None: they did not come yet.
        received_by: Who handed them in, as the audit names them.
        translation_of: The paper of the same case that it translates.
        replaces: The older paper of the same kind in whose place it comes.
        language_proof: Of a certificate of language {language, scale, level,
            valid_until}; None: it was not told.
        grade: How well it is proven to be genuine.
        established_by: Who established the grade; None: nobody looked yet.
        established_how: {person, channel, confirmed_on} of the issuer's confirmation.
        legalisation_details: {number, dated_on, signer, capacity, basis}, or None.
        reason: Why it was rejected.
        note: What else the officer says about that.
        verdict: Of the verification of a digital credential; None: it is none.
        verdict_code: What the verdict rests on.
        verified_issuer: The issuer whom the credential names, or None.
        verified_on: The legal day of the verification.
        erased_at: When the bytes were erased, or None.
    """

    request_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(35))
    held_position: Mapped[int | None] = mapped_column(Integer)
    file_name: Mapped[str | None] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date | None]
    issuer: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(20))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime | None]
    received_by: Mapped[str | None] = mapped_column(String(120))
    translation_of: Mapped[UUID | None]
    replaces: Mapped[UUID | None]
    replaced_by: Mapped[UUID | None]
    language_proof: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )
    grade: Mapped[str] = mapped_column(String(30))
    established_by: Mapped[str | None] = mapped_column(String(120))
    established_on: Mapped[date | None]
    established_how: Mapped[dict[str, Any] | None]
    legalisation: Mapped[str] = mapped_column(String(12))
    legalisation_details: Mapped[dict[str, Any] | None]
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
    verdict: Mapped[str | None] = mapped_column(String(30))
    verdict_code: Mapped[str | None] = mapped_column(String(60))
    verified_issuer: Mapped[str | None] = mapped_column(Text)
    verified_on: Mapped[date | None]
    erased_at: Mapped[datetime | None]

    @property
    def is_credential(self) -> bool:
        """Whether it may be a digital credential, which is verified at once."""
        return self.media_type in CREDENTIAL_TYPES


class CasePaper(Paper, Base):
    """A paper that everybody may read who works on the case."""

    __tablename__ = "case_paper"
    __table_args__ = (
        _of_the_request(),
        Index("ix_case_paper_request", "authority_id", "request_id"),
    )


class CasePaperContent(TenantRow, Base):
    """The bytes of a paper; the id is the paper's."""

    __tablename__ = "case_paper_content"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "id"], ["case_paper.authority_id", "case_paper.id"]
        ),
    )

    content: Mapped[bytes] = mapped_column(LargeBinary)


class SensitivePaper(Paper, Base):
    """A paper about offences, discipline or health, or a translation of one.

    Attributes:
        keep_until: Last day on which the bytes are kept once the case is over.

    Source: Regulation (EU) 2016/679, articles 5(1)(e), 9 and 10.
    """

    __tablename__ = "sensitive_paper"
    __table_args__ = (
        _of_the_request(),
        Index("ix_sensitive_paper_request", "authority_id", "request_id"),
        Index("ix_sensitive_paper_keep_until", "keep_until"),
    )

    keep_until: Mapped[date]


class SensitivePaperContent(TenantRow, Base):
    """The bytes of a sensitive paper; the id is the paper's."""

    __tablename__ = "sensitive_paper_content"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "id"],
            ["sensitive_paper.authority_id", "sensitive_paper.id"],
        ),
    )

    content: Mapped[bytes] = mapped_column(LargeBinary)


class CaseLook(OwnedByAuthority, Base):
    """Somebody of the authority read a case whole; one row an hour and person.

    Attributes:
        reader: As the audit names them.
        hour: Hours since 1970, UTC.
        roles: Which they had, in order, with blanks between.
        at: When they read it first in this hour.
    """

    __tablename__ = "case_look"
    __table_args__ = (_of_the_request(),)

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    reader: Mapped[str] = mapped_column(String(120), primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True)
    roles: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class CaseReading(TenantRow, Base):
    """Somebody read what is sensitive in a case; never changed.

    Attributes:
        paper_id: The paper, or None where something else of the case was read.
        reader: As the audit names them.
        purpose: A word, such as "assessment".
    """

    __tablename__ = "case_reading"
    __table_args__ = (
        _of_the_request(),
        Index("ix_case_reading_request", "authority_id", "request_id"),
    )

    request_id: Mapped[UUID]
    paper_id: Mapped[UUID | None]
    reader: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    purpose: Mapped[str] = mapped_column(String(20))
