"""Instants of any year, compared exactly."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.verification.data_model.periods import (
    instant_of,
    time_faults,
)

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@settings(derandomize=True, max_examples=200)
@given(st.datetimes(timezones=st.just(UTC)), st.integers(-840, 840))
def test_agrees_with_the_clock_of_the_library(instant, minutes):
    instant = instant.replace(microsecond=0)
    sign, ahead = ("-" if minutes < 0 else "+"), abs(minutes)
    text = f"{instant:%m-%dT%H:%M:%S}{sign}{ahead // 60:02}:{ahead % 60:02}"
    since = instant - datetime(1970, 1, 1, tzinfo=UTC)
    expected = since.days * 86_400 + since.seconds - minutes * 60
    assert instant_of(f"{instant.year:04}-{text}") == expected


def test_years_before_and_beyond_the_calendar_of_the_library_have_their_place():
    seconds = 86_400
    assert (
        instant_of("0000-12-31T00:00:00Z")
        == instant_of("0001-01-01T00:00:00Z") - seconds
    )
    assert instant_of("10000-01-01T00:00:00Z") == instant_of("9999-12-31T24:00:00Z")
    assert instant_of("-0001-12-31T24:00:00Z") == instant_of("0000-01-01T00:00:00Z")


def test_fractions_of_a_second_count():
    whole = instant_of("2026-11-02T09:00:00Z")
    assert instant_of("2026-11-02T09:00:00.001Z") - whole == Fraction(1, 1000)


@pytest.mark.parametrize(
    ("members", "reasons"),
    [
        ({}, []),
        (
            {"validFrom": "2026-11-02T09:00:00Z", "validUntil": "2026-11-02T09:00:00Z"},
            [],
        ),
        ({"validFrom": "2026-11-02T10:00:00.5+01:00"}, ["not_yet_valid"]),
        ({"validUntil": "2026-11-02T08:59:59.999Z"}, ["no_longer_valid"]),
        ({"validUntil": "no instant"}, []),
    ],
)
def test_tells_whether_a_credential_is_valid_now(members, reasons):
    assert [fault.reason for fault in time_faults(members, NOW)] == reasons
    later = NOW + timedelta(days=1)
    if "not_yet_valid" in reasons:
        assert list(time_faults(members, later)) == []
