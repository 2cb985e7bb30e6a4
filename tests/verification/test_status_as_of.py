"""What a status list proves about the present, the past and the future."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recognition_service.credentials import token_status_list
from recognition_service.verification.report import CheckOutcome
from tests.credentials.builders import STATUS_URI
from tests.verification.world import (
    GOOD,
    NOW,
    OTHER_STATUS_KEY,
    a_status,
    answer,
    check,
    inputs,
    status_claims,
)

LAST_WEEK = NOW - timedelta(days=7)
REVOKED, SUSPENDED, SUPERSEDED = 1, 2, 3


def given(value, **changes):
    return inputs(status=a_status(status_claims(value, **changes)))


@pytest.mark.parametrize(
    ("value", "code"),
    [(REVOKED, "revoked"), (SUSPENDED, "suspended"), (SUPERSEDED, "superseded")],
)
def test_the_present_status_decides_about_the_present(value, code):
    report = check(GOOD, given(value))
    assert (report.verdict.value, report.code.value) == ("not_valid", code)
    assert report.status.value == code


def test_a_later_list_that_shows_valid_answers_for_an_earlier_day():
    report = check(GOOD, given(0), at=LAST_WEEK)
    assert report.verdict.value == "valid"
    assert report.as_of == LAST_WEEK
    assert report.status.as_of == NOW - timedelta(minutes=5)
    (status,) = [entry for entry in report.checks if entry.id == "status"]
    assert (status.outcome, status.code) == (
        CheckOutcome.PASSED,
        "status_from_later_list",
    )


@pytest.mark.parametrize("value", [REVOKED, SUSPENDED, SUPERSEDED])
def test_a_later_list_that_shows_anything_else_does_not_say_since_when(value):
    report = check(GOOD, given(value), at=LAST_WEEK)
    assert (report.verdict.value, report.code.value) == (
        "cannot_confirm",
        "status_not_as_of_date",
    )
    assert report.status.value != "valid"


@pytest.mark.parametrize(("value", "verdict"), [(0, "valid"), (REVOKED, "not_valid")])
def test_the_list_of_that_day_answers_for_that_day(value, verdict):
    assert answer(GOOD, given(value, issued_at=LAST_WEEK), at=LAST_WEEK)[0] == verdict


def test_the_list_of_that_day_must_not_have_expired_then():
    old = given(0, issued_at=LAST_WEEK - timedelta(hours=24))
    assert answer(GOOD, old, at=LAST_WEEK) == ("cannot_confirm", "status_stale")


def test_nothing_is_known_about_the_future():
    tomorrow = NOW + timedelta(days=2)
    assert answer(GOOD, given(0), at=tomorrow) == ("cannot_confirm", "status_stale")


def test_a_minute_between_two_clocks_is_no_later_list():
    ahead = given(REVOKED, issued_at=NOW + timedelta(seconds=60))
    assert answer(GOOD, ahead) == ("not_valid", "revoked")


def test_a_fresh_copy_answers_for_a_day_before_it_was_made():
    assert answer(GOOD, given(0), at=NOW - timedelta(days=19, hours=9)) == (
        "valid",
        "valid",
    )
    assert answer(GOOD, given(0), at=NOW - timedelta(days=20)) == (
        "not_valid",
        "not_yet_valid",
    )


def test_freshness_ends_with_the_earlier_of_exp_and_ttl():
    status = check(GOOD).status
    assert status.fresh_until == NOW - timedelta(minutes=1) + timedelta(seconds=600)
    late = a_status(fetched_at=NOW - timedelta(seconds=600))
    assert answer(GOOD, inputs(status=late)) == ("cannot_confirm", "status_stale")
    in_time = a_status(fetched_at=NOW - timedelta(seconds=599))
    assert answer(GOOD, inputs(status=in_time)) == ("valid", "valid")
    expiring = status_claims(exp=int(NOW.timestamp()))
    assert answer(GOOD, inputs(status=a_status(expiring))) == (
        "cannot_confirm",
        "status_stale",
    )


def test_a_list_without_limits_is_fresh_only_when_fetched():
    claims = status_claims()
    del claims["exp"], claims["ttl"]
    assert answer(GOOD, inputs(status=a_status(claims))) == (
        "cannot_confirm",
        "status_stale",
    )
    just_fetched = a_status(claims, fetched_at=NOW + timedelta(seconds=1))
    assert answer(GOOD, inputs(status=just_fetched)) == ("valid", "valid")


def test_an_endless_ttl_does_not_break_the_calendar():
    claims = status_claims(ttl=253_402_300_799)
    assert answer(GOOD, inputs(status=a_status(claims))) == ("valid", "valid")


def test_a_value_without_meaning_is_not_valid():
    claims = status_claims()
    claims["status_list"] = eight_bits(value=12)
    assert answer(GOOD, inputs(status=a_status(claims))) == (
        "cannot_confirm",
        "status_value_unknown",
    )


def eight_bits(value):
    packed = bytes([value]) * 50_000
    return {"bits": 8, "lst": token_status_list.compress(packed)}


# Lists of the past that were kept


def kept(now, *earlier):
    """Inputs with the newest list and lists of the past: (value, issued_at)."""
    lists = tuple(
        a_status(status_claims(value, issued_at=issued_at), fetched_at=NOW)
        for value, issued_at in earlier
    )
    return replace(given(now), earlier_statuses={STATUS_URI: lists})


@pytest.mark.parametrize("now", [0, REVOKED])
@pytest.mark.parametrize(
    ("then", "expected"), [(0, "valid"), (REVOKED, "revoked"), (SUSPENDED, "suspended")]
)
def test_the_kept_list_of_that_day_decides_whatever_the_newest_says(
    now, then, expected
):
    inputs_then = kept(now, (then, LAST_WEEK - timedelta(hours=1)))
    report = check(GOOD, inputs_then, at=LAST_WEEK)
    assert report.code.value == expected
    assert report.status.as_of == LAST_WEEK - timedelta(hours=1)
    (status,) = [entry for entry in report.checks if entry.id == "status"]
    assert status.code == (None if expected == "valid" else expected)


def test_of_several_kept_lists_the_newest_of_then_decides():
    lists = kept(
        0,
        (0, LAST_WEEK - timedelta(hours=3)),
        (SUSPENDED, LAST_WEEK - timedelta(hours=1)),
        (REVOKED, LAST_WEEK + timedelta(hours=1)),
    )
    assert answer(GOOD, lists, at=LAST_WEEK) == ("not_valid", "suspended")


@pytest.mark.parametrize("distance", [timedelta(hours=25), -timedelta(hours=1)])
def test_a_list_that_does_not_cover_the_day_leaves_it_to_the_newest(distance):
    assert answer(GOOD, kept(REVOKED, (0, LAST_WEEK - distance)), at=LAST_WEEK) == (
        "cannot_confirm",
        "status_not_as_of_date",
    )
    assert answer(GOOD, kept(0, (REVOKED, LAST_WEEK - distance)), at=LAST_WEEK) == (
        "valid",
        "valid",
    )


def test_a_kept_list_says_nothing_about_the_present():
    lists = kept(REVOKED, (0, NOW - timedelta(hours=1)))
    assert answer(GOOD, lists) == ("not_valid", "revoked")


def test_a_kept_list_that_cannot_be_read_says_nothing():
    good = status_claims(0, issued_at=LAST_WEEK)
    broken = (
        a_status(token="x"),
        a_status(good, signer=OTHER_STATUS_KEY),
        a_status(good | {"sub": f"{STATUS_URI}8"}),
    )
    lists = replace(given(REVOKED), earlier_statuses={STATUS_URI: broken})
    assert answer(GOOD, lists, at=LAST_WEEK)[1] == "status_not_as_of_date"
