"""Keeping to the times for which a regime lets a closed case be kept.

First the papers lose their bytes, later the file is blocked. Outcome, record, digest,
attestation and audit stay. Nothing happens where the time is not laid down, or where it
was not confirmed and the authority has not ordered it.

Source: Regulation (EU) 2016/679, articles 5(1)(e) and 5(2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from recognition_service.authorities.found import legal_day
from recognition_service.authorities.standing_orders import (
    RETENTION,
    instruments_ordered,
)
from recognition_service.frameworks.months import add_months
from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import CaseFile, open_file
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.erasure import block, erase_contents, is_closed
from recognition_service.recognition.lifecycle import CLOSED
from recognition_service.recognition.models import RecognitionRequest
from recognition_service.recognition.paper_models import CasePaper, SensitivePaper

_SHORTEST = timedelta(days=28)
"""No regime keeps anything for less than a month."""


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A case that may have been kept long enough, as lists name it."""

    authority_id: str
    request_id: UUID


def closed_cases(
    session: Session, *, after: ClosedCase | None, most: int, now: datetime
) -> Sequence[ClosedCase]:
    """Return closed cases that are not blocked or held, after a given one, in order."""
    key = (RecognitionRequest.authority_id, RecognitionRequest.id)
    closed_at = func.coalesce(
        RecognitionRequest.closed_at, RecognitionRequest.submitted_at
    )
    statement = select(*key).where(
        RecognitionRequest.status.in_(CLOSED),
        RecognitionRequest.legal_hold.is_(None),
        or_(
            RecognitionRequest.blocked_at.is_(None),
            RecognitionRequest.papers_erased_at.is_(None),
            RecognitionRequest.sensitive_erased_at.is_(None),
        ),
        closed_at <= now - _SHORTEST,
    )
    if after is not None:
        statement = statement.where(
            tuple_(*key) > (after.authority_id, after.request_id)
        )
    rows = session.execute(statement.order_by(*key).limit(most))
    return [ClosedCase(*row) for row in rows]


def keep_to_retention(session: Session, case: ClosedCase, *, now: datetime) -> None:
    """Erase and block what a closed case has been kept for long enough.

    The caller owns the transaction. What was done stays done; doing it again changes
    nothing.
    """
    file = open_file(
        session,
        case.authority_id,
        case.request_id,
        to_change=True,
        despite_block=True,
    )
    request = file.request
    kept = rules_of(session, request).provisions.retention
    if request.legal_hold is not None or not is_closed(session, file, now=now):
        return
    if not kept.is_confirmed and RETENTION not in instruments_ordered(
        session, request.authority_id
    ):
        return
    erased = 0
    if request.papers_erased_at is None and _is_over(file, kept.papers, now):
        erased += erase_contents(session, request, CasePaper, now=now)
    if request.sensitive_erased_at is None and _is_over(file, kept.sensitive, now):
        erased += erase_contents(session, request, SensitivePaper, now=now)
    if erased:
        note_event(
            session,
            request,
            "papers_erased",
            actor="service",
            now=now,
            details={"papers": erased},
            legal_basis=kept.article,
        )
    if _is_over(file, kept.file, now):
        block(session, request, now=now)


def _is_over(file: CaseFile, months: int | None, now: datetime) -> bool:
    """Tell whether so many months have passed since the case was closed."""
    if months is None:
        return False
    request = file.request
    closed_on: date = legal_day(
        file.authority, request.closed_at or request.submitted_at
    )
    return add_months(closed_on, months) < legal_day(file.authority, now)
