from datetime import date

import pytest

from recognition_service.equivalence.answer import (
    NoAnswer,
    PathKind,
    Result,
    RuleOutcome,
)
from recognition_service.frameworks.instruments import Purpose
from recognition_service.frameworks.rows import Evidence
from tests.equivalence.editions import (
    TODAY,
    a_hole,
    a_listed_title,
    a_party,
    a_place,
    a_qualification,
    a_treaty,
    aligned,
    ask,
    codes,
    edition,
    reason,
    row_ids,
    two_countries,
)


def bound(*rows):
    """AA and BB are parties; AA lists its bachelor and BB a title at the same level."""
    return edition(
        two_countries(
            a_treaty(),
            [a_party("AA"), a_party("BB")],
            a_qualification(),
            a_listed_title("AA", "6", "aa-bachelor"),
            a_listed_title("BB", "6", "bb-bachelor"),
            *rows,
        )
    )


def ask_title(snapshot, **changes):
    return ask(snapshot, **{"qualification": "aa-bachelor", **changes})


def test_a_listed_title_gets_the_level_without_any_procedure():
    answer = ask_title(bound())

    assert answer.result is Result.TREATY_RULE
    assert answer.decides is True
    assert answer.outcome is RuleOutcome.AUTOMATIC
    assert answer.conclusion.instrument == "treaty"
    level = answer.conclusion.object
    assert (level.hub, level.hub_level) == ("HUB", "6")
    assert (level.framework, level.level) == ("BB-QF", "6")
    assert level.titles == ("Title of BB",)
    assert answer.conclusion.path.kind is PathKind.DIRECT


def test_every_row_that_decides_is_named_and_was_read():
    answer = ask_title(bound())

    assert row_ids(answer) == {
        "aa-bachelor",
        "treaty",
        "treaty:AA",
        "treaty:BB",
        "treaty:AA:6:aa-bachelor",
        "treaty:BB:6:bb-bachelor",
        "BB-QF:6:HUB:6",
    }
    assert {row.evidence for row in answer.rows} == {Evidence.SOURCE_READ}


def test_a_level_recognised_by_treaty_opens_no_regulated_profession():
    answer = ask_title(bound(), purpose=Purpose.REGULATED_PROFESSION)

    assert answer.result is Result.TREATY_RULE
    assert answer.decides is False
    assert answer.outcome is None
    assert "does_not_open_regulated_profession" in answer.reason_codes


def test_nothing_decides_without_an_award_date():
    answer = ask_title(bound(), awarded_on=None)

    assert answer.decides is False
    assert "award_date_unknown" in answer.reason_codes


@pytest.mark.parametrize(
    "row",
    [
        a_treaty(evidence=Evidence.PARTLY_READ),
        a_party("BB", evidence=Evidence.DOCUMENT_CONFIRMED),
        a_listed_title("AA", "6", "aa-bachelor", evidence=Evidence.UNCHECKED),
        a_listed_title("BB", "6", "bb-bachelor", evidence=Evidence.UNCHECKED),
        a_qualification(evidence=Evidence.UNCHECKED),
    ],
    ids=lambda row: row.id,
)
def test_a_single_row_that_was_not_read_lets_the_rule_only_inform(row):
    answer = ask_title(bound(row))

    assert answer.result is Result.TREATY_RULE
    assert answer.decides is False


def test_a_destination_level_that_was_not_read_is_left_out_and_told():
    unread = aligned("BB-QF:6:HUB:6", evidence=Evidence.DOCUMENT_CONFIRMED)
    answer = ask_title(bound(unread))

    assert answer.decides is True
    assert answer.levels == ()
    assert answer.conclusion.object.level is None
    assert "destination_level_not_confirmed" in answer.reason_codes
    assert "BB-QF:6:HUB:6" not in row_ids(answer)


def test_a_title_that_is_not_listed_gets_level_information_only():
    other = a_qualification("aa-other", title="Other")
    answer = ask_title(bound(other), qualification="aa-other")

    assert answer.result is Result.LEVEL_INFORMATION
    assert reason(answer, "not_listed")["instrument"] == "treaty"


def test_a_level_alone_is_told_that_a_listed_title_may_decide():
    answer = ask(bound(), framework="AA-QF", level="6")

    assert answer.result is Result.LEVEL_INFORMATION
    assert "listed_titles_may_decide" in answer.reason_codes


def test_a_hole_of_the_origin_leaves_no_treaty_rule():
    diploma = a_qualification("aa-diploma", level="5")
    answer = ask_title(bound(diploma, a_hole("AA", "5")), qualification="aa-diploma")

    assert answer.result is Result.LEVEL_INFORMATION
    params = reason(answer, "no_title_at_level")
    assert (params["party"], params["level"]) == ("AA", "5")


def test_a_hole_of_the_destination_leaves_level_information():
    diploma = a_qualification("aa-diploma", level="5")
    listed = a_listed_title("AA", "5", "aa-diploma")
    snapshot = bound(diploma, listed, a_hole("BB", "5"))
    answer = ask_title(snapshot, qualification="aa-diploma")

    assert answer.result is Result.LEVEL_INFORMATION
    assert codes(answer) == {("BB-QF", "5")}
    assert reason(answer, "destination_lists_no_title")["destination"] == "BB"


def test_a_title_listed_at_two_levels_needs_an_officer():
    answer = ask_title(bound(a_listed_title("AA", "7", "aa-bachelor")))

    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert answer.reason_codes[0] == "listed_at_several_levels"


def test_a_part_is_bound_by_the_state_it_is_part_of():
    answer = ask_title(bound(a_place("BB-X", part_of="BB")), destination="BB-X")

    assert answer.decides is True


def test_a_state_of_which_only_parts_are_bound_must_name_the_part():
    snapshot = bound(a_place("CC"), a_place("CC-X", part_of="CC"), a_party("CC-X"))
    answer = ask_title(snapshot, destination="CC")

    assert answer.decides is False
    assert reason(answer, "destination_part_needed")["destination"] == "CC"


@pytest.mark.parametrize(
    ("asked_on", "code"),
    [
        (date(2024, 4, 30), "instrument_not_in_force"),
        (date(2024, 6, 30), "party_not_yet_bound"),
        (date(2026, 1, 1), "party_left"),
    ],
)
def test_a_treaty_decides_only_while_it_binds_both_parties(asked_on, code):
    party = a_party("BB", in_force_from=date(2024, 7, 1), withdrawn_on=date(2026, 1, 1))
    snapshot = bound(party)

    assert code in ask_title(snapshot, asked_on=asked_on).reason_codes
    assert ask_title(snapshot, asked_on=asked_on).decides is False
    assert ask_title(snapshot, asked_on=date(2024, 7, 1)).decides is True
    assert ask_title(snapshot, asked_on=date(2025, 12, 31)).decides is True


def test_a_treaty_that_ended_decides_no_more():
    answer = ask_title(bound(a_treaty(ended_on=TODAY)))

    assert answer.decides is False
    assert "instrument_not_in_force" in answer.reason_codes


def test_a_party_without_established_date_lets_the_rule_only_inform():
    answer = ask_title(bound(a_party("BB", in_force_from=None)))

    assert answer.result is Result.TREATY_RULE
    assert answer.decides is False
    assert reason(answer, "party_date_not_established")["parties"] == ("BB",)


def test_an_unread_list_of_parties_is_an_answer_where_nothing_else_is():
    snapshot = edition(
        [a_place("AA"), a_place("BB")],
        a_treaty(parties_established=False),
        a_party("AA"),
        a_qualification(framework=None, level=None),
        a_listed_title("AA", "6", "aa-bachelor"),
    )
    answer = ask_title(snapshot)

    assert answer.result is Result.NONE
    assert answer.no_answer is NoAnswer.INSTRUMENT_PARTIES_NOT_ESTABLISHED


def test_an_unread_list_of_parties_is_told_beside_level_information():
    snapshot = edition(
        two_countries(
            a_treaty(parties_established=False), a_party("AA"), a_qualification()
        )
    )
    answer = ask_title(snapshot)

    assert answer.result is Result.LEVEL_INFORMATION
    assert answer.no_answer is None
    assert "instrument_parties_not_established" in answer.reason_codes


def test_two_known_parties_of_an_unread_list_let_the_rule_only_inform():
    answer = ask_title(bound(a_treaty(parties_established=False)))

    assert answer.result is Result.TREATY_RULE
    assert answer.decides is False
    assert "instrument_parties_not_established" in answer.reason_codes


def test_a_treaty_says_nothing_within_one_party():
    answer = ask_title(bound(a_place("AA-X", part_of="AA")), destination="AA-X")

    assert answer.result is Result.LEVEL_INFORMATION


def test_a_treaty_that_was_made_to_find_or_inform_never_decides():
    answer = ask_title(bound(a_treaty(decides=None)))

    assert answer.result is Result.LEVEL_INFORMATION


def test_a_title_of_another_country_than_the_origin_is_left_to_an_officer():
    answer = ask_title(bound(a_place("CC")), origin="CC")

    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert answer.reason_codes[0] == "qualification_of_another_origin"
