"""A plan of states is possible if every case can begin, end and be withdrawn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.regimes.errors import RegimeUnreadableError
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.lifecycle import (
    LEADS_TO,
    SHORT,
    UNDECIDED,
    CaseState,
    Lifecycle,
    impossible,
    read_lifecycle,
)
from recognition_service.regimes.regime import read_regime
from tests.builders import a_regime_tree

ENDS = {
    "decided",
    "final",
    "tacit_granted",
    "withdrawn",
    "lapsed",
    "forwarded",
    "not_competent",
}
SIMPLE = {
    "submitted": ["assessing", "withdrawn"],
    "assessing": ["decided", "withdrawn"],
}
MEASURES = {
    "decided": ["measure_chosen"],
    "measure_chosen": ["measure_running"],
    "measure_running": ["measure_passed", "measure_failed"],
    "measure_passed": ["final"],
    "measure_failed": ["final"],
}


def read(transitions):
    return read_lifecycle({"transitions": transitions})


def test_a_regime_without_states_has_the_short_plan():
    assert read_lifecycle({}) is SHORT
    assert impossible(SHORT.follows) is None
    assert SHORT.allowed("submitted") == ("decision_prepared", "decided", "withdrawn")
    assert SHORT.allowed("decided") == ()


def test_states_that_are_only_led_to_are_states_too():
    plan = read(SIMPLE)
    assert plan.states == {"submitted", "assessing", "decided", "withdrawn"}
    assert plan.allowed("submitted") == ("assessing", "withdrawn")
    assert plan.allowed("withdrawn") == ()
    assert plan.allowed("lapsed") == ()


def test_the_order_of_what_follows_is_that_of_the_regime():
    turned = SIMPLE | {"submitted": ["withdrawn", "assessing"]}
    assert read(turned).allowed("submitted") == ("withdrawn", "assessing")


def test_an_event_happens_where_its_state_is_one_of_the_regime():
    plan = read(SIMPLE)
    assert plan.can_happen(CaseEventKind.DECIDED)
    assert plan.can_happen(CaseEventKind.ASSESSMENT_BEGUN)
    assert not plan.can_happen(CaseEventKind.APPEAL_LODGED)
    assert plan.can_happen(CaseEventKind.DOCUMENTS_RECEIVED)


def test_every_state_has_an_event_that_leads_to_it():
    assert set(LEADS_TO.values()) == set(CaseState)


@pytest.mark.parametrize(
    ("transitions", "problem"),
    [
        ({}, "no case can begin: submitted is missing"),
        ({"assessing": ["decided"]}, "no case can begin: submitted is missing"),
        ({"submitted": ["withdrawn"]}, "no case can be decided: decided is missing"),
        (SIMPLE | {"complete": ["withdrawn"]}, "complete can never be reached"),
        (
            SIMPLE | {"submitted": ["assessing", "under_appeal", "withdrawn"]},
            "under_appeal is a dead end",
        ),
        (
            SIMPLE
            | {"decided": ["under_appeal"], "under_appeal": ["measure_running"]}
            | {"measure_running": ["under_appeal"]},
            "under_appeal never comes to an end",
        ),
        (
            SIMPLE | {"assessing": ["decided"]},
            "assessing cannot be left by withdrawing",
        ),
        (
            SIMPLE | {"submitted": ["assessing"]},
            "submitted cannot be left by withdrawing",
        ),
        (
            SIMPLE | {"decided": ["measure_chosen"], "measure_chosen": ["final"]},
            "measures need measure_failed, measure_passed, measure_running as well",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_reason(transitions, problem):
    with pytest.raises(ValueError, match="^" + problem + "$"):
        read(transitions)


def test_a_plan_with_all_states_of_measures_is_possible():
    assert "measure_passed" in read(SIMPLE | MEASURES).states


def test_a_state_that_nobody_knows_is_refused():
    for transitions in (SIMPLE | {"asleep": []}, SIMPLE | {"decided": ["asleep"]}):
        with pytest.raises(ValueError, match="asleep"):
            read(transitions)


def test_a_regime_with_an_impossible_plan_is_unreadable():
    tree = a_regime_tree(transitions=SIMPLE | {"assessing": ["decided"]})
    with pytest.raises(RegimeUnreadableError, match="withdrawing"):
        read_regime(tree)


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        (
            {"measures": {"allowed": ["aptitude_test"]}},
            "measures and their states belong together",
        ),
        (
            {"transitions": SIMPLE | MEASURES},
            "measures and their states belong together",
        ),
        (
            {
                "transitions": SIMPLE | MEASURES,
                "measures": {"allowed": ["aptitude_test"]},
            },
            "measures without the outcome conditional",
        ),
    ],
)
def test_measures_have_their_states_and_their_outcome(members, problem):
    tree = a_regime_tree(transitions=SIMPLE) | members
    with pytest.raises(RegimeUnreadableError) as refused:
        read_regime(tree)
    assert refused.value.member == "measures"
    assert str(refused.value).endswith(problem)


def test_a_regime_with_measures_is_read():
    tree = a_regime_tree(
        transitions=SIMPLE | MEASURES,
        measures={"allowed": ["aptitude_test"]},
        outcomes=["full", "conditional"],
        mandatory_contents={"full": [], "conditional": ["measures"]},
    )
    assert read_regime(tree).provisions.measures.allowed == {"aptitude_test"}


# Any plan.


@st.composite
def plans(draw):
    """Plans of states that are all reached, most of which can be withdrawn from."""
    pool = draw(st.lists(st.sampled_from(CaseState), min_size=2, unique=True))
    some = st.sets(st.sampled_from(pool), max_size=3)
    plan, waiting = {}, [CaseState.SUBMITTED]
    for state in waiting:
        following = draw(some)
        if state is CaseState.SUBMITTED:
            following |= draw(st.sampled_from([{CaseState.DECIDED}] * 9 + [set()]))
        if state in UNDECIDED and draw(st.integers(0, 20)) != 20:
            following |= {CaseState.WITHDRAWN}
        plan[state] = sorted(following)
        waiting += [each for each in plan[state] if each not in waiting]
    return plan


def read_or_none(plan):
    try:
        return read_lifecycle({"transitions": plan})
    except ValueError:
        return None


def walk(plan: Lifecycle, state: CaseState) -> list[CaseState]:
    """The shortest walk from a state to an end, by events that lead on."""
    walks = [[state]]
    for walked in walks:
        if walked[-1] in ENDS:
            return walked
        walks += [
            [*walked, LEADS_TO[event]]
            for event in CaseEventKind
            if LEADS_TO.get(event) in plan.allowed(walked[-1])
            and LEADS_TO[event] not in walked
        ]
    return []


@settings(derandomize=True, max_examples=300, deadline=None)
@given(plans())
def test_a_case_can_walk_every_possible_plan_from_each_state_to_an_end(transitions):
    plan = read_or_none(transitions)
    if plan is None:
        return
    for state in plan.states:
        assert walk(plan, state), state
    reached = {CaseState.SUBMITTED}
    for _ in plan.states:
        reached |= {after for state in reached for after in plan.allowed(state)}
    assert reached == plan.states


@settings(derandomize=True, max_examples=300, deadline=None)
@given(plans())
def test_a_plan_is_refused_only_for_what_is_wrong_with_it(transitions):
    plan = {**transitions}
    for following in transitions.values():
        for state in following:
            plan.setdefault(state, [])
    whole = {state: tuple(following) for state, following in plan.items()}
    fault = impossible(whole)
    assert (fault is None) == (read_or_none(transitions) is not None)
    if fault is None or fault.startswith(("no case", "measures")):
        return
    named = CaseState(fault.split()[0])
    led_to = any(named in following for following in whole.values())
    if fault.endswith("can never be reached"):
        assert named is not CaseState.SUBMITTED
    elif fault.endswith("is a dead end"):
        assert led_to
        assert whole[named] == ()
    elif fault.endswith("never comes to an end"):
        assert not walk(Lifecycle(whole), named)
    else:
        assert CaseState.WITHDRAWN not in whole[named]
