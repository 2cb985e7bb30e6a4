"""Rows of joint awards: the part of each body that has one."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.attestations.packing import PackedJSON
from recognition_service.storage.base import Base, OwnedByAuthority


class JointState(StrEnum):
    """How a joint award stands; the same for all bodies that have a part in it."""

    HELD = "held"
    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


OVER = frozenset({JointState.WITHDRAWN, JointState.CANCELLED})
"""States in which a joint award does not count any more; another may be opened."""


class JointPart(OwnedByAuthority, Base):
    """One body's part in a joint award; each body has its own row.

    Attributes:
        group_id: Random UUID that all tokens of the award carry.
        role: Key of the body's own target.
        state: A `JointState`.
        required: Ids of all authorities whose attestation is needed.
        record: The frozen record, the same in all rows of a group.
        attestation_id: None until the body's attestation is reserved; always None of
            a body in another installation.
        expires_on: Last day, in each body's zone, to complete it.
        proposed_by: The body of another installation that has opened the award and
            asks for this part; None where it was opened here.
        decided_by: Who has decided here about an award that was proposed, or None.
        decided_on: Legal day of that decision.
        refusal: Why it was refused.
        signed_at: When bodies elsewhere were told of the signature, or told of theirs.
        attestation_elsewhere: The attestation of a body in another installation.
        token: That attestation as a signed W3C credential.
        released_at: When a body elsewhere told that its attestation is valid now.
    """

    __tablename__ = "joint_award"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        ForeignKeyConstraint(
            ["authority_id", "attestation_id"],
            ["attestation.authority_id", "attestation.id"],
        ),
        Index("ix_joint_award_attestation", "authority_id", "attestation_id"),
        Index("ix_joint_award_group", "group_id"),
        Index("ix_joint_award_state", "state", "expires_on"),
    )

    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(10))
    required: Mapped[list[str]]
    record: Mapped[dict[str, Any]] = mapped_column(PackedJSON)
    attestation_id: Mapped[UUID | None]
    expires_on: Mapped[date]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    proposed_by: Mapped[str | None] = mapped_column(String(64))
    decided_by: Mapped[str | None] = mapped_column(String(120))
    decided_on: Mapped[date | None]
    refusal: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[datetime | None]
    attestation_elsewhere: Mapped[UUID | None]
    token: Mapped[str | None] = mapped_column(Text)
    released_at: Mapped[datetime | None]
