"""A request goes on to who can answer it; whom it left forgets what it was about."""

from datetime import date
from uuid import UUID

import pytest

from recognition_service.authorities.models import Function
from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.attachments import NewAttachment
from recognition_service.mutual_recognition.errors import (
    EventNotAllowedError,
    MutualRequestInvalidError,
)
from recognition_service.mutual_recognition.forward import forward
from recognition_service.mutual_recognition.models import (
    MutualAttachment,
    MutualEvent,
)
from recognition_service.mutual_recognition.negotiate_deadline import (
    negotiate_deadline,
)
from recognition_service.mutual_recognition.refuse import refuse
from recognition_service.mutual_recognition.split import split
from tests.builders import AUTHORITY, bruno
from tests.mutual_recognition.bodies import (
    ALL_YES,
    COORDINATES,
    COORDINATOR,
    RABAT,
    RIGA,
    a_body,
    accepted_and_answered,
    an_open_case,
    answered,
    asked,
    document,
    done,
    row_of,
)

SCAN = NewAttachment("sha256-" + "a" * 43, "application/pdf", 81233, "diploma.pdf")
QUESTIONS = [{"id": each, "params": {}} for each in ("awarded", "same_person")]


def a_forwarded_request(runtime, flanders, riga, to=RABAT, **more):
    sent = asked(runtime, flanders, attachments=[SCAN], **more)
    done(runtime, forward, riga, sent.id, to, free_text={"lv": "Ne mums."})
    return sent.id


def test_the_new_body_gets_everything_and_the_asker_sees_who_it_is(office):
    flanders, riga = bruno(office), bruno(office, RIGA)
    case = an_open_case(office, flanders)
    request_id = a_forwarded_request(office, flanders, riga, case_id=case)
    here, there = (document(office, each, request_id) for each in (AUTHORITY, RABAT))
    assert (here["status"], there["status"]) == ("forwarded", "sent")
    assert here["to"]["authority"] == there["to"]["authority"] == RABAT
    assert there["about"]["person"]["family_name"] == "Bērziņa"
    assert [each["digest"] for each in there["attachments"]] == [SCAN.digest]
    assert here["questions"] == there["questions"]
    assert here["subject_ref"] == there["subject_ref"]
    assert here["forwarded_by"] == [RIGA]
    accepted_and_answered(office, bruno(office, RABAT), request_id)
    assert document(office, AUTHORITY, request_id)["status"] == "answered"


def test_the_person_gets_another_name_towards_the_new_body(
    office_on_sqlite, flanders, riga
):
    case = an_open_case(office_on_sqlite, flanders)
    towards_riga = asked(office_on_sqlite, flanders, case_id=case).subject_ref
    forwarded = a_forwarded_request(office_on_sqlite, flanders, riga, case_id=case)
    towards_rabat = asked(office_on_sqlite, flanders, case_id=case, to=RABAT)
    assert row_of(office_on_sqlite, RABAT, forwarded).subject_ref != towards_riga
    assert (
        row_of(office_on_sqlite, RABAT, forwarded).subject_ref
        == towards_rabat.subject_ref
    )


def test_who_forwards_keeps_that_it_happened_and_forgets_the_rest(office):
    flanders, riga = bruno(office), bruno(office, RIGA)
    request_id = a_forwarded_request(
        office, flanders, riga, free_text={"en": "Ilze B."}, about={"person": None}
    )
    accepted_and_answered(office, bruno(office, RABAT), request_id)
    left = document(office, RIGA, request_id)
    assert (left["side"], left["status"]) == ("former", "forwarded")
    assert (left["access"], left["allowed"]) == ("metadata", [])
    assert [left[name] for name in ("about", "free_text", "subject_ref")] == [None] * 3
    assert (left["questions"], left["attachments"]) == ([], [])
    assert [each["event"] for each in left["history"]] == ["sent", "forwarded"]
    with office.database.reading() as session:
        kept = session.query(MutualEvent).filter_by(authority_id=RIGA)
        assert [event.content for event in kept] == [None, None]
        assert session.query(MutualAttachment).filter_by(authority_id=RIGA).all() == []


def test_it_is_forwarded_even_after_acceptance_and_nothing_stays_promised(
    office_on_sqlite, flanders, riga
):
    sent = asked(office_on_sqlite, flanders)
    other = date(2026, 12, 20)
    done(office_on_sqlite, negotiate_deadline, riga, sent.id, other)
    done(office_on_sqlite, negotiate_deadline, flanders, sent.id, other)
    done(office_on_sqlite, accept, riga, sent.id)
    done(office_on_sqlite, forward, riga, sent.id, RABAT)
    for owner in (AUTHORITY, RABAT):
        row = row_of(office_on_sqlite, owner, sent.id)
        assert (row.accepted_at, row.agreed_answer_by) == (None, None)
        assert row.proposed_answer_by == date(2026, 12, 1)


@pytest.mark.parametrize("to", [AUTHORITY, RIGA])
def test_it_never_comes_back(office_on_sqlite, flanders, riga, rabat, to):
    request_id = a_forwarded_request(office_on_sqlite, flanders, riga)
    with pytest.raises(MutualRequestInvalidError) as refused:
        done(office_on_sqlite, forward, rabat, request_id, to)
    (fault,) = refused.value.errors
    assert (fault["pointer"], fault["code"]) == ("/to/authority", "forward_loop")
    assert row_of(office_on_sqlite, RABAT, request_id).status == "sent"


def test_who_forwarded_it_can_do_nothing_more(office_on_sqlite, flanders, riga):
    request_id = a_forwarded_request(office_on_sqlite, flanders, riga)
    with pytest.raises(EventNotAllowedError) as refused:
        done(office_on_sqlite, accept, riga, request_id)
    assert refused.value.allowed == ()


def test_a_coordinator_passes_it_on_without_seeing_it(office):
    a_body(office, COORDINATOR, "LV", COORDINATES)
    flanders, coordinator = bruno(office), bruno(office, COORDINATOR)
    sent = asked(office, flanders, to=COORDINATOR, free_text={"en": "Ilze B."})
    seen = document(office, COORDINATOR, sent.id)
    assert (seen["side"], seen["access"]) == ("dispatcher", "metadata")
    assert (seen["questions"], seen["free_text"], seen["about"]) == ([], None, None)
    assert seen["allowed"] == ["forwarded", "declined"]
    done(office, forward, coordinator, sent.id, RIGA)
    there = document(office, RIGA, sent.id)
    assert there["free_text"] == {"en": "Ilze B."}
    assert len(there["questions"]) == 7
    accepted_and_answered(office, bruno(office, RIGA), sent.id)
    assert document(office, AUTHORITY, sent.id)["status"] == "answered"


def test_a_coordinator_that_is_also_competent_answers_itself(office_on_sqlite):
    both = frozenset({Function.COORDINATOR, Function.COMPETENT_AUTHORITY})
    a_body(office_on_sqlite, COORDINATOR, "LV", both)
    sent = asked(office_on_sqlite, bruno(office_on_sqlite), to=COORDINATOR)
    seen = document(office_on_sqlite, COORDINATOR, sent.id)
    assert (seen["side"], seen["access"]) == ("answerer", "content")


def test_split_questions_are_a_request_of_their_own(office):
    flanders, riga = bruno(office), bruno(office, RIGA)
    case = an_open_case(office, flanders)
    sent = asked(office, flanders, case_id=case, attachments=[SCAN])
    done(office, accept, riga, sent.id)
    done(office, split, riga, sent.id, ["accredited_at_award"])
    parent = document(office, AUTHORITY, sent.id)
    (child_id,) = parent["children"]
    assert parent["status"] == "accepted"
    assert len(parent["questions"]) == 6
    child = document(office, AUTHORITY, child_id)
    assert (child["status"], child["parent"]) == ("sent", str(sent.id))
    assert [each["id"] for each in child["questions"]] == ["accredited_at_award"]
    assert (child["case"], child["agreed_answer_by"]) == (str(case), None)
    assert child["history"][0]["by"] == RIGA
    there = document(office, RIGA, child_id)
    assert there["allowed"][0] == "deadline_proposed"
    assert [each["digest"] for each in there["attachments"]] == [SCAN.digest]


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (["awarded", "same_person"], ("/questions", "not_a_part")),
        ([], ("/questions", "not_a_part")),
        (["awarded", "award_date"], ("/questions/1", "not_asked")),
    ],
)
def test_a_split_needs_some_of_the_questions(
    office_on_sqlite, flanders, riga, questions, expected
):
    sent = asked(office_on_sqlite, flanders, questions=QUESTIONS)
    with pytest.raises(MutualRequestInvalidError) as refused:
        done(office_on_sqlite, split, riga, sent.id, questions)
    (fault,) = refused.value.errors
    assert (fault["pointer"], fault["code"]) == expected
    assert document(office_on_sqlite, RIGA, sent.id)["children"] == []


def test_an_award_confirmed_by_two_bodies_is_confirmed(office):
    flanders, riga, rabat = (bruno(office, each) for each in (AUTHORITY, RIGA, RABAT))
    case = an_open_case(office, flanders)
    sent = asked(office, flanders, case_id=case)
    done(office, split, riga, sent.id, ["accredited_at_award", "same_person"])
    child = UUID(*document(office, RIGA, sent.id)["children"])
    done(office, forward, riga, child, RABAT)
    done(office, accept, rabat, child)
    rest = {"accredited_at_award": "yes", "same_person": "yes"}
    done(office, accept, riga, sent.id)
    own = {key: value for key, value in ALL_YES.items() if key not in rest}
    assert answered(office, riga, sent.id, own).intents == []
    assert answered(office, rabat, child, rest).intents != []


def test_a_refusal_is_told_with_its_reason(office_on_sqlite, flanders, riga):
    sent = asked(office_on_sqlite, flanders)
    done(
        office_on_sqlite,
        refuse,
        riga,
        sent.id,
        reason="no_record",
        free_text={"en": "Burnt in 1944."},
    )
    last = document(office_on_sqlite, AUTHORITY, sent.id)["history"][-1]
    assert (last["event"], last["details"]) == ("declined", {"reason": "no_record"})
    assert last["free_text"] == {"en": "Burnt in 1944."}
