"""Rows of alerts, our own and those of other installations, kept while they hold."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, TenantRow


class Alert(TenantRow, Base):
    """A warning about a professional; deleted once it no longer holds.

    What others read of it are five things: who the person is (names, birth date and
    place), the profession, who decided, the scope, and the period.

    Attributes:
        request_id: The case of the person at this authority, or None.
        ground: A word of `alerts.Ground`.
        destinations: Jurisdictions whose authorities it may reach; a state stands for
            its parts.
        decided_by: The authority or court that decided.
        scope: Which activities; None where papers were forged.
        applies_from: First day of the restriction; None where papers were forged.
        applies_until: Its last day; None: no end is known.
        found_on: Legal day of the decision, or on which the court's finding became
            final.
        due_on: Last day on which it must be sent.
        due_at: The instant at which that day is over.
        notice: What the person was told in writing, by language; None: not yet.
        remedy: How the person can contest it: {body, route, within_days, form}.
        appeal: {body, lodged_on} of a challenge that is pending, or None.
        revoked_on: When it was taken back, or None.
        over_told_at: When other installations were told that it is over, or None.
        version: Counts changes, for `ETag`.

    Source: Directive 2005/36/EC, article 56a(2) and (7).
    """

    __tablename__ = "alert"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
        ),
        Index("ix_alert_request", "authority_id", "request_id"),
        Index("ix_alert_profession", "profession", "id"),
    )

    request_id: Mapped[UUID | None]
    ground: Mapped[str] = mapped_column(String(20))
    regime: Mapped[str] = mapped_column(String(80))
    destinations: Mapped[list[str]]
    family_name: Mapped[str] = mapped_column(Text)
    given_name: Mapped[str | None] = mapped_column(Text)
    birth_date: Mapped[date | None]
    birth_place: Mapped[str | None] = mapped_column(Text)
    profession: Mapped[str] = mapped_column(String(80))
    decided_by: Mapped[str] = mapped_column(Text)
    is_court: Mapped[bool] = mapped_column(Boolean)
    scope: Mapped[str | None] = mapped_column(Text)
    applies_from: Mapped[date | None]
    applies_until: Mapped[date | None]
    found_on: Mapped[date]
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    prepared_by: Mapped[str] = mapped_column(String(120))
    prepared_at: Mapped[datetime]
    sent_by: Mapped[str | None] = mapped_column(String(120))
    sent_at: Mapped[datetime | None]
    notice: Mapped[dict[str, Any] | None]
    told_at: Mapped[datetime | None]
    remedy: Mapped[dict[str, Any]]
    appeal: Mapped[dict[str, Any] | None]
    revoked_on: Mapped[date | None]
    over_told_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer)


class AlertElsewhere(TenantRow, Base):
    """An alert of an authority in another installation: what it told, nothing more.

    Attributes:
        authority_id: Who sent it, as it is called here.
        id: The same as there.
        destinations: As of `Alert`; so are the members that follow.
        sent_at: When it was sent.
        received_at: When it was told last.

    Source: Directive 2005/36/EC, article 56a(2) and (7).
    """

    __tablename__ = "alert_elsewhere"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        Index("ix_alert_elsewhere_id", "id"),
    )

    destinations: Mapped[list[str]]
    family_name: Mapped[str] = mapped_column(Text)
    given_name: Mapped[str | None] = mapped_column(Text)
    birth_date: Mapped[date | None]
    birth_place: Mapped[str | None] = mapped_column(Text)
    profession: Mapped[str] = mapped_column(String(80))
    decided_by: Mapped[str] = mapped_column(Text)
    is_court: Mapped[bool] = mapped_column(Boolean)
    scope: Mapped[str | None] = mapped_column(Text)
    applies_from: Mapped[date | None]
    applies_until: Mapped[date | None]
    appeal: Mapped[dict[str, Any] | None]
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]


class EndedAlertElsewhere(TenantRow, Base):
    """That an authority elsewhere has ended an alert, so that nothing brings it back.

    It names nobody. An alert that ran out by itself has no such row: its last day can
    still be corrected by a message that is late.
    """

    __tablename__ = "ended_alert_elsewhere"
    __table_args__ = (ForeignKeyConstraint(["authority_id"], ["authority.id"]),)
