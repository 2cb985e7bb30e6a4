"""A decision says what its regime demands for its outcome."""

from datetime import date

import pytest

from recognition_service.regimes.contents import CONTENT_CODES, require_contents
from recognition_service.regimes.errors import (
    ContentsMissingError,
    RegimeUnreadableError,
)
from recognition_service.regimes.regime import read_regime
from tests.builders import a_full_decision, a_partial_decision, a_regime_tree

TODAY = date(2026, 11, 2)
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
        require_contents(regime, decision, decided_on=TODAY)
    return [(error["pointer"], error["code"]) for error in refused.value.errors]


def test_a_decision_with_everything_passes():
    neutral = read_regime(a_regime_tree())
    require_contents(neutral, a_full_decision(), decided_on=TODAY)
    require_contents(neutral, a_partial_decision(), decided_on=TODAY)


def test_every_content_that_a_regime_may_demand_has_a_place():
    assert PLACES.keys() == CONTENT_CODES


@pytest.mark.parametrize("content", sorted(PLACES))
def test_each_content_is_demanded_for_its_outcome_alone(content):
    regime = a_regime(full=[content], partial=[])
    pointer = PLACES[content]
    decision = {"outcome": "full", "decision_kind": "level_comparability"}
    assert errors(regime, decision) == [(pointer, "mandatory_content")]
    require_contents(regime, decision | {"outcome": "partial"}, decided_on=TODAY)
    given = [{"subject": "a", "why_essential": "b", "why_not_covered": "c"}]
    require_contents(regime, decision | {pointer[1:]: given}, decided_on=TODAY)


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


def an_ageing_regime():
    return read_regime(
        a_regime_tree(
            decision_kinds=["level_comparability", "background_assessment"],
            longest_validity_months={"background_assessment": 60},
        )
    )


@pytest.mark.parametrize(
    ("until", "fault"),
    [
        (None, "mandatory_content"),
        ("2031-11-03", "valid_too_long"),
        ("2031-11-02", None),
        ("2027-01-01", None),
    ],
)
def test_a_kind_of_decision_that_ages_ends_within_its_months(until, fault):
    decision = a_full_decision(decision_kind="background_assessment", valid_until=until)
    if fault is None:
        require_contents(an_ageing_regime(), decision, decided_on=TODAY)
    else:
        assert errors(an_ageing_regime(), decision) == [("/valid_until", fault)]


def test_other_kinds_hold_for_good_and_a_refusal_does_not_age():
    require_contents(an_ageing_regime(), a_full_decision(), decided_on=TODAY)
    refused = a_full_decision(
        outcome="refused",
        decision_kind="background_assessment",
        remedy={"body": "b", "route": "r", "within_days": 30, "form": "f"},
        later_possibilities={"en": "Study further."},
    )
    require_contents(an_ageing_regime(), refused, decided_on=TODAY)


@pytest.mark.parametrize(
    "months",
    [{"background_assessment": 0}, {"background_assessment": "60"}, {"walk": 60}],
)
def test_an_impossible_longest_validity_is_refused(months):
    with pytest.raises(RegimeUnreadableError):
        read_regime(a_regime_tree(longest_validity_months=months))


def a_regime_with_recognition_first(**language):
    contents = {"full": [], "conditional": [], "refused": []}
    tree = a_regime_tree(outcomes=list(contents), mandatory_contents=contents)
    first = {"is_after_recognition": True, "article": "a. 5", "is_confirmed": True}
    return read_regime(tree | {"language": first | language})


LANGUAGE_DIFFERENCE = {
    "subject": "Dutch",
    "why_essential": "Patients speak it.",
    "why_not_covered": "No certificate was shown.",
    "concerns": "language",
}
A_LEVEL = {"language": "nl", "scale": "CEFR", "level": "B2"}


@pytest.mark.parametrize("outcome", ["refused", "conditional"])
def test_nothing_is_refused_because_of_a_language_where_recognition_comes_first(
    outcome,
):
    kind = a_full_decision()["decision_kind"]
    decision = {
        "outcome": outcome,
        "decision_kind": kind,
        "differences": [LANGUAGE_DIFFERENCE],
        "conditions": [{"code": "language", "language": A_LEVEL}],
    }
    assert errors(a_regime_with_recognition_first(), decision) == [
        ("/differences/0/concerns", "language_after_recognition"),
        ("/conditions/0/code", "language_after_recognition"),
    ]
    for otherwise in ({"is_after_recognition": False}, {"is_confirmed": False}):
        regime = a_regime_with_recognition_first(**otherwise)
        require_contents(regime, decision, decided_on=TODAY)


def test_a_language_may_be_a_condition_of_the_licence():
    decision = a_full_decision() | {
        "conditions": [{"code": "licence_language", "language": A_LEVEL}]
    }
    require_contents(a_regime_with_recognition_first(), decision, decided_on=TODAY)
