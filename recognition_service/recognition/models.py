"""Rows of casework."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, OwnedByAuthority, TenantRow

MAIN, PROVISIONAL, REVOCATION = "main", "provisional", "revocation"
"""Roles of a decision in its case."""

LONGEST_TITLE_KEY = 200
"""How many characters of a title are compared; an index takes no longer ones."""


class Applicant(TenantRow, Base):
    """A person as one authority knows them; there is no person across authorities.

    Attributes:
        other_names: Names in other scripts or of other times.
    """

    __tablename__ = "applicant"
    __table_args__ = (ForeignKeyConstraint(["authority_id"], ["authority.id"]),)

    family_name: Mapped[str] = mapped_column(Text)
    given_name: Mapped[str | None] = mapped_column(Text)
    other_names: Mapped[list[Any]]
    birth_date: Mapped[date | None]
    birth_place: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class ApplicantBackground(TenantRow, Base):
    """What assessors must not see of an applicant; the id is the applicant's.

    Source: Lisbon Recognition Convention, article III.1 (no discrimination on any
    ground not related to the merits of the qualification).
    """

    __tablename__ = "applicant_background"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "id"], ["applicant.authority_id", "applicant.id"]
        ),
    )

    sex: Mapped[str | None] = mapped_column(String(20))
    beneficiary_basis: Mapped[str] = mapped_column(String(40))


class RecognitionRequest(TenantRow, Base):
    """A person's request that an authority recognise a qualification.

    Attributes:
        number: None where the instrument knows no case.
        procedure: "case" or "none".
        equivalence: What the tables answered when last asked, without sentences.
        routing_reasons: Codes and parameters.
        due_on: Last day of the time limit of the authority that ends first; None
            where none runs or the clock stands still.
        wanted_regime: The regime that the request asks for, or None.
        closed_at: When it came into the state in which it is closed; None: it is
            open, or was closed as it came in.
        legal_hold: Why nothing of it may be erased or blocked, or None.
        papers_erased_at: When what the person handed in was erased, or None.
        sensitive_erased_at: The same of sensitive papers.
        blocked_at: Since when only auditors read it, or None.
        short_path: Basis on which it needs no examination, see `short_path.Basis`, or
            None; the reasons of routing say which row, attestation or decision it is.
        re_examined_at: When somebody first examined it nevertheless, or None.
        version: Counts changes, for `ETag`.
    """

    __tablename__ = "recognition_request"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "applicant_id"], ["applicant.authority_id", "applicant.id"]
        ),
        UniqueConstraint("authority_id", "number"),
        Index("ix_recognition_request_status", "authority_id", "status", "id"),
        Index("ix_recognition_request_due", "authority_id", "due_on", "id"),
        Index("ix_recognition_request_closed", "authority_id", "closed_at", "id"),
        Index(
            "ix_recognition_request_re_examined", "authority_id", "re_examined_at", "id"
        ),
    )

    number: Mapped[str | None] = mapped_column(String(40))
    applicant_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(String(30))
    procedure: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(35))
    stage: Mapped[str] = mapped_column(String(20))
    decision_kind: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(40))
    destination: Mapped[str] = mapped_column(String(16))
    profession: Mapped[str | None] = mapped_column(String(80))
    external_reference: Mapped[str | None] = mapped_column(Text)
    wanted_regime: Mapped[str | None] = mapped_column(String(80))
    regime: Mapped[str] = mapped_column(String(80))
    instrument: Mapped[str | None] = mapped_column(String(120))
    routing_reasons: Mapped[list[Any]]
    equivalence: Mapped[dict[str, Any] | None]
    edition: Mapped[dict[str, Any]]
    submitted_at: Mapped[datetime]
    complete_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    submitted_by: Mapped[str] = mapped_column(String(120))
    closed_at: Mapped[datetime | None]
    legal_hold: Mapped[str | None] = mapped_column(Text)
    papers_erased_at: Mapped[datetime | None]
    sensitive_erased_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    short_path: Mapped[str | None] = mapped_column(String(40))
    re_examined_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer)


class HeldQualification(TenantRow, Base):
    """A qualification that an applicant holds, as the request states it.

    Attributes:
        title_key: The title without habits of spelling, for finding it again; see
            `alike.key_of_title`.
        content: The members of the request, with the authenticity as it is now.
    """

    __tablename__ = "held_qualification"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        UniqueConstraint("authority_id", "request_id", "position"),
        Index("ix_held_qualification_title", "authority_id", "title_key", "origin"),
        Index("ix_held_qualification_type", "authority_id", "qualification", "origin"),
    )

    request_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    title_key: Mapped[str] = mapped_column(String(LONGEST_TITLE_KEY), server_default="")
    origin: Mapped[str] = mapped_column(String(16))
    qualification: Mapped[str | None] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]


class Decision(TenantRow, Base):
    """What was decided about a request; at first prepared, then signed.

    A case has several, one after the other, when a measure, an appeal or new evidence
    leads to another; beside them stand those of role "provisional" and "revocation", if
    any.

    Attributes:
        number: Of the decisions of one role in a case, from 1.
        role: "main", "provisional" or "revocation".
        is_current: Whether no later one of its role has been begun.
        content: What the officer wrote; None for a decision by rule.
        record: Inputs and findings; None until it is signed.
    """

    __tablename__ = "decision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        UniqueConstraint("authority_id", "request_id", "role", "number"),
    )

    request_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    role: Mapped[str] = mapped_column(String(12), default=MAIN, server_default=MAIN)
    is_current: Mapped[bool] = mapped_column(
        Boolean, default=True, server_default=true()
    )
    decided_by: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any] | None]
    prepared_by: Mapped[str] = mapped_column(String(120))
    prepared_at: Mapped[datetime]
    signed_by: Mapped[str | None] = mapped_column(String(120))
    signed_at: Mapped[datetime | None]
    decided_on: Mapped[date | None]
    record: Mapped[dict[str, Any] | None]
    decision_digest: Mapped[str | None] = mapped_column(String(60))


class CaseEvent(TenantRow, Base):
    """Something that happened to a request; never changed.

    Attributes:
        legal_basis: The regime or the article that the act rests on.
        details: Ids, codes and dates that belong to the event, or None.
        text: What the applicant was told, or why it was done; None: nothing.
    """

    __tablename__ = "case_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        Index("ix_case_event_request", "authority_id", "request_id"),
    )

    request_id: Mapped[UUID]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(60))
    legal_basis: Mapped[str] = mapped_column(String(120))
    details: Mapped[dict[str, Any] | None]
    text: Mapped[str | None] = mapped_column(Text)


class CaseLimit(OwnedByAuthority, Base):
    """A time limit of a case, as it was last computed from the events.

    Nothing here is ever edited: each event of the case computes it anew.

    Attributes:
        due_at: The instant at which its last day is over; None while it is held.
        running: A word of `regimes.due_dates.Running`.
        effect: What silence does.
    """

    __tablename__ = "case_limit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        Index("ix_case_limit_running", "running", "due_at"),
    )

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    limit_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    binds: Mapped[str] = mapped_column(String(20))
    article: Mapped[str] = mapped_column(Text)
    started_on: Mapped[date]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    running: Mapped[str] = mapped_column(String(12))
    held_days: Mapped[int] = mapped_column(Integer)
    extended: Mapped[int] = mapped_column(Integer)
    is_confirmed: Mapped[bool] = mapped_column(Boolean)
    effect: Mapped[str] = mapped_column(String(20))


class Letter(TenantRow, Base):
    """A letter to the applicant; what it says is fixed when it is written.

    Attributes:
        kind: See `letter_kinds.LetterKind`.
        language: Language that it is written in, which need not be the request's.
        params: All that it says, as `letter_kinds` describes it, and under "case" whom
            it is about.
        written_by: Whose act it tells of, as the audit names them.
        rendered_at: None: the file is not made yet.
        digest: Over the bytes of the file.
        size: Of the file, in bytes.
        pdf: The file; read only where it is asked for.
    """

    __tablename__ = "letter"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        Index("ix_letter_request", "authority_id", "request_id", "id"),
    )

    request_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(35))
    params: Mapped[dict[str, Any]]
    written_by: Mapped[str] = mapped_column(String(120))
    written_at: Mapped[datetime]
    rendered_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(String(60))
    size: Mapped[int | None] = mapped_column(Integer)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
