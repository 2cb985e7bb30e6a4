"""Instants as credentials write them, and the period in which one is valid.

Source: Verifiable Credentials Data Model v2.0 sections 4.9 and 5.8; XML Schema 1.1
Part 2 section 3.4.28 (dateTimeStamp).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from recognition_service.verification.data_model.faults import (
    Fault,
    ProblemType,
    malformed,
)

_FROM, _UNTIL = "validFrom", "validUntil"
_LONGEST = 64
_STAMP = re.compile(
    r"(?P<year>-?(?:[1-9][0-9]{3,11}|0[0-9]{3}))-(?P<month>0[1-9]|1[0-2])-"
    r"(?P<day>0[1-9]|[12][0-9]|3[01])T(?:(?P<hour>[01][0-9]|2[0-3]):"
    r"(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)|24:00:00(?:\.0+)?)"
    r"(?:Z|(?P<sign>[+-])(?P<hours>0[0-9]|1[0-3]|14(?=:00)):(?P<minutes>[0-5][0-9]))",
    re.ASCII,
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_DAY_SECONDS = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_of(value: Any) -> Fraction | None:
    """Return the seconds from 1970-01-01T00:00:00Z to a `dateTimeStamp`.

    Any year and any fraction of a second can be told. None: the value is none.
    """
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    found = _STAMP.fullmatch(value)
    if found is None:
        return None
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    if day > _days_in(year, month):
        return None
    seconds = Fraction(_days_since_epoch(year, month, day) * _DAY_SECONDS)
    if found["hour"] is None:  # 24:00:00 is the beginning of the next day.
        seconds += _DAY_SECONDS
    else:
        seconds += int(found["hour"]) * 3600 + int(found["minute"]) * 60
        seconds += Fraction(found["second"])
    if found["sign"] is not None:
        offset = int(found["hours"]) * 3600 + int(found["minutes"]) * 60
        seconds += -offset if found["sign"] == "+" else offset
    return seconds


def period_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with `validFrom` and `validUntil`, whatever the time."""
    instants = {}
    for member in (_FROM, _UNTIL):
        if member in document:
            instants[member] = instant_of(document[member])
            if instants[member] is None:
                yield malformed("not_a_date_time_stamp", f"/{member}")
    begins, ends = instants.get(_FROM), instants.get(_UNTIL)
    if begins is not None and ends is not None and begins > ends:
        yield malformed("ends_before_it_begins", f"/{_UNTIL}")


def time_faults(document: Mapping[str, Any], at: datetime) -> Iterator[Fault]:
    """Yield a fault if the credential is not valid yet, or no longer, at an instant."""
    instant = Fraction((at - _EPOCH).total_seconds())
    begins, ends = instant_of(document.get(_FROM)), instant_of(document.get(_UNTIL))
    if begins is not None and instant < begins:
        yield Fault(ProblemType.RANGE_ERROR, "not_yet_valid", f"/{_FROM}")
    if ends is not None and instant > ends:
        yield Fault(ProblemType.RANGE_ERROR, "no_longer_valid", f"/{_UNTIL}")


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in(year: int, month: int) -> int:
    return _DAYS[month - 1] + (month == _FEBRUARY and _is_leap(year))


def _days_since_epoch(year: int, month: int, day: int) -> int:
    """Count the days in the Gregorian calendar, extended in both directions."""
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    days += sum(_days_in(year, earlier) for earlier in range(1, month)) + day
    return days - 719_163  # 1970-01-01 is day 719163 of the year 1.
