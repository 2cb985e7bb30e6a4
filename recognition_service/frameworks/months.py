"""Counting months and ages by the calendar, as agreements and laws do."""

from calendar import monthrange
from datetime import date

_YEAR = 12


def add_months(day: date, months: int) -> date:
    """Return the day of the same number so many months later.

    Where that month is shorter, its last day: 31 January and one month are 28 or 29
    February. Negative months count backwards. Add all months at once: step by step,
    31 January would become 28 March.

    Raises:
        ValueError: The calendar, which ends with the year 9999, has no such day.

    Source: Regulation (EEC, Euratom) 1182/71, article 3(2)(c).
    """
    counted = day.year * _YEAR + day.month - 1 + months
    year, month = divmod(counted, _YEAR)
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"{day} and {months} months is no day of the calendar.")
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def age_on(birth_date: date, day: date) -> int:
    """Return the completed years of age on a day, negative before the birth.

    Who was born on 29 February completes a year with the end of 28 February, and is
    a year older on 1 March where the year has no 29 February.
    """
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)
