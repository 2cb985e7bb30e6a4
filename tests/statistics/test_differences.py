"""Behind each number of differences that is shown stand enough people."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.statistics.count import Asked, _figures, _Tally
from recognition_service.statistics.dimensions import COVERS, Dimension, Measure
from recognition_service.statistics.periods import Period
from recognition_service.statistics.suppression import OTHER

QUARTER = Period(2026, 3)
ASKED = Asked(Measure.DIFFERENCES, (Dimension.REGIME, Dimension.COVERED_BY))
SOME = ("open", "experience", "programme_unit")


@dataclass(frozen=True)
class Case:
    """As much of a case as is counted here."""

    regime: str
    differences: tuple[str, ...]
    decided_on: date = date(2026, 8, 5)


CASES = st.lists(
    st.builds(
        Case,
        st.sampled_from(["neutral", "eu-general", "lrc-academic"]),
        st.lists(st.sampled_from(SOME), max_size=4).map(tuple),
    ),
    max_size=60,
)


def table_of(cases, threshold):
    tally = _Tally(ASKED, {QUARTER: Counter()})
    for case in cases:
        tally.add(QUARTER, case)
    return _figures(tally, threshold).table


def people(cases, rows, columns):
    """How many cases have a difference in one of some rows and columns."""
    return sum(
        case.regime in rows and any(each in columns for each in case.differences)
        for case in cases
    )


def test_differences_are_counted_by_what_makes_up_for_them():
    cases = [
        *[Case("neutral", ("experience", "open"))] * 6,
        *[Case("neutral", ("programme_unit",))] * 10,
        *[Case("eu-general", ("open",))] * 12,
        *[Case("eu-general", ())] * 3,
    ]
    # One case has two differences at most: ten of them are at least five people.
    table = table_of([*cases, *[Case("neutral", ("experience", "open"))] * 4], 5)
    assert table.total == 42
    assert table.rows == {"neutral": 30, "eu-general": 12}
    assert [table.columns[each] for each in SOME] == [22, 10, 10]
    assert [table.cells["neutral", each] for each in SOME] == [10, 10, 10]
    assert [table.cells["eu-general", each] for each in SOME] == [12, 0, 0]
    assert set(table.columns) == set(COVERS)
    fewer = table_of(cases, 5)
    assert fewer.cells["neutral", "experience"] is None


def test_one_person_with_many_differences_is_not_shown():
    cases = [Case("neutral", ("experience",) * 7), *[Case("neutral", ("open",))] * 40]
    table = table_of(cases, 5)
    assert table.total == 47
    assert table.cells["neutral", "experience"] is None
    assert table.cells["neutral", "open"] is None


@settings(max_examples=300, deadline=None)
@given(CASES, st.integers(3, 5))
def test_enough_people_stand_behind_each_number_and_behind_all_that_is_hidden(
    cases, threshold
):
    table = table_of(cases, threshold)
    named = [row for row in table.rows if row != OTHER]
    rest = {case.regime for case in cases} - set(named)
    rows = {row: {row} if row != OTHER else rest for row in table.rows}
    for (row, column), count in table.cells.items():
        if count:
            assert people(cases, rows[row], {column}) >= threshold
    for row, count in table.rows.items():
        if count:
            assert people(cases, rows[row], COVERS) >= threshold
            dark = {each for each in table.columns if table.cells[row, each] is None}
            assert not dark or people(cases, rows[row], dark) >= threshold
    for column, count in table.columns.items():
        if count:
            everywhere = {case.regime for case in cases}
            assert people(cases, everywhere, {column}) >= threshold
    if table.total:
        assert people(cases, {case.regime for case in cases}, COVERS) >= threshold
