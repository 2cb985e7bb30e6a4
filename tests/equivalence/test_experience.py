"""Months of work: overlaps count once, part-time by its share."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition_service.equivalence.experience import (
    WorkedPeriod,
    first_day_of_last,
    is_in_occupation,
    longest_run,
    months_worked,
)

HALF = Fraction(1, 2)
DAYS = st.dates(date(2015, 1, 1), date(2026, 12, 31))
SHARES = st.sampled_from([Fraction(1), HALF, Fraction(1, 4), Fraction(19, 38)])


@st.composite
def periods(draw):
    first, second = sorted((draw(DAYS), draw(DAYS)))
    return WorkedPeriod(first, second, draw(SHARES))


def worked(began, ended, share=Fraction(1)):
    return WorkedPeriod(date.fromisoformat(began), date.fromisoformat(ended), share)


@pytest.mark.parametrize(
    ("began", "ended", "months"),
    [
        ("2023-02-15", "2024-02-14", 1200),
        ("2024-02-15", "2027-02-14", 3600),
        ("2024-02-29", "2025-02-28", 1203),
        ("2023-01-31", "2023-02-27", 100),
        ("2026-11-01", "2026-11-30", 100),
        ("2026-11-01", "2026-11-15", 50),
        ("2026-11-02", "2026-11-02", 3),
    ],
)
def test_a_year_is_twelve_months_whatever_day_it_begins_on(began, ended, months):
    assert months_worked([worked(began, ended)]) == months


def test_overlapping_work_counts_once_and_two_halves_are_a_whole():
    year = worked("2024-01-01", "2024-12-31")
    half = worked("2024-01-01", "2024-12-31", HALF)
    later = worked("2024-07-01", "2025-06-30")
    assert months_worked([year, year]) == 1200
    assert months_worked([half]) == 600
    assert months_worked([half, half]) == 1200
    assert months_worked([year, half]) == 1200
    assert months_worked([year, later]) == 1800
    assert months_worked([half, later]) == 1500


def test_only_what_lies_in_the_time_that_is_looked_at_counts():
    work = [worked("2019-01-01", "2024-06-30")]
    since = first_day_of_last(60, date(2026, 11, 2))
    assert since == date(2021, 11, 3)
    assert months_worked(work, since=since, until=date(2026, 11, 2)) == 3193
    assert months_worked(work, until=date(2019, 1, 31)) == 100
    assert months_worked(work, since=date(2025, 1, 1)) == 0


def test_a_run_ends_with_the_first_day_without_work():
    work = [
        worked("2021-01-01", "2022-12-31"),
        worked("2023-01-02", "2023-12-31"),
        worked("2024-01-01", "2024-06-30", HALF),
    ]
    assert longest_run(work) == 2400
    assert longest_run([*work, worked("2023-01-01", "2023-01-01")]) == 3900
    assert longest_run([]) == months_worked([]) == 0


def test_an_occupation_includes_narrower_ones():
    work = WorkedPeriod(date(2024, 1, 1), date(2024, 1, 31), occupation="7411")
    assert is_in_occupation(work, "7411")
    assert is_in_occupation(work, "74")
    assert is_in_occupation(work, None)
    assert not is_in_occupation(work, "2221")
    untold = WorkedPeriod(date(2024, 1, 1), date(2024, 1, 31))
    assert not is_in_occupation(untold, "74")


@given(st.lists(periods(), max_size=5), st.randoms())
def test_neither_order_nor_repetition_of_full_time_work_matters(given_periods, random):
    shuffled = random.sample(given_periods, len(given_periods))
    assert months_worked(shuffled) == months_worked(given_periods)
    full = [WorkedPeriod(each.began_on, each.ended_on) for each in given_periods]
    assert months_worked([*full, *full]) == months_worked(full)


@given(periods(), st.integers(0, 4000))
def test_a_period_in_two_pieces_is_as_long_as_the_whole(period, days):
    cut = period.began_on + timedelta(days=days)
    if not period.began_on < cut <= period.ended_on:
        return
    pieces = [
        WorkedPeriod(period.began_on, cut - timedelta(days=1), period.share),
        WorkedPeriod(cut, period.ended_on, period.share),
    ]
    assert months_worked(pieces) == months_worked([period])
    assert longest_run(pieces) == longest_run([period])


@given(st.lists(periods(), min_size=1, max_size=5), periods())
def test_more_work_never_counts_less_and_never_beyond_full_time(given_periods, more):
    before = months_worked(given_periods)
    together = [*given_periods, more]
    after = months_worked(together)
    # Cut months are shares of months of other lengths: a few days to either side.
    assert after >= before - 25
    hull = WorkedPeriod(
        min(each.began_on for each in together),
        max(each.ended_on for each in together),
    )
    assert after <= months_worked([hull]) + 25
    assert longest_run(together) <= after
