"""Due dates follow from what happened, the regime, and the days of the authority."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.regimes.due_dates import (
    Happened,
    Place,
    Running,
    StoodStill,
    due_dates,
)
from recognition_service.regimes.regime import read_regime
from recognition_service.regimes.time_limits import SilenceEffect
from recognition_service.regimes.working_days import calendar_of
from tests.builders import a_regime_tree

BERLIN = Place(calendar_of("DE-BE"), ZoneInfo("Europe/Berlin"))
BRUSSELS = Place(calendar_of("BE-FL"), ZoneInfo("Europe/Brussels"))
LATER = datetime(2030, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
TRANSITIONS = {
    "submitted": ["acknowledged", "incomplete", "complete", "withdrawn"],
    "acknowledged": ["incomplete", "complete", "withdrawn"],
    "incomplete": ["complete", "withdrawn", "lapsed"],
    "complete": ["assessing", "decided", "tacit_granted", "withdrawn"],
    "assessing": ["awaiting_applicant", "decided", "tacit_granted", "withdrawn"],
    "awaiting_applicant": ["assessing", "withdrawn", "lapsed"],
    "decided": ["under_appeal", "final"],
    "under_appeal": ["assessing", "final"],
}


def a_limit(limit_id="decide", **members):
    known = {
        "id": limit_id,
        "starts": ["completed"],
        "met_by": ["decided"],
        "length": 3,
        "unit": "month",
        "held": True,
        "silence": "none",
        "article": "1",
        "is_confirmed": True,
    }
    changed = known | members
    return {name: value for name, value in changed.items() if value is not None}


def a_regime(*limits, **members):
    return read_regime(
        a_regime_tree(
            **{"status": "confirmed", "transitions": TRANSITIONS}
            | {"limits": list(limits) or [a_limit()]}
            | members
        )
    )


def on(month, day, hour=12, year=2026):
    return datetime(year, month, day, hour, tzinfo=UTC)


def it(kind, at, **details):
    return Happened(kind, at, at.date(), details)


def still(first, last=None):
    return StoodStill(first.date(), last.date() if last else None)


def extended(at, length=1, unit="month", limit="decide"):
    return it("limit_extended", at, limit=limit, length=length, unit=unit)


def all_due(regime, events, holds=(), place=BERLIN, now=LATER):
    return {
        due.limit.id: due for due in due_dates(regime, events, holds, place, now=now)
    }


def due_of(regime, events, holds=(), place=BERLIN, now=LATER):
    (due,) = due_dates(regime, events, holds, place, now=now)
    return due


COMPLETED = it("completed", on(3, 16))


def test_a_limit_that_has_not_begun_is_not_told():
    assert (
        due_dates(a_regime(), [it("submitted", on(3, 2))], [], BERLIN, now=LATER) == ()
    )


def test_a_limit_runs_from_the_day_of_its_event_to_the_end_of_its_last_day():
    due = due_of(a_regime(), [it("submitted", on(3, 2)), COMPLETED], now=on(3, 20))
    assert (due.started_on, due.due_on) == (date(2026, 3, 16), date(2026, 6, 16))
    assert due.due_at == datetime(2026, 6, 16, 22, tzinfo=UTC)
    assert (due.running, due.held_days, due.extended) == (Running.OPEN, 0, 0)
    assert due.is_confirmed
    assert not due.is_settled


@pytest.mark.parametrize(
    ("started", "length", "last"),
    [
        (on(1, 31, year=2025), 1, date(2025, 2, 28)),
        (on(1, 31, year=2024), 1, date(2024, 2, 29)),
        (on(2, 29, year=2024), 12, date(2025, 2, 28)),
        (on(4, 1), 1, date(2026, 5, 4)),
        (on(10, 2, year=2025), 3, date(2026, 1, 2)),
        (on(10, 1, year=2025), 3, date(2026, 1, 2)),
        (on(5, 1), 1, date(2026, 6, 1)),
    ],
)
def test_months_end_as_the_texts_say(started, length, last):
    regime = a_regime(a_limit(length=length))
    assert due_of(regime, [it("completed", started)]).due_on == last


def test_the_last_of_several_events_begins_a_limit_anew():
    regime = a_regime(a_limit(starts=["completed", "appeal_remitted"]))
    events = [COMPLETED, it("decided", on(5, 4)), it("appeal_lodged", on(5, 20))]
    assert due_of(regime, events).running is Running.MET
    events += [it("appeal_remitted", on(9, 1))]
    due = due_of(regime, events, now=on(9, 2))
    assert (due.started_on, due.due_on) == (date(2026, 9, 1), date(2026, 12, 1))
    assert due.running is Running.OPEN


def test_an_extension_of_an_earlier_round_does_not_count_in_the_next():
    limit = a_limit(
        starts=["completed", "appeal_remitted"],
        extensions=[{"length": 1, "unit": "month"}],
    )
    events = [COMPLETED, extended(on(4, 1)), it("appeal_remitted", on(9, 1))]
    due = due_of(a_regime(limit), events)
    assert (due.extended, due.due_on) == (0, date(2026, 12, 1))


def test_a_request_for_certified_copies_has_no_effect():
    asked = it("certified_copies_requested", on(4, 1))
    assert due_of(a_regime(), [COMPLETED, asked]) == due_of(a_regime(), [COMPLETED])


# Where a limit stands.


def test_the_last_moment_of_the_last_day_is_in_time():
    end = datetime(2026, 6, 16, 22, tzinfo=UTC)

    def stands(*events, now):
        return due_of(a_regime(), [COMPLETED, *events], now=now)

    assert stands(now=end - MOMENT).running is Running.OPEN
    assert not stands(now=end - MOMENT).has_passed(end - MOMENT)
    assert stands(now=end).running is Running.PASSED
    assert stands(now=end).has_passed(end)
    assert stands(now=end - MOMENT).has_passed(end)
    in_time, late = it("decided", end - MOMENT), it("decided", end)
    assert stands(in_time, now=end).running is Running.MET
    assert stands(late, now=end).running is Running.MET_LATE
    assert not stands(late, now=end).has_passed(end)


def test_the_first_event_that_meets_a_limit_counts():
    regime = a_regime(a_limit(met_by=["decided", "withdrawn"]))
    events = [COMPLETED, it("decided", on(4, 1)), it("withdrawn", on(9, 1))]
    assert due_of(regime, events).running is Running.MET


def test_what_happened_before_a_limit_began_does_not_meet_it():
    events = [it("decided", on(3, 1)), COMPLETED]
    assert due_of(a_regime(), events, now=on(4, 1)).running is Running.OPEN


def test_silence_has_its_effect_at_the_exact_instant_alone_where_all_is_confirmed():
    regime = a_regime(a_limit(silence="tacit_grant"))
    end = datetime(2026, 6, 16, 22, tzinfo=UTC)
    before = due_of(regime, [COMPLETED], now=end - MOMENT)
    assert (before.effect, before.has_passed(end - MOMENT)) == ("tacit_grant", False)
    after = due_of(regime, [COMPLETED], now=end)
    assert (after.effect, after.has_passed(end)) == ("tacit_grant", True)


@pytest.mark.parametrize("territory", ["EU", "QQ"])
def test_where_the_holidays_are_not_known_the_date_is_unconfirmed(territory):
    place = Place(calendar_of(territory), ZoneInfo("UTC"))
    due = due_of(a_regime(a_limit(silence="tacit_grant")), [COMPLETED], place=place)
    assert due.due_on == date(2026, 6, 16)
    assert not due.is_confirmed
    assert due.effect is SilenceEffect.NONE


def test_where_the_text_was_not_confirmed_the_date_is_not_either():
    limit = a_limit(is_confirmed=False, silence="appealable")
    unread = a_regime(limit, appeal={"on_silence": True})
    advisory = a_regime(a_limit(), status="advisory")
    for regime in (unread, advisory):
        assert not due_of(regime, [COMPLETED]).is_confirmed
    assert due_of(unread, [COMPLETED]).effect is SilenceEffect.APPEALABLE


def test_a_missed_limit_is_settled_once_it_is_written_down():
    missed = it("limit_missed", on(6, 17), limit="decide", started_on="2026-03-16")
    assert due_of(a_regime(), [COMPLETED, missed]).is_settled
    for wrong in ({"limit": "other"}, {"started_on": "2026-03-15"}):
        details = dict(missed.details) | wrong
        event = it("limit_missed", missed.at, **details)
        assert not due_of(a_regime(), [COMPLETED, event]).is_settled


# Holds.


def test_a_hold_moves_the_due_date_by_its_days_across_the_end_of_a_month():
    hold = still(on(4, 27), on(5, 6))
    due = due_of(a_regime(), [COMPLETED], [hold])
    assert (due.held_days, due.due_on) == (10, date(2026, 6, 26))


def test_what_two_holds_have_in_common_counts_once():
    holds = [still(on(4, 1), on(4, 10)), still(on(4, 6), on(4, 15))]
    due = due_of(a_regime(), [COMPLETED], holds)
    assert (due.held_days, due.due_on) == (15, date(2026, 7, 1))
    assert due == due_of(a_regime(), [COMPLETED], holds[::-1])


def test_an_answer_after_the_authoritys_deadline_finds_the_clock_running():
    deadline, answer = on(4, 15), it("information_received", on(5, 20))
    held = still(on(4, 1), deadline)
    due = due_of(a_regime(), [COMPLETED, answer], [held], now=on(5, 21))
    assert (due.running, due.held_days) == (Running.OPEN, 15)
    assert due == due_of(a_regime(), [COMPLETED], [held], now=on(5, 21))


def test_a_limit_that_a_hold_does_not_stop_runs_on():
    due = due_of(a_regime(a_limit(held=False)), [COMPLETED], [still(on(4, 1))])
    assert (due.running, due.due_on) == (Running.PASSED, date(2026, 6, 16))
    assert due.held_days == 0


def test_while_a_hold_has_no_end_nobody_knows_the_day():
    due = due_of(a_regime(), [COMPLETED], [still(on(4, 1))])
    assert (due.running, due.due_on, due.due_at) == (Running.HELD, None, None)
    assert not due.has_passed(LATER)


def test_a_hold_that_begins_when_all_is_over_stops_nothing():
    for hold in (still(on(6, 17)), still(on(6, 17), on(7, 1))):
        due = due_of(a_regime(), [COMPLETED], [hold])
        assert (due.running, due.due_on) == (Running.PASSED, date(2026, 6, 16))


def test_a_hold_on_the_last_day_stops_the_limit():
    assert due_of(a_regime(), [COMPLETED], [still(on(6, 16))]).running is Running.HELD
    one_day = still(on(6, 16), on(6, 16))
    assert due_of(a_regime(), [COMPLETED], [one_day]).due_on == date(2026, 6, 17)


def test_a_hold_counts_alike_before_and_after_it_has_ended():
    """It begins on the Sunday behind the last day, before the next working day."""
    regime = a_regime(a_limit(length=5, unit="day"))
    events = [it("completed", on(11, 2))]
    assert due_of(regime, events, [still(on(11, 8))]).running is Running.HELD
    ended = due_of(regime, events, [still(on(11, 8), on(11, 11))])
    assert ended.due_on == date(2026, 11, 12)


def test_who_acts_while_the_clock_stands_still_is_in_time():
    events = [COMPLETED, it("decided", on(7, 20))]
    due = due_of(a_regime(), events, [still(on(5, 1))])
    assert (due.running, due.due_on) == (Running.MET, date(2026, 9, 7))
    assert due.held_days == 81


# Extensions.

TWICE = [{"length": 1, "unit": "month"}, {"length": 2, "unit": "week"}]


def test_an_extension_runs_from_the_end_of_the_earlier_period():
    regime = a_regime(a_limit(extensions=TWICE))
    once = due_of(regime, [COMPLETED, extended(on(4, 1))])
    assert (once.extended, once.due_on) == (1, date(2026, 7, 16))
    events = [COMPLETED, extended(on(4, 1)), extended(on(7, 1), 2, "week")]
    twice = due_of(regime, events)
    assert (twice.extended, twice.due_on) == (2, date(2026, 7, 30))


def test_more_extensions_than_the_regime_allows_do_not_count():
    regime = a_regime(a_limit(extensions=TWICE[:1]))
    events = [COMPLETED, extended(on(4, 1)), extended(on(5, 1))]
    assert due_of(regime, events).due_on == date(2026, 7, 16)
    assert due_of(a_regime(), events).due_on == date(2026, 6, 16)


def test_what_has_ended_cannot_be_extended():
    regime = a_regime(a_limit(extensions=TWICE))
    end = datetime(2026, 6, 16, 22, tzinfo=UTC)
    late = due_of(regime, [COMPLETED, extended(end), extended(on(8, 1))])
    assert (late.extended, late.due_on) == (0, date(2026, 6, 16))
    in_time = due_of(regime, [COMPLETED, extended(end - MOMENT)])
    assert (in_time.extended, in_time.due_on) == (1, date(2026, 7, 16))


def test_an_extension_of_another_limit_does_not_count():
    regime = a_regime(a_limit(extensions=TWICE))
    other = extended(on(4, 1), limit="acknowledge")
    assert due_of(regime, [COMPLETED, other]).extended == 0


def test_what_is_held_can_be_extended():
    regime = a_regime(a_limit(extensions=TWICE))
    events = [COMPLETED, extended(on(7, 1))]
    assert due_of(regime, events, [still(on(5, 1))]).extended == 1
    ended = due_of(regime, events, [still(on(5, 1), on(7, 10))])
    assert (ended.extended, ended.due_on) == (1, date(2026, 9, 28))


def test_under_the_civil_code_an_extension_from_the_end_of_a_month_ends_with_one():
    limit = a_limit(length=1, extensions=TWICE)
    events = [it("completed", on(1, 31, year=2025)), extended(on(2, 10, year=2025))]
    civil_code = a_regime(limit, counting="bgb")
    assert due_of(civil_code, events).due_on == date(2025, 3, 31)
    assert due_of(a_regime(limit), events).due_on == date(2025, 3, 28)


# Limits that begin with the end of another, and lengths that an event gives.

WEEK = a_limit(
    "acknowledge",
    starts=["submitted", "appeal_remitted"],
    met_by=["acknowledged"],
    length=1,
    unit="week",
    held=None,
)
VERIFY = a_limit(
    starts=["documents_received"],
    starts_at_end_of="acknowledge",
    unless=["documents_requested"],
    met_by=["decided"],
    length=1,
)
CARD = a_regime(WEEK, VERIFY)
SUBMITTED = it("submitted", on(3, 2))


def test_a_limit_begins_with_the_end_of_another_where_nothing_was_asked():
    due = all_due(CARD, [SUBMITTED, it("acknowledged", on(3, 3))])
    assert due["acknowledge"].due_on == date(2026, 3, 9)
    assert due["decide"].started_on == date(2026, 3, 9)
    assert due["decide"].due_on == date(2026, 4, 9)


def test_where_something_was_asked_it_begins_with_what_was_received():
    asked = [SUBMITTED, it("documents_requested", on(3, 4))]
    assert set(all_due(CARD, asked)) == {"acknowledge"}
    received = [*asked, it("documents_received", on(3, 5))]
    assert all_due(CARD, received)["decide"].due_on == date(2026, 4, 7)


def test_who_acts_before_the_earlier_limit_has_ended_has_met_the_next():
    due = all_due(CARD, [SUBMITTED, it("decided", on(3, 4))])
    assert due["decide"].running is Running.MET


def test_a_limit_does_not_begin_while_the_earlier_one_is_held():
    regime = a_regime(WEEK | {"held": True}, VERIFY)
    assert set(all_due(regime, [SUBMITTED], [still(on(3, 4))])) == {"acknowledge"}


def test_what_was_asked_in_an_earlier_round_says_nothing_about_the_next():
    events = [
        SUBMITTED,
        it("documents_requested", on(3, 4)),
        it("documents_received", on(3, 10)),
        it("decided", on(4, 1)),
        it("appeal_remitted", on(9, 1)),
    ]
    due = all_due(CARD, events, now=on(9, 2))
    assert due["acknowledge"].due_on == date(2026, 9, 8)
    assert due["decide"].started_on == date(2026, 9, 8)
    assert due["decide"].running is Running.OPEN


def test_an_event_that_begins_both_limits_begins_the_second_at_once():
    both = VERIFY | {"starts": ["documents_received", "appeal_remitted"]}
    events = [SUBMITTED, it("decided", on(4, 1)), it("appeal_remitted", on(9, 1))]
    assert all_due(a_regime(WEEK, both), events)["decide"].started_on == date(
        2026, 9, 1
    )


@pytest.mark.parametrize("days", [None, 0, -1, True, "14", 1.5, 1201])
def test_an_event_without_a_usable_length_begins_nothing(days):
    answer = a_limit(
        starts=["information_requested"],
        met_by=["information_received"],
        length=None,
        unit=None,
        length_from="days",
    )
    regime = a_regime(answer)
    details = {} if days is None else {"days": days}
    assert all_due(regime, [it("information_requested", on(11, 2), **details)]) == {}
    asked = it("information_requested", on(11, 2), days=14)
    assert due_of(regime, [asked]).due_on == date(2026, 11, 16)


# The end of a day in the zone of the authority.


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("Europe/Brussels", date(2026, 3, 28), on(3, 28, 23)),
        ("Europe/Brussels", date(2026, 3, 29), on(3, 29, 22)),
        ("Europe/Brussels", date(2026, 10, 24), on(10, 24, 22)),
        ("Europe/Brussels", date(2026, 10, 25), on(10, 25, 23)),
        ("Africa/Casablanca", date(2025, 2, 22), on(2, 22, 23, 2025)),
        ("Africa/Casablanca", date(2025, 2, 23), on(2, 24, 0, 2025)),
        ("Africa/Casablanca", date(2025, 4, 5), on(4, 6, 0, 2025)),
        ("Africa/Casablanca", date(2025, 4, 6), on(4, 6, 23, 2025)),
        ("America/Toronto", date(2026, 3, 7), on(3, 8, 5)),
        ("America/Toronto", date(2026, 3, 8), on(3, 9, 4)),
        ("America/Toronto", date(2026, 10, 31), on(11, 1, 4)),
        ("America/Toronto", date(2026, 11, 1), on(11, 2, 5)),
        ("America/Sao_Paulo", date(2018, 11, 3), on(11, 4, 3, 2018)),
        ("UTC", date(2026, 12, 31), on(1, 1, 0, 2027)),
    ],
)
def test_a_day_ends_at_midnight_of_the_zone(zone, day, end):
    assert Place(calendar_of("EU"), ZoneInfo(zone)).end_of_day(day) == end


def test_the_same_day_ends_at_another_instant_elsewhere():
    quebec = Place(calendar_of("CA-QC"), ZoneInfo("America/Toronto"))
    events = [it("completed", on(3, 23))]
    assert due_of(a_regime(), events, place=quebec).due_on == date(2026, 6, 23)
    events = [it("completed", on(3, 24))]
    assert due_of(a_regime(), events, place=quebec).due_at == on(6, 26, 4)
    assert due_of(a_regime(), events, place=BRUSSELS).due_at == on(6, 24, 22)


# Whatever happens.

ALWAYS = settings(derandomize=True, max_examples=150, deadline=None)
FIRST = datetime(2026, 1, 1, 9, tzinfo=UTC)
EVERY_LIMIT = a_regime(
    WEEK,
    VERIFY | {"extensions": TWICE},
    a_limit("complete", starts=["documents_requested"], met_by=["completed"], length=2),
    a_limit("days", length=10, unit="working_day", extensions=TWICE),
    a_limit("fixed", length=2, unit="day", held=False, extensions=TWICE),
)
KINDS = [
    "submitted",
    "acknowledged",
    "documents_requested",
    "documents_received",
    "completed",
    "information_requested",
    "decided",
    "appeal_remitted",
]
instants = st.integers(0, 400 * 24).map(
    lambda hours: FIRST + hours * timedelta(hours=1)
)
happenings = st.lists(
    st.one_of(
        st.builds(it, st.sampled_from(KINDS), instants),
        st.builds(
            extended,
            instants,
            st.integers(1, 3),
            st.sampled_from(["day", "working_day", "week", "month"]),
            st.sampled_from([limit.id for limit in EVERY_LIMIT.timing.limits]),
        ),
    ),
    max_size=10,
    unique_by=lambda event: event.at,
)
stops = st.lists(
    st.builds(
        lambda first, days: StoodStill(
            first.date(), None if days is None else first.date() + days * ONE_DAY
        ),
        instants,
        st.one_of(st.none(), st.integers(0, 60)),
    ),
    max_size=4,
)
places = st.sampled_from(
    [BERLIN, BRUSSELS, Place(calendar_of("MA"), ZoneInfo("Africa/Casablanca"))]
)


def last_days(events, holds, place=BERLIN):
    """By limit, its last day; the last of all days while it is held."""
    found = all_due(EVERY_LIMIT, events, holds, place)
    return {name: due.due_on or date.max for name, due in found.items()}


@ALWAYS
@given(happenings, stops, places)
def test_every_due_date_is_a_working_day_of_a_known_territory(events, holds, place):
    for due in all_due(EVERY_LIMIT, events, holds, place).values():
        if due.due_on is not None:
            assert place.calendar.is_working_day(due.due_on)
            assert due.due_at == place.end_of_day(due.due_on)
            assert due.due_on > due.started_on


@ALWAYS
@given(happenings, stops, places)
def test_a_hold_never_moves_a_due_date_back_nor_its_removal_ahead(events, holds, place):
    for number in range(len(holds)):
        fewer = last_days(events, holds[:number], place)
        more = last_days(events, holds[: number + 1], place)
        for name in more:
            assert fewer[name] <= more[name]


@ALWAYS
@given(happenings, stops, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_given_is_of_no_account(events, holds, chance):
    told = all_due(EVERY_LIMIT, events, holds)
    chance.shuffle(events)
    chance.shuffle(holds)
    assert all_due(EVERY_LIMIT, events, holds) == told
    assert all_due(EVERY_LIMIT, events, [*holds, *holds]) == told


@ALWAYS
@given(happenings, stops, instants, st.integers(1, 3))
def test_an_extension_never_makes_a_due_date_earlier(events, holds, at, length):
    events = [event for event in events if event.at != at]
    before = last_days(events, holds)
    for name in before:
        after = last_days([*events, extended(at, length, "week", name)], holds)
        assert after[name] >= before[name]


@ALWAYS
@given(happenings, stops)
def test_who_asks_twice_is_told_the_same(events, holds):
    assert all_due(EVERY_LIMIT, events, holds) == all_due(EVERY_LIMIT, events, holds)
