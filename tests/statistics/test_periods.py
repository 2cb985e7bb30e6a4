"""Figures are those of whole quarters and years."""

from datetime import date

import pytest

from recognition_service.statistics.errors import PeriodNotPublishedError
from recognition_service.statistics.periods import (
    Period,
    periods_over,
    quarter_after,
    quarter_of,
    read_period,
)


@pytest.mark.parametrize(
    ("written", "begin", "end"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2028-Q1", date(2028, 1, 1), date(2028, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_its_days(written, begin, end):
    period = read_period(written)
    assert (str(period), period.begin, period.end) == (written, begin, end)


@pytest.mark.parametrize("written", ["", "26", "2026-Q5", "2026-10", "2026-q1", "9999"])
def test_anything_else_is_no_period(written):
    with pytest.raises(PeriodNotPublishedError) as caught:
        read_period(written)
    assert caught.value.errors[0]["parameter"] == "period"


def test_a_period_is_over_on_the_day_after_its_last():
    assert not Period(2026, 3).is_over(date(2026, 9, 30))
    assert Period(2026, 3).is_over(date(2026, 10, 1))


def test_quarters_follow_one_another():
    assert quarter_of(date(2026, 11, 2)) == Period(2026, 4)
    assert quarter_after(Period(2026, 4)) == Period(2027, 1)
    assert Period(2026).quarters == tuple(Period(2026, each) for each in (1, 2, 3, 4))


def test_periods_begin_with_the_first_case_and_end_before_the_running_one():
    found = periods_over(date(2025, 8, 1), date(2026, 5, 1), with_quarters=True)
    assert [str(period) for period in found] == [
        "2026-Q1",
        "2025",
        "2025-Q4",
        "2025-Q3",
    ]


def test_without_quarters_there_are_years_only():
    found = periods_over(date(2025, 8, 1), date(2026, 5, 1), with_quarters=False)
    assert [str(period) for period in found] == ["2025"]
