"""Counting days, weeks and months as the law counts them.

The day of the event is not counted. A period of weeks or months ends on the day that
bears the name or the number of the day of the event, or on the last day of a month
that has no such number. A period that would end on a day on which nobody works ends on
the next working day. Days on which the clock stands still are no part of a period.

Source: Regulation (EEC, Euratom) No 1182/71, article 3(1) to (5); BGB sections 187 to
190 and 193, which VwVfG section 31(1) and (3) makes those of authorities; BGB section
209.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from recognition_service.regimes.working_days import Calendar

_MONTHS_OF_YEAR = 12
_DAYS_OF_WEEK = 7
_SHORTEST_MONTH = 28
_LEAST_WORKING_DAYS = 2
_ONE_DAY = timedelta(days=1)

LONGEST = 1200
"""The greatest length of a period, in any unit; a longer one was misread."""

Held = tuple[tuple[date, date], ...]
"""Times in which the clock stood still, first and last day included, as of `joined`."""


class Unit(StrEnum):
    """In what a period is expressed."""

    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"


class Counting(StrEnum):
    """After which text periods are counted.

    Under the regulation a period of two days or more includes two working days at
    least. Under the BGB a period of months that begins with a month ends with one.
    """

    REGULATION_1182_71 = "regulation_1182_71"
    BGB = "bgb"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a text gives it."""

    length: int
    unit: Unit


def joined(times: Iterable[tuple[date, date]]) -> Held:
    """Return times in order, those that overlap or touch as one."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(times):
        if last < first:
            continue
        if found and first <= found[-1][1] + _ONE_DAY:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return tuple(found)


def end_of(
    period: Period,
    after: date,
    place: Calendar,
    counting: Counting,
    *,
    held: Held = (),
    follows: bool = False,
) -> date:
    """Return the last day of a period.

    Args:
        period: The length; 0 ends on the day of the event itself.
        after: The day of the event, which is not counted.
        place: The working days of the authority.
        counting: The text after which it is counted.
        held: Days that do not count because the clock stood still.
        follows: Whether `after` is the last day of an earlier period, so that this
            one begins with the beginning of a day.

    Source: Regulation (EEC, Euratom) No 1182/71, article 3(4) and (5).
    """
    return _end(period, after, place, counting, held, follows=follows)


@lru_cache(maxsize=16384)
def _end(
    period: Period,
    after: date,
    place: Calendar,
    counting: Counting,
    held: Held,
    *,
    follows: bool,
) -> date:
    """Return the end, once for all who ask again."""
    if period.unit is Unit.WORKING_DAY:
        return _working_days(period.length, after, place, held)
    end = _calendar_end(period, after, follows=follows and counting is Counting.BGB)
    end = _working_day_from(_pushed(after, end, held), place, held)
    if counting is Counting.REGULATION_1182_71 and _is_of_two_days(period):
        return _with_two_working_days(after, end, place, held)
    return end


def add_months(day: date, months: int) -> date:
    """Return the day of the same number, or the last day of a shorter month."""
    count = day.year * _MONTHS_OF_YEAR + day.month - 1 + months
    year, month = count // _MONTHS_OF_YEAR, count % _MONTHS_OF_YEAR + 1
    if day.day <= _SHORTEST_MONTH:
        return date(year, month, day.day)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _calendar_end(period: Period, after: date, *, follows: bool) -> date:
    match period.unit:
        case Unit.MONTH if follows and (after + _ONE_DAY).day == 1:
            # BGB sections 187(2) and 188(2): what begins with the first day of a
            # month ends with the day before the first day of another.
            return add_months(after + _ONE_DAY, period.length) - _ONE_DAY
        case Unit.MONTH:
            return add_months(after, period.length)
        case Unit.WEEK:
            return after + timedelta(days=period.length * _DAYS_OF_WEEK)
        case Unit.DAY | Unit.WORKING_DAY:
            return after + timedelta(days=period.length)


def _is_of_two_days(period: Period) -> bool:
    """Tell whether a text gives two days or more, wherever the period then ends."""
    return period.length >= _LEAST_WORKING_DAYS or period.unit is not Unit.DAY


def _pushed(after: date, end: date, held: Held) -> date:
    """Return the end moved by as many days as were held before it.

    Days by which it is moved may be held themselves.
    """
    for first, last in held:
        if first > end:
            break
        if last > after:
            end += last - max(first, after + _ONE_DAY) + _ONE_DAY
    return end


def _with_two_working_days(after: date, end: date, place: Calendar, held: Held) -> date:
    """Return the end, a working day, or the next if no other lies before it."""
    day = end - _ONE_DAY
    while day > after:
        if place.is_working_day(day) and _running_from(day, held) == day:
            return end
        day -= _ONE_DAY
    return _working_days(1, end, place, held)


def _working_day_from(day: date, place: Calendar, held: Held) -> date:
    """Return the day itself or the next working day on which the clock runs."""
    day = _running_from(day, held)
    while not place.is_working_day(day):
        day = _running_from(day + _ONE_DAY, held)
    return day


def _working_days(length: int, after: date, place: Calendar, held: Held) -> date:
    day = after
    while length > 0:
        day += _ONE_DAY
        if held:
            day = _running_from(day, held)
        if place.is_working_day(day):
            length -= 1
    return day


def _running_from(day: date, held: Held) -> date:
    """Return the day itself or the first one behind the hold in which it lies."""
    for first, last in held:
        if first <= day <= last:
            return last + _ONE_DAY
    return day
