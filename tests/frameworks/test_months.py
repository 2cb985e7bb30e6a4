from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition_service.frameworks.months import add_months, age_on


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2100-01-31", 1, "2100-02-28"),
        ("2000-01-31", 1, "2000-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-01-15", 0, "2026-01-15"),
        ("2026-01-15", 36, "2029-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_months_end_on_the_same_number_or_on_the_last_day(day, months, then):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


def test_months_beyond_the_calendar_are_refused():
    assert add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)
    for day, months in ((date(9999, 12, 1), 1), (date(1, 1, 31), -1)):
        with pytest.raises(ValueError, match="no day of the calendar"):
            add_months(day, months)


@given(
    st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 240), st.integers(0, 9)
)
def test_more_months_never_end_earlier(day, months, more):
    then = add_months(day, months)
    assert then <= add_months(day, months + more)
    assert then.day <= day.day
    passed = (then.year - day.year) * 12 + then.month - day.month
    assert passed == months


@pytest.mark.parametrize(
    ("birth_date", "day", "age"),
    [
        ("2000-06-15", "2018-06-14", 17),
        ("2000-06-15", "2018-06-15", 18),
        ("2000-06-15", "2018-06-16", 18),
        ("2000-12-31", "2019-01-01", 18),
        ("2004-02-29", "2022-02-28", 17),
        ("2004-02-29", "2022-03-01", 18),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2004-02-28", "2022-02-28", 18),
        ("2004-02-29", "2004-02-29", 0),
        ("2004-02-29", "2004-02-28", -1),
    ],
)
def test_a_year_of_age_is_complete_on_the_birthday(birth_date, day, age):
    assert age_on(date.fromisoformat(birth_date), date.fromisoformat(day)) == age
