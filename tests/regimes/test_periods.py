"""Periods end where the regulation and the civil code let them end."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.regimes.periods import (
    Counting,
    Period,
    Unit,
    add_months,
    end_of,
    joined,
)
from recognition_service.regimes.working_days import calendar_of

BGB, REGULATION = Counting.BGB, Counting.REGULATION_1182_71
BOTH = pytest.mark.parametrize("counting", [BGB, REGULATION])
GERMANY, BERLIN = calendar_of("DE"), calendar_of("DE-BE")
ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2024, 1, 1), date(2031, 12, 31)

days = st.dates(FIRST, LAST)
periods = st.builds(Period, st.integers(1, 60), st.sampled_from(Unit))
times = st.lists(
    st.tuples(days, st.integers(0, 90)).map(lambda it: (it[0], it[0] + it[1] * ONE_DAY))
)
cases = st.fixed_dictionaries(
    {
        "period": periods,
        "after": days,
        "place": st.sampled_from(
            [GERMANY, BERLIN, calendar_of("BE"), calendar_of("MA")]
        ),
        "counting": st.sampled_from(Counting),
        "follows": st.booleans(),
    }
)
always_alike = settings(derandomize=True, max_examples=200, deadline=None)


def end(length, unit, after, place=GERMANY, counting=REGULATION, **more):
    return end_of(Period(length, Unit(unit)), after, place, counting, **more)


@BOTH
@pytest.mark.parametrize(
    ("length", "unit", "after", "last"),
    [
        (1, "month", date(2026, 3, 16), date(2026, 4, 16)),
        (3, "month", date(2026, 11, 2), date(2027, 2, 2)),
        (1, "month", date(2025, 1, 31), date(2025, 2, 28)),
        (1, "month", date(2024, 1, 31), date(2024, 2, 29)),
        (12, "month", date(2024, 2, 29), date(2025, 2, 28)),
        (48, "month", date(2024, 2, 29), date(2028, 2, 29)),
        (1, "month", date(2024, 2, 29), date(2024, 4, 2)),
        (1, "month", date(2025, 2, 28), date(2025, 3, 28)),
        (2, "month", date(2026, 6, 30), date(2026, 8, 31)),
        (1, "month", date(2025, 12, 1), date(2026, 1, 2)),
        (1, "week", date(2026, 11, 2), date(2026, 11, 9)),
        (3, "week", date(2026, 12, 14), date(2027, 1, 4)),
        (10, "day", date(2026, 11, 2), date(2026, 11, 12)),
        (10, "working_day", date(2026, 11, 2), date(2026, 11, 16)),
        (6, "working_day", date(2026, 12, 23), date(2027, 1, 4)),
        (0, "day", date(2026, 11, 2), date(2026, 11, 2)),
    ],
)
def test_ends_on_the_day_of_the_same_number_or_name(
    length, unit, after, last, counting
):
    assert end(length, unit, after, counting=counting) == last


@BOTH
@pytest.mark.parametrize(
    ("length", "unit", "after", "last"),
    [
        (1, "month", date(2026, 4, 1), date(2026, 5, 4)),  # 1 May, a Friday.
        (1, "month", date(2026, 10, 7), date(2026, 11, 9)),  # A Saturday.
        (1, "month", date(2026, 10, 8), date(2026, 11, 9)),  # A Sunday.
        (2, "week", date(2026, 3, 20), date(2026, 4, 7)),  # Good Friday.
        (1, "month", date(2026, 12, 1), date(2027, 1, 4)),  # New Year's Day.
        (3, "day", date(2026, 12, 22), date(2026, 12, 28)),  # Christmas Day.
    ],
)
def test_a_period_that_ends_on_a_day_off_ends_on_the_next_working_day(
    length, unit, after, last, counting
):
    assert end(length, unit, after, counting=counting) == last


def test_a_holiday_of_a_part_counts_in_that_part_alone():
    after = date(2027, 2, 8)
    assert end(1, "month", after, GERMANY) == date(2027, 3, 8)
    assert end(1, "month", after, BERLIN) == date(2027, 3, 9)
    after = date(2026, 5, 24)
    assert end(1, "month", after, calendar_of("CA-ON")) == date(2026, 6, 24)
    assert end(1, "month", after, calendar_of("CA-QC")) == date(2026, 6, 25)


def test_what_happens_on_a_day_off_is_counted_from_that_day():
    holiday = date(2026, 5, 1)
    assert end(1, "month", holiday) == date(2026, 6, 1)
    assert end(1, "week", holiday) == date(2026, 5, 8)
    assert end(1, "working_day", holiday) == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("length", "after", "counting", "last"),
    [
        (2, date(2026, 11, 6), REGULATION, date(2026, 11, 10)),
        (2, date(2026, 11, 6), BGB, date(2026, 11, 9)),
        (3, date(2026, 12, 24), REGULATION, date(2026, 12, 29)),
        (3, date(2026, 12, 24), BGB, date(2026, 12, 28)),
        (2, date(2026, 11, 2), REGULATION, date(2026, 11, 4)),
        (1, date(2026, 11, 6), REGULATION, date(2026, 11, 9)),
        (1, date(2026, 12, 24), REGULATION, date(2026, 12, 28)),
    ],
)
def test_two_days_or_more_include_two_working_days_under_the_regulation_alone(
    length, after, counting, last
):
    assert end(length, "day", after, counting=counting) == last


def test_working_days_within_a_hold_are_not_the_two_that_the_regulation_wants():
    friday, monday = date(2026, 10, 30), date(2026, 11, 2)
    assert end(2, "day", friday) == monday + ONE_DAY
    assert end(2, "day", friday, held=((monday, monday),)) == monday + 2 * ONE_DAY


@pytest.mark.parametrize(
    ("after", "length", "last", "from_an_event"),
    [
        (date(2025, 2, 28), 1, date(2025, 3, 31), date(2025, 3, 28)),
        (date(2025, 4, 30), 1, date(2025, 6, 2), date(2025, 5, 30)),
        (date(2025, 1, 31), 1, date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 1, 30), 1, date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 5, 15), 2, date(2025, 7, 15), date(2025, 7, 15)),
    ],
)
def test_months_from_the_end_of_a_month_end_with_a_month_under_the_civil_code(
    after, length, last, from_an_event
):
    assert end(length, "month", after, counting=BGB, follows=True) == last
    assert end(length, "month", after, counting=BGB) == from_an_event
    assert end(length, "month", after, follows=True) == from_an_event


def test_a_hold_moves_the_end_by_its_days_across_the_end_of_a_month():
    held = joined([(date(2026, 1, 26), date(2026, 2, 4))])
    assert end(1, "month", date(2026, 1, 5), held=held) == date(2026, 2, 16)
    assert end(2, "week", date(2026, 1, 20), held=held) == date(2026, 2, 13)
    assert end(10, "working_day", date(2026, 1, 20), held=held) == date(2026, 2, 13)


def test_days_of_a_hold_before_the_period_or_behind_its_end_do_not_count():
    after = date(2026, 11, 2)
    before = (date(2026, 10, 1), after)
    behind = (date(2026, 12, 3), date(2026, 12, 31))
    assert end(1, "month", after, held=(before, behind)) == date(2026, 12, 2)
    half_before = (date(2026, 10, 1), date(2026, 11, 3))
    assert end(1, "month", after, held=(half_before,)) == date(2026, 12, 3)


def test_the_last_day_may_be_held_and_days_by_which_the_end_moves_too():
    after, last = date(2026, 11, 2), date(2026, 12, 2)
    assert end(1, "month", after, held=((last, last),)) == date(2026, 12, 3)
    twice = (date(2026, 11, 30), last), (date(2026, 12, 4), date(2026, 12, 8))
    assert end(1, "month", after, held=twice) == date(2026, 12, 10)


def test_a_hold_between_the_last_day_and_the_next_working_day_moves_the_end():
    saturday = date(2026, 11, 7)
    held = ((saturday + ONE_DAY, date(2026, 11, 11)),)
    assert end(5, "day", date(2026, 11, 2), held=held) == date(2026, 11, 12)


def test_times_that_overlap_or_touch_are_one():
    one, two, three = (date(2026, 11, day) for day in (2, 3, 4))
    assert joined([(two, three), (one, two)]) == ((one, three),)
    assert joined([(two, three), (one, one)]) == ((one, three),)
    assert joined([(one, three), (two, two)]) == ((one, three),)
    assert joined([(three, three), (one, one)]) == ((one, one), (three, three))
    assert joined([(three, one)]) == ()


def test_months_are_added_over_the_end_of_a_year():
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert add_months(date(2026, 11, 30), 13) == date(2027, 12, 30)


@always_alike
@given(cases, times)
def test_every_end_is_a_working_day_on_which_the_clock_runs(case, holds):
    last = end_of(**case, held=joined(holds))
    assert last > case["after"]
    assert case["place"].is_working_day(last)
    assert not any(first <= last <= until for first, until in holds)


@always_alike
@given(cases, times)
def test_a_hold_only_ever_moves_an_end_later(case, holds):
    some = [holds[:number] for number in range(len(holds) + 1)]
    ends = [end_of(**case, held=joined(each)) for each in some]
    assert ends == sorted(ends)


@always_alike
@given(cases, times)
def test_a_hold_moves_a_period_of_working_days_by_its_working_days(case, holds):
    length, after, place = case["period"].length, case["after"], case["place"]
    case |= {"period": Period(length, Unit.WORKING_DAY)}
    last = end_of(**case, held=joined(holds))
    since = [after + number * ONE_DAY for number in range(1, (last - after).days + 1)]
    running = [
        day
        for day in since
        if place.is_working_day(day)
        and not any(first <= day <= until for first, until in holds)
    ]
    assert len(running) == length


@always_alike
@given(cases, st.integers(1, 60))
def test_a_longer_period_never_ends_earlier(case, more):
    period = case.pop("period")
    longer = Period(period.length + more, period.unit)
    assert end_of(period, **case) <= end_of(longer, **case)
