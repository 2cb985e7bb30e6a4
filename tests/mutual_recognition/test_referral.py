"""An overdue answer is told to a coordinator, once, and without what is asked."""

from datetime import UTC, datetime

import pytest

from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.errors import EventNotAllowedError
from recognition_service.mutual_recognition.refer import overdue_requests
from recognition_service.mutual_recognition.withdraw import withdraw
from recognition_service.worker.jobs import Memory
from recognition_service.worker.loop import turn
from tests.builders import AUTHORITY, bruno
from tests.mutual_recognition.bodies import (
    COORDINATES,
    COORDINATOR,
    RIGA,
    a_body,
    accepted_and_answered,
    answered,
    asked,
    document,
    done,
    row_of,
)

LAST_MINUTE_IN_RIGA = datetime(2026, 12, 1, 21, 59, tzinfo=UTC)
MIDNIGHT_IN_RIGA = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)


def overdue(runtime, clock, memory=None):
    clock.at = MIDNIGHT_IN_RIGA
    return turn(runtime, memory)


def status_of(runtime, request_id, owner=AUTHORITY):
    return row_of(runtime, owner, request_id).status


@pytest.fixture
def coordinated(office):
    a_body(office, COORDINATOR, "LV", COORDINATES)
    return office


def test_the_coordinator_is_told_when_the_day_is_over_where_the_answer_is_owed(
    coordinated, clock
):
    sent = asked(coordinated, bruno(coordinated), free_text={"en": "Ilze B."})
    clock.at = LAST_MINUTE_IN_RIGA
    assert turn(coordinated) == 0
    assert status_of(coordinated, sent.id) == "sent"
    assert overdue(coordinated, clock) == 0
    for owner in (AUTHORITY, RIGA, COORDINATOR):
        assert status_of(coordinated, sent.id, owner) == "referred_to_coordinator"
    told = document(coordinated, COORDINATOR, sent.id)
    assert (told["side"], told["access"]) == ("coordinator", "metadata")
    assert (told["questions"], told["free_text"], told["subject_ref"]) == (
        [],
        None,
        None,
    )
    assert told["is_overdue"]
    assert told["allowed"] == []
    last = document(coordinated, AUTHORITY, sent.id)["history"][-1]
    assert (last["by"], last["details"]) == ("service", {"coordinator": COORDINATOR})


def test_it_is_told_once_and_follows_what_happens(coordinated, clock):
    riga = bruno(coordinated, RIGA)
    sent = asked(coordinated, bruno(coordinated))
    overdue(coordinated, clock)
    done(coordinated, accept, riga, sent.id)
    clock.pass_by(days=3)
    assert turn(coordinated) == 0
    assert status_of(coordinated, sent.id) == "accepted"
    answered(coordinated, riga, sent.id)
    told = document(coordinated, COORDINATOR, sent.id)
    assert told["status"] == "answered"
    assert [each["event"] for each in told["history"]] == [
        "referred_to_coordinator",
        "accepted",
        "answered",
    ]
    assert all("answers" not in each for each in told["history"])


def test_who_had_accepted_answers_without_accepting_again(coordinated, clock):
    riga = bruno(coordinated, RIGA)
    sent = asked(coordinated, bruno(coordinated))
    done(coordinated, accept, riga, sent.id)
    overdue(coordinated, clock)
    with pytest.raises(EventNotAllowedError):
        done(coordinated, accept, riga, sent.id)
    answered(coordinated, riga, sent.id)
    found = document(coordinated, AUTHORITY, sent.id)
    assert found["indicators"] == {
        "accepted_within_a_week": True,
        "answered_by_agreed_date": False,
    }


def test_the_coordinator_of_the_country_is_told_where_there_is_no_nearer_one(
    office_on_sqlite, clock
):
    a_body(office_on_sqlite, "lv-rix", "LV-RIX", frozenset({"provider"}))
    a_body(office_on_sqlite, COORDINATOR, "LV", COORDINATES)
    sent = asked(office_on_sqlite, bruno(office_on_sqlite), to="lv-rix")
    overdue(office_on_sqlite, clock)
    assert row_of(office_on_sqlite, AUTHORITY, sent.id).coordinator == COORDINATOR


def test_without_a_coordinator_it_is_looked_at_again_the_next_day(
    office_on_sqlite, clock
):
    memory = Memory()
    sent = asked(office_on_sqlite, bruno(office_on_sqlite))
    assert overdue(office_on_sqlite, clock, memory) == 0
    assert status_of(office_on_sqlite, sent.id) == "sent"
    a_body(office_on_sqlite, COORDINATOR, "LV", COORDINATES)
    clock.pass_by(minutes=2)
    turn(office_on_sqlite, memory)
    assert status_of(office_on_sqlite, sent.id) == "sent"
    clock.pass_by(days=1)
    turn(office_on_sqlite, memory)
    assert status_of(office_on_sqlite, sent.id) == "referred_to_coordinator"


def test_a_coordinator_that_holds_the_request_is_not_told_about_itself(
    office_on_sqlite, clock
):
    a_body(office_on_sqlite, COORDINATOR, "LV", COORDINATES)
    sent = asked(office_on_sqlite, bruno(office_on_sqlite), to=COORDINATOR)
    assert overdue(office_on_sqlite, clock) == 0
    assert status_of(office_on_sqlite, sent.id) == "sent"


@pytest.mark.parametrize("end", ["answered", "withdrawn", "no_date"])
def test_nothing_is_overdue_where_no_answer_is_owed(
    office_on_sqlite, flanders, riga, clock, end
):
    a_body(office_on_sqlite, COORDINATOR, "LV", COORDINATES)
    more = {"answer_by": None} if end == "no_date" else {}
    sent = asked(office_on_sqlite, flanders, **more)
    if end == "answered":
        accepted_and_answered(office_on_sqlite, riga, sent.id)
    elif end == "withdrawn":
        done(office_on_sqlite, withdraw, flanders, sent.id)
    clock.at = MIDNIGHT_IN_RIGA
    with office_on_sqlite.database.reading() as session:
        assert overdue_requests(session, now=office_on_sqlite.now()) == []
    assert not document(office_on_sqlite, AUTHORITY, sent.id)["is_overdue"]
