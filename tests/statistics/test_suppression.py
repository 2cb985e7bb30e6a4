"""No hidden count can be worked out from what is shown."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recognition_service.statistics.suppression import (
    MOST_GROUPS,
    OTHER,
    Axis,
    protect,
)
from tests.statistics.oracle import effort, hidden, ranges

SMALL = st.integers(0, 6)
MOST_TRIED = 20_000


def closed(*groups):
    return Axis(groups)


def of_rows(**counts):
    return {(row, ""): count for row, count in counts.items()}


@st.composite
def tables(draw, rows=3, columns=3):
    names = [f"r{number}" for number in range(draw(st.integers(1, rows)))]
    across = [f"c{number}" for number in range(draw(st.integers(1, columns)))]
    counts = {(row, column): draw(SMALL) for row in names for column in across}
    axes = [
        draw(st.sampled_from([Axis(tuple(each)), Axis()])) for each in (names, across)
    ]
    return counts, axes


@settings(max_examples=150, deadline=None)
@given(tables(), st.integers(3, 5))
def test_every_hidden_count_could_be_anything_over_a_wide_range(made, threshold):
    counts, axes = made
    table = protect(counts, *axes, threshold=threshold)
    if table.total is None:
        assert all(count is None for count in table.cells.values())
        return
    assume(effort(table) <= MOST_TRIED)
    found = ranges(table)
    assert set(found) == set(hidden(table))
    for key, (least, largest) in found.items():
        assert largest - least >= threshold, (key, least, largest)


@settings(max_examples=300, deadline=None)
@given(tables(6, 6), st.integers(3, 7))
def test_no_small_count_is_shown_and_what_is_shown_is_true(made, threshold):
    counts, axes = made
    table = protect(counts, *axes, threshold=threshold)
    shown = [
        *table.cells.values(),
        *table.rows.values(),
        *table.columns.values(),
        table.total,
    ]
    assert all(count in {None, 0} or count >= threshold for count in shown)
    for (row, column), count in table.cells.items():
        if count is not None and OTHER not in {row, column}:
            assert count == counts[row, column]


@settings(max_examples=300, deadline=None)
@given(tables(6, 6), st.integers(3, 7))
def test_hidden_counts_are_never_alone_and_never_few_people(made, threshold):
    counts, axes = made
    table = protect(counts, *axes, threshold=threshold)
    for row, total in table.rows.items():
        line = [table.cells[row, column] for column in table.columns]
        if total is not None and None in line:
            assert line.count(None) >= 2
            known = sum(count for count in line if count is not None)
            assert total - known >= threshold


def test_a_small_count_takes_another_one_with_it():
    table = protect(
        of_rows(female=40, male=38, other=3, not_stated=9),
        closed("female", "male", "other", "not_stated"),
        threshold=5,
    )
    assert table.rows == {"female": 40, "male": 38, "other": None, "not_stated": None}
    assert table.total == 90


def test_a_zero_is_shown_and_hides_nobody():
    table = protect(
        of_rows(female=40, male=38, other=0),
        closed("female", "male", "other"),
        threshold=5,
    )
    assert table.rows["other"] == 0


def test_a_cycle_of_four_hides_one_in_a_crossed_table():
    counts = {
        ("LV", "full"): 3,
        ("LV", "refused"): 20,
        ("MA", "full"): 30,
        ("MA", "refused"): 8,
        ("FR", "full"): 50,
        ("FR", "refused"): 60,
    }
    table = protect(counts, Axis(), closed("full", "refused"), threshold=5)
    assert {place for place, count in table.cells.items() if count is None} == {
        ("LV", "full"),
        ("LV", "refused"),
        ("MA", "full"),
        ("MA", "refused"),
    }
    assert table.rows == {"FR": 110, "MA": 38, "LV": 23}


def test_two_small_counts_in_a_line_are_too_few_if_they_are_few_people():
    table = protect(
        of_rows(a=1, b=2, c=30, d=40), closed("a", "b", "c", "d"), threshold=5
    )
    assert table.rows == {"a": None, "b": None, "c": None, "d": 40}


def test_small_groups_of_an_open_list_are_not_named():
    table = protect(of_rows(LV=20, TV=1, NR=2, MA=9), Axis(), threshold=5)
    assert table.rows == {"LV": 20, OTHER: 12}


def test_so_many_groups_are_named_and_the_rest_is_put_together():
    counts = of_rows(**{f"p{number:02}": 10 + number for number in range(40)})
    table = protect(counts, Axis(), threshold=5)
    assert len(table.rows) == MOST_GROUPS + 1
    assert table.rows[OTHER] == sum(range(10, 20))


def test_hidden_totals_hide_their_whole_line():
    counts = {
        ("female", "full"): 30,
        ("female", "refused"): 10,
        ("male", "full"): 20,
        ("male", "refused"): 15,
        ("other", "full"): 2,
        ("other", "refused"): 0,
    }
    sexes, outcomes = closed("female", "male", "other"), closed("full", "refused")
    table = protect(counts, sexes, outcomes, threshold=5)
    assert table.rows == {"female": 40, "male": None, "other": None}
    assert table.cells["other", "refused"] is None
    assert table.cells["female", "refused"] == 10


@settings(max_examples=100, deadline=None)
@given(tables(5, 4), st.integers(3, 5))
def test_a_dimension_hides_the_same_totals_whatever_it_is_crossed_with(made, threshold):
    counts, (rows, columns) = made
    alone = {}
    for (row, _), count in counts.items():
        alone[row, ""] = alone.get((row, ""), 0) + count
    crossed = protect(counts, rows, columns, threshold=threshold)
    assert protect(alone, rows, threshold=threshold).rows == crossed.rows


@pytest.mark.parametrize("total", [1, 4])
def test_a_table_of_few_people_shows_nothing(total):
    table = protect(of_rows(a=total, b=0), closed("a", "b"), threshold=5)
    assert (table.total, table.rows) == (None, {"a": None, "b": None})


def test_a_table_of_nobody_says_so():
    table = protect({}, closed("a", "b"), threshold=5)
    assert (table.total, table.rows) == (0, {"a": 0, "b": 0})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=100, max_size=100), st.integers(3, 9))
def test_large_tables_are_protected_too(values, threshold):
    counts = {
        (f"r{number // 10}", f"c{number % 10}"): value
        for number, value in enumerate(values)
    }
    table = protect(counts, Axis(), Axis(), threshold=threshold)
    assert all(
        count in {None, 0} or count >= threshold for count in table.cells.values()
    )
