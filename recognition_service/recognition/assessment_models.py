"""Rows of assessments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, TenantRow


class Assessment(TenantRow, Base):
    """One version of how a case was assessed; the highest is the one that counts.

    Nothing here is ever edited: who saves an assessment writes the next version.

    Attributes:
        version: Of the assessment in its case, from 1.
        content: `reference`, `qualifications`, `differences`, `level_held` and
            `level_required`, as `assess.NewAssessment` describes them.
        note: What the author noted for colleagues with this version, or None; the
            applicant never sees it.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        UniqueConstraint("authority_id", "request_id", "version"),
    )

    request_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(Text)
    assessed_by: Mapped[str] = mapped_column(String(120))
    assessed_at: Mapped[datetime]


class CaseTraining(TenantRow, Base):
    """What a training has shown for a case: passed units, and what they make up for.

    Attributes:
        source_authority: The body that keeps the file of the training.
        source_id: Id of that file; nothing of it is read from here.
        content: `units` and `differences`, as `training_values` describes them.
        recorded_by: Whose act it was, as the audit names them.
    """

    __tablename__ = "case_training"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        UniqueConstraint("authority_id", "request_id"),
        Index("ix_case_training_source", "source_authority", "source_id"),
    )

    request_id: Mapped[UUID]
    source_authority: Mapped[str] = mapped_column(String(64))
    source_id: Mapped[UUID]
    content: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(120))


class CaseExperience(TenantRow, Base):
    """Where somebody has worked, as far as their case knows.

    Attributes:
        periods: Each as `experience.NewPeriod` describes it, as a JSON value.
        recorded_by: Whose act it was, as the audit names them.
    """

    __tablename__ = "case_experience"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        UniqueConstraint("authority_id", "request_id"),
    )

    request_id: Mapped[UUID]
    periods: Mapped[list[Any]]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(120))
