"""Which participants are to be asked, as soon as so many months are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from recognition_service.dual_certification.follow_up import (
    PERIODS,
    latest_beginning,
)
from recognition_service.dual_certification.lifecycle import AwardStatus, TrackStatus
from recognition_service.dual_certification.models import (
    Track,
    TrackAward,
    TrackFollowUp,
)
from recognition_service.frameworks.months import add_months

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueFollowUp:
    """A participant who consented and is to be asked.

    Attributes:
        due: After how many months, and since which day; what was answered is left out.
    """

    track_id: UUID
    programme: str
    participant_ref: str
    due: Sequence[tuple[int, date]]


def due_follow_ups(
    session: Session,
    authority_id: str,
    *,
    due_before: date,
    after: UUID | None,
    limit: int,
) -> list[DueFollowUp]:
    """Return who is to be asked before a day, in the order of the tracks' ids.

    Args:
        session: Any session.
        authority_id: The keeper.
        due_before: The day, in the keeper's zone.
        after: Id of the last track that was seen; None: from the first one.
        limit: How many tracks at most.
    """
    statement = _statement(authority_id, due_before - _ONE_DAY).limit(limit)
    if after is not None:
        statement = statement.where(Track.id > after)
    found = session.execute(statement).all()
    answered = _answered(session, authority_id, [row.id for row in found])
    return [
        DueFollowUp(
            row.id,
            row.programme,
            row.participant_ref,
            [
                (months, due_on)
                for months in PERIODS
                for due_on in (add_months(row.since, months),)
                if due_on < due_before and (row.id, months) not in answered
            ],
        )
        for row in found
    ]


def _statement(authority_id: str, day: date) -> Select[*tuple[Any, ...]]:
    """Return the question for the tracks on which an answer can be given on a day."""
    since = _since(authority_id)
    can_answer = (
        and_(since.c.since <= latest_beginning(day, months), ~_is_answered(months))
        for months in PERIODS
    )
    return (
        select(Track.id, Track.programme, Track.participant_ref, since.c.since)
        .join(since, and_(since.c.keeper == Track.authority_id, since.c.id == Track.id))
        .where(
            Track.authority_id == authority_id,
            Track.consent["follow_up"].as_boolean(),
            or_(*can_answer),
        )
        .order_by(Track.id)
    )


def _answered(
    session: Session, authority_id: str, tracks: Sequence[UUID]
) -> set[tuple[UUID, int]]:
    """Return which tracks have an answer, and after how many months."""
    return {
        (track_id, months)
        for track_id, months in session.execute(
            select(TrackFollowUp.track_id, TrackFollowUp.months).where(
                TrackFollowUp.authority_id == authority_id,
                TrackFollowUp.track_id.in_(tracks),
            )
        )
    }


def _since(authority_id: str) -> Subquery:
    """Return from which day the months are counted, as `counted_from` does."""
    made = func.max(
        case((TrackAward.status == AwardStatus.AWARDED, TrackAward.awarded_on))
    )
    ended = func.max(
        case((Track.status == TrackStatus.COMPLETED, TrackAward.decided_on))
    )
    return (
        select(
            TrackAward.keeper_id.label("keeper"),
            TrackAward.track_id.label("id"),
            func.coalesce(made, ended).label("since"),
        )
        .join(
            Track,
            and_(
                Track.authority_id == TrackAward.keeper_id,
                Track.id == TrackAward.track_id,
            ),
        )
        .where(TrackAward.keeper_id == authority_id)
        .group_by(TrackAward.keeper_id, TrackAward.track_id)
        .subquery("since")
    )


def _is_answered(months: int) -> ColumnElement[bool]:
    return (
        select(TrackFollowUp.months)
        .where(
            TrackFollowUp.authority_id == Track.authority_id,
            TrackFollowUp.track_id == Track.id,
            TrackFollowUp.months == months,
        )
        .exists()
    )
