"""When each time limit of a case ends, computed anew from what has happened.

No due date is ever edited: it follows from the events of the case, the regime and the
working days of the authority, and a correction of any of them moves it.

Days are legal days in the zone of the authority. A limit that ends on a day ends with
the last moment of that day: `due_at` is the midnight after it, as an instant.

Source: Regulation (EEC, Euratom) No 1182/71, article 3; BGB sections 187 to 193, and
section 209 for time in which a period stands still.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.periods import (
    LONGEST,
    Held,
    Period,
    Unit,
    end_of,
    joined,
)
from recognition_service.regimes.regime import Regime
from recognition_service.regimes.time_limits import (
    UNCONFIRMED_EFFECTS,
    SilenceEffect,
    TimeLimit,
)
from recognition_service.regimes.working_days import Calendar

_ONE_DAY = timedelta(days=1)
_AT = attrgetter("at")
_EXTENDED, _MISSED = CaseEventKind.LIMIT_EXTENDED, CaseEventKind.LIMIT_MISSED


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a case, as far as time limits look at it.

    Attributes:
        on: The legal day.
        details: Of an extension {limit, length, unit}, of a missed limit {limit,
            started_on}; members that a limit takes its length from.
    """

    kind: str
    at: datetime
    on: date
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoodStill:
    """A time in which the clock of a case stood still, first and last day included.

    Attributes:
        last: None: it goes on.
    """

    first: date
    last: date | None


class Running(StrEnum):
    """Where a time limit stands.

    `held` has no last day: nobody knows yet when the clock goes on.
    """

    OPEN = "open"
    HELD = "held"
    MET = "met"
    MET_LATE = "met_late"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Due:
    """One time limit of one case.

    Attributes:
        started_on: The legal day of the event from which it runs.
        due_on: Its last day, None while it is held without an end.
        due_at: The instant at which its last day is over.
        held_days: Days that did not count.
        extended: How often it was extended.
        is_confirmed: Whether its text and the holidays of the place are established.
        is_settled: Whether it was written down that it passed.
        effect: What silence does, as far as the text is confirmed.
    """

    limit: TimeLimit
    started_on: date
    due_on: date | None
    due_at: datetime | None
    running: Running
    held_days: int
    extended: int
    is_confirmed: bool
    is_settled: bool
    effect: SilenceEffect

    def has_passed(self, now: datetime) -> bool:
        """Tell whether it ended unmet, by now."""
        return (
            self.running in {Running.OPEN, Running.PASSED}
            and self.due_at is not None
            and self.due_at <= now
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an authority works: its working days and its zone."""

    calendar: Calendar
    zone: ZoneInfo

    def end_of_day(self, day: date) -> datetime:
        """Return the instant at which a legal day is over."""
        return _midnight_after(day, self.zone)


@lru_cache(maxsize=8192)
def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + _ONE_DAY, time(), zone).astimezone(UTC)


def due_dates(
    regime: Regime,
    events: Iterable[Happened],
    holds: Iterable[StoodStill],
    place: Place,
    *,
    now: datetime,
) -> tuple[Due, ...]:
    """Return all time limits that have begun, in the order of the regime.

    Args:
        regime: The regime of the case.
        events: What happened, in any order; events of one instant in the order in
            which they happened.
        holds: Times in which the clock stood still; they may overlap.
        place: Where the authority works.
        now: The instant for which it is asked.
    """
    case = _case(regime, events, holds, place, now)
    begun: dict[str, _Begun] = {}
    found: dict[str, Due] = {}
    for limit in regime.timing.limits:
        if limit.starts_at_end_of in found:
            before = limit.starts_at_end_of
            begins = _begin_behind(case, limit, begun[before], found[before])
        else:
            begins = _begin(case, limit)
        if begins is not None:
            begun[limit.id] = begins
            found[limit.id] = _due(case, limit, begins)
    return tuple(found.values())


@dataclass(slots=True)
class _Case:
    """What happened, put in order once for all limits.

    Attributes:
        events: Oldest first.
        behind: By kind, the position behind the last event of that kind.
        ended: Holds that have come to an end.
        open_since: First day of a hold without an end, or None.
        is_confirmed: Whether regime and holidays of the place are established.
    """

    regime: Regime
    events: Sequence[Happened]
    behind: Mapping[str, int]
    ended: Held
    open_since: date | None
    place: Place
    is_confirmed: bool
    now: datetime


@dataclass(slots=True)
class _Begun:
    """A limit that runs.

    Attributes:
        on: The day that is not counted.
        since: The position from which events lie behind its beginning.
        follows: Whether it runs from the end of another limit.
    """

    on: date
    period: Period
    since: int
    follows: bool


def _case(
    regime: Regime,
    events: Iterable[Happened],
    holds: Iterable[StoodStill],
    place: Place,
    now: datetime,
) -> _Case:
    ordered = sorted(events, key=_AT)
    behind = {event.kind: number for number, event in enumerate(ordered, 1)}
    ended: list[tuple[date, date]] = []
    open_since = None
    for hold in holds:
        if hold.last is not None:
            ended.append((hold.first, hold.last))
        elif open_since is None or hold.first < open_since:
            open_since = hold.first
    is_confirmed = regime.is_confirmed and place.calendar.is_established
    return _Case(
        regime, ordered, behind, joined(ended), open_since, place, is_confirmed, now
    )


def _begin(case: _Case, limit: TimeLimit) -> _Begun | None:
    """Return a limit that runs from the last of its events."""
    since = _since_last(case, limit.starts)
    if since == 0:
        return None
    start = case.events[since - 1]
    period = limit.period or _period_from(limit, start)
    return None if period is None else _Begun(start.on, period, since, follows=False)


def _begin_behind(
    case: _Case, limit: TimeLimit, begun: _Begun, before: Due
) -> _Begun | None:
    """Return a limit that runs from the end of another, unless an event began it.

    Only what happened since the other began counts. Who acts before that one has ended
    has met this one too.
    """
    if _since_last(case, limit.starts) >= begun.since:
        return _begin(case, limit)
    if before.due_on is None or limit.period is None:
        return None
    if _since_last(case, limit.unless) > begun.since:
        return None
    return _Begun(before.due_on, limit.period, begun.since, follows=True)


def _since_last(case: _Case, kinds: AbstractSet[str]) -> int:
    """Return the position behind the last event of some kinds; 0: there is none."""
    since = 0
    for kind in kinds:
        since = max(since, case.behind.get(kind, 0))
    return since


def _due(case: _Case, limit: TimeLimit, begun: _Begun) -> Due:
    met = _met(case, limit, begun)
    open_since = case.open_since if limit.is_held and met is None else None
    held = _held(case, met) if limit.is_held else ()
    due_on, extended = _last_day(case, limit, begun, held, open_since)
    is_held = open_since is not None and open_since <= due_on
    is_confirmed = case.is_confirmed and limit.is_confirmed
    due_at = case.place.end_of_day(due_on)
    return Due(
        limit,
        begun.on,
        None if is_held else due_on,
        None if is_held else due_at,
        _running(met, due_at, case.now, is_held=is_held),
        _count_held(begun.on, due_on, held) if held else 0,
        extended,
        is_confirmed,
        _is_settled(case, limit, begun),
        limit.silence
        if is_confirmed or limit.silence in UNCONFIRMED_EFFECTS
        else SilenceEffect.NONE,
    )


def _last_day(
    case: _Case,
    limit: TimeLimit,
    begun: _Begun,
    held: Held,
    open_since: date | None,
) -> tuple[date, int]:
    """Return on which day a limit ends, and how often it was extended.

    What has ended cannot be extended; what is held has not ended.

    Source: BGB section 190.
    """
    place, counting = case.place, case.regime.timing.counting
    due_on = end_of(
        begun.period,
        begun.on,
        place.calendar,
        counting,
        held=held,
        follows=begun.follows,
    )
    extended = 0
    for event in _extensions(case, limit, begun):
        is_held = open_since is not None and open_since <= due_on
        if event.at >= place.end_of_day(due_on) and not is_held:
            break
        period = Period(event.details["length"], Unit(event.details["unit"]))
        due_on = end_of(
            period, due_on, place.calendar, counting, held=held, follows=True
        )
        extended += 1
    return due_on, extended


def _met(case: _Case, limit: TimeLimit, begun: _Begun) -> Happened | None:
    """Return the first event that meets a limit, or None."""
    for event in case.events[begun.since :]:
        if event.kind in limit.met_by:
            return event
    return None


def _is_settled(case: _Case, limit: TimeLimit, begun: _Begun) -> bool:
    """Tell whether it was written down already that the limit passed."""
    if case.behind.get(_MISSED, 0) <= begun.since:
        return False
    return any(
        event.kind == _MISSED
        and event.details.get("limit") == limit.id
        and event.details.get("started_on") == begun.on.isoformat()
        for event in case.events[begun.since :]
    )


def _running(
    met: Happened | None, due_at: datetime, now: datetime, *, is_held: bool
) -> Running:
    if met is not None:
        return Running.MET if met.at < due_at else Running.MET_LATE
    if is_held:
        return Running.HELD
    return Running.OPEN if now < due_at else Running.PASSED


def _period_from(limit: TimeLimit, start: Happened) -> Period | None:
    """Return the days that the starting event gives, or None if it gives none."""
    days = start.details.get(limit.length_from or "")
    if type(days) is not int or not 0 < days <= LONGEST:
        return None
    return Period(days, Unit.DAY)


def _extensions(case: _Case, limit: TimeLimit, begun: _Begun) -> Sequence[Happened]:
    """Return the extensions of a limit, no more than the regime allows."""
    if case.behind.get(_EXTENDED, 0) <= begun.since:
        return ()
    asked = [
        event
        for event in case.events[begun.since :]
        if event.kind == _EXTENDED and event.details.get("limit") == limit.id
    ]
    return asked[: len(limit.extensions)]


def _held(case: _Case, met: Happened | None) -> Held:
    """Return when the clock of a limit stood still.

    A hold without an end counts as far as anything is known: up to the day on which
    the limit was met, else not at all.
    """
    if met is None or case.open_since is None:
        return case.ended
    return joined([*case.ended, (case.open_since, met.on)])


def _count_held(after: date, end: date, held: Held) -> int:
    """Return how many days between two days, the last one too, were held."""
    days = 0
    for first, last in held:
        if first <= end and last > after:
            days += (
                min(last, end).toordinal() - max(first, after + _ONE_DAY).toordinal()
            )
            days += 1
    return days
