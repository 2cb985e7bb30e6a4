"""How an authority deals with requests, in numbers.

Source: the public indicators of the Internal Market Information System: accepted within
a week, answered by the agreed date.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlalchemy.orm import Session

from recognition_service.mutual_recognition.conversation import ACCEPTED_WITHIN, Side
from recognition_service.mutual_recognition.models import IN, OUT, MutualRequest

_BOXES = {Side.ASKER: OUT, Side.ANSWERER: IN}


@dataclass(frozen=True, slots=True)
class Counts:
    """Requests of one side in a time.

    Attributes:
        with_agreed_date: Answered ones for which a date had been agreed.
        overdue: Those whose answer is awaited and late, whenever they were sent.
    """

    sent: int
    accepted: int
    accepted_within_a_week: int
    answered: int
    with_agreed_date: int
    answered_by_agreed_date: int
    overdue: int


def count_requests(
    session: Session,
    authority_id: str,
    side: Side,
    *,
    since: datetime,
    until: datetime,
    today: date,
) -> Counts:
    """Count what an authority asked, or was asked, from one instant to another."""
    row = MutualRequest
    mine = (
        row.authority_id == authority_id,
        row.box == _BOXES[side],
        row.side == side,
    )
    spent = type_coerce(row.accepted_at, BigInteger) - type_coerce(
        row.sent_at, BigInteger
    )
    week = int(ACCEPTED_WITHIN.total_seconds())
    counted = session.execute(
        select(
            func.count(),
            func.count(row.accepted_at),
            _how_many(spent <= week),
            func.count(row.answered_at),
            func.count(row.answered_in_time),
            _how_many(row.answered_in_time.is_(True)),
        ).where(*mine, row.sent_at >= since, row.sent_at < until)
    ).one()
    overdue = session.scalar(
        select(func.count()).select_from(row).where(*mine, row.due_on < today)
    )
    return Counts(
        sent=counted[0],
        accepted=counted[1],
        accepted_within_a_week=counted[2],
        answered=counted[3],
        with_agreed_date=counted[4],
        answered_by_agreed_date=counted[5],
        overdue=overdue or 0,
    )


def _how_many(condition: Any) -> Any:
    return func.count(case((condition, 1)))
