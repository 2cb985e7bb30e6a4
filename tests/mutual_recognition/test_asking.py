"""A request names whom it is about to two bodies only, and asks what can be asked."""

import re
from datetime import date
from uuid import uuid4

import pytest

from recognition_service.authorities.models import Mode
from recognition_service.mutual_recognition.ask_more import FurtherQuestions, ask_more
from recognition_service.mutual_recognition.attachments import NewAttachment
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.errors import (
    AttachmentChangedError,
    MutualRequestInvalidError,
)
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.held_times import holds_of
from recognition_service.regimes.holds import HoldRule
from recognition_service.storage.models import AuditEntry
from tests.builders import AUTHORITY, bruno, prepared, signed, sofia
from tests.mutual_recognition.bodies import (
    PROVIDER,
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

DIGEST, OTHER = "sha256-" + "a" * 43, "sha256-" + "b" * 43


def refusal(runtime, caller, **more):
    with pytest.raises(MutualRequestInvalidError) as refused:
        asked(runtime, caller, **more)
    return [(each["pointer"], each["code"]) for each in refused.value.errors]


def holds(runtime, case):
    with runtime.database.reading() as session:
        return holds_of(events_of(session, AUTHORITY, case))


def test_both_sides_keep_the_request_under_one_id(office):
    sent = asked(office, bruno(office), case_id=an_open_case(office))
    here, there = (document(office, each, sent.id) for each in (AUTHORITY, RIGA))
    assert (here["side"], there["side"]) == ("asker", "answerer")
    assert here["status"] == there["status"] == "sent"
    assert here["questions"] == there["questions"]
    assert here["history"][0]["message"] == there["history"][0]["message"]
    assert (here["case"], there["case"]) == (str(sent.case_id), None)
    assert here["history"][0]["actor"].startswith("person:")
    assert there["history"][0]["actor"] is None


def test_each_side_has_it_in_its_own_audit(office_on_sqlite, flanders):
    sent = asked(office_on_sqlite, flanders)
    with office_on_sqlite.database.reading() as session:
        entries = session.query(AuditEntry).filter_by(action="mutual_request.sent")
        found = {entry.authority_id: entry.actor for entry in entries}
    assert found == {AUTHORITY: flanders.actor, RIGA: f"authority:{AUTHORITY}"}
    assert row_of(office_on_sqlite, RIGA, sent.id).version == 1


def test_a_person_has_one_name_for_two_bodies_and_another_for_others(
    office_on_sqlite, flanders
):
    case = an_open_case(office_on_sqlite, flanders)
    first, second = (asked(office_on_sqlite, flanders, case_id=case) for _ in range(2))
    other = asked(office_on_sqlite, flanders, case_id=case, to=RABAT)
    stranger = asked(office_on_sqlite, flanders, case_id=an_open_case(office_on_sqlite))
    assert first.subject_ref == second.subject_ref
    names = {first.subject_ref, other.subject_ref, stranger.subject_ref}
    assert len(names) == 3
    assert all(re.fullmatch(r"s_[A-Za-z0-9_-]{22}", name) for name in names)


def test_without_a_case_every_request_has_a_name_of_its_own(office_on_sqlite, flanders):
    names = {asked(office_on_sqlite, flanders).subject_ref for _ in range(3)}
    assert len(names) == 3


def test_who_is_asked_is_told_person_and_qualification_and_nothing_else(
    office_on_sqlite, flanders
):
    sent = asked(
        office_on_sqlite, flanders, case_id=an_open_case(office_on_sqlite, flanders)
    )
    about = document(office_on_sqlite, RIGA, sent.id)["about"]
    assert about["person"] == {
        "family_name": "Bērziņa",
        "given_name": "Ilze",
        "birth_date": "1994-05-17",
        "other_names": [{"kind": "on_evidence", "name": "Илзе Берзиня"}],
    }
    assert about["qualification"]["awarded_on"] == "2019-06-28"
    assert set(about["qualification"]).isdisjoint({"authenticity", "facts"})


def test_the_description_can_be_kept_back(office_on_sqlite, flanders):
    case = an_open_case(office_on_sqlite, flanders)
    sent = asked(office_on_sqlite, flanders, case_id=case, is_described=False)
    assert document(office_on_sqlite, RIGA, sent.id)["about"] is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"to": "nobody"}, ("/to/authority", "unknown_authority")),
        ({"to": "vc-api"}, ("/to/authority", "unknown_authority")),
        ({"to": AUTHORITY}, ("/to/authority", "same_authority")),
        ({"to": "live"}, ("/to/authority", "other_mode")),
        (
            {"installation": "https://x.org"},
            ("/to/installation", "unknown_installation"),
        ),
        ({"case_id": uuid4()}, ("/case", "unknown_case")),
        ({"question_set": "none/1"}, ("/question_set", "unknown_question_set")),
        ({"question_set": "case-information/1"}, ("/question_set", "other_kind")),
        ({"kind": Kind.AGREEMENT_PROPOSAL}, ("/agreement", "required")),
        ({"agreement": {"titles": []}}, ("/agreement", "no_agreement")),
        ({"answer_by": date(2026, 11, 1)}, ("/proposed_answer_by", "date_in_past")),
        ({"holds_clock": HoldRule.UNTIL_ANSWER}, ("/holds_clock", "no_open_case")),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(
    office_on_sqlite, flanders, more, expected
):
    a_body(office_on_sqlite, "live", "LV", PROVIDER, mode=Mode.LIVE)
    assert refusal(office_on_sqlite, flanders, **more) == [expected]


def test_another_authoritys_case_is_as_unknown_as_none(office_on_sqlite, riga):
    case = an_open_case(office_on_sqlite)
    found = refusal(office_on_sqlite, riga, to=RABAT, case_id=case)
    assert found == [("/case", "unknown_case")]


def test_the_held_qualification_must_be_there(office_on_sqlite, flanders):
    case = an_open_case(office_on_sqlite, flanders)
    found = refusal(office_on_sqlite, flanders, case_id=case, held_position=1)
    assert found == [("/held_qualification", "out_of_range")]


def test_a_question_holds_the_clock_until_the_deadline(office):
    caller = bruno(office)
    case = an_open_case(office, caller)
    sent = asked(
        office, caller, case_id=case, holds_clock=HoldRule.UNTIL_AUTHORITY_DEADLINE
    )
    (hold,) = holds(office, case)
    assert hold.reference == f"mutual_request/{sent.id}"
    assert (hold.began_on, hold.until) == (date(2026, 11, 2), date(2026, 12, 1))
    accepted_and_answered(office, bruno(office, RIGA), sent.id)
    (hold,) = holds(office, case)
    assert hold.ended_on is None
    assert hold.ended_by(date(2026, 12, 1)) is None
    assert hold.ended_by(date(2026, 12, 2)) == date(2026, 12, 1)


def test_a_hold_until_the_deadline_needs_one(office_on_sqlite, flanders):
    found = refusal(
        office_on_sqlite,
        flanders,
        case_id=an_open_case(office_on_sqlite, flanders),
        holds_clock=HoldRule.UNTIL_AUTHORITY_DEADLINE,
        answer_by=None,
    )
    assert found == [("/proposed_answer_by", "required")]


def test_a_decided_case_has_no_clock_to_hold(office_on_sqlite, flanders):
    case = an_open_case(office_on_sqlite, flanders)
    prepared(office_on_sqlite, flanders, case)
    signed(office_on_sqlite, sofia(office_on_sqlite), case)
    assert asked(office_on_sqlite, flanders, case_id=case).holds_clock == "none"
    found = refusal(
        office_on_sqlite, flanders, case_id=case, holds_clock=HoldRule.UNTIL_ANSWER
    )
    assert found == [("/holds_clock", "no_open_case")]


def test_further_questions_hold_the_clock_again(office_on_sqlite, flanders, riga):
    case = an_open_case(office_on_sqlite, flanders)
    sent = asked(
        office_on_sqlite,
        flanders,
        case_id=case,
        kind=Kind.CASE_INFORMATION,
        questions=[{"id": "level", "params": {}}],
        holds_clock=HoldRule.UNTIL_ANSWER,
    )
    accepted_and_answered(office_on_sqlite, riga, sent.id, {"level": "6"})
    more = FurtherQuestions(questions=[{"id": "duration", "params": {}}])
    done(office_on_sqlite, ask_more, flanders, sent.id, more)
    first, second = holds(office_on_sqlite, case)
    assert (first.ended_on, second.ended_on) == (date(2026, 11, 2), None)
    assert row_of(office_on_sqlite, RIGA, sent.id).revision == 2


def test_a_case_event_tells_the_hold_to_whatever_counts_days(
    office_on_sqlite, flanders
):
    case = an_open_case(office_on_sqlite, flanders)
    sent = asked(
        office_on_sqlite, flanders, case_id=case, holds_clock=HoldRule.UNTIL_ANSWER
    )
    with office_on_sqlite.database.reading() as session:
        event = events_of(session, AUTHORITY, case)[-1]
        version = open_file(session, AUTHORITY, case).request.version
    assert (event.event, event.details) == (
        "hold_began",
        {
            "reference": f"mutual_request/{sent.id}",
            "rule": "until_answer",
            "on": "2026-11-02",
            "until": None,
        },
    )
    assert version == 2


def test_the_same_attachment_twice_is_one(office_on_sqlite, flanders):
    scan = NewAttachment(DIGEST, "application/pdf", 81233, "diploma.pdf")
    sent = asked(office_on_sqlite, flanders, attachments=[scan, scan])
    (known,) = document(office_on_sqlite, RIGA, sent.id)["attachments"]
    assert (known["digest"], known["bytes"]) == (DIGEST, 81233)
    assert (known["name"], known["by"]) == ("diploma.pdf", AUTHORITY)


@pytest.mark.parametrize(
    "again",
    [
        NewAttachment(OTHER, "application/pdf", 81233, "diploma.pdf"),
        NewAttachment(DIGEST, "image/png", 81233, "diploma.pdf"),
        NewAttachment(DIGEST, "application/pdf", 81234, None),
    ],
)
def test_what_was_sent_stays_what_it_is(office_on_sqlite, flanders, riga, again):
    scan = NewAttachment(DIGEST, "application/pdf", 81233, "diploma.pdf")
    sent = asked(office_on_sqlite, flanders, attachments=[scan])
    accepted_and_answered(office_on_sqlite, riga, sent.id)
    more = FurtherQuestions(free_text={"en": "See again."}, attachments=[again])
    with pytest.raises(AttachmentChangedError):
        done(office_on_sqlite, ask_more, flanders, sent.id, more)
    row = row_of(office_on_sqlite, AUTHORITY, sent.id)
    assert (row.status, row.revision) == ("answered", 1)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (FurtherQuestions(), ("/questions", "required")),
        (
            FurtherQuestions(questions=[{"id": "awarded", "params": {}}]),
            ("/questions/0/id", "asked_before"),
        ),
        (
            FurtherQuestions(questions=[{"id": "nonsense", "params": {}}]),
            ("/questions/0/id", "unknown_question"),
        ),
        (
            FurtherQuestions(free_text={"en": "?"}, answer_by=date(2026, 11, 1)),
            ("/proposed_answer_by", "date_in_past"),
        ),
    ],
)
def test_further_questions_must_be_new(office_on_sqlite, flanders, riga, new, expected):
    sent = asked(office_on_sqlite, flanders)
    accepted_and_answered(office_on_sqlite, riga, sent.id)
    with pytest.raises(MutualRequestInvalidError) as refused:
        done(office_on_sqlite, ask_more, flanders, sent.id, new)
    (fault,) = refused.value.errors
    assert (fault["pointer"], fault["code"]) == expected


def test_an_explanation_may_correct_an_answer_and_keeps_the_earlier_one(
    office_on_sqlite, flanders, riga
):
    sent = asked(office_on_sqlite, flanders)
    first = {"awarded": "yes", "award_date": "2019-06-27"}
    accepted_and_answered(
        office_on_sqlite,
        riga,
        sent.id,
        {each["id"]: "unknown" for each in sent.questions} | first,
    )
    more = FurtherQuestions(free_text={"en": "Really the 27th?"})
    done(office_on_sqlite, ask_more, flanders, sent.id, more)
    answered(office_on_sqlite, riga, sent.id, {"award_date": "2019-06-28"})
    found = document(office_on_sqlite, AUTHORITY, sent.id)
    given = {each["id"]: each["answer"] for each in found["questions"]}
    assert (given["awarded"], given["award_date"]) == ("yes", "2019-06-28")
    told = [each["answers"] for each in found["history"] if "answers" in each]
    assert [each["award_date"] for each in told] == ["2019-06-27", "2019-06-28"]
