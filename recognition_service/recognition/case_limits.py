"""The time limits of a case, computed anew whenever something happens to it.

The rows are a copy for lists and for the worker; what counts are the events.

Source: Regulation (EEC, Euratom) No 1182/71, article 3; the regime of the case.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import Authority
from recognition_service.editions.regimes import regime_of
from recognition_service.recognition.held_times import holds_of
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.recognition.models import (
    CaseEvent,
    CaseLimit,
    RecognitionRequest,
)
from recognition_service.regimes.due_dates import (
    Due,
    Happened,
    Place,
    Running,
    due_dates,
)
from recognition_service.regimes.regime import Regime
from recognition_service.regimes.time_limits import Bound
from recognition_service.regimes.working_days import calendar_of

_NOON = time(12)
_UNMET = frozenset({Running.OPEN, Running.PASSED})


def rules_of(session: Session, request: RecognitionRequest) -> Regime:
    """Return the regime of a case, as the edition has it by which it was routed."""
    return regime_of(session, request.edition["base"], request.regime)


def limits_of(
    session: Session, request: RecognitionRequest, *, now: datetime
) -> tuple[Due, ...]:
    """Return the time limits of a case that have begun, in the order of its regime."""
    regime = rules_of(session, request)
    if not regime.timing.limits:
        return ()
    authority = get_authority(session, request.authority_id)
    events = list(
        session.scalars(
            select(CaseEvent)
            .where(
                CaseEvent.authority_id == request.authority_id,
                CaseEvent.request_id == request.id,
            )
            .order_by(CaseEvent.at, CaseEvent.id)
        )
    )
    return compute_limits(regime, events, authority, now=now)


def compute_limits(
    regime: Regime, events: Sequence[CaseEvent], authority: Authority, *, now: datetime
) -> tuple[Due, ...]:
    """Return the time limits that follow from the events of a case, oldest first."""
    place = Place(calendar_of(authority.jurisdiction), ZoneInfo(authority.time_zone))
    happened = [_happened(event, authority, place.zone) for event in events]
    happened.sort(key=lambda each: each.at)
    holds = [hold.stood_still() for hold in holds_of(events)]
    return due_dates(regime, happened, holds, place, now=now)


def keep_limits(
    session: Session, request: RecognitionRequest, *, now: datetime
) -> None:
    """Compute the time limits of a case anew and write them down.

    The caller owns the transaction and has written the event that changed them.
    """
    regime = rules_of(session, request)
    if not regime.timing.limits:
        return
    limits = limits_of(session, request, now=now)
    known = {
        row.limit_id: row
        for row in session.scalars(
            select(CaseLimit).where(
                CaseLimit.authority_id == request.authority_id,
                CaseLimit.request_id == request.id,
            )
        )
    }
    for due in limits:
        row = known.pop(due.limit.id, None)
        if row is None:
            row = CaseLimit(
                authority_id=request.authority_id,
                request_id=request.id,
                limit_id=due.limit.id,
            )
            session.add(row)
        _write(row, due)
    for row in known.values():
        session.delete(row)
    request.due_on = _first_due(limits) if request.status in OPEN else None


def _write(row: CaseLimit, due: Due) -> None:
    row.binds, row.article = due.limit.binds, due.limit.article
    row.started_on, row.due_on, row.due_at = due.started_on, due.due_on, due.due_at
    # What passed and was told is done with: the worker looks for open ones.
    row.running = Running.OPEN if _is_to_settle(due) else due.running
    row.held_days, row.extended = due.held_days, due.extended
    row.is_confirmed, row.effect = due.is_confirmed, due.effect


def _is_to_settle(due: Due) -> bool:
    return due.running is Running.PASSED and not due.is_settled


def _first_due(limits: Iterable[Due]) -> date | None:
    """Return the last day of the limit of the authority that ends first."""
    return min(
        (
            due.due_on
            for due in limits
            if due.due_on is not None
            and due.running in _UNMET
            and due.limit.binds is not Bound.APPLICANT
        ),
        default=None,
    )


def _happened(event: CaseEvent, authority: Authority, zone: ZoneInfo) -> Happened:
    """Return an event as time limits see it.

    A paper counts from the day on which it came in, not from the one on which
    somebody wrote that down: `details.on` names that day.
    """
    details = event.details or {}
    written_on = legal_day(authority, event.at)
    on = date.fromisoformat(details["on"]) if details.get("on") else written_on
    at = event.at
    if on < written_on:
        at = min(at, datetime.combine(on, _NOON, zone))
    return Happened(event.event, at, on, details)
