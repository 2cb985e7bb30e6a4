"""Rows of what can be collected."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, TenantRow


class ClaimCode(TenantRow, Base):
    """A code by which an applicant collects; stored as its digest only."""

    __tablename__ = "claim_code"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        Index("ix_claim_code_digest", "digest", unique=True),
    )

    request_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ClaimTries(Base):
    """How often a code was tried with a wrong birth date, whether it exists or not.

    Attributes:
        since: Start of the day in which tries are counted.
    """

    __tablename__ = "claim_tries"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime]


class ClaimSession(TenantRow, Base):
    """A half hour in which a person may fetch what the claim listed."""

    __tablename__ = "claim_session"
    __table_args__ = (Index("ix_claim_session_digest", "digest", unique=True),)

    request_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]


class EligibilityRule(TenantRow, Base):
    """What an authority asks for of attestations; published, and never changed.

    Attributes:
        purpose: A `RulePurpose`.
        title: By language.
        criteria: As `eligibility.rule_faults` explains them.
    """

    __tablename__ = "eligibility_rule"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        Index("ix_eligibility_rule_id", "id", unique=True),
    )

    purpose: Mapped[str] = mapped_column(String(20))
    title: Mapped[dict[str, Any]]
    criteria: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(120))


class EligibilityOptIn(TenantRow, Base):
    """That somebody takes part in a rule; the id is the reference, and random.

    Attributes:
        holder_id: The authority of the case with which the person came.
        disclose_name: Whether the person wants to be named.
    """

    __tablename__ = "eligibility_opt_in"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "rule_id"],
            ["eligibility_rule.authority_id", "eligibility_rule.id"],
        ),
        ForeignKeyConstraint(
            ["holder_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        UniqueConstraint("authority_id", "rule_id", "holder_id", "request_id"),
        Index("ix_eligibility_opt_in_case", "holder_id", "request_id"),
    )

    rule_id: Mapped[UUID]
    holder_id: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[UUID]
    disclose_name: Mapped[bool]
