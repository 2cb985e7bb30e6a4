from datetime import date

import pytest

from recognition_service.equivalence.answer import NoAnswer, PathKind, Result
from recognition_service.frameworks.rows import (
    Basis,
    Direction,
    Endorsement,
    Evidence,
    FrameworkKind,
    LevelStatus,
    Relation,
)
from tests.equivalence.editions import (
    a_framework,
    a_hub,
    a_place,
    a_qualification,
    aligned,
    ask,
    codes,
    compared,
    edition,
    reason,
    row_ids,
    two_countries,
)


def ask_level(snapshot, level="6", **changes):
    return ask(snapshot, framework="AA-QF", level=level, **changes)


def test_derives_a_level_by_one_hop_and_names_both_rows():
    answer = ask_level(edition(two_countries()))

    assert answer.result is Result.LEVEL_INFORMATION
    assert codes(answer) == {("BB-QF", "6")}
    path = answer.conclusion.path
    assert (path.kind, path.hub, path.hub_levels) == (PathKind.DERIVED, "HUB", ("6",))
    assert row_ids(answer) == {"AA-QF:6:HUB:6", "BB-QF:6:HUB:6"}


def test_level_information_never_decides_and_has_no_outcome():
    answer = ask_level(edition(two_countries()))

    assert answer.decides is False
    assert answer.outcome is None
    assert answer.reason_codes[0] == "level_is_not_a_decision"


def test_a_published_table_between_two_systems_wins_over_the_hub():
    table = compared("AA-QF:6:BB-QF:5")
    answer = ask_level(edition(two_countries(table)))

    assert codes(answer) == {("BB-QF", "5")}
    assert answer.conclusion.path.kind is PathKind.DIRECT
    assert answer.conclusion.path.hub is None


def test_a_one_way_table_read_backwards_is_derived_and_says_so():
    table = compared("BB-QF:5:AA-QF:6", direction=Direction.A_TO_B)
    answer = ask_level(edition(two_countries(table)))

    assert answer.conclusion.path.kind is PathKind.DERIVED
    assert "inverse_of_published_table" in answer.reason_codes


def test_a_hop_widens_to_a_set_and_carries_the_weakest_relation():
    snapshot = edition(
        [a_place("AA"), a_place("BB"), a_hub()],
        [a_framework("AA-QF", "AA"), a_framework("BB-QF", "BB")],
        aligned("AA-QF:4:HUB:5", Relation.NARROW),
        aligned("BB-QF:6:HUB:5", Relation.NARROW),
        aligned("BB-QF:7:HUB:5", Relation.BEST_FIT, evidence=Evidence.UNCHECKED),
    )

    answer = ask_level(snapshot, "4")

    relations = {level.code: level.relation for level in answer.levels}
    assert relations == {"6": Relation.BROAD, "7": Relation.BEST_FIT}
    assert answer.conclusion.path.weakest.relation is Relation.BEST_FIT
    assert answer.conclusion.path.weakest.evidence is Evidence.UNCHECKED
    assert reason(answer, "row_unchecked") == {"rows": ("BB-QF:7:HUB:5",)}


def test_never_walks_two_tables_between_systems_in_a_row():
    snapshot = edition(
        [a_place("AA"), a_place("BB"), a_place("CC"), a_hub()],
        [a_framework(f"{place}-QF", place) for place in ("AA", "BB", "CC")],
        compared("AA-QF:6:CC-QF:6"),
        compared("CC-QF:6:BB-QF:6"),
    )

    answer = ask_level(snapshot)

    assert answer.levels == ()
    assert answer.no_answer is NoAnswer.NOT_LINKED


def test_a_hop_over_two_comparisons_with_a_hub_is_two_tables_as_well():
    snapshot = edition(
        [a_place("AA"), a_place("BB"), a_hub()],
        [a_framework("AA-QF", "AA"), a_framework("BB-QF", "BB")],
        compared("AA-QF:6:HUB:6"),
        compared("BB-QF:6:HUB:6", basis=Basis.PILOT_COMPARISON),
    )

    assert ask_level(snapshot).levels == ()


def test_one_comparison_with_a_hub_is_told_beside_the_level():
    snapshot = edition(
        [a_place("AA"), a_place("BB"), a_hub()],
        [a_framework("AA-QF", "AA"), a_framework("BB-QF", "BB")],
        compared("AA-QF:6:HUB:6"),
        aligned("BB-QF:6:HUB:6"),
    )

    answer = ask_level(snapshot)

    assert codes(answer) == {("BB-QF", "6")}
    assert "hub_by_comparison" in answer.reason_codes


def test_does_not_hop_through_two_hubs():
    snapshot = edition(
        [a_place("AA"), a_place("BB"), a_hub(), a_hub("HUB-2")],
        a_framework("AA-QF", "AA"),
        a_framework("BB-QF", "BB", hubs=("HUB-2",)),
        aligned("AA-QF:6:HUB:6"),
        aligned("HUB:6:HUB-2:6"),
        aligned("BB-QF:6:HUB-2:6"),
    )

    answer = ask_level(snapshot)

    assert answer.no_answer is NoAnswer.NOT_LINKED
    assert "destination_not_linked" in answer.reason_codes


def test_takes_the_hub_that_the_framework_names_first():
    snapshot = edition(
        two_countries(
            a_hub("A-HUB"), aligned("AA-QF:6:A-HUB:6"), aligned("BB-QF:5:A-HUB:6")
        )
    )

    assert ask_level(snapshot).conclusion.path.hub == "HUB"


def test_statistics_never_relate_levels():
    snapshot = edition(
        [a_place("AA"), a_place("BB"), a_hub()],
        [a_framework("AA-QF", "AA"), a_framework("BB-QF", "BB")],
        aligned("AA-QF:6:HUB:6", basis=Basis.STATISTICAL_MAPPING),
        aligned("BB-QF:6:HUB:6", basis=Basis.STATISTICAL_MAPPING),
    )

    assert ask_level(snapshot).no_answer is NoAnswer.NOT_LINKED
    indexed = ask_level(snapshot, target_framework="HUB")
    assert indexed.levels == ()
    assert indexed.reason_codes[0] == "statistical_index_only"
    assert row_ids(indexed) == {"AA-QF:6:HUB:6"}


def test_a_hub_may_be_the_target_and_is_reached_directly():
    answer = ask_level(edition(two_countries()), target_framework="HUB")

    assert codes(answer) == {("HUB", "6")}
    assert answer.conclusion.path.kind is PathKind.DIRECT


def test_a_table_that_was_not_endorsed_gives_no_level_even_where_a_hub_would():
    table = compared("AA-QF:6:BB-QF:6", endorsement=Endorsement.NOT_ENDORSED)
    answer = ask_level(edition(two_countries(table)))

    assert answer.no_answer is NoAnswer.NOT_ENDORSED
    assert answer.levels == ()
    assert answer.decides is False
    assert row_ids(answer) == {"AA-QF:6:BB-QF:6"}


def test_a_level_without_counterpart_is_a_published_answer():
    table = compared("AA-QF:6:BB-QF:none")
    answer = ask_level(edition(two_countries(table)))

    assert answer.no_answer is NoAnswer.NO_PUBLISHED_RELATION
    assert reason(answer, "published_no_counterpart")["other"] == "BB-QF"
    assert row_ids(answer) == {"AA-QF:6:BB-QF:none"}


def test_a_withdrawn_row_gives_no_level():
    table = aligned("AA-QF:6:HUB:6", endorsement=Endorsement.WITHDRAWN)
    answer = ask_level(edition(two_countries(table)))

    assert answer.no_answer is NoAnswer.NO_PUBLISHED_RELATION
    assert "alignment_withdrawn" in answer.reason_codes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"endorsement": Endorsement.HISTORICAL}, "historical_alignment"),
        ({"endorsement": Endorsement.DRAFT}, "draft_alignment"),
        ({"relation": Relation.CONTESTED}, "contested_alignment"),
        ({"evidence": Evidence.PARTLY_READ}, "row_partly_read"),
    ],
)
def test_the_standing_of_a_row_is_told_beside_the_level(changes, code):
    answer = ask_level(edition(two_countries(aligned("AA-QF:6:HUB:6", **changes))))

    assert codes(answer) == {("BB-QF", "6")}
    assert code in answer.reason_codes


def test_an_undated_row_says_that_its_validity_is_not_established():
    dated = aligned("AA-QF:6:HUB:6", valid_from=date(2011, 1, 1))
    answer = ask_level(edition(two_countries(dated)))

    assert reason(answer, "validity_not_established") == {"rows": ("BB-QF:6:HUB:6",)}


def test_the_same_framework_gives_the_level_back():
    snapshot = edition(two_countries(a_place("AA-X", part_of="AA")))
    answer = ask(snapshot, "AA", "AA-X", framework="AA-QF", level="6")

    assert codes(answer) == {("AA-QF", "6")}
    assert "same_framework" in answer.reason_codes


def test_a_framework_without_any_link_is_not_linked_but_still_held():
    snapshot = edition(
        two_countries(a_place("CC"), a_framework("CC-QF", "CC", hubs=()))
    )
    answer = ask(snapshot, "CC", "BB", framework="CC-QF", level="5")

    assert (answer.result, answer.no_answer) == (Result.NONE, NoAnswer.NOT_LINKED)
    assert answer.conclusion.held.framework == "CC-QF"
    assert answer.conclusion.held.code == "5"
    assert "framework_not_linked" in answer.reason_codes


def test_a_grid_that_was_never_adopted_is_not_linked_whatever_its_rows_say():
    grid = a_framework("AA-QF", "AA", caveat="technical_grid_not_adopted")
    answer = ask_level(edition(two_countries(grid)))

    assert answer.no_answer is NoAnswer.NOT_LINKED
    assert answer.conclusion.held.caveat == "technical_grid_not_adopted"


def test_a_caveat_of_the_destination_is_told():
    left = a_framework("BB-QF", "BB", caveat="left_hub_group")
    answer = ask_level(edition(two_countries(left)))

    assert reason(answer, "left_hub_group") == {"framework": "BB-QF"}


def test_a_destination_uses_its_own_framework_before_that_of_its_state():
    snapshot = edition(
        two_countries(
            a_place("BB-X", part_of="BB"),
            a_framework("BB-X-QF", "BB-X", kind=FrameworkKind.SUBNATIONAL),
            aligned("BB-X-QF:7:HUB:6"),
        )
    )

    assert codes(ask_level(snapshot, destination="BB-X")) == {("BB-X-QF", "7")}


def test_a_state_without_framework_answers_with_those_of_its_parts():
    snapshot = edition(
        two_countries(
            a_place("CC"),
            [a_place(part, part_of="CC") for part in ("CC-X", "CC-Y")],
            [a_framework(f"{part}-QF", part) for part in ("CC-X", "CC-Y")],
            aligned("CC-X-QF:6:HUB:6"),
            aligned("CC-Y-QF:7:HUB:6"),
        )
    )

    answer = ask_level(snapshot, destination="CC")

    assert codes(answer) == {("CC-X-QF", "6"), ("CC-Y-QF", "7")}


def test_refuses_a_target_framework_of_another_country():
    answer = ask_level(edition(two_countries()), target_framework="AA-QF")

    assert answer.no_answer is NoAnswer.NOT_LINKED
    assert answer.reason_codes[0] == "target_framework_not_of_destination"


def test_a_framework_of_another_country_than_the_origin_is_left_to_an_officer():
    answer = ask(
        edition(two_countries(a_place("CC"))), "CC", framework="AA-QF", level="6"
    )

    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert answer.reason_codes[0] == "framework_of_another_origin"


@pytest.mark.parametrize(
    ("status", "no_answer"),
    [
        (LevelStatus.LEGACY, NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT),
        (LevelStatus.UNVERIFIED, NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT),
        (LevelStatus.NOT_ON_FRAMEWORK, NoAnswer.NOT_LINKED),
    ],
)
def test_no_level_is_inferred_from_a_title_without_an_assigned_level(status, no_answer):
    title = a_qualification(level_status=status)
    answer = ask(edition(two_countries(title)), qualification="aa-bachelor")

    assert answer.levels == ()
    assert answer.no_answer is no_answer
    assert answer.reason_codes[0] == f"level_status_{status}"


def test_a_title_whose_level_was_not_read_weakens_the_path():
    title = a_qualification(evidence_covers="title")
    answer = ask(edition(two_countries(title)), qualification="aa-bachelor")

    assert codes(answer) == {("BB-QF", "6")}
    assert answer.conclusion.path.weakest.evidence is Evidence.UNCHECKED
    assert "level_of_title_unchecked" in answer.reason_codes
