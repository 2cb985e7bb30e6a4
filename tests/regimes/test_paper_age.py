"""A paper may be so many months old on the day it is handed in, not a day more."""

from datetime import date

import pytest

from recognition_service.regimes.paper_age import is_too_old


@pytest.mark.parametrize(
    ("issued_on", "last_day"),
    [
        (date(2026, 8, 2), date(2026, 11, 2)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_three_months_end_with_the_day_of_the_same_number(issued_on, last_day):
    assert not is_too_old(issued_on, last_day, 3)
    assert is_too_old(issued_on, date.fromordinal(last_day.toordinal() + 1), 3)


def test_a_paper_of_the_same_day_is_new():
    assert not is_too_old(date(2026, 11, 2), date(2026, 11, 2), 0)
    assert is_too_old(date(2026, 11, 1), date(2026, 11, 2), 0)
