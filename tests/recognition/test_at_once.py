"""Several people act on one request at the same instant, and one act holds."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from recognition_service.errors import RecognitionError
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.models import CaseEvent
from recognition_service.recognition.submit import withdraw
from tests.builders import (
    AUTHORITY,
    a_request,
    an_authority,
    an_unknown_diploma,
    bruno,
    prepared,
    signed,
    sofia,
    submitted,
)


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def at_once(*acts):
    """Let acts begin together; return what each gave or was refused with."""
    barrier = Barrier(len(acts))

    def act(number):
        barrier.wait()
        try:
            return acts[number]()
        except RecognitionError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, range(len(acts))))


def outcomes(results):
    return Counter(
        type(each).__name__ if isinstance(each, RecognitionError) else "done"
        for each in results
    )


def a_prepared_case(runtime):
    officer = bruno(runtime)
    request, _ = submitted(runtime, officer, a_request(an_unknown_diploma()))
    prepared(runtime, officer, request.id)
    return request.id


def test_of_four_signatures_one_holds(office):
    case = a_prepared_case(office)
    people = [sofia(office) for _ in range(4)]
    results = at_once(*(lambda who=who: signed(office, who, case) for who in people))
    assert outcomes(results) == {"done": 1, "TransitionNotAllowedError": 3}
    with office.database.reading() as session:
        file = open_file(session, AUTHORITY, case)
        events = [event.event for event in events_of(session, AUTHORITY, case)]
    (held,) = [each for each in results if not isinstance(each, RecognitionError)]
    assert file.decision.decision_digest == held[1].decision.decision_digest
    assert file.decision.signed_by in {who.actor for who in people}
    assert events.count("decided") == 1


def test_of_a_signature_and_a_withdrawal_one_holds(office):
    for _ in range(3):
        case, officer, signatory = a_prepared_case(office), bruno(office), sofia(office)

        def withdrawn(case=case, officer=officer):
            with office.database.transaction() as session:
                return withdraw(session, officer, case, now=office.now())

        results = at_once(
            lambda case=case, who=signatory: signed(office, who, case), withdrawn
        )
        assert outcomes(results) == {"done": 1, "TransitionNotAllowedError": 1}
        with office.database.reading() as session:
            file = open_file(session, AUTHORITY, case)
        is_signed = not isinstance(results[0], RecognitionError)
        assert file.request.status == ("decided" if is_signed else "withdrawn")
        assert (file.decision.signed_at is not None) is is_signed


def test_of_two_prepared_decisions_the_later_is_signed_and_none_is_lost(office):
    officers = [bruno(office) for _ in range(4)]
    request, _ = submitted(office, officers[0], a_request(an_unknown_diploma()))
    results = at_once(
        *(lambda who=who: prepared(office, who, request.id) for who in officers)
    )
    assert outcomes(results) == {"done": 4}
    with office.database.reading() as session:
        file = open_file(session, AUTHORITY, request.id)
        events = session.scalar(select(func.count()).select_from(CaseEvent))
    assert file.request.version == 5
    assert events == 5


def test_numbers_of_cases_taken_in_at_once_differ(office):
    officers = [bruno(office) for _ in range(6)]
    results = at_once(
        *(
            lambda who=who: submitted(office, who, a_request(an_unknown_diploma()))
            for who in officers
        )
    )
    assert sorted(request.number for request, _ in results) == [
        f"REC-2026-00000{n}" for n in range(1, 7)
    ]
