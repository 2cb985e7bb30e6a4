"""Indicators follow from what is published, and from enough cases."""

from collections import Counter

import pytest

from recognition_service.statistics import indicators
from recognition_service.statistics.indicators import Days
from recognition_service.statistics.suppression import Axis, protect

SEXES = Axis(("female", "male", "other", "not_stated"))
OUTCOMES = Axis(("full", "refused"))


def crossed(rows, columns, **counts):
    table = {
        (row, column): number
        for row, numbers in counts.items()
        for column, number in numbers.items()
    }
    return protect(table, rows, columns, threshold=5)


def test_a_median_needs_as_many_cases_as_the_threshold():
    assert indicators.days(Counter([1, 2, 3, 4]), 5) == Days()
    assert indicators.days(Counter([9, 2, 3, 4, 1]), 5) == Days(3.0)


def test_a_percentile_needs_twice_as_many_and_is_never_the_slowest_case():
    assert indicators.days(Counter(range(9)), 5).p90 is None
    assert indicators.days(Counter(range(10)), 5) == Days(4.5, 8)
    assert indicators.days(Counter({30: 95, 200: 5}), 5) == Days(30.0, 30)
    assert indicators.days(Counter(range(9)), 3).p90 is None


def test_refusal_rates_are_told_by_sex():
    table = crossed(
        SEXES,
        OUTCOMES,
        female={"full": 30, "refused": 10},
        male={"full": 45, "refused": 5},
    )
    assert indicators.refusal_rates(table) == {
        "all": 0.167,
        "female": 0.25,
        "male": 0.1,
        "other": None,
        "not_stated": None,
    }


def test_a_rate_of_a_hidden_count_is_hidden():
    table = crossed(
        SEXES,
        OUTCOMES,
        female={"full": 30, "refused": 2},
        male={"full": 45, "refused": 8},
    )
    rates = indicators.refusal_rates(table)
    assert rates["female"] is rates["male"] is None
    assert rates["all"] == 0.118


@pytest.mark.parametrize(
    ("nurses", "welders", "expected"),
    [
        ({"female": 20, "male": 20}, {"female": 10, "male": 10}, 0.0),
        ({"female": 20, "male": 0}, {"female": 0, "male": 20}, 1.0),
        ({"female": 30, "male": 10}, {"female": 10, "male": 30}, 0.5),
    ],
)
def test_segregation_goes_from_none_to_all(nurses, welders, expected):
    table = crossed(Axis(), SEXES, nurses=nurses, welders=welders)
    assert indicators.segregation(table) == expected


def test_cases_without_a_profession_do_not_count_for_segregation():
    table = crossed(
        Axis(),
        SEXES,
        none={"female": 100, "male": 20},
        nurses={"female": 30, "male": 10},
        welders={"female": 10, "male": 30},
    )
    assert indicators.segregation(table) == 0.5


def test_segregation_with_hidden_professions_is_never_larger_than_the_truth():
    table = crossed(
        Axis(),
        SEXES,
        nurses={"female": 30, "male": 10},
        welders={"female": 2, "male": 30},
        cooks={"female": 6, "male": 9},
    )
    assert table.cells["welders", "female"] is None
    truth = (abs(30 / 38 - 10 / 49) + abs(2 / 38 - 30 / 49) + abs(6 / 38 - 9 / 49)) / 2
    assert 0 < indicators.segregation(table) <= truth


def test_segregation_of_one_sex_alone_is_no_number():
    table = crossed(Axis(), SEXES, nurses={"female": 30, "male": 0})
    assert indicators.segregation(table) is None


def test_shares_are_of_what_could_have_been():
    of_limits = {("kept", ""): 30, ("missed", ""): 10, ("none", ""): 60}
    limits = protect(of_limits, Axis(("kept", "missed", "none")), threshold=5)
    assert indicators.overdue_share(limits) == 0.25
    of_precedents = {("at_hand", ""): 25, ("none", ""): 75}
    precedents = protect(of_precedents, Axis(("at_hand", "none")), threshold=5)
    assert indicators.precedent_share(precedents) == 0.25
    assert indicators.share(0, 0) is None
