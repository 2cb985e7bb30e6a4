"""What came in and what was sent, by pages: as fast with a million as with ten."""

from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import Session

from recognition_service.mutual_recognition.models import IN, OUT, MutualRequest

_SUMMARY = (
    MutualRequest.id,
    MutualRequest.side,
    MutualRequest.box,
    MutualRequest.kind,
    MutualRequest.status,
    MutualRequest.asker,
    MutualRequest.answerer,
    MutualRequest.case_id,
    MutualRequest.question_set,
    MutualRequest.proposed_answer_by,
    MutualRequest.agreed_answer_by,
    MutualRequest.due_on,
    MutualRequest.parent,
    MutualRequest.sent_at,
    MutualRequest.revision,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which requests are listed.

    Attributes:
        box: "in", "out", or None for both.
        due_before: Only those whose answer is awaited before this day; they come in
            the order of their days, all others newest first.
    """

    box: str | None = None
    status: str | None = None
    kind: str | None = None
    due_before: date | None = None
    case_id: UUID | None = None


Position = tuple[date | None, UUID]
"""After what a page begins: the day where pages are by day, and the id."""


def list_requests(
    session: Session,
    authority_id: str,
    wanted: Filter,
    *,
    after: Position | None,
    limit: int,
) -> list[Row[Any]]:
    """Return what lists show of an authority's requests, without any content."""
    boxes = (wanted.box,) if wanted.box is not None else (IN, OUT)
    found = [
        session.execute(_query(authority_id, box, wanted, after).limit(limit)).all()
        for box in boxes
    ]
    by_day = wanted.due_before is not None
    ordered = merge(*found, key=_by_day if by_day else _newest, reverse=not by_day)
    return list(islice(ordered, limit))


def _query(authority_id: str, box: str, wanted: Filter, after: Position | None) -> Any:
    row = MutualRequest
    query: Any = select(*_SUMMARY).where(
        row.authority_id == authority_id, row.box == box
    )
    if wanted.status is not None:
        query = query.where(row.status == wanted.status)
    if wanted.kind is not None:
        query = query.where(row.kind == wanted.kind)
    if wanted.case_id is not None:
        query = query.where(row.case_id == wanted.case_id)
    if wanted.due_before is None:
        if after is not None:
            query = query.where(row.id < after[1])
        return query.order_by(row.id.desc())
    query = query.where(row.due_on < wanted.due_before)
    if after is not None:
        query = query.where(tuple_(row.due_on, row.id) > tuple_(*after))
    return query.order_by(row.due_on, row.id)


def _newest(row: Row[Any]) -> UUID:
    return UUID(str(row.id))


def _by_day(row: Row[Any]) -> tuple[date, UUID]:
    return row.due_on, row.id
