"""A time limit is read whole, or refused with what is wrong with it."""

import pytest

from recognition_service.regimes.errors import RegimeUnreadableError
from recognition_service.regimes.periods import Counting, Period, Unit
from recognition_service.regimes.regime import read_regime
from recognition_service.regimes.time_limits import (
    Bound,
    Extension,
    SilenceEffect,
    read_timing,
)
from tests.builders import a_regime_tree

PLAIN = {
    "id": "decide",
    "starts": ["completed"],
    "met_by": ["decided"],
    "length": 3,
    "unit": "month",
    "silence": "none",
    "article": "13(3)",
    "is_confirmed": True,
}
STATES = {
    "submitted": ["complete", "withdrawn"],
    "complete": ["decided", "withdrawn"],
}


def a_limit(**members):
    changed = PLAIN | members
    return {name: value for name, value in changed.items() if value is not None}


def timing(*limits, **more):
    return read_timing("a-regime", {"limits": list(limits)} | more)


def fault(*limits):
    with pytest.raises(RegimeUnreadableError) as refused:
        timing(*limits)
    return refused.value.member, str(refused.value).rpartition(": ")[2]


def regime_fault(*limits, transitions=STATES, **members):
    tree = a_regime_tree(status="confirmed", transitions=transitions)
    with pytest.raises(RegimeUnreadableError) as refused:
        read_regime(tree | {"limits": list(limits)} | members)
    return refused.value.member, str(refused.value)


def test_a_limit_without_more_binds_the_authority_and_is_not_held():
    (limit,) = timing(a_limit()).limits
    assert (limit.id, limit.article) == ("decide", "13(3)")
    assert (limit.starts, limit.met_by) == ({"completed"}, {"decided"})
    assert limit.period == Period(3, Unit.MONTH)
    assert (limit.binds, limit.silence) == (Bound.AUTHORITY, SilenceEffect.NONE)
    assert (limit.starts_at_end_of, limit.unless) == (None, frozenset())
    assert (limit.length_from, limit.extensions) == (None, ())
    assert limit.is_confirmed
    assert not limit.is_held
    assert not limit.is_target


def test_a_limit_is_read_with_all_its_members():
    acknowledge = a_limit(id="acknowledge", starts=["submitted"])
    whole = a_limit(
        binds="applicant",
        starts_at_end_of="acknowledge",
        unless=["documents_requested"],
        held=True,
        silence="appealable",
        is_target=True,
        extensions=[
            {"length": 2, "unit": "week", "only_for": "public_health", "article": "4d"},
            {},
        ],
    )
    limit = timing(acknowledge, whole).limit("decide")
    assert (limit.binds, limit.silence) == (Bound.APPLICANT, SilenceEffect.APPEALABLE)
    assert limit.starts_at_end_of == "acknowledge"
    assert limit.unless == {"documents_requested"}
    assert limit.is_held
    assert limit.is_target
    assert limit.extensions == (
        Extension(Period(2, Unit.WEEK), "public_health", "4d"),
        Extension(None, None, None),
    )


def test_a_limit_is_found_by_its_id():
    found = timing(a_limit(), a_limit(id="other"))
    assert found.limit("other") is found.limits[1]
    assert found.limit("none-such") is None


def test_periods_are_counted_after_the_regulation_unless_a_regime_says_otherwise():
    assert timing().counting is Counting.REGULATION_1182_71
    assert timing(counting="bgb").counting is Counting.BGB
    with pytest.raises(ValueError, match="by_hand"):
        timing(counting="by_hand")


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"starts": []}, "never begins"),
        ({"unless": ["submitted"]}, "begins with events alone and needs no unless"),
        ({"met_by": []}, "can never be met"),
        ({"length": None}, "needs either a length or where it comes from"),
        ({"length_from": "days"}, "needs either a length or where it comes from"),
        ({"length": 0}, "has a length that is not from 1 to 1200"),
        ({"length": -1}, "has a length that is not from 1 to 1200"),
        ({"length": 1201}, "has a length that is not from 1 to 1200"),
        (
            {"extensions": [{"length": 0, "unit": "day"}]},
            "has a length that is not from 1 to 1200",
        ),
        (
            {"silence": "tacit_grant", "is_confirmed": False},
            "has the effect tacit_grant without a confirmed text",
        ),
        (
            {"silence": "becomes_final", "is_target": True},
            "has the effect becomes_final without a confirmed text",
        ),
    ],
)
def test_a_limit_that_cannot_be_is_refused(members, problem):
    assert fault(a_limit(**members)) == ("limits.decide", problem)


def test_what_begins_with_the_end_of_another_has_a_length_of_its_own():
    first = a_limit(id="first")
    second = a_limit(starts_at_end_of="first", length=None, length_from="days")
    problem = "has no length where it begins with the end of another"
    assert fault(first, second) == ("limits.decide", problem)


def test_a_limit_begins_only_with_one_that_stands_above_it():
    problem = "decide begins with a limit that is not above it"
    for other in ("decide", "none-such", "below"):
        limit = a_limit(starts_at_end_of=other)
        assert fault(limit, a_limit(id="below")) == ("limits", problem)


def test_no_limit_stands_twice():
    assert fault(a_limit(), a_limit()) == ("limits", "decide stands twice")


def test_members_that_nobody_knows_are_refused():
    assert fault(a_limit(colour="red")) == ("limits.colour", "is not known")
    extension = {"length": 1, "unit": "month", "reason": "why"}
    assert fault(a_limit(extensions=[extension])) == (
        "extensions.reason",
        "is not known",
    )


@pytest.mark.parametrize("member", ["id", "met_by", "silence", "article"])
def test_a_member_that_is_missing_is_named(member):
    assert regime_fault(a_limit(**{member: None}))[0] == member


@pytest.mark.parametrize(
    "members",
    [
        {"starts": "completed"},
        {"starts": ["full_moon"]},
        {"met_by": ["full_moon"]},
        {"length": "3"},
        {"length": True},
        {"length": 1.5},
        {"unit": "year"},
        {"held": 1},
        {"is_confirmed": "yes"},
        {"is_target": None, "silence": "joy"},
        {"binds": "nobody"},
    ],
)
def test_members_of_the_wrong_kind_are_refused(members):
    assert regime_fault(a_limit(**members))[0] == "a member"


# What a limit needs of its regime.


@pytest.mark.parametrize(
    ("silence", "state"),
    [
        ("tacit_grant", "tacit_granted"),
        ("may_start", "may_start"),
        ("applicant_lapses", "lapsed"),
        ("becomes_final", "final"),
    ],
)
def test_silence_leads_to_a_state_of_the_regime(silence, state):
    limit = a_limit(silence=silence)
    member, text = regime_fault(limit)
    assert member == "limits.decide"
    assert text.endswith(f"its silence leads to {state}, which is no state")
    states = STATES | {"complete": [state, "decided", "withdrawn"]}
    if state == "may_start":
        states |= {"may_start": ["decided", "withdrawn"]}
    tree = a_regime_tree(status="confirmed", transitions=states, limits=[limit])
    assert read_regime(tree).timing.limit("decide").silence == silence


@pytest.mark.parametrize(
    ("silence", "state"),
    [
        ("tacit_grant", "tacit_granted"),
        ("may_start", "may_start"),
        ("applicant_lapses", "lapsed"),
    ],
)
def test_an_advisory_regime_has_no_such_effect(silence, state):
    states = STATES | {"complete": [state, "decided", "withdrawn"]}
    states |= {"may_start": ["decided", "withdrawn"]} if state == "may_start" else {}
    limit = a_limit(silence=silence)
    member, text = regime_fault(limit, transitions=states, status="advisory")
    assert member == "limits.decide"
    assert text.endswith(f"an advisory regime cannot have the effect {silence}")


def test_silence_can_be_appealed_against_where_the_regime_says_so():
    limit = a_limit(silence="appealable")
    member, text = regime_fault(limit)
    assert member == "limits.decide"
    assert "appeal.on_silence does not say so" in text
    tree = a_regime_tree(
        transitions=STATES, limits=[limit], appeal={"on_silence": True}
    )
    assert read_regime(tree).timing.limits[0].silence is SilenceEffect.APPEALABLE


@pytest.mark.parametrize(
    "members",
    [
        {"starts": ["completed", "appeal_remitted"]},
        {"met_by": ["decided", "forwarded"]},
        {"starts_at_end_of": "first", "unless": ["documents_requested"]},
    ],
)
def test_a_limit_names_no_event_that_cannot_happen(members):
    member, text = regime_fault(a_limit(id="first"), a_limit(**members))
    assert member == "limits.decide"
    assert text.endswith("can never happen")
