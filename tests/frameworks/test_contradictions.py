import pytest

from tests.frameworks.small_edition import changed, places, row_of, with_row

LV6 = "LV-LKI:6:EQF:6"
NONE = "BE-FL-VKS:7+:EQF:none"
BILATERAL = "LV-LKI:6:BE-FL-VKS:6"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"relation": "none"}, ("level_b", "none_with_level")),
        ({"level_b": "", "id": "LV-LKI:6:EQF:none"}, ("level_b", "level_missing")),
        (
            {"framework_b": "LV-LKI", "id": "LV-LKI:6:LV-LKI:6"},
            ("framework_b", "aligned_with_itself"),
        ),
        (
            {"framework_a": "QF-EHEA", "level_a": "1", "id": "QF-EHEA:1:EQF:6"},
            ("framework_b", "hub_to_hub"),
        ),
        ({"id": "LV-LKI:5:EQF:6"}, ("id", "id_not_composed")),
        (
            {"level_a": "7+", "id": "LV-LKI:7+:EQF:6"},
            ("level_a", "level_of_another_framework"),
        ),
        (
            {"level_b": "5", "id": "LV-LKI:6:EQF:5"},
            ("relation", "equal_twice"),
        ),
    ],
)
def test_names_what_is_wrong_with_an_alignment(cells, expected):
    assert places(changed("level_alignments", LV6, **cells)) == [
        ("level_alignments.csv", 3, *expected)
    ]


def test_lets_an_index_point_from_hub_to_hub():
    edition = changed(
        "level_alignments",
        LV6,
        framework_a="QF-EHEA",
        level_a="1",
        id="QF-EHEA:1:EQF:6",
        basis="statistical_mapping",
    )
    assert places(edition) == []


def test_finds_a_level_that_is_equal_to_two_levels():
    edition = with_row("level_alignments", LV6, id="LV-LKI:6:EQF:8", level_b="8")
    assert places(edition) == [
        ("level_alignments.csv", 8, "relation", "contradictory_alignments")
    ]


def test_finds_a_level_with_a_counterpart_and_with_none():
    edition = with_row(
        "level_alignments", NONE, id="BE-FL-VKS:7+:EQF:8", level_b="8", relation="equal"
    )
    assert places(edition) == [
        ("level_alignments.csv", 8, "relation", "contradictory_alignments")
    ]


@pytest.mark.parametrize(
    "cells",
    [
        {"valid_from": "2020-01-01", "valid_to": "2020-12-31"},
        {"endorsement": "not_endorsed"},
        {"relation": "narrow"},
    ],
)
def test_keeps_what_only_seems_to_contradict(cells):
    edition = with_row(
        "level_alignments", LV6, id="LV-LKI:6:EQF:8", level_b="8", **cells
    )
    row_of(edition, "level_alignments", LV6)["valid_to"] = "2019-12-31"
    if "valid_from" not in cells:
        row_of(edition, "level_alignments", LV6)["valid_to"] = ""
    assert places(edition) == []


def test_keeps_sources_that_differ_if_all_their_rows_are_contested():
    edition = with_row(
        "level_alignments", LV6, id="LV-LKI:6:EQF:8", level_b="8", relation="contested"
    )
    assert [rule for *_, rule in places(edition)] == ["contradictory_alignments"]
    row_of(edition, "level_alignments", LV6)["relation"] = "contested"
    assert places(edition) == []


def test_finds_a_pair_of_levels_stated_twice():
    edition = with_row("level_alignments", LV6, id=f"{LV6}:2")
    assert places(edition) == [("level_alignments.csv", 8, None, "alignment_twice")]


def test_finds_a_mutual_alignment_stated_again_in_reverse():
    reverse = {
        "id": "BE-FL-VKS:6:LV-LKI:6",
        "framework_a": "BE-FL-VKS",
        "framework_b": "LV-LKI",
    }
    edition = with_row("level_alignments", BILATERAL, **reverse)
    assert places(edition) == []
    edition = with_row("level_alignments", BILATERAL, **reverse, direction="mutual")
    assert places(edition) == [("level_alignments.csv", 8, "direction", "mutual_twice")]


def test_finds_two_outcomes_for_one_question():
    edition = with_row(
        "comparability_statements", "aic-1", id="aic-3", outcome="partial"
    )
    assert places(edition) == [
        ("comparability_statements.csv", 4, "outcome", "contradictory_statements")
    ]


@pytest.mark.parametrize(
    "cells", [{"conditions": "grade 8 or better"}, {"profession": "dentist"}]
)
def test_keeps_two_outcomes_under_different_conditions(cells):
    edition = with_row(
        "comparability_statements", "aic-1", id="aic-3", outcome="partial", **cells
    )
    assert places(edition) == []


def test_keeps_two_outcomes_for_different_years_of_award():
    edition = with_row(
        "comparability_statements",
        "aic-1",
        id="aic-3",
        outcome="partial",
        awarded_to="1999-12-31",
    )
    row_of(edition, "comparability_statements", "aic-1")["awarded_from"] = "2000-01-01"
    assert places(edition) == []
