"""Several people act on one request at the same instant, and one act holds."""

import pytest

from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.close import close
from recognition_service.mutual_recognition.forward import forward
from recognition_service.mutual_recognition.models import MutualEvent
from recognition_service.mutual_recognition.refuse import refuse
from recognition_service.mutual_recognition.withdraw import withdraw
from tests.builders import AUTHORITY, bruno
from tests.mutual_recognition.bodies import (
    RABAT,
    RIGA,
    accepted_and_answered,
    answered,
    asked,
    document,
    done,
    row_of,
)
from tests.recognition.test_at_once import at_once, outcomes


def events(runtime, owner, request_id):
    return [each["event"] for each in document(runtime, owner, request_id)["history"]]


def test_of_four_acceptances_one_holds(office):
    sent = asked(office, bruno(office))
    people = [bruno(office, RIGA) for _ in range(4)]
    results = at_once(
        *(lambda who=who: done(office, accept, who, sent.id) for who in people)
    )
    assert outcomes(results) == {"done": 1, "EventNotAllowedError": 3}
    assert events(office, AUTHORITY, sent.id) == ["sent", "accepted"]
    assert row_of(office, RIGA, sent.id).version == 2


def test_of_two_answers_one_holds(office):
    sent = asked(office, bruno(office))
    done(office, accept, bruno(office, RIGA), sent.id)
    people = [bruno(office, RIGA) for _ in range(2)]
    results = at_once(
        *(lambda who=who: answered(office, who, sent.id) for who in people)
    )
    assert outcomes(results) == {"done": 1, "EventNotAllowedError": 1}
    assert events(office, RIGA, sent.id) == ["sent", "accepted", "answered"]


@pytest.mark.parametrize(
    ("act", "subjects"), [(accept, ()), (refuse, ()), (forward, (RABAT,))]
)
def test_both_sides_act_at_once_and_keep_the_same_history(office, act, subjects):
    for _ in range(3):
        flanders, riga = bruno(office), bruno(office, RIGA)
        sent = asked(office, flanders)
        results = at_once(
            lambda who=riga, of=sent.id: done(office, act, who, of, *subjects),
            lambda who=flanders, of=sent.id: done(office, withdraw, who, of),
        )
        assert outcomes(results)["done"] >= 1
        here = document(office, AUTHORITY, sent.id)
        owner = RABAT if here["to"]["authority"] == RABAT else RIGA
        there = document(office, owner, sent.id)
        together = {here["status"], there["status"]}
        assert len(together) == 1 or together == {"forwarded", "sent"}
        told = [each["message"]["jti"] for each in here["history"]]
        assert [each["message"]["jti"] for each in there["history"]] in (
            told,
            told[-len(there["history"]) :],
        )


def test_an_answer_after_closure_leaves_no_trace(office):
    flanders, riga = bruno(office), bruno(office, RIGA)
    sent = asked(office, flanders)
    accepted_and_answered(office, riga, sent.id)
    done(office, close, flanders, sent.id)
    results = at_once(lambda: answered(office, riga, sent.id))
    assert outcomes(results) == {"EventNotAllowedError": 1}
    assert results[0].allowed == ()
    with office.database.reading() as session:
        assert session.query(MutualEvent).count() == 8
