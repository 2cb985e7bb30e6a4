"""Statements that hold under conditions, and what else they say of themselves."""

from datetime import date, timedelta

import pytest

from recognition_service.equivalence.answer import (
    Elements,
    Met,
    NoAnswer,
    Result,
    RuleOutcome,
)
from recognition_service.equivalence.compare import compare
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.errors import UnreadableRowError
from recognition_service.frameworks.instruments import (
    ElementResult,
    ObjectKind,
    Outcome,
    Purpose,
    RulesCover,
)
from recognition_service.frameworks.rows import LevelStatus
from tests.equivalence.editions import (
    TODAY,
    a_qualification,
    a_question,
    a_reference,
    a_statement,
    ask,
    edition,
    reason,
    row_ids,
    tables_of,
    two_countries,
)

GOOD = {"final_grade": "8.5/10"}
POOR = {"final_grade": "6.0/10"}


def published(*rows, **title):
    members = {"framework": None, "level": None, **title}
    members.setdefault("level_status", LevelStatus.UNVERIFIED)
    return edition(
        two_countries(
            a_qualification("aa-apprentice", **members),
            [a_reference(), a_reference("bb-other", title="Other")],
            *rows,
        )
    )


def ruled(code="statement-1", rules="final_grade >= 8.0/10", **changes):
    members = {
        "conditions": "Good grades",
        "rules": rules,
        "rules_cover": RulesCover.ALL,
        **changes,
    }
    return a_statement(code, **members)


def ask_title(snapshot, **changes):
    return ask(snapshot, **{"qualification": "aa-apprentice", **changes})


def conditions(answer):
    return [
        (each.id, each.met.value, each.missing_fact)
        for each in answer.conclusion.conditions
    ]


def test_a_statement_whose_conditions_are_met_decides():
    answer = ask_title(published(ruled()), facts=GOOD)

    assert (answer.result, answer.decides) == (Result.STATEMENT, True)
    assert answer.outcome is RuleOutcome.FULL
    assert conditions(answer) == [("final_grade", "yes", None)]
    assert "conditions_met" in answer.reason_codes
    assert "condition_needs_assessment" not in answer.reason_codes


def test_a_statement_whose_condition_is_not_met_does_not_answer():
    answer = ask_title(published(ruled()), facts=POOR)

    assert (answer.result, answer.decides) == (Result.NONE, False)
    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert conditions(answer) == [("final_grade", "no", None)]
    failed = reason(answer, "condition_not_met")
    assert failed == {
        "statement": "statement-1",
        "conditions": ("final_grade >= 8.0/10",),
    }
    assert answer.reason_codes[0] == "condition_not_met"
    assert "statement-1" in row_ids(answer)


def test_where_no_statement_applies_the_level_still_informs():
    level = {"framework": "AA-QF", "level": "6", "level_status": LevelStatus.ASSIGNED}
    answer = ask_title(published(ruled(), **level), facts=POOR)

    assert answer.result is Result.LEVEL_INFORMATION
    assert answer.decides is False
    assert answer.levels
    assert "condition_not_met" in answer.reason_codes


@pytest.mark.parametrize("facts", [{}, {"final_grade": "5.0/6"}, {"credits": "9 SKS"}])
def test_a_fact_that_is_missing_is_named(facts):
    answer = ask_title(published(ruled()), facts=facts)

    assert (answer.result, answer.decides) == (Result.STATEMENT, False)
    assert conditions(answer) == [("final_grade", "unknown", "final_grade")]
    assert reason(answer, "condition_fact_missing")["facts"] == ("final_grade",)


def test_words_that_the_rules_do_not_cover_stay_to_be_assessed():
    partly = ruled(rules_cover=RulesCover.PART)
    answer = ask_title(published(partly), facts=GOOD)

    assert answer.decides is False
    assert conditions(answer) == [
        ("final_grade", "yes", None),
        ("stated_condition", "unknown", "assessment_of_condition"),
    ]
    assert reason(answer, "condition_needs_assessment")["condition"] == "Good grades"


def test_rules_that_cover_a_part_can_still_fail():
    partly = ruled(rules_cover=RulesCover.PART)

    assert ask_title(published(partly), facts=POOR).result is Result.NONE


def bands():
    return published(
        ruled(),
        ruled(
            "statement-2",
            "final_grade >= 5.0/10; final_grade < 8.0/10",
            objects=("bb-other",),
            outcome=Outcome.PARTIAL,
        ),
    )


def test_of_several_bands_the_one_that_is_met_answers():
    good, poor = (ask_title(bands(), facts=facts) for facts in (GOOD, POOR))

    assert (good.decides, good.outcome) == (True, RuleOutcome.FULL)
    assert (poor.decides, poor.outcome) == (True, RuleOutcome.PARTIAL)
    assert "bb-other" in row_ids(poor)
    assert "bb-other" not in row_ids(good)


def test_below_all_bands_each_of_them_says_why_it_does_not_apply():
    answer = ask_title(bands(), facts={"final_grade": "4.9/10"})

    failed = [
        each.params["statement"]
        for each in answer.conclusion.reasons
        if each.code == "condition_not_met"
    ]
    assert failed == ["statement-1", "statement-2"]


def test_between_bands_of_which_none_is_known_nothing_is_decided():
    answer = ask_title(bands())

    assert answer.decides is False
    assert reason(answer, "other_statements")["statements"] == ("statement-2",)


def test_an_unconditional_statement_answers_beside_one_that_fails():
    plain = a_statement("statement-2", objects=("bb-other",))
    answer = ask_title(published(ruled(), plain), facts=POOR)

    assert answer.decides is True
    assert "statement-1" not in row_ids(answer)


def test_a_statement_that_is_left_says_which_other_did_not_apply():
    other = ruled("statement-2", purpose=Purpose.ACADEMIC_ACCESS)
    weak = a_statement(conditions="To be assessed")
    answer = ask_title(published(weak, other), facts=POOR)

    assert answer.decides is False
    assert reason(answer, "condition_not_met")["statement"] == "statement-2"


def test_award_dates_can_say_all_that_the_words_say():
    dated = ruled(
        rules=None, conditions="Issued from 2019", awarded_from=date(2019, 1, 1)
    )
    snapshot = published(dated)

    assert ask_title(snapshot).decides is True
    before = ask_title(snapshot, awarded_on=date(2018, 12, 31))
    assert "award_outside_statement" in before.reason_codes
    undated = ask_title(snapshot, awarded_on=None)
    assert undated.decides is False
    assert conditions(undated) == [("awarded_on_known", "unknown", "awarded_on")]


def test_a_refusal_under_a_condition_is_not_automatic_either():
    refused = ruled(outcome=Outcome.REFUSED, object_kind=ObjectKind.NONE, objects=())
    answer = ask_title(published(refused), facts=GOOD)

    assert answer.result is Result.NONE
    assert answer.reason_codes[:2] == ("statement_refuses", "conditions_met")
    assert conditions(answer) == [("final_grade", "yes", None)]


def test_a_conditional_outcome_without_rules_is_assessed_whatever_is_known():
    statement = a_statement(outcome=Outcome.CONDITIONAL)

    assert ask_title(published(statement), facts=GOOD).decides is False


def test_a_statement_due_for_review_informs_from_the_day_after():
    snapshot = published(a_statement(review_by=TODAY))

    assert ask_title(snapshot, asked_on=TODAY).decides is True
    late = ask_title(snapshot, asked_on=TODAY + timedelta(days=1))
    assert (late.result, late.decides) == (Result.STATEMENT, False)
    due = reason(late, "statement_review_due")
    assert due == {"statement": "statement-1", "review_by": TODAY.isoformat()}


def test_elements_are_those_that_the_issuer_states():
    stated = a_statement(
        element_level=ElementResult.SAME,
        element_outcomes=ElementResult.DIFFERENCE,
        elements_reason="No thesis is asked for.",
        appeal="Tribunal, within two months",
    )
    answer = ask_title(published(stated))

    assert answer.conclusion.elements == Elements(
        level=ElementResult.SAME,
        workload=ElementResult.NOT_ASSESSED,
        quality=ElementResult.NOT_ASSESSED,
        profile=ElementResult.NOT_ASSESSED,
        learning_outcomes=ElementResult.DIFFERENCE,
    )
    assert reason(answer, "elements_explained")["reason"] == "No thesis is asked for."
    assert reason(answer, "appeal_route")["appeal"] == "Tribunal, within two months"
    assert ask_title(published(a_statement())).conclusion.elements is None


def test_a_refusal_tells_its_elements_too():
    refused = a_statement(
        outcome=Outcome.REFUSED, element_level=ElementResult.SUBSTANTIAL_DIFFERENCE
    )
    elements = ask_title(published(refused)).conclusion.elements

    assert elements.level is ElementResult.SUBSTANTIAL_DIFFERENCE


def test_a_stored_rule_that_cannot_be_read_is_refused_and_never_dropped():
    with pytest.raises(UnreadableRowError) as refused:
        Snapshot.build(tables_of(ruled(rules="final_grade > good")), "sha256-x", TODAY)
    assert (refused.value.row, refused.value.column) == ("statement-1", "rules")


def test_facts_that_meet_the_same_conditions_share_one_conclusion():
    snapshot = bands()
    one, other, poor = (
        compare(snapshot, a_question(qualification="aa-apprentice", facts=facts))
        for facts in (GOOD, {"final_grade": "9/10", "credits": "1 SKS"}, POOR)
    )

    assert other.conclusion is one.conclusion
    assert poor.conclusion is not one.conclusion
    assert one.question.facts == GOOD


def test_facts_that_settle_nothing_change_nothing():
    snapshot = bands()
    plain = compare(snapshot, a_question(qualification="aa-apprentice"))
    told = a_question(qualification="aa-apprentice", facts={"final_grade": "5/6"})

    assert compare(snapshot, told).conclusion is plain.conclusion


def test_no_fact_is_remembered():
    snapshot = bands()
    compare(snapshot, a_question(qualification="aa-apprentice", facts=GOOD))

    (key,) = snapshot.memo.entries
    assert "8.5/10" not in key
    assert key[-3:] == (Met.YES, Met.YES, Met.NO)
