"""A working day is one on which the offices of a place work."""

from datetime import date

import pytest

from recognition_service.regimes.working_days import calendar_of

SATURDAY, SUNDAY, MONDAY = date(2026, 11, 7), date(2026, 11, 8), date(2026, 11, 9)


@pytest.mark.parametrize(
    ("territory", "day"),
    [
        ("DE", date(2026, 5, 1)),
        ("DE-BE", date(2027, 3, 8)),
        ("CA-QC", date(2026, 6, 24)),
        ("BE", date(2026, 7, 21)),
        ("FR", date(2026, 7, 14)),
        ("MA", date(2026, 11, 18)),
        ("TN", date(2026, 3, 20)),
        ("XK", date(2026, 2, 17)),
        ("DE", date(2026, 12, 25)),
        ("DE", date(2027, 1, 1)),
        ("DE", date(2026, 4, 3)),
    ],
)
def test_nobody_works_on_a_holiday_of_the_place(territory, day):
    calendar = calendar_of(territory)
    assert calendar.is_established
    assert day.weekday() < SATURDAY.weekday()
    assert not calendar.is_working_day(day)


@pytest.mark.parametrize(
    ("territory", "day"),
    [
        ("DE", date(2027, 3, 8)),
        ("DE-BY", date(2027, 3, 8)),
        ("DE-BE", date(2018, 3, 8)),
        ("CA", date(2026, 6, 24)),
        ("CA-ON", date(2026, 6, 24)),
        ("BE", date(2026, 7, 14)),
    ],
)
def test_a_holiday_of_another_place_or_year_is_a_working_day(territory, day):
    assert calendar_of(territory).is_working_day(day)


def test_a_part_without_holidays_of_its_own_has_those_of_its_state():
    for part in ("BE-FL", "BE-no-such"):
        calendar = calendar_of(part)
        assert calendar.is_established
        assert not calendar.is_working_day(date(2026, 7, 21))


def test_saturdays_and_sundays_are_days_of_rest_also_where_one_is_made_up_for():
    for territory in ("DE", "HU", "BE-FL", "QQ"):
        calendar = calendar_of(territory)
        assert not calendar.is_working_day(SATURDAY)
        assert not calendar.is_working_day(SUNDAY)
        assert calendar.is_working_day(MONDAY)
    made_up_for = date(2026, 1, 10)
    assert not calendar_of("HU").is_working_day(made_up_for)


def test_other_days_of_rest_are_those_of_the_state():
    algeria = calendar_of("DZ")
    assert not algeria.is_working_day(date(2026, 11, 6))
    assert not algeria.is_working_day(SATURDAY)
    assert algeria.is_working_day(SUNDAY)
    before, since = date(2021, 11, 5), date(2022, 11, 4)
    assert not calendar_of("AE").is_working_day(before)
    assert calendar_of("AE").is_working_day(since)


@pytest.mark.parametrize("territory", ["EU", "QQ", "", "de", "QQ-A"])
def test_a_territory_that_nobody_knows_has_days_of_rest_alone(territory):
    calendar = calendar_of(territory)
    assert not calendar.is_established
    assert calendar.is_working_day(date(2026, 5, 1))
    assert not calendar.is_working_day(SATURDAY)


def test_beyond_the_known_years_only_days_of_rest_are_left_out():
    germany = calendar_of("DE")
    assert germany.is_working_day(date(2500, 1, 1))
    assert not germany.is_working_day(date(2500, 1, 2))
    assert germany.is_working_day(date(1900, 1, 1))


@pytest.mark.parametrize(
    ("day", "working_day"),
    [
        (MONDAY, MONDAY),
        (SATURDAY, MONDAY),
        (date(2026, 4, 3), date(2026, 4, 7)),
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2027, 1, 1), date(2027, 1, 4)),
        (date(2026, 5, 1), date(2026, 5, 4)),
    ],
)
def test_the_next_working_day_lies_behind_all_days_off(day, working_day):
    assert calendar_of("DE").working_day_from(day) == working_day
