"""Rows of requests between bodies: one of each per body that takes part."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
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

IN, OUT = "in", "out"
_NOTHING_IS_NULL = JSON(none_as_null=True)


class MutualRequest(TenantRow, Base):
    """A request between two bodies, as one of them keeps it; the id is the same.

    Attributes:
        side: As what this body takes part, see `conversation.Side`.
        box: "out" for who asks, "in" for all others.
        asker: Who asked; never changes.
        answerer: Who is asked now; another one after forwarding.
        coordinator: Who was told that the answer is overdue, or None.
        passed: Who has forwarded it, in order.
        case_id: Request for recognition that it serves; known to the asker only.
        held_position: Place of the held qualification in that request.
        subject_ref: Name of the person between asker and answerer.
        about: Person and qualification as the asker describes them, or None.
        questions: In order, each {id, params, answer}; empty for a coordinator.
        terms: Of a list: {decision_kind, purpose, profession}; None for the others.
        asked_answer_by: The date that the asker wishes.
        proposed_answer_by: The proposal that stands.
        proposed_by: The side that made it.
        due_on: Until when an answer is awaited; None: none is, or no date is set.
        refer_on: After this day a coordinator is told; None: not any more.
        parent: The request that it was split off from, or None.
        family: The first request of all that were split off from one another.
        sent_at: When it came to who is asked now.
        answered_on: Day of the answer, where the answerer is.
        answered_in_time: Whether the first answer kept the agreed date; None: no answer
            yet, or no date was agreed.
        revision: Counts how often something was asked, from 1.
        sequence: Number of the last message of the conversation.
        forgotten_at: When what it said was forgotten; None: it was not.
        version: Counts changes, for `ETag`.
    """

    __tablename__ = "mutual_request"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        Index("ix_mutual_request_box", "authority_id", "box", "id"),
        Index("ix_mutual_request_status", "authority_id", "box", "status", "id"),
        Index("ix_mutual_request_kind", "authority_id", "box", "kind", "id"),
        Index(
            "ix_mutual_request_kind_status",
            *("authority_id", "box", "kind", "status", "id"),
        ),
        Index(
            "ix_mutual_request_due",
            *("authority_id", "box", "due_on", "id", "status", "kind"),
        ),
        Index("ix_mutual_request_sent", "authority_id", "box", "sent_at"),
        Index("ix_mutual_request_case", "authority_id", "case_id"),
        Index("ix_mutual_request_family", "authority_id", "family"),
        Index("ix_mutual_request_refer", "refer_on"),
    )

    side: Mapped[str] = mapped_column(String(12))
    box: Mapped[str] = mapped_column(String(3))
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(30))
    asker: Mapped[str] = mapped_column(String(64))
    answerer: Mapped[str] = mapped_column(String(64))
    coordinator: Mapped[str | None] = mapped_column(String(64))
    passed: Mapped[list[str]]
    case_id: Mapped[UUID | None]
    held_position: Mapped[int] = mapped_column(Integer)
    subject_ref: Mapped[str | None] = mapped_column(String(40))
    about: Mapped[dict[str, Any] | None]
    question_set: Mapped[str | None] = mapped_column(String(80))
    questions: Mapped[list[Any]]
    free_text: Mapped[dict[str, Any] | None]
    terms: Mapped[dict[str, Any] | None]
    asked_answer_by: Mapped[date | None]
    proposed_answer_by: Mapped[date | None]
    proposed_by: Mapped[str] = mapped_column(String(12))
    agreed_answer_by: Mapped[date | None]
    due_on: Mapped[date | None]
    refer_on: Mapped[date | None]
    holds_clock: Mapped[str] = mapped_column(String(30))
    parent: Mapped[UUID | None]
    family: Mapped[UUID]
    sent_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_on: Mapped[date | None]
    answered_in_time: Mapped[bool | None]
    revision: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    forgotten_at: Mapped[datetime | None]


class MutualEvent(TenantRow, Base):
    """Something that happened to a request, as one body keeps it; never changed.

    Attributes:
        sequence: Number of the message in the conversation.
        by: The body that did it, or "service".
        actor: The person, where it was one of this body's own; else None.
        jti: Random name of the message, the same for all.
        receipt: "received" once the other side has it.
        details: Ids, codes and dates that everybody who takes part may see.
        content: Texts and answers; None for who does not see them.
    """

    __tablename__ = "mutual_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["mutual_request.authority_id", "mutual_request.id"],
        ),
        UniqueConstraint("authority_id", "request_id", "sequence"),
    )

    request_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str | None] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(30))
    jti: Mapped[str] = mapped_column(String(60))
    receipt: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]]
    content: Mapped[dict[str, Any] | None]


class MutualAttachment(TenantRow, Base):
    """What is known of a document that was sent along; it stays what it is.

    Attributes:
        digest: SHA-256 of its bytes, "sha256-" and base64url.
        size: In bytes.
        name: As its sender calls it, or None.
        by: The body that sent it.
        received_at: When its bytes came, see `AttachmentContent`; None: they did not.
    """

    __tablename__ = "mutual_attachment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["mutual_request.authority_id", "mutual_request.id"],
        ),
        UniqueConstraint("authority_id", "request_id", "digest"),
    )

    request_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(String(60))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(Integer)
    name: Mapped[str | None] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime | None]


class AttachmentContent(TenantRow, Base):
    """The bytes of an attachment; the id is that of the attachment."""

    __tablename__ = "mutual_attachment_content"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "id"],
            ["mutual_attachment.authority_id", "mutual_attachment.id"],
        ),
    )

    content: Mapped[bytes] = mapped_column(LargeBinary)


class ListAct(TenantRow, Base):
    """What somebody ordered for many rows of a list at once; it is done in parts.

    Attributes:
        kind: See `list_acts.ActKind`.
        decision: What an officer wrote for all rows; None: as the tables propose, or
            a signature.
        only_open: Whether a row is left alone for which a decision was written since.
        actor: Who ordered it.
    """

    __tablename__ = "mutual_list_act"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["mutual_request.authority_id", "mutual_request.id"],
        ),
    )

    request_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(10))
    decision: Mapped[dict[str, Any] | None] = mapped_column(_NOTHING_IS_NULL)
    only_open: Mapped[bool] = mapped_column(Boolean)
    actor: Mapped[str] = mapped_column(String(120))
    ordered_at: Mapped[datetime]


class MutualItem(OwnedByAuthority, Base):
    """One qualification of a list that is to be recognised, as one body keeps it.

    Attributes:
        position: Row of the list, counted from 1.
        content: {subject_ref, applicant, held}, dates as text.
        proposal: What the tables of who is asked answered, without sentences.
        case_id: The case that it became; known to who is asked only.
        act_id: The act for many rows that is still to be carried out for it, or None.
        problem: Why it became no case, or why the last act was not carried out for it:
            {code, title, detail}, or None.
        result: {status, decision, attestation} once the list was answered.
    """

    __tablename__ = "mutual_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["mutual_request.authority_id", "mutual_request.id"],
        ),
        ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        ForeignKeyConstraint(
            ["authority_id", "act_id"],
            ["mutual_list_act.authority_id", "mutual_list_act.id"],
        ),
    )

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]]
    proposal: Mapped[dict[str, Any] | None]
    case_id: Mapped[UUID | None]
    act_id: Mapped[UUID | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(_NOTHING_IS_NULL)
    result: Mapped[dict[str, Any] | None] = mapped_column(_NOTHING_IS_NULL)


class SubjectReference(OwnedByAuthority, Base):
    """How a body names one of its applicants towards another one, and nobody else."""

    __tablename__ = "subject_reference"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "applicant_id"], ["applicant.authority_id", "applicant.id"]
        ),
    )

    applicant_id: Mapped[UUID] = mapped_column(primary_key=True)
    peer: Mapped[str] = mapped_column(String(64), primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))


class NegotiatedAgreement(TenantRow, Base):
    """An agreement on equivalent titles, as one of its parties keeps it.

    Attributes:
        parties: In order of proposing, each {authority, name, jurisdiction}.
        state: See `agreement.AgreementState`.
        revision: Number of the text that lies on the table now, from 1.
        content: That text, as `agreement_content` describes it.
        digest: Over text, parties, id and revision; what the parties sign.
        signatures: By authority: `token`, `signed_at`.
        in_force_from: Set with the last signature.
        ended_on: First day on which it no longer binds, after a withdrawal.
        version: Counts changes, for `ETag`.
    """

    __tablename__ = "negotiated_agreement"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        Index("ix_negotiated_agreement_state", "authority_id", "state", "id"),
    )

    parties: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(60))
    signatures: Mapped[dict[str, Any]]
    proposed_at: Mapped[datetime]
    in_force_from: Mapped[date | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(64))
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(Integer)


class AgreementRevision(OwnedByAuthority, Base):
    """A text that a party laid on the table; kept for ever."""

    __tablename__ = "agreement_revision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "agreement_id"],
            ["negotiated_agreement.authority_id", "negotiated_agreement.id"],
        ),
    )

    agreement_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]]


class ActEffect(OwnedByAuthority, Base):
    """What an act of a body here was told to have led to, by who leads elsewhere.

    Attributes:
        act: `jti` of the message by which it was asked for.
        effect: An event of a request, or "agreement".
        told: `jti` of the event, or of the message that tells of the agreement.
    """

    __tablename__ = "act_effect"
    __table_args__ = (ForeignKeyConstraint(["authority_id"], ["authority.id"]),)

    act: Mapped[str] = mapped_column(String(60), primary_key=True)
    effect: Mapped[str] = mapped_column(String(40), primary_key=True)
    told: Mapped[str] = mapped_column(String(120))
