"""When each time limit of a case ends, computed anew from what has happened.

No due date is ever edited: it follows from the events of the case, the regime and the
working days of the authority, and a correction of any of them moves it.

Days are legal days in the zone of the authority. A limit that ends on a day ends with
the last moment of that day: `due_at` is the midnight after it, as an instant.

Source: Regulation (EEC, Euratom) No 1182/71, article 3; BGB sections 187 to 193, and
section 209 for time in which a period stands still.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.periods import Held, Period, Unit, end_of, joined
from recognition_service.regimes.regime import Regime
from recognition_service.regimes.time_limits import (
    UNCONFIRMED_EFFECTS,
    SilenceEffect,
    TimeLimit,
)
from recognition_service.regimes.working_days import Calendar

_ONE_DAY = timedelta(days=1)


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
        return datetime.combine(day + _ONE_DAY, time(), self.zone).astimezone(UTC)


def due_dates(
    regime: Regime,
    events: Sequence[Happened],
    holds: Iterable[StoodStill],
    place: Place,
    *,
    now: datetime,
) -> tuple[Due, ...]:
    """Return all time limits that have begun, in the order of the regime.

    Args:
        regime: The regime of the case.
        events: What happened, oldest first.
        holds: Times in which the clock stood still; they may overlap.
        place: Where the authority works.
        now: The instant for which it is asked.
    """
    case = _Case(regime, tuple(events), tuple(holds), place, now)
    found: dict[str, Due] = {}
    for limit in regime.timing.limits:
        begun = _begin(case, limit, found)
        if begun is not None:
            found[limit.id] = _due(case, limit, begun)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Case:
    regime: Regime
    events: tuple[Happened, ...]
    holds: tuple[StoodStill, ...]
    place: Place
    now: datetime


@dataclass(frozen=True, slots=True)
class _Begun:
    """A limit that runs: from which day, how long, and what happened since.

    Attributes:
        follows: Whether it runs from the end of another limit.
    """

    on: date
    period: Period
    later: tuple[Happened, ...]
    follows: bool


def _begin(case: _Case, limit: TimeLimit, earlier: Mapping[str, Due]) -> _Begun | None:
    """Return from when a limit runs: the last of its events, or an earlier limit."""
    for number in range(len(case.events) - 1, -1, -1):
        event = case.events[number]
        if event.kind in limit.starts:
            period = _period(limit, event)
            if period is None:
                return None
            return _Begun(event.on, period, case.events[number + 1 :], follows=False)
    before = earlier.get(limit.starts_at_end_of or "")
    if before is None or before.due_on is None or limit.period is None:
        return None
    if any(event.kind in limit.unless for event in case.events):
        return None
    # Who acts before the earlier limit has ended has met this one too.
    since = [event for event in case.events if event.on >= before.started_on]
    return _Begun(before.due_on, limit.period, tuple(since), follows=True)


def _due(case: _Case, limit: TimeLimit, begun: _Begun) -> Due:
    place, counting = case.place, case.regime.timing.counting
    met = next((event for event in begun.later if event.kind in limit.met_by), None)
    holds = case.holds if limit.is_held else ()
    held = _held(holds, met.on if met else None)
    due_on = end_of(
        begun.period,
        begun.on,
        place.calendar,
        counting,
        held=held,
        follows=begun.follows,
    )
    extended = 0
    for extension in _extensions(limit, begun.later):
        if extension.at >= place.end_of_day(due_on):
            break  # Asked too late: what has ended cannot be extended.
        length = Period(extension.details["length"], Unit(extension.details["unit"]))
        due_on = end_of(
            length, due_on, place.calendar, counting, held=held, follows=True
        )
        extended += 1
    is_held = met is None and any(
        hold.last is None and hold.first <= due_on for hold in holds
    )
    is_confirmed = (
        case.regime.is_confirmed
        and limit.is_confirmed
        and place.calendar.is_established
    )
    due_at = place.end_of_day(due_on)
    return Due(
        limit,
        begun.on,
        None if is_held else due_on,
        None if is_held else due_at,
        _running(met, due_at, case.now, is_held=is_held),
        _count_held(begun.on, due_on, held),
        extended,
        is_confirmed,
        _is_settled(limit, begun),
        limit.silence
        if is_confirmed or limit.silence in UNCONFIRMED_EFFECTS
        else SilenceEffect.NONE,
    )


def _is_settled(limit: TimeLimit, begun: _Begun) -> bool:
    """Tell whether it was written down already that the limit passed."""
    return any(
        event.kind == CaseEventKind.LIMIT_MISSED
        and event.details.get("limit") == limit.id
        and event.details.get("started_on") == begun.on.isoformat()
        for event in begun.later
    )


def _running(
    met: Happened | None, due_at: datetime, now: datetime, *, is_held: bool
) -> Running:
    if met is not None:
        return Running.MET if met.at < due_at else Running.MET_LATE
    if is_held:
        return Running.HELD
    return Running.OPEN if now < due_at else Running.PASSED


def _period(limit: TimeLimit, start: Happened) -> Period | None:
    if limit.period is not None:
        return limit.period
    days = start.details.get(limit.length_from or "")
    return Period(days, Unit.DAY) if type(days) is int and days > 0 else None


def _extensions(limit: TimeLimit, events: Iterable[Happened]) -> list[Happened]:
    """Return the extensions of a limit, no more than the regime allows."""
    asked = [
        event
        for event in events
        if event.kind == CaseEventKind.LIMIT_EXTENDED
        and event.details.get("limit") == limit.id
    ]
    return asked[: len(limit.extensions)]


def _held(holds: Iterable[StoodStill], met_on: date | None) -> Held:
    """Return when the clock stood still; what two holds have in common once.

    A hold without an end counts as far as anything is known: up to the day on which
    the limit was met, else not at all.
    """
    ended = ((hold.first, hold.last or met_on) for hold in holds)
    return joined((first, last) for first, last in ended if last is not None)


def _count_held(after: date, end: date, held: Held) -> int:
    """Return how many days between two days, the last one too, were held."""
    overlaps = (
        (min(last, end) - max(first, after + _ONE_DAY)).days + 1 for first, last in held
    )
    return sum(days for days in overlaps if days > 0)
