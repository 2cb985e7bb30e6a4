"""What is missing for each award, and the shortest way to all of them."""

from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recognition_service.equivalence import progress
from recognition_service.equivalence.covering import Column, smallest_cover
from recognition_service.equivalence.destination_gaps import gap_report
from recognition_service.equivalence.progress import (
    RestState,
    missing,
    open_requirements,
)
from recognition_service.equivalence.standards_document import (
    missing_document,
    read_destinations,
)
from tests.equivalence.paths import (
    a_path,
    a_plan,
    a_target,
    a_unit,
    achieved,
    is_sound,
    paths,
)


def asked(path, *units, prior=(), **more):
    """What is missing, as callers see it."""
    return missing_document(
        missing(a_plan(path), achieved(*units, prior=prior), **more)
    )


def a_path_for(requirements, *units):
    """A path whose only award, A, asks for these requirements."""
    only = [{"target": "A"}]
    units = [unit | {"counts_for": only} for unit in units]
    return a_path(*units, targets=[a_target("A", requirements)])


def test_at_first_everything_is_missing():
    assert asked(a_path()) == {
        "A": [{"requirement": "credits", "needed": "60"}],
        "B": [{"requirement": "credits", "needed": "60"}],
        "shortest_rest": ["u1", "u2"],
        "rest_is_exact": True,
    }


def test_a_unit_counts_for_both_awards_at_once():
    assert asked(a_path(), "u2") == {
        "A": [{"requirement": "credits", "needed": "30"}],
        "B": [{"requirement": "credits", "needed": "30"}],
        "shortest_rest": ["u1"],
        "rest_is_exact": True,
    }


def test_one_award_may_be_complete_without_the_other():
    path = a_path(a_unit(1, targets="A"), a_unit(2, targets="A"), a_unit(3), a_unit(4))

    found = asked(path, "u1", "u2")

    assert found["A"] == []
    assert found["B"] == [{"requirement": "credits", "needed": "60"}]
    assert found["shortest_rest"] == ["u3", "u4"]


def test_nothing_left_and_no_way_left_are_told_apart():
    at_home = {"credits": 60, "places": [{"place": "MA", "credits": "60"}]}
    path = a_path_for(at_home, a_unit(1), a_unit(2))

    done = missing(a_plan(path), achieved("u1", "u2"))
    lost = missing(a_plan(path), achieved("u1", prior=("u2",)))

    assert (done.rest.state, missing_document(done)["shortest_rest"]) == ("done", [])
    assert lost.rest.state is RestState.IMPOSSIBLE
    assert missing_document(lost)["shortest_rest"] is None
    assert missing_document(lost)["A"] == [
        {"requirement": "place", "needed": "30", "place": "MA"}
    ]


def test_awards_that_are_settled_do_not_lengthen_the_rest():
    path = a_path(
        *[a_unit(number, targets="A") for number in (1, 2)],
        *[a_unit(number, targets="B") for number in (3, 4)],
    )

    assert asked(path)["shortest_rest"] == ["u1", "u2", "u3", "u4"]
    assert asked(path, targets=["B"])["shortest_rest"] == ["u3", "u4"]
    assert asked(path, targets=[])["shortest_rest"] == []


@pytest.mark.parametrize(
    ("requirement", "open_at_first"),
    [
        ({"hours": "100"}, {"requirement": "hours", "needed": "100"}),
        ({"units": ["u2"]}, {"requirement": "units", "needed": "1", "open": ["u2"]}),
        (
            {"groups": [{"name": "g", "units": ["u2"], "count": 1}]},
            {"requirement": "group", "needed": "1", "group": "g", "in": "units"},
        ),
        (
            {"groups": [{"name": "g", "units": ["u2"], "credits": "7.5"}]},
            {"requirement": "group", "needed": "7.5", "group": "g", "in": "credits"},
        ),
        (
            {"places": [{"place": "BE", "credits": "7.5"}]},
            {"requirement": "place", "needed": "7.5", "place": "BE"},
        ),
        (
            {"learning_outcomes": ["safety"]},
            {
                "requirement": "learning_outcomes",
                "needed": "1",
                "open": ["safety"],
            },
        ),
    ],
)
def test_each_kind_of_requirement_is_open_until_its_unit_is_achieved(
    requirement, open_at_first
):
    path = a_path_for(
        {"credits": 1} | requirement,
        a_unit(1),
        a_unit(
            2,
            credits="7.5",
            hours="100",
            place="BE-FL",
            learning_outcomes=["safety"],
        ),
    )

    assert asked(path, "u1")["A"] == [open_at_first]
    assert asked(path, "u1")["shortest_rest"] == ["u2"]
    assert asked(path, "u1", "u2")["A"] == []


def test_prior_learning_counts_up_to_its_limit():
    path = a_path_for(
        {"credits": 60, "most_prior_learning_credits": "40"},
        *[a_unit(number) for number in (1, 2, 3)],
    )

    found = asked(path, prior=("u1", "u2"))

    assert found["A"] == [{"requirement": "credits", "needed": "20"}]
    assert found["shortest_rest"] == ["u3"]


def test_prior_learning_was_at_no_place_but_covers_outcomes():
    path = a_path_for(
        {
            "places": [{"place": "MA", "credits": "30"}],
            "learning_outcomes": ["safety"],
        },
        a_unit(1, learning_outcomes=["safety"]),
        a_unit(2),
    )

    assert asked(path, prior=("u1",))["A"] == [
        {"requirement": "place", "needed": "30", "place": "MA"}
    ]


def test_the_rest_takes_the_least_workload_then_the_fewest_units():
    path = a_path_for(
        {"credits": 30},
        a_unit(1, credits="30", hours="900"),
        a_unit(2, credits="15"),
        a_unit(3, credits="15"),
        a_unit(4, credits="30", hours="750"),
    )

    assert asked(path)["shortest_rest"] == ["u4"]


def test_of_equal_ways_the_first_on_the_path_is_told():
    units = [a_unit(number, credits="10") for number in range(1, 6)]
    path = a_path_for({"credits": 20, "units": ["u4"]}, *units)

    assert asked(path)["shortest_rest"] == ["u1", "u4"]


def test_a_shared_unit_is_shorter_than_two_of_one_award_each():
    path = a_path(
        a_unit(1, targets="A"),
        a_unit(2, targets="B"),
        a_unit(3),
        targets=[a_target(key, {"credits": 30}) for key in "AB"],
    )

    assert asked(path)["shortest_rest"] == ["u3"]


def test_what_was_remembered_is_the_same_and_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(progress, "MOST_REMEMBERED", 2)
    plan = a_plan(a_path_for({"credits": 60}, *[a_unit(n) for n in range(6)]))
    ways = [achieved(*some) for some in combinations(plan.bits, 1)] * 2

    first = [missing(plan, results) for results in ways]

    assert first == [missing(plan, results) for results in ways]
    assert len(plan.covers) <= 2


def test_the_gap_towards_other_destinations_is_told_by_destination():
    path = a_path(
        a_unit(1, covers_differences=["final project"]),
        a_unit(2, covers_differences=["law"]),
        destinations=[
            {
                "destination": "NL",
                "qualification": "nl--diploma",
                "requirements": {"credits": "120"},
                "differences": ["final project", "law", "language"],
            },
            {"destination": "DE", "requirements": {"credits": "30"}},
        ],
    )

    netherlands, germany = gap_report(
        a_plan(path), read_destinations(path), achieved("u1")
    )

    assert [each.needed for each in netherlands.now] == [9000]
    assert [each.needed for each in netherlands.in_the_end] == [6000]
    assert netherlands.covered == ("final project",)
    assert netherlands.planned == ("law",)
    assert netherlands.open == ("language",)
    assert (germany.now, germany.in_the_end, germany.open) == ((), (), ())


def needed(found):
    """All that is needed, by requirement."""
    return {
        (key, each.kind, each.name, each.counted_in): each.needed
        for key, opens in found.items()
        for each in opens
    }


@settings(max_examples=150, deadline=None)
@given(paths(), st.data())
def test_achieving_a_unit_never_increases_what_is_missing(path, data):
    assume(is_sound(path))
    plan = a_plan(path)
    ways = st.sampled_from(["open", "assessed", "prior"])
    chosen = {unit: data.draw(ways) for unit in plan.bits}
    before = [unit for unit, way in chosen.items() if way == "assessed"]
    prior = [unit for unit, way in chosen.items() if way == "prior"]
    earlier = needed(open_requirements(plan, achieved(*before, prior=prior)))

    for unit in plan.bits:
        if chosen[unit] != "open":
            continue
        for more in (
            achieved(*before, unit, prior=prior),
            achieved(*before, prior=[*prior, unit]),
        ):
            later = needed(open_requirements(plan, more))
            assert set(later) <= set(earlier)
            assert all(later[place] <= earlier[place] for place in later)


def completes(plan, before, prior, units):
    found = open_requirements(plan, achieved(*before, *units, prior=prior))
    return not any(found.values())


def cost_of(plan, units):
    places = {unit.id: place for place, unit in enumerate(plan.curriculum.units)}
    by_id = {unit.id: unit for unit in plan.curriculum.units}
    return (
        sum(by_id[unit].workload for unit in units),
        len(units),
        sorted(places[unit] for unit in units),
    )


@settings(max_examples=150, deadline=None)
@given(paths(), st.data())
def test_the_shortest_rest_completes_and_nothing_shorter_does(path, data):
    assume(is_sound(path))
    plan = a_plan(path)
    ways = st.sampled_from(["open", "open", "assessed", "prior"])
    chosen = {unit: data.draw(ways) for unit in plan.bits}
    before = [unit for unit, way in chosen.items() if way == "assessed"]
    prior = [unit for unit, way in chosen.items() if way == "prior"]
    left = [unit for unit, way in chosen.items() if way == "open"]

    rest = missing(plan, achieved(*before, prior=prior)).rest

    complete = [
        some
        for size in range(len(left) + 1)
        for some in combinations(left, size)
        if completes(plan, before, prior, some)
    ]
    match rest.state:
        case RestState.IMPOSSIBLE:
            assert complete == []
        case RestState.DONE:
            assert complete[0] == ()
        case RestState.OPEN:
            assert () not in complete
            assert rest.is_exact
            best = min(complete, key=lambda some: cost_of(plan, some))
            assert rest.units == best
            assert not any(set(some) < set(rest.units) for some in complete)


COLUMNS = st.lists(
    st.tuples(st.integers(0, 4), st.tuples(*[st.integers(0, 3)] * 3)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=400, deadline=None)
@given(COLUMNS, st.tuples(*[st.integers(1, 6)] * 3))
def test_of_all_sets_the_best_and_of_equal_ones_the_first_is_found(rows, needs):
    columns = [Column(*row) for row in rows]
    places = range(len(columns))
    meeting = [
        (sum(columns[each].workload for each in some), len(some), some)
        for size in range(len(columns) + 1)
        for some in combinations(places, size)
        if all(
            sum(columns[each].gives[place] for each in some) >= need
            for place, need in enumerate(needs)
        )
    ]

    found = smallest_cover(needs, columns)

    assert (found and found.chosen) == (min(meeting)[2] if meeting else None)


@settings(max_examples=200, deadline=None)
@given(COLUMNS, st.tuples(*[st.integers(1, 6)] * 3), st.integers(0, 4))
def test_a_search_that_is_cut_off_says_so_and_still_has_no_unit_too_many(
    rows, needs, most_nodes
):
    columns = [Column(*row) for row in rows]

    exact = smallest_cover(needs, columns)
    hurried = smallest_cover(needs, columns, most_nodes=most_nodes)

    assert (exact is None) == (hurried is None)
    if exact is None or hurried is None:
        return
    assert exact.is_exact
    if hurried.is_exact:
        assert hurried == exact
    for without in [None, *hurried.chosen]:
        kept = [columns[each] for each in hurried.chosen if each != without]
        meets = all(
            sum(column.gives[place] for column in kept) >= need
            for place, need in enumerate(needs)
        )
        assert meets == (without is None)


def test_forty_units_with_many_electives_are_searched_to_the_end():
    core = [a_unit(number, credits="5") for number in range(20)]
    electives = [
        a_unit(
            number, credits=("2.5", "5", "7.5")[number % 3], targets="AAB"[number % 3]
        )
        for number in range(20, 40)
    ]
    ids = [unit["id"] for unit in electives]
    group = [{"name": "electives", "units": ids, "credits": "20"}]
    asked_for = [
        {"credits": "120", "units": [unit["id"] for unit in core], "groups": [group_of]}
        for group_of in (
            group[0] | {"units": [i for i in ids if int(i[1:]) % 3 != 2]},
            group[0] | {"units": [i for i in ids if int(i[1:]) % 3 == 2]},
        )
    ]
    plan = a_plan(
        a_path(
            *core,
            *electives,
            targets=[a_target("A", asked_for[0]), a_target("B", asked_for[1])],
        )
    )

    rest = missing(plan, {}).rest

    assert rest.is_exact
    assert len(rest.units) == 20 + 4 + 3
