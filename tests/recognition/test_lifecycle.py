"""Which state of a request may follow which, as its regime says."""

import pytest

from recognition_service.recognition.errors import TransitionNotAllowedError
from recognition_service.recognition.lifecycle import before_the_decision, next_state
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.regimes.regime import read_regime
from tests.builders import a_regime_tree

SHORT = {
    "submitted": {"decision_prepared", "decided", "withdrawn"},
    "decision_prepared": {"decision_prepared", "submitted", "decided", "withdrawn"},
    "decided": set(),
    "withdrawn": set(),
}
LONG = {
    "submitted": ["assessing", "withdrawn"],
    "assessing": ["decision_prepared", "withdrawn"],
    "decision_prepared": ["assessing", "decided", "withdrawn"],
}


@pytest.mark.parametrize("current", SHORT)
@pytest.mark.parametrize("wanted", SHORT)
def test_a_request_moves_as_its_regime_says(current, wanted):
    regime = read_regime(a_regime_tree())
    if wanted in SHORT[current]:
        assert next_state(regime, current, CaseState(wanted)) == wanted
    else:
        with pytest.raises(TransitionNotAllowedError) as refused:
            next_state(regime, current, CaseState(wanted))
        assert set(refused.value.members()["allowed"]) == SHORT[current]


def test_a_state_that_nobody_knows_is_none():
    with pytest.raises(ValueError, match="lost"):
        next_state(read_regime(a_regime_tree()), "lost", CaseState.DECIDED)


def test_a_prepared_decision_that_is_overtaken_puts_the_case_back():
    short = read_regime(a_regime_tree())
    long = read_regime(a_regime_tree(transitions=LONG))
    assert before_the_decision(short, "decision_prepared") == "submitted"
    assert before_the_decision(long, "decision_prepared") == "assessing"
    assert before_the_decision(long, "submitted") == "submitted"


def test_nothing_puts_a_decided_case_back():
    with pytest.raises(TransitionNotAllowedError) as refused:
        before_the_decision(read_regime(a_regime_tree()), "decided")
    assert refused.value.members()["allowed"] == []
