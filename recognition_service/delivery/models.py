"""Rows of what can be collected."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Integer, String
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
