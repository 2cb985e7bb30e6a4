"""How old a paper may be on the day on which it is handed in."""

from datetime import date

from recognition_service.frameworks.months import add_months


def is_too_old(issued_on: date, on: date, months: int) -> bool:
    """Tell whether a paper was issued more than so many months before a day.

    The last day counts: what was issued on 2 August is three months old on 2 November,
    and too old from 3 November on. How many months a kind of paper may have is said by
    the regime; where it says nothing, no paper is too old.

    Args:
        issued_on: The day that the paper bears.
        on: The legal day on which it is handed in.
        months: How many months are allowed, counted by the calendar.

    Source: Directive 2005/36/EC, article 50(1) (papers of annex VII point 1(d), (e) and
    (f): three months by the date on which they are submitted).
    """
    return on > add_months(issued_on, months)
