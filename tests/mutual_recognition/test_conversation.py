"""Who may do what in which state of a request between bodies."""

from datetime import UTC, date, datetime, timedelta

import pytest

from recognition_service.mutual_recognition.conversation import (
    FINAL,
    UNANSWERED,
    WAITING,
    Event,
    Place,
    Side,
    State,
    accepted_within_a_week,
    allowed_events,
    answered_in_time,
    can_be_referred,
    require_allowed,
    state_after,
)
from recognition_service.mutual_recognition.errors import EventNotAllowedError

UNDECIDED = {"accepted", "declined", "forwarded", "split"}
DATES = {"deadline_proposed", "deadline_agreed"}
ASKER = {
    "draft": {"sent"},
    **{key: {"withdrawn"} for key in WAITING},
    "accepted": {"withdrawn"},
    "answered": {"closed", "more_info_requested"},
    "more_info_requested": {"withdrawn"},
    "referred_to_coordinator": {"withdrawn"},
}
ANSWERER = {
    **dict.fromkeys(WAITING, UNDECIDED | DATES),
    "deadline_agreed": UNDECIDED,
    "accepted": {"answered", "forwarded", "split"},
    "more_info_requested": {"answered"},
    "referred_to_coordinator": {"accepted", "declined", "forwarded"},
}
DISPATCHER = {key: {"forwarded", "declined"} for key in WAITING}
TABLES = {"asker": ASKER, "answerer": ANSWERER, "dispatcher": DISPATCHER}


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", State)
def test_each_side_can_do_what_the_table_says(side, state):
    expected = TABLES.get(side, {}).get(state, set())
    place = Place(state, side)
    assert set(allowed_events(place)) == expected
    for event in Event:
        if event in expected:
            require_allowed(place, event)
            continue
        with pytest.raises(EventNotAllowedError) as refused:
            require_allowed(place, event)
        assert set(refused.value.members()["allowed"]) == expected


PROPOSER = {
    "draft": {"sent"},
    **{key: {"withdrawn"} for key in (*UNANSWERED, "answered")},
}
OTHER_PARTY = {
    **dict.fromkeys(WAITING, {"accepted", "declined"} | DATES),
    "deadline_agreed": {"accepted", "declined"},
    "referred_to_coordinator": {"accepted", "declined"},
    **{key: {"declined"} for key in ("accepted", "answered", "more_info_requested")},
}


@pytest.mark.parametrize("state", State)
def test_a_proposal_is_answered_with_the_agreement_and_by_nobody_else(state):
    for side, table in ((Side.ASKER, PROPOSER), (Side.ANSWERER, OTHER_PARTY)):
        allowed = allowed_events(Place(state, side, is_proposal=True))
        assert set(allowed) == table.get(state, set()), side


def test_another_text_of_the_proposer_wants_another_answer():
    def after(state, event=Event.REVISED):
        return state_after(Place(state, Side.ANSWERER, is_proposal=True), event)

    assert after(State.ANSWERED) == "accepted"
    assert after(State.SENT) == "sent"
    assert after(State.ANSWERED, Event.SIGNED) == "answered"


def test_the_date_is_negotiated_by_who_has_not_proposed_what_stands():
    def may(side, proposed_by, state=State.DEADLINE_PROPOSED):
        place = Place(state, side, proposed_by=proposed_by)
        return Event.DEADLINE_AGREED in allowed_events(place)

    assert may(Side.ANSWERER, Side.ASKER)
    assert may(Side.ASKER, Side.ANSWERER)
    assert not may(Side.ASKER, Side.ASKER)
    assert not may(Side.ANSWERER, Side.ANSWERER)
    assert not may(Side.ASKER, Side.ANSWERER, State.DEADLINE_AGREED)
    assert not may(Side.ASKER, Side.ANSWERER, State.ACCEPTED)


def test_who_accepted_before_it_was_referred_can_still_answer():
    place = Place(State.REFERRED_TO_COORDINATOR, Side.ANSWERER, is_accepted=True)
    assert allowed_events(place) == (Event.ANSWERED, Event.FORWARDED)


@pytest.mark.parametrize("state", FINAL)
def test_what_is_over_is_over_for_everybody(state):
    assert [allowed_events(Place(state, side)) for side in Side] == [()] * len(Side)
    assert not can_be_referred(state)


def test_an_overdue_answer_is_referred_once_and_only_while_it_is_owed():
    assert {state for state in State if can_be_referred(state)} == {
        *WAITING,
        State.ACCEPTED,
        State.MORE_INFO_REQUESTED,
    }


def test_a_forwarded_request_has_just_come_for_who_gets_it():
    for side in (Side.ANSWERER, Side.DISPATCHER):
        assert state_after(Place(State.DRAFT, side), Event.FORWARDED) == "sent"
    for side in (Side.ASKER, Side.FORMER, Side.COORDINATOR):
        assert state_after(Place(State.ACCEPTED, side), Event.FORWARDED) == "forwarded"


def test_a_split_leaves_the_state_as_it_is():
    assert state_after(Place(State.ACCEPTED, Side.ANSWERER), Event.SPLIT) == "accepted"


SENT = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("accepted_at", "expected"),
    [
        (None, None),
        (SENT + timedelta(days=7), True),
        (SENT + timedelta(days=7, seconds=1), False),
    ],
)
def test_accepting_within_a_week_counts_to_the_second(accepted_at, expected):
    assert accepted_within_a_week(SENT, accepted_at) is expected


@pytest.mark.parametrize(
    ("agreed", "answered", "expected"),
    [
        (None, date(2026, 11, 2), None),
        (date(2026, 11, 2), None, None),
        (date(2026, 11, 2), date(2026, 11, 2), True),
        (date(2026, 11, 2), date(2026, 11, 3), False),
    ],
)
def test_the_agreed_day_is_the_last_good_one(agreed, answered, expected):
    assert answered_in_time(agreed, answered) is expected
