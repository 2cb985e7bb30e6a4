"""Counting days, weeks and months as the law counts them.

The day of the event is not counted. A period of weeks or months ends on the day that
bears the name or the number of the day of the event, or on the last day of a month
that has no such number. A period that would end on a day on which nobody works ends on
the next working day.

Source: Regulation (EEC, Euratom) No 1182/71, article 3(1) to (5); BGB sections 187(1),
188(2) and (3), 190 and 193.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recognition_service.regimes.working_days import Calendar

_DECEMBER = 12
_DAYS_OF_WEEK = 7
_LEAST_WORKING_DAYS = 2
_ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    """In what a period is expressed."""

    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"


class Counting(StrEnum):
    """After which text periods are counted.

    Both count alike but for one rule: under the regulation a period of two days or
    more includes two working days at least.
    """

    REGULATION_1182_71 = "regulation_1182_71"
    BGB = "bgb"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a text gives it."""

    length: int
    unit: Unit


def days_of(
    period: Period, after: date, place: Calendar, *, held: frozenset[date] = frozenset()
) -> date:
    """Return the last day of a period before it is moved to a working day.

    Args:
        period: The length; 0 ends on the day of the event itself.
        after: The day of the event, which is not counted.
        place: The working days of the authority.
        held: Days that do not count because the clock stood still.
    """
    if period.unit is Unit.WORKING_DAY:
        return _working_days(period.length, after, place, held)
    end = _calendar_end(period, after)
    return _pushed(after, end, held)


def end_of(
    period: Period,
    after: date,
    place: Calendar,
    counting: Counting,
    *,
    held: frozenset[date] = frozenset(),
) -> date:
    """Return the last day of a period; arguments as for `days_of`."""
    end = place.working_day_from(days_of(period, after, place, held=held))
    if counting is Counting.REGULATION_1182_71 and (end - after).days > 1:
        while place.count_working_days(after + _ONE_DAY, end) < _LEAST_WORKING_DAYS:
            end = place.working_day_from(end + _ONE_DAY)
    return end


def _calendar_end(period: Period, after: date) -> date:
    match period.unit:
        case Unit.DAY | Unit.WORKING_DAY:
            return after + timedelta(days=period.length)
        case Unit.WEEK:
            return after + timedelta(days=period.length * _DAYS_OF_WEEK)
        case Unit.MONTH:
            return add_months(after, period.length)


def add_months(day: date, months: int) -> date:
    """Return the day of the same number, or the last day of a shorter month."""
    count = day.year * _DECEMBER + day.month - 1 + months
    year, month = count // _DECEMBER, count % _DECEMBER + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _pushed(after: date, end: date, held: frozenset[date]) -> date:
    """Return the end moved by as many days as were held before it.

    Days by which it is moved may be held themselves.
    """
    counted = 0
    while True:
        within = sum(after < day <= end for day in held)
        if within == counted:
            return end
        end += timedelta(days=within - counted)
        counted = within


def _working_days(
    length: int, after: date, place: Calendar, held: frozenset[date]
) -> date:
    day = after
    while length > 0:
        day += _ONE_DAY
        if day not in held and place.is_working_day(day):
            length -= 1
    return day
