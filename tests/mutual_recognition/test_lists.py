"""An accepted list becomes cases: each row once, and none stops another."""

from datetime import date

import pytest

from recognition_service.authorities.mandates import end_mandate
from recognition_service.authorities.models import Mandate
from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.ask import NewMutualRequest, ask
from recognition_service.mutual_recognition.ask_more import FurtherQuestions, ask_more
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.errors import MutualRequestInvalidError
from recognition_service.mutual_recognition.list_results import results_of
from recognition_service.mutual_recognition.lists import ListTerms, NewItem, items_of
from recognition_service.mutual_recognition.split import split
from recognition_service.mutual_recognition.withdraw import withdraw
from recognition_service.recognition.case_file import list_requests
from recognition_service.recognition.submit import withdraw as withdraw_case
from recognition_service.storage.models import OutboxMessage
from tests.builders import (
    AUTHORITY,
    a_diploma,
    a_full_decision,
    an_unknown_diploma,
    bruno,
    prepared,
    signed,
    sofia,
)
from tests.mutual_recognition.bodies import (
    RIGA,
    answered,
    document,
    done,
    row_of,
)
from tests.recognition.test_at_once import at_once, outcomes

TERMS = ListTerms(decision_kind="level_comparability", purpose="general_employment")
PERSON = {"family_name": "Bērziņa", "given_name": "Ilze", "birth_date": "1994-05-17"}


def a_list(runtime, caller, *held, **more):
    """Send a list to Flanders; return its id."""
    rows = held or (a_diploma(), an_unknown_diploma())
    new = NewMutualRequest(
        kind=Kind.RECOGNITION_LIST,
        to=AUTHORITY,
        terms=TERMS,
        items=[NewItem(PERSON, row) for row in rows],
        **more,
    )
    with runtime.database.transaction() as session:
        return ask(
            session,
            caller,
            new,
            edition=runtime.edition(RIGA),
            peer_edition=runtime.edition(AUTHORITY),
            now=runtime.now(),
        ).id


def an_accepted_list(runtime, riga, flanders, *held):
    request_id = a_list(runtime, riga, *held)
    done(runtime, accept, flanders, request_id)
    return request_id


def items(runtime, request_id, owner=AUTHORITY):
    with runtime.database.reading() as session:
        return items_of(session, owner, request_id)


def results(runtime, request_id, owner=AUTHORITY):
    with runtime.database.reading() as session:
        return results_of(session, owner, items_of(session, owner, request_id))


def cases(runtime):
    with runtime.database.reading() as session:
        return list_requests(session, AUTHORITY, status=None, after=None, limit=100)


def end_the_mandate(runtime, clock):
    with runtime.database.transaction() as session:
        (mandate,) = session.query(Mandate).filter_by(authority_id=AUTHORITY)
        end_mandate(
            session,
            AUTHORITY,
            mandate.id,
            on=date(2026, 11, 2),
            actor="service",
            now=runtime.now(),
        )
    clock.pass_by(days=2)


def test_every_row_becomes_a_case_of_who_accepted(office):
    riga, flanders = bruno(office, RIGA), bruno(office)
    request_id = an_accepted_list(office, riga, flanders)
    office.open_listed_cases(AUTHORITY, request_id, flanders.actor)
    first, second = items(office, request_id)
    found = {case.id: case for case in cases(office)}
    assert set(found) == {first.case_id, second.case_id}
    assert found[first.case_id].submitted_by == flanders.actor
    assert found[second.case_id].external_reference == (
        f"mutual_request/{request_id}/items/2"
    )
    told = results(office, request_id)
    assert (told[1]["status"], told[2]["status"]) == ("decided", "submitted")
    assert told[1]["attestation"]["number"] == "ATT-2026-000001"
    assert results(office, request_id, RIGA) == {1: None, 2: None}


def test_the_work_is_asked_for_with_the_acceptance(office_on_sqlite, flanders, riga):
    request_id = an_accepted_list(office_on_sqlite, riga, flanders)
    with office_on_sqlite.database.reading() as session:
        (message,) = session.query(OutboxMessage)
        assert (message.authority_id, message.kind) == (AUTHORITY, "mutual.open_cases")
        assert message.content == {"request": str(request_id), "actor": flanders.actor}


def test_cases_are_opened_once_however_often_it_is_asked_for(office):
    riga, flanders = bruno(office, RIGA), bruno(office)
    diplomas = [an_unknown_diploma() for _ in range(30)]
    request_id = an_accepted_list(office, riga, flanders, *diplomas)
    opening = [
        lambda: office.open_listed_cases(AUTHORITY, request_id, flanders.actor)
    ] * 2
    assert outcomes(at_once(*opening)) == {"done": 2}
    office.open_listed_cases(AUTHORITY, request_id, flanders.actor)
    assert len(cases(office)) == 30


def test_a_row_that_cannot_be_decided_keeps_why_and_stops_no_other(
    office_on_sqlite, flanders, riga, clock
):
    request_id = an_accepted_list(office_on_sqlite, riga, flanders)
    end_the_mandate(office_on_sqlite, clock)
    office_on_sqlite.open_listed_cases(AUTHORITY, request_id, flanders.actor)
    first, second = items(office_on_sqlite, request_id)
    assert (first.case_id, first.problem["code"]) == (None, "mandate_missing")
    assert (second.case_id is None, second.problem) == (False, None)
    assert len(cases(office_on_sqlite)) == 1
    done(office_on_sqlite, withdraw_case, flanders, second.case_id)
    answered(office_on_sqlite, flanders, request_id, {})
    first, second = items(office_on_sqlite, request_id, RIGA)
    assert first.problem["code"] == "mandate_missing"
    assert second.result["status"] == "withdrawn"


def test_a_list_is_answered_when_every_row_is_decided(office_on_sqlite, flanders, riga):
    request_id = an_accepted_list(office_on_sqlite, riga, flanders)
    with pytest.raises(MutualRequestInvalidError) as refused:
        answered(office_on_sqlite, flanders, request_id, {})
    assert refused.value.errors[0]["detail"] == "Rows not decided yet: 1, 2."
    office_on_sqlite.open_listed_cases(AUTHORITY, request_id, flanders.actor)
    second = items(office_on_sqlite, request_id)[1].case_id
    prepared(office_on_sqlite, flanders, second, a_full_decision())
    with pytest.raises(MutualRequestInvalidError) as refused:
        answered(office_on_sqlite, flanders, request_id, {})
    assert refused.value.errors[0]["detail"] == "Rows not decided yet: 2."
    _, decision = signed(office_on_sqlite, sofia(office_on_sqlite), second)
    with pytest.raises(MutualRequestInvalidError):
        answered(office_on_sqlite, flanders, request_id, {})
    office_on_sqlite.issue(AUTHORITY, decision, actor="person:sofia")
    answered(office_on_sqlite, flanders, request_id, {})
    told = results(office_on_sqlite, request_id, RIGA)
    assert [told[row]["decision"]["outcome"] for row in (1, 2)] == ["automatic", "full"]


def test_a_withdrawn_list_opens_nothing(office_on_sqlite, flanders, riga):
    request_id = an_accepted_list(office_on_sqlite, riga, flanders)
    done(office_on_sqlite, withdraw, riga, request_id)
    office_on_sqlite.open_listed_cases(AUTHORITY, request_id, flanders.actor)
    assert cases(office_on_sqlite) == []


def test_a_list_is_neither_split_nor_asked_questions_about(
    office_on_sqlite, flanders, riga
):
    request_id = an_accepted_list(office_on_sqlite, riga, flanders, a_diploma())
    with pytest.raises(MutualRequestInvalidError):
        done(office_on_sqlite, split, flanders, request_id, ["awarded"])
    office_on_sqlite.open_listed_cases(AUTHORITY, request_id, flanders.actor)
    answered(office_on_sqlite, flanders, request_id, {})
    more = FurtherQuestions(questions=[{"id": "awarded", "params": {}}])
    with pytest.raises(MutualRequestInvalidError):
        done(office_on_sqlite, ask_more, riga, request_id, more)
    more = FurtherQuestions(free_text={"en": "Why automatic?"})
    done(office_on_sqlite, ask_more, riga, request_id, more)
    answered(office_on_sqlite, flanders, request_id, {})
    assert row_of(office_on_sqlite, RIGA, request_id).status == "answered"


def test_every_row_names_its_person_and_the_list_names_nobody(office_on_sqlite, riga):
    request_id = a_list(office_on_sqlite, riga, a_diploma(), a_diploma())
    found = document(office_on_sqlite, AUTHORITY, request_id)
    assert (found["subject_ref"], found["about"]) == (None, None)
    rows = items(office_on_sqlite, request_id)
    assert len({row.content["subject_ref"] for row in rows}) == 2
