"""A curriculum that breaks a rule is refused with the place and the rule."""

import pytest

from recognition_service.equivalence.amounts import read_amount, write_amount
from recognition_service.equivalence.standards_document import faults_of
from tests.equivalence.paths import a_path, a_target, a_unit, faults


def with_targets(*targets):
    return a_path(targets=list(targets))


def test_a_sound_path_has_no_fault():
    assert faults(a_path()) == []


@pytest.mark.parametrize(
    ("written", "hundredths"),
    [
        ("30", 3000),
        ("7.5", 750),
        ("0.05", 5),
        (120, 12000),
        ("-3", -300),
        ("-0.5", -50),
    ],
)
def test_amounts_are_read_exactly(written, hundredths):
    assert read_amount(written) == hundredths
    assert write_amount(hundredths) == str(written)


@pytest.mark.parametrize(
    "written",
    ["", "x", "1.234", "1,5", "٣", " 1", "1e3", 7.5, True, None, "9999999", "+1"],
)
def test_what_is_no_decimal_is_no_amount(written):
    assert read_amount(written) is None


@pytest.mark.parametrize("provider", [None, "", "  "])
def test_a_unit_names_its_provider(provider):
    path = a_path(a_unit(1), a_unit(2, provider=provider))

    assert faults(path) == [("/units/1/provider", "provider_missing")]


def test_units_that_count_have_to_reach_the_credits():
    path = a_path(
        a_unit(1), a_unit(2, targets="A"), targets=[a_target("A"), a_target("B")]
    )

    (fault,) = faults_of(path)

    assert (fault.pointer, fault.code) == (
        "/targets/1/requirements/credits",
        "credits_do_not_sum",
    )
    assert fault.params["needed"] == "30"


@pytest.mark.parametrize(
    ("requirement", "pointer", "code"),
    [
        ({"hours": "1"}, "hours", "hours_do_not_sum"),
        (
            {"groups": [{"name": "g", "units": ["u1"], "count": 2}]},
            "groups/0",
            "group_cannot_be_met",
        ),
        (
            {"groups": [{"name": "g", "units": ["u1"], "credits": "31"}]},
            "groups/0",
            "group_cannot_be_met",
        ),
        (
            {"places": [{"place": "BE", "credits": "30"}]},
            "places/0/credits",
            "place_cannot_be_met",
        ),
        (
            {"learning_outcomes": ["safety", "welding"]},
            "learning_outcomes/1",
            "outcome_not_covered",
        ),
        ({"units": ["u1", "u9"]}, "units/1", "unknown_unit"),
        ({"units": ["u4"]}, "units/0", "unit_does_not_count"),
        (
            {"groups": [{"name": "g", "units": ["u1", "u9"], "count": 1}]},
            "groups/0/units/1",
            "unknown_unit",
        ),
        ({"credits": "-1"}, "credits", "negative_amount"),
        ({"credits": "many"}, "credits", "not_a_decimal"),
        ({"credits": 7.5}, "credits", "not_a_decimal"),
        (
            {"most_prior_learning_credits": "10"},
            "most_prior_learning_credits",
            "limit_without_credits",
        ),
        (
            {"groups": [{"name": "g", "units": ["u1"]}]},
            "groups/0",
            "group_without_amount",
        ),
    ],
)
def test_a_requirement_can_be_met_and_read(requirement, pointer, code):
    base = {"units": ["u1"]} | requirement
    path = a_path(
        a_unit(1, learning_outcomes=["safety"]),
        a_unit(2),
        a_unit(3),
        a_unit(4, targets="A"),
        targets=[a_target("A"), a_target("B", base)],
    )

    assert faults(path) == [(f"/targets/1/requirements/{pointer}", code)]


def test_two_groups_have_two_names():
    group = {"name": "g", "units": ["u1"], "count": 1}
    path = with_targets(a_target("A"), a_target("B", {"groups": [group, group]}))

    assert faults(path) == [
        (f"/targets/1/requirements/groups/{number}/name", "duplicate_group")
        for number in (0, 1)
    ]


@pytest.mark.parametrize("nothing", [{}, {"credits": "0"}, {"units": []}])
def test_an_award_asks_for_something(nothing):
    path = with_targets(a_target("A"), a_target("B", nothing))

    assert faults(path) == [("/targets/1/requirements", "no_requirements")]


def test_a_unit_counts_once_for_an_award():
    twice = [{"target": "A", "rule": "1"}, {"target": "A", "rule": "2"}]
    path = a_path(*[a_unit(number) for number in (1, 2)], a_unit(3, counts_for=twice))

    assert faults(path) == [("/units/2/counts_for/1/target", "counted_twice")]


def test_credits_that_are_told_twice_are_not_added_twice():
    twice = [{"target": "A", "rule": "1"}, {"target": "A", "rule": "2"}]
    path = a_path(a_unit(1, counts_for=twice), targets=[a_target("A")])

    assert ("/targets/0/requirements/credits", "credits_do_not_sum") in faults(path)


def test_a_unit_counts_for_awards_that_there_are():
    unknown = [{"target": "C", "rule": "1"}]
    path = a_path(a_unit(1), a_unit(2), a_unit(3, counts_for=unknown))

    assert faults(path) == [("/units/2/counts_for/0/target", "unknown_target")]


@pytest.mark.parametrize("rule", [None, "", " "])
def test_what_counts_for_both_has_a_rule_in_each_standard(rule):
    counts = [{"target": "A", "rule": "4.2"}, {"target": "B", "rule": rule}]
    path = a_path(a_unit(1), a_unit(2, counts_for=counts))

    assert faults(path) == [("/units/1/counts_for/1/rule", "rule_missing")]


def test_what_counts_for_one_award_only_needs_no_rule():
    alone = [{"target": "A"}]

    assert faults(a_path(a_unit(1), a_unit(2), a_unit(3, counts_for=alone))) == []


def test_ids_of_units_are_unique():
    path = a_path(a_unit(1), a_unit(2), a_unit(1))

    assert faults(path) == [("/units/2/id", "duplicate_unit")]


def test_keys_of_awards_are_unique():
    path = with_targets(a_target("A"), a_target("B"), a_target("A"))

    assert faults(path) == [("/targets/2/key", "duplicate_target")]


@pytest.mark.parametrize(
    ("credit", "code"),
    [("-5", "negative_amount"), (-5, "negative_amount"), ("five", "not_a_decimal")],
)
def test_credits_of_a_unit_are_decimals_from_zero_up(credit, code):
    path = a_path(a_unit(1), a_unit(2), a_unit(3, credits=credit))

    assert faults(path) == [("/units/2/credits", code)]


def test_a_unit_has_a_workload():
    path = a_path(a_unit(1), a_unit(2), a_unit(3, credits=None))

    assert faults(path) == [("/units/2/credits", "workload_missing")]


def test_hours_are_a_workload():
    path = a_path(
        a_unit(1, credits=None, hours="800"),
        targets=[a_target("A", {"hours": 800}), a_target("B", {"hours": "750.5"})],
    )

    assert faults(path) == []


@pytest.mark.parametrize(
    ("bases", "places"),
    [
        ({"A": "A"}, [0]),
        ({"A": "B", "B": "A"}, [0, 1]),
        ({"A": "B", "B": "C", "C": "B"}, [1, 2]),
    ],
)
def test_no_award_depends_on_itself(bases, places):
    path = with_targets(
        *[a_target(key, {"units": []}, depends_on=bases.get(key)) for key in "ABC"]
    )

    assert [
        pointer for pointer, code in faults(path) if code == "cyclic_dependency"
    ] == [f"/targets/{place}/depends_on" for place in places]


def test_a_chain_of_awards_is_no_cycle():
    path = with_targets(a_target("A"), a_target("B", depends_on="A"))

    assert faults(path) == []


def test_an_award_depends_on_one_that_there_is():
    path = with_targets(a_target("A"), a_target("B", depends_on="C"))

    assert faults(path) == [("/targets/1/depends_on", "unknown_target")]


def test_further_destinations_are_checked_alike_but_need_not_be_reached():
    path = a_path(
        destinations=[
            {"destination": "NL", "requirements": {"credits": "500"}},
            {"destination": "A", "requirements": {"credits": "x"}},
            {"destination": "DE", "requirements": {"units": ["u9"]}},
        ]
    )

    assert faults(path) == [
        ("/destinations/1/requirements/credits", "not_a_decimal"),
        ("/destinations/1/destination", "duplicate_target"),
        ("/destinations/2/requirements/units/0", "unknown_unit"),
    ]
