"""When a webhook is tried again is counted like the standard counts it."""

from datetime import UTC, datetime, timedelta

import pytest

from recognition_service.delivery.webhook_schedule import (
    DELAYS,
    asked_to_wait,
    is_success,
    next_attempt,
    rest,
)

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_ten_attempts_are_made_in_three_days_and_a_few_hours():
    at, instants = NOW, [NOW]
    for tries in range(1, 10):
        at = next_attempt(tries, asked_to_wait=None, now=at)
        instants.append(at)
    since = [str(instant - NOW) for instant in instants]
    assert since == [
        "0:00:00",
        "0:00:05",
        "0:05:05",
        "0:35:05",
        "2:35:05",
        "7:35:05",
        "17:35:05",
        "1 day, 7:35:05",
        "2 days, 3:35:05",
        "3 days, 3:35:05",
    ]
    assert next_attempt(10, asked_to_wait=None, now=at) is None


def test_a_receiver_that_asks_for_more_time_gets_it():
    hour = timedelta(hours=1)
    assert next_attempt(1, asked_to_wait=hour, now=NOW) == NOW + hour
    # It cannot have it sooner than the schedule says.
    assert next_attempt(4, asked_to_wait=hour, now=NOW) == NOW + DELAYS[3]


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "120", 120),
        (503, " 120 ", 120),
        (503, "0", 0),
        (503, "99999999999999999999", 86_400),
        (503, "Mon, 02 Nov 2026 09:10:00 GMT", 600),
        (503, "Mon, 02 Nov 2026 08:00:00 GMT", 0),
        (503, "Tue, 02 Nov 2027 08:00:00 GMT", 86_400),
        (500, "120", None),
        (200, "120", None),
        (None, None, None),
        (503, None, None),
        (503, "-5", None),
        (503, "soon", None),
        (503, "\u0661\u0662", None),
        (503, "", None),
    ],
)
def test_how_long_a_receiver_asks_to_be_left_alone(status, header, seconds):
    waits = asked_to_wait(status, header, now=NOW)
    assert waits == (None if seconds is None else timedelta(seconds=seconds))


def test_the_longer_a_receiver_fails_the_longer_it_is_left_alone():
    minutes = [0, 1, 4, 60]
    rests = [rest(timedelta(minutes=each), asked_to_wait=None) for each in minutes]
    assert rests == [timedelta(minutes=each) for each in (0, 0.5, 2, 10)]
    hour = timedelta(hours=1)
    assert rest(-hour, asked_to_wait=None) == timedelta(), "A clock was put back."
    assert rest(timedelta(), asked_to_wait=hour) == hour


def test_anything_but_a_two_hundred_is_a_failure():
    statuses = [100, 199, 200, 204, 299, 300, 307, 404, 410, 500, None]
    assert [each for each in statuses if is_success(each)] == [200, 204, 299]
