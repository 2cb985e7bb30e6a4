"""Rows that contradict one another are found, and what only seems so is not."""

from datetime import date

import pytest

from recognition_service.equivalence.conflict import (
    ConflictKind,
    Severity,
    Side,
)
from recognition_service.equivalence.conflicts import conflicts_of
from recognition_service.frameworks.instruments import ObjectKind, Outcome, Purpose
from recognition_service.frameworks.rows import (
    Direction,
    Endorsement,
    Level,
    LevelStatus,
)
from recognition_service.wording import catalogue
from tests.equivalence.editions import (
    READ,
    a_hub,
    a_place,
    a_qualification,
    a_reference,
    a_statement,
    aligned,
    compared,
    edition,
    shipped_edition,
    two_countries,
)


def found(*rows):
    return conflicts_of(edition(*two_countries(*rows)))


def kinds(*rows):
    return [conflict.kind for conflict in found(*rows)]


def ids(conflict, side):
    return {each.row.id for each in conflict.rows if each.side is side}


def two_statements(**changes):
    """The same statement of two issuers, the second changed."""
    one = a_statement("one", issuer="ministry")
    return [
        one,
        a_statement("other", **{"issuer": "centre", **changes}),
        a_reference(),
        a_reference("bb-master", title="Meisterprüfung"),
    ]


# Statements


def test_two_issuers_who_say_the_same_do_not_disagree():
    assert found(*two_statements()) == ()


def test_two_outcomes_for_one_question_are_shown_side_by_side():
    (conflict,) = found(*two_statements(outcome=Outcome.PARTIAL))
    assert conflict.kind is ConflictKind.OUTCOMES_DIFFER
    assert conflict.severity is Severity.CONFLICT
    assert [(each.side, each.row.id, each.dated) for each in conflict.rows] == [
        (Side.ONE, "one", "2015-03-26"),
        (Side.OTHER, "other", "2015-03-26"),
    ]


def test_two_counterparts_for_one_question_disagree():
    rows = two_statements(objects=("bb-master",))
    assert kinds(*rows) == [ConflictKind.COUNTERPARTS_DIFFER]


def test_years_of_a_counterpart_are_not_the_counterpart():
    rows = two_statements(object_kind=ObjectKind.YEARS_OF)
    assert kinds(*rows) == [ConflictKind.COUNTERPARTS_DIFFER]


def test_lists_that_share_a_counterpart_do_not_disagree():
    rows = two_statements(
        object_kind=ObjectKind.ONE_OF, objects=("bb-journeyman", "bb-master")
    )
    assert kinds(*rows) == []


def test_two_levels_of_one_framework_disagree():
    one, other, *rest = two_statements(
        destination_framework="BB-QF", destination_levels=("5",)
    )
    first = a_statement(
        one.id, destination_framework="BB-QF", destination_levels=("4",)
    )
    assert kinds(first, other, *rest) == [ConflictKind.LEVELS_DIFFER]


def test_a_level_that_only_one_states_contradicts_nothing():
    rows = two_statements(destination_framework="BB-QF", destination_levels=("5",))
    assert kinds(*rows) == []


@pytest.mark.parametrize(
    "apart",
    [
        {"destination": "AA"},
        {"purpose": Purpose.ACADEMIC_ACCESS},
        {"profession": "nurse"},
        {"conditions": "grade 8 or better"},
        {"qualification": "aa-other"},
    ],
)
def test_what_tells_two_questions_apart_makes_no_conflict(apart):
    assert kinds(*two_statements(outcome=Outcome.PARTIAL, **apart)) == []


@pytest.mark.parametrize(
    ("begin", "end"), [("valid_from", "valid_to"), ("awarded_from", "awarded_to")]
)
def test_statements_of_different_times_do_not_disagree(begin, end):
    one = a_statement("one", **{end: date(2009, 12, 31)})
    later = {begin: date(2010, 1, 1), "outcome": Outcome.PARTIAL}
    assert kinds(one, a_statement("other", **later)) == []
    at_once = later | {begin: date(2009, 12, 31)}
    assert kinds(one, a_statement("other", **at_once)) == [ConflictKind.OUTCOMES_DIFFER]


def test_a_part_of_the_destination_is_asked_the_same_question():
    rows = two_statements(outcome=Outcome.PARTIAL, destination="BB-X")
    assert kinds(a_place("BB-X", "BB"), *rows) == [ConflictKind.OUTCOMES_DIFFER]


def test_a_title_is_enough_where_the_type_is_not_known():
    rows = two_statements(
        outcome=Outcome.PARTIAL, qualification=None, title=" APPRENTICESHIP"
    )
    assert kinds(*rows) == [ConflictKind.OUTCOMES_DIFFER]


# Levels there and back


def test_a_table_that_agrees_with_the_hub_is_no_conflict():
    assert kinds(compared("AA-QF:5:BB-QF:5")) == []


def test_a_table_and_a_hub_that_lead_home_higher_contradict():
    (conflict,) = found(compared("AA-QF:5:BB-QF:6", direction=Direction.A_TO_B))
    assert conflict.kind is ConflictKind.LEVEL_CLIMBS
    assert conflict.params["level"] == "5"
    assert (conflict.params["passed"], conflict.params["home"]) == (("6",), ("6",))
    assert (conflict.params["there"], conflict.params["back"]) == ("table", "HUB")
    assert ids(conflict, Side.THERE) == {"AA-QF:5:BB-QF:6"}
    assert ids(conflict, Side.BACK) == {"BB-QF:6:HUB:6", "AA-QF:6:HUB:6"}


def test_a_mutual_table_is_read_both_ways():
    up = [found.params["framework"] for found in found(compared("AA-QF:5:BB-QF:4"))]
    assert up == ["BB-QF"]


def test_two_one_way_tables_that_lead_home_higher_contradict():
    there = compared("AA-QF:4:BB-QF:4", direction=Direction.A_TO_B)
    back = compared("BB-QF:4:AA-QF:5", direction=Direction.A_TO_B)
    (conflict,) = [
        each for each in found(there, back) if each.params["framework"] == "AA-QF"
    ]
    assert conflict.kind is ConflictKind.LEVEL_CLIMBS
    assert (conflict.params["there"], conflict.params["back"]) == ("table", "table")
    assert conflict.params["home"] == ("5",)


def test_a_set_with_a_higher_level_in_it_is_information():
    rows = [compared("AA-QF:5:BB-QF:5"), compared("AA-QF:6:BB-QF:5")]
    told = [each for each in found(*rows) if each.params["level"] == "5"]
    (drift,) = [each for each in told if each.params["framework"] == "AA-QF"]
    assert drift.kind is ConflictKind.LEVEL_DRIFTS
    assert drift.severity is Severity.INFORMATION
    assert drift.params["home"] == ("5", "6")


def test_a_table_that_was_not_endorsed_contradicts_nothing():
    table = compared(
        "AA-QF:5:BB-QF:6",
        direction=Direction.A_TO_B,
        endorsement=Endorsement.NOT_ENDORSED,
    )
    assert kinds(table) == []


def test_a_table_and_a_hub_of_different_times_do_not_contradict():
    table = compared(
        "AA-QF:5:BB-QF:6", direction=Direction.A_TO_B, valid_to=date(2001, 12, 31)
    )
    later = aligned("AA-QF:6:HUB:6", valid_from=date(2002, 1, 1))
    at_once = aligned("AA-QF:6:HUB:6", valid_from=date(2001, 12, 31))
    assert kinds(table, later) == []
    assert kinds(table, at_once) == [ConflictKind.LEVEL_CLIMBS]


def test_a_hub_that_does_not_know_the_level_does_not_contradict():
    rows = [
        compared("AA-QF:5:BB-QF:5", direction=Direction.A_TO_B),
        aligned("AA-QF:6:CYCLES:1"),
        aligned("BB-QF:5:CYCLES:1"),
    ]
    cycles = a_hub("CYCLES", "1")
    assert kinds(cycles, *rows) == []
    assert kinds(a_hub("CYCLES", "1 2"), *rows, aligned("AA-QF:5:CYCLES:2")) == [
        ConflictKind.LEVEL_CLIMBS
    ]


@pytest.mark.parametrize(
    ("parent", "expected"), [("5", []), (None, [ConflictKind.LEVEL_CLIMBS])]
)
def test_a_part_of_a_level_is_not_higher_than_the_level(parent, expected):
    part = Level(
        **READ, id="AA-QF:5a", framework="AA-QF", code="5a", ordinal=9, parent=parent
    )
    rows = [
        part,
        compared("AA-QF:5:BB-QF:9", direction=Direction.A_TO_B),
        aligned("BB-QF:9:HUB:8"),
        aligned("AA-QF:5a:HUB:8"),
    ]
    assert kinds(*rows) == expected


# Titles there and back


def a_trip(level_home, **back):
    """An AA title of level 5, its counterpart in BB, and what that is in AA."""
    return [
        a_qualification("aa-apprentice", level="5", title="Apprenticeship"),
        a_qualification("aa-home", level=level_home, title="Diploma"),
        a_reference(),
        a_reference("aa-ref", place="AA", title="diploma"),
        a_statement("there"),
        a_statement(
            "back",
            **{
                "origin": "BB",
                "destination": "AA",
                "qualification": None,
                "title": "Gesellenprüfung",
                "objects": ("aa-ref",),
                **back,
            },
        ),
    ]


def test_a_title_that_comes_home_higher_contradicts():
    (conflict,) = found(*a_trip("6"))
    assert conflict.kind is ConflictKind.TITLE_CLIMBS
    assert conflict.params["home"] == ("6",)
    assert ids(conflict, Side.THERE) == {"there"}
    assert ids(conflict, Side.BACK) == {"back"}


@pytest.mark.parametrize("level", ["4", "5"])
def test_a_title_that_comes_home_no_higher_is_no_conflict(level):
    assert kinds(*a_trip(level)) == []


def test_the_level_of_a_statement_counts_before_that_of_a_title():
    stated = {"destination_framework": "AA-QF", "destination_levels": ("5",)}
    assert kinds(*a_trip("6", **stated)) == []


@pytest.mark.parametrize(
    "back",
    [
        {"outcome": Outcome.PARTIAL},
        {"purpose": Purpose.ACADEMIC_ACCESS},
        {"object_kind": ObjectKind.YEARS_OF},
        {"title": "Another title"},
    ],
)
def test_only_full_recognition_of_the_same_title_comes_home(back):
    assert kinds(*a_trip("6", **back)) == []


def test_a_level_that_was_not_assigned_does_not_count():
    rows = a_trip("6")
    rows[0] = a_qualification(
        "aa-apprentice",
        level=None,
        level_status=LevelStatus.UNVERIFIED,
        title="Apprenticeship",
    )
    assert kinds(*rows) == []


# The shipped tables


def test_the_shipped_tables_hold_no_conflict():
    severe = [
        (conflict.kind, conflict.params)
        for conflict in conflicts_of(shipped_edition())
        if conflict.severity is Severity.CONFLICT
    ]
    assert severe == []


def test_the_shipped_tables_drift_where_the_british_and_irish_tables_do():
    drifts = {
        (conflict.params["framework"], conflict.params["level"]): conflict.params
        for conflict in conflicts_of(shipped_edition())
        if conflict.params["other"] == "GB-SCQF"
    }
    assert drifts["GB-RQF", "4"]["passed"] == ("7",)
    assert drifts["GB-RQF", "4"]["home"] == ("4", "5")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_conflict_has_its_sentence(language):
    wanted = {
        *(f"conflict.{kind}" for kind in ConflictKind),
        *(f"conflict.side_{side}" for side in Side),
    }
    assert wanted - catalogue(language).keys() == set()
