"""A year tells nothing that its quarters hide."""

from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.statistics.suppression import NOTHING, OTHER, Axis, protect
from recognition_service.statistics.years import summed

SEXES = Axis(("female", "male", "other"))
OUTCOMES = Axis(("full", "refused"))


def a_quarter(**counts):
    table = {(group, ""): count for group, count in counts.items()}
    return protect(table, Axis(), threshold=5)


def test_a_group_that_each_quarter_names_is_summed():
    quarters = [a_quarter(LV=number, MA=10) for number in (5, 6, 7, 8)]
    year = summed(quarters, Axis(), NOTHING)
    assert (year.total, year.rows) == (66, {"MA": 40, "LV": 26})
    assert year.cells["LV", ""] == 26


def test_what_one_quarter_hides_the_year_does_not_give_away():
    quarters = [a_quarter(LV=20, MA=9, TN=number) for number in (6, 7, 8, 3)]
    year = summed(quarters, Axis(), NOTHING)
    assert quarters[3].rows == {"LV": 20, OTHER: 12}
    assert year.rows == {"LV": 80, OTHER: 60}


def test_a_group_that_came_in_some_quarters_only_is_summed():
    quarters = [a_quarter(LV=20, MA=9), *[a_quarter(LV=20) for _ in range(3)]]
    assert summed(quarters, Axis(), NOTHING).rows == {"LV": 80, "MA": 9}


def test_a_quarter_of_few_people_hides_the_year():
    quarters = [a_quarter(LV=3), *[a_quarter(LV=20) for _ in range(3)]]
    year = summed(quarters, Axis(), NOTHING)
    assert (year.total, year.rows) == (None, {OTHER: None})


def test_crossed_tables_are_summed_cell_by_cell():
    counts = {("LV", "full"): 20, ("LV", "refused"): 6, ("MA", "full"): 30}
    small = {("LV", "full"): 20, ("LV", "refused"): 6, ("TV", "full"): 9}
    quarters = [
        protect(each, Axis(), OUTCOMES, threshold=5)
        for each in (counts, counts, counts, small)
    ]
    year = summed(quarters, Axis(), OUTCOMES)
    assert year.cells["LV", "refused"] == 24
    assert year.columns == {"full": 179, "refused": 24}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(0, 9), min_size=6, max_size=6), min_size=4, max_size=4
    )
)
def test_counts_of_a_year_follow_from_what_the_quarters_show(values):
    places = [(sex, outcome) for sex in SEXES.groups for outcome in OUTCOMES.groups]
    quarters = [
        protect(dict(zip(places, each, strict=True)), SEXES, OUTCOMES, threshold=5)
        for each in values
    ]
    year = summed(quarters, SEXES, OUTCOMES)
    for place in places:
        shown = [quarter.cells[place] for quarter in quarters]
        expected = None if None in shown else sum(shown)
        assert year.cells[place] == expected
