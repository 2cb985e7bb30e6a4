"""A decision says what its regime demands for its outcome."""

import pytest

from recognition_service.regimes.contents import CONTENT_CODES, require_contents
from recognition_service.regimes.errors import ContentsMissingError
from recognition_service.regimes.regime import read_regime
from tests.builders import a_full_decision, a_partial_decision, a_regime_tree

PLACES = {
    "reasons": "/text",
    "legal_basis": "/legal_basis",
    "reference": "/reference",
    "elements": "/elements",
    "differences": "/differences",
    "measures": "/measures",
    "conditions": "/conditions",
    "remedy": "/remedy",
    "later_possibilities": "/later_possibilities",
    "level_held": "/level_held",
    "level_required": "/level_required",
    "existing_qualifications": "/existing_qualifications",
    "activities": "/activities",
    "title_to_use": "/title_to_use",
    "valid_until": "/valid_until",
}


def a_regime(**contents):
    return read_regime(
        a_regime_tree(outcomes=list(contents), mandatory_contents=contents)
    )


def errors(regime, decision):
    with pytest.raises(ContentsMissingError) as refused:
        require_contents(regime, decision)
    return [(error["pointer"], error["code"]) for error in refused.value.errors]


def test_a_decision_with_everything_passes():
    neutral = read_regime(a_regime_tree())
    require_contents(neutral, a_full_decision())
    require_contents(neutral, a_partial_decision())


def test_every_content_that_a_regime_may_demand_has_a_place():
    assert PLACES.keys() == CONTENT_CODES


@pytest.mark.parametrize("content", sorted(PLACES))
def test_each_content_is_demanded_for_its_outcome_alone(content):
    regime = a_regime(full=[content], partial=[])
    pointer = PLACES[content]
    decision = {"outcome": "full", "decision_kind": "level_comparability"}
    assert errors(regime, decision) == [(pointer, "mandatory_content")]
    require_contents(regime, decision | {"outcome": "partial"})
    given = [{"subject": "a", "why_essential": "b", "why_not_covered": "c"}]
    require_contents(regime, decision | {pointer[1:]: given})


def test_an_outcome_or_kind_that_the_regime_does_not_know_is_refused():
    regime = a_regime(full=[], partial=[])
    decision = {"outcome": "automatic", "decision_kind": "licence"}
    assert errors(regime, decision) == [
        ("/outcome", "outcome_not_in_regime"),
        ("/decision_kind", "decision_kind_not_in_regime"),
    ]


def test_each_difference_says_why_it_matters_and_why_nothing_makes_up_for_it():
    regime = a_regime(full=[])
    whole = {"subject": "a", "why_essential": "b", "why_not_covered": "c"}
    decision = {
        "outcome": "full",
        "decision_kind": "level_comparability",
        "differences": [whole, {"subject": "a"}, whole | {"subject": ""}],
    }
    assert errors(regime, decision) == [
        ("/differences/1/why_essential", "mandatory_content"),
        ("/differences/1/why_not_covered", "mandatory_content"),
        ("/differences/2/subject", "mandatory_content"),
    ]
