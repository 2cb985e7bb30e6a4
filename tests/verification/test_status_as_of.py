"""What a status list proves about the present, the past and the future."""

from datetime import timedelta

import pytest

from recognition_service.credentials import token_status_list
from recognition_service.verification.report import CheckOutcome
from tests.verification.world import (
    GOOD,
    NOW,
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
