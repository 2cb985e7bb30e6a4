"""The verdict table, row by row and in every order."""

import itertools

import pytest

from recognition_service.verification.codes import Code
from recognition_service.verification.report import Verdict
from recognition_service.verification.verdict import ROWS, Effect, judge

FULL = Effect("level_comparability", "full")
ROW_OF = {code: verdict for verdict, row in ROWS for code in row}
NOT_FAILURES = {
    Code.MEASURES_OUTSTANDING, Code.OUTCOME_CONDITIONAL, Code.OUTCOME_PARTIAL,
    Code.OUTCOME_PARTIAL_ACCESS, Code.OUTCOME_ALTERNATIVE, Code.OUTCOME_PROVISIONAL,
    Code.LIMITATIONS_APPLY, Code.VALID, Code.RECOGNITION_REFUSED,
    Code.KEY_RETIRED_SINCE, Code.MANDATE_ENDED_SINCE, Code.STATUS_FROM_LATER_LIST,
    Code.NOT_REACHED, Code.NOT_APPLICABLE, Code.NO_PRESENTATION, Code.NOT_A_DOCUMENT,
}  # fmt: skip


def test_every_failure_stands_in_exactly_one_row():
    assert sum(len(row) for _, row in ROWS) == len(ROW_OF)
    assert set(ROW_OF) | NOT_FAILURES == set(Code)
    assert not set(ROW_OF) & NOT_FAILURES


@pytest.mark.parametrize("code", sorted(ROW_OF))
def test_one_failure_gives_the_verdict_of_its_row(code):
    assert judge([code], FULL) == (ROW_OF[code], code)
    assert judge([code], None) == (ROW_OF[code], code)


def test_of_two_failures_the_higher_row_decides_else_the_earlier_check():
    ranks = [verdict for verdict, _ in ROWS]
    for first, second in itertools.permutations(ROW_OF, 2):
        expected = (
            first
            if ranks.index(ROW_OF[first]) <= ranks.index(ROW_OF[second])
            else second
        )
        assert judge([first, second], FULL) == (ROW_OF[expected], expected)


@pytest.mark.parametrize(
    ("kind", "outcome", "attached", "code"),
    [
        ("equivalence_finding", "full", {}, "valid"),
        ("level_comparability", "automatic", {}, "valid"),
        ("professional_access", "tacit_granted", {}, "valid"),
        ("licence", "refused", {}, "recognition_refused"),
        ("licence", "refused", {"has_measures": True}, "recognition_refused"),
        ("licence", "conditional", {}, "outcome_conditional"),
        ("licence", "conditional", {"has_measures": True}, "measures_outstanding"),
        ("licence", "partial", {}, "outcome_partial"),
        ("licence", "partial_access", {}, "outcome_partial_access"),
        ("licence", "alternative", {}, "outcome_alternative"),
        ("provisional_authorisation", "full", {}, "outcome_provisional"),
        ("licence", "full", {"has_limitations": True}, "limitations_apply"),
    ],
)
def test_without_failure_the_decision_says_how_much_is_valid(
    kind, outcome, attached, code
):
    plain = code in {"valid", "recognition_refused"}
    verdict = Verdict.VALID if plain else Verdict.VALID_WITH_CONDITIONS
    assert judge([], Effect(kind, outcome, **attached)) == (verdict, Code(code))


def test_what_could_not_be_read_is_never_valid():
    assert judge([], None)[0] is Verdict.CANNOT_CONFIRM


def test_a_failure_that_the_table_does_not_know_is_never_valid():
    assert judge([Code.NOT_REACHED], FULL)[0] is Verdict.CANNOT_CONFIRM
