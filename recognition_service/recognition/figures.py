"""Cases as statistics see them: one value for each, which names and numbers nobody.

Sex and birth date leave the files here and nowhere else, as a group that many belong
to. What a person wrote, what an officer wrote, and all ids stay behind.

Source: BQFG section 17 (2), but for nationality and residence, which are not asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from recognition_service.attestations.findings import RULE
from recognition_service.authorities.found import (
    day_begins,
    get_authority,
    legal_day,
)
from recognition_service.authorities.models import Authority
from recognition_service.editions.own_rows import STATEMENTS
from recognition_service.editions.precedents import precedents_of
from recognition_service.frameworks.months import age_on
from recognition_service.recognition.alike import was_by_precedent
from recognition_service.recognition.found_differences import found_differences
from recognition_service.recognition.held_times import Hold, holds_of
from recognition_service.recognition.models import (
    MAIN,
    Applicant,
    ApplicantBackground,
    CaseEvent,
    Decision,
    HeldQualification,
    RecognitionRequest,
)
from recognition_service.recognition.vocabulary import Sex
from recognition_service.regimes.events import CaseEventKind

_CHUNK = 500
_COUNTED_EVENTS = (
    CaseEventKind.HOLD_BEGAN,
    CaseEventKind.HOLD_ENDED,
    CaseEventKind.COMPLETED,
    CaseEventKind.DECIDED,
    CaseEventKind.APPEAL_LODGED,
    CaseEventKind.LIMIT_MISSED,
)
_ONE_DAY = timedelta(days=1)
_Precedents = dict[tuple[str, str | None], frozenset[str]]


class AgeBand(StrEnum):
    """How old a person was on the day of the request."""

    UNDER_15 = "under_15"
    FROM_15_TO_24 = "15-24"
    FROM_25_TO_29 = "25-29"
    FROM_30 = "from_30"
    NOT_STATED = "not_stated"


_BANDS = (
    (15, AgeBand.UNDER_15),
    (25, AgeBand.FROM_15_TO_24),
    (30, AgeBand.FROM_25_TO_29),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFigure:
    """What is counted of one case. Days are legal dates in the authority's zone.

    A case is counted with its first decision, whatever an appeal or a measure led to.

    Attributes:
        framework: Of the qualification that is to be recognised; None: not stated.
        level: As that framework writes it.
        complete_on: None: nobody established when everything was there.
        decided_on: None, as all that follows from a decision: it is not decided.
        due_on: Last day of the time limit; None: none is established.
        measures: Codes of the compensation measures, each once.
        differences: Of each substantial difference what makes up for it, see
            `found_differences`.
        is_late: Whether the limit was missed; None: there is none, or no decision.
        holds: How often the clock was held until the decision.
        held_days: On how many days it was, each counted once.
        held_by: Kinds of what held it, such as "mutual_request", each once.
        has_precedent: Whether a precedent was at hand for the decision.
        appealed_on: Day of the first appeal.
        short_path: Basis on which no examination was needed; None: one was.
        is_re_examined: Whether it was examined nevertheless, by the first decision;
            None: an examination was needed.
    """

    origin: str
    destination: str
    profession: str | None
    framework: str | None
    level: str | None
    decision_kind: str
    purpose: str
    regime: str
    stage: str
    sex: Sex
    age_band: AgeBand
    submitted_on: date
    complete_on: date | None = None
    due_on: date | None = None
    decided_on: date | None = None
    outcome: str | None = None
    decided_by: str | None = None
    measures: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    is_late: bool | None = None
    holds: int = 0
    held_days: int = 0
    held_by: tuple[str, ...] = ()
    has_precedent: bool | None = None
    appealed_on: date | None = None
    short_path: str | None = None
    is_re_examined: bool | None = None


def case_figures(
    session: Session, authority_id: str, *, begin: date, end: date
) -> Iterator[CaseFigure]:
    """Yield the cases that were submitted, or decided, from one day to another.

    They come in chunks of two statements each, so that memory does not grow with
    their number. Decisions that other case systems handed over as records are not
    among them: nobody knows here when they were asked for.

    Args:
        session: A reading session, used until the last case.
        authority_id: Whose cases.
        begin: The first day.
        end: The last day, included.

    Raises:
        AuthorityNotFoundError: There is no such authority.
    """
    authority = get_authority(session, authority_id)
    query = _query(authority, begin, end)
    precedents: _Precedents = {}
    last: UUID | None = None
    while True:
        following = query if last is None else query.where(RecognitionRequest.id > last)
        rows = session.execute(following.limit(_CHUNK)).all()
        events = _events(session, authority_id, [row.id for row in rows])
        for row in rows:
            known = _precedents_at(session, row, precedents)
            yield _figure(row, events.get(row.id, ()), authority, known)
        if len(rows) < _CHUNK:
            return
        last = rows[-1].id


def first_submission(session: Session, authority_id: str) -> date | None:
    """Return the day of an authority's first case; None: it has had none.

    Raises:
        AuthorityNotFoundError: There is no such authority.
    """
    authority = get_authority(session, authority_id)
    first = session.scalar(
        select(func.min(RecognitionRequest.submitted_at)).where(
            RecognitionRequest.authority_id == authority_id
        )
    )
    return None if first is None else legal_day(authority, first)


def age_band(birth_date: date | None, day: date) -> AgeBand:
    """Return the group to which somebody of a birth date belongs on a day."""
    if birth_date is None:
        return AgeBand.NOT_STATED
    age = age_on(birth_date, day)
    return next((band for end, band in _BANDS if age < end), AgeBand.FROM_30)


_COLUMNS = (
    RecognitionRequest.id,
    RecognitionRequest.destination,
    RecognitionRequest.profession,
    RecognitionRequest.decision_kind,
    RecognitionRequest.purpose,
    RecognitionRequest.regime,
    RecognitionRequest.stage,
    RecognitionRequest.submitted_at,
    RecognitionRequest.complete_at,
    RecognitionRequest.due_on,
    RecognitionRequest.edition,
    RecognitionRequest.short_path,
    RecognitionRequest.re_examined_at,
    HeldQualification.origin,
    HeldQualification.content["framework"].as_string().label("framework"),
    HeldQualification.content["level"].as_string().label("level"),
    Applicant.birth_date,
    ApplicantBackground.sex,
    Decision.decided_on,
    Decision.signed_at,
    Decision.outcome,
    Decision.decided_by,
    Decision.content["measures"].label("measures"),
    Decision.content["differences"].label("differences"),
    Decision.content["compensated"].label("compensated"),
    Decision.record["findings", "rows"].label("rows"),
)


def _query(authority: Authority, begin: date, end: date) -> Select[*tuple[Any, ...]]:
    request, held, decision = RecognitionRequest, HeldQualification, Decision
    of_applicant = [
        and_(each.authority_id == request.authority_id, each.id == request.applicant_id)
        for each in (Applicant, ApplicantBackground)
    ]
    first_held = and_(
        held.authority_id == request.authority_id,
        held.request_id == request.id,
        held.position == 0,
    )
    decided = and_(
        decision.authority_id == request.authority_id,
        decision.request_id == request.id,
        decision.role == MAIN,
        decision.number == 1,
        decision.signed_at.is_not(None),
    )
    submitted = and_(
        request.submitted_at >= day_begins(authority, begin),
        request.submitted_at < day_begins(authority, end + _ONE_DAY),
    )
    return (
        select(*_COLUMNS)
        .select_from(request)
        .join(held, first_held)
        .join(Applicant, of_applicant[0])
        .outerjoin(ApplicantBackground, of_applicant[1])
        .outerjoin(decision, decided)
        .where(
            request.authority_id == authority.id,
            or_(submitted, decision.decided_on.between(begin, end)),
        )
        .order_by(request.id)
    )


def _events(
    session: Session, authority_id: str, request_ids: Sequence[UUID]
) -> Mapping[UUID, list[CaseEvent]]:
    events: dict[UUID, list[CaseEvent]] = {}
    found = session.scalars(
        select(CaseEvent)
        .where(
            CaseEvent.authority_id == authority_id,
            CaseEvent.request_id.in_(request_ids),
            CaseEvent.event.in_(_COUNTED_EVENTS),
        )
        .order_by(CaseEvent.at, CaseEvent.id)
    )
    for event in found:
        events.setdefault(event.request_id, []).append(event)
    return events


def _precedents_at(
    session: Session, row: Row[Any], known: _Precedents
) -> frozenset[str]:
    """Return the precedents of the edition by which a case was decided."""
    if row.decided_on is None:
        return frozenset()
    edition = row.edition["base"], row.edition["overlay"]
    if edition not in known:
        known[edition] = precedents_of(session, *edition)
    return known[edition]


def _figure(
    row: Row[Any],
    events: Sequence[CaseEvent],
    authority: Authority,
    precedents: frozenset[str],
) -> CaseFigure:
    submitted_on = legal_day(authority, row.submitted_at)
    figure: dict[str, Any] = {
        "origin": row.origin,
        "destination": row.destination,
        "profession": row.profession,
        "framework": row.framework,
        "level": row.level,
        "decision_kind": row.decision_kind,
        "purpose": row.purpose,
        "regime": row.regime,
        "stage": row.stage,
        "sex": Sex(row.sex or Sex.NOT_STATED),
        "age_band": age_band(row.birth_date, submitted_on),
        "submitted_on": submitted_on,
        "complete_on": _complete_on(row, events, authority),
        "due_on": row.due_on,
        "short_path": row.short_path,
    }
    if row.decided_on is None:
        return CaseFigure(**figure)
    holds = [hold for hold in holds_of(events) if hold.began_on <= row.decided_on]
    return CaseFigure(
        **figure,
        decided_on=row.decided_on,
        outcome=row.outcome,
        decided_by=row.decided_by,
        measures=_measures(row.measures),
        differences=found_differences(
            {"differences": row.differences, "compensated": row.compensated}
        ),
        is_late=_is_late(row, events),
        holds=len(holds),
        held_days=len(_held_days(holds, row.decided_on)),
        held_by=tuple(sorted({hold.reference.partition("/")[0] for hold in holds})),
        has_precedent=_has_precedent(row, events, precedents),
        appealed_on=_first_day(events, CaseEventKind.APPEAL_LODGED, authority),
        is_re_examined=None if row.short_path is None else _is_re_examined(row),
    )


def _is_re_examined(row: Row[Any]) -> bool:
    """Tell whether somebody had examined a case by its first decision."""
    return row.re_examined_at is not None and row.re_examined_at <= row.signed_at


def _has_precedent(
    row: Row[Any], events: Iterable[CaseEvent], precedents: frozenset[str]
) -> bool:
    """Tell whether the tables had a precedent, or the decision follows an earlier one.

    The first decision of the case is meant, as everywhere here.
    """
    decided = (event for event in events if event.event == CaseEventKind.DECIDED)
    first = next(decided, None)
    return (first is not None and was_by_precedent(first)) or any(
        table == STATEMENTS and row_id in precedents
        for table, _, row_id in (each.partition("/") for each in row.rows or ())
    )


def _complete_on(
    row: Row[Any], events: Iterable[CaseEvent], authority: Authority
) -> date | None:
    """Return when everything was there, if somebody established it.

    A decision sets the instant where nobody did; that is the truth only where a rule
    decided at once.
    """
    found = _first_day(events, CaseEventKind.COMPLETED, authority)
    if found is not None or row.complete_at is None:
        return found
    if row.complete_at == row.signed_at and row.decided_by != RULE:
        return None
    return legal_day(authority, row.complete_at)


def _is_late(row: Row[Any], events: Iterable[CaseEvent]) -> bool | None:
    if any(event.event == CaseEventKind.LIMIT_MISSED for event in events):
        return True
    return None if row.due_on is None else bool(row.decided_on > row.due_on)


def _held_days(holds: Iterable[Hold], decided_on: date) -> set[date]:
    """Return the days on which the clock stood still, each once."""
    days: set[date] = set()
    for hold in holds:
        end = min(hold.ended_by(decided_on) or decided_on, decided_on)
        span = (end - hold.began_on).days + 1
        days.update(hold.began_on + timedelta(days=each) for each in range(span))
    return days


def _measures(clauses: Sequence[Mapping[str, Any]] | None) -> tuple[str, ...]:
    return tuple(sorted({str(clause["code"]) for clause in clauses or ()}))


def _first_day(
    events: Iterable[CaseEvent], name: str, authority: Authority
) -> date | None:
    """Return the day of the first event of a name: as it says itself, or happened."""
    for event in events:
        if event.event == name:
            said = (event.details or {}).get("on")
            return date.fromisoformat(said) if said else legal_day(authority, event.at)
    return None
