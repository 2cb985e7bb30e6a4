"""The same request twice has the effect of one."""

from datetime import timedelta

import pytest

from recognition_service.storage import idempotency
from recognition_service.storage.errors import (
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
)

PRINT = idempotency.fingerprint("POST", "/api/v1/recognition-requests", b"{}")
ANSWER = idempotency.SavedAnswer(201, {"Location": "/x"}, b"{}")


def begin(database, now, authority="be-fl", print_=PRINT):
    with database.transaction() as session:
        return idempotency.begin(session, authority, "k1", print_=print_, now=now)


def save(database):
    with database.transaction() as session:
        idempotency.save(session, "be-fl", "k1", ANSWER)


def test_a_repeated_request_gets_the_first_answer(database, now):
    assert begin(database, now) is None
    save(database)
    assert begin(database, now) == ANSWER


def test_another_authority_may_use_the_same_key(database, now):
    begin(database, now)
    save(database)
    assert begin(database, now, authority="ma") is None


def test_the_key_with_another_body_is_refused(database, now):
    begin(database, now)
    with pytest.raises(IdempotencyKeyReusedError):
        begin(database, now, print_="other")


def test_the_same_request_is_refused_while_the_first_is_running(database, now):
    begin(database, now)
    with pytest.raises(IdempotencyInProgressError):
        begin(database, now)


def test_a_request_that_died_may_be_repeated(database, now):
    begin(database, now)
    assert begin(database, now + timedelta(minutes=3)) is None


def test_a_request_that_failed_may_be_repeated_at_once(database, now):
    begin(database, now)
    with database.transaction() as session:
        idempotency.release(session, "be-fl", "k1")
    assert begin(database, now) is None


def test_an_answer_is_forgotten_after_a_day(database, now):
    begin(database, now)
    save(database)
    assert begin(database, now + timedelta(hours=24)) is None
