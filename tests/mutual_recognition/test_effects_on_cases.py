"""An answer is evidence in the asker's case, and never more than it says."""

from datetime import date

import pytest

from recognition_service.authorities.mandates import end_mandate
from recognition_service.authorities.models import Mandate
from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.negotiate_deadline import (
    negotiate_deadline,
)
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.held_times import holds_of
from recognition_service.regimes.holds import HoldRule
from tests.builders import (
    AUTHORITY,
    a_diploma,
    a_request,
    bruno,
    found_attestation,
    prepared,
    submitted,
    token,
)
from tests.mutual_recognition.bodies import (
    ALL_YES,
    RIGA,
    accepted_and_answered,
    an_open_case,
    answered,
    asked,
    done,
    row_of,
)


def file_of(runtime, case):
    with runtime.database.reading() as session:
        return open_file(session, AUTHORITY, case)


def events(runtime, case):
    with runtime.database.reading() as session:
        return [each.event for each in events_of(session, AUTHORITY, case)]


def held(runtime, case):
    return file_of(runtime, case).held[0].content


def test_a_confirmed_award_lets_the_treaty_decide_and_is_attested(office):
    flanders = bruno(office)
    case = an_open_case(office, flanders)
    sent = asked(office, flanders, case_id=case)
    result = accepted_and_answered(office, bruno(office, RIGA), sent.id)
    file = file_of(office, case)
    assert (file.request.status, file.decision.decided_by) == ("decided", "rule")
    assert file.held[0].content["authenticity"] == {
        "grade": "confirmed_by_issuer",
        "established_by": f"authority:{RIGA}",
        "established_on": "2026-11-02",
    }
    assert file.held[0].content["institution_status"] == {
        "recognised": "yes",
        "quality_assured": "yes",
        "source": f"mutual_request/{sent.id}",
        "established_by": f"authority:{RIGA}",
        "established_on": "2026-11-02",
    }
    attestation_id = result.intents[0].attestation_id
    assert found_attestation(office, attestation_id).request_id == case
    report = office.verify(token(office, attestation_id))
    assert (report.verdict, report.code) == ("valid", "valid")


@pytest.mark.parametrize(
    ("given", "event"),
    [
        ({"awarded": "no"}, "award_denied"),
        ({"same_person": "no"}, "award_denied"),
        ({"revoked_since": "yes"}, "award_denied"),
        ({"same_person": "unknown"}, "award_open"),
    ],
)
def test_what_was_not_confirmed_is_noted_and_raises_nothing(
    office_on_sqlite, flanders, riga, given, event
):
    case = an_open_case(office_on_sqlite, flanders)
    before = held(office_on_sqlite, case)
    sent = asked(office_on_sqlite, flanders, case_id=case)
    result = accepted_and_answered(office_on_sqlite, riga, sent.id, ALL_YES | given)
    assert result.intents == []
    assert held(office_on_sqlite, case) == before
    assert file_of(office_on_sqlite, case).request.status == "submitted"
    assert events(office_on_sqlite, case)[-1] == event


def test_an_institution_without_its_status_leaves_the_case_to_an_officer(
    office_on_sqlite, flanders, riga
):
    case = an_open_case(office_on_sqlite, flanders)
    sent = asked(office_on_sqlite, flanders, case_id=case)
    given = ALL_YES | {"accredited_at_award": "no"}
    accepted_and_answered(office_on_sqlite, riga, sent.id, given)
    content = held(office_on_sqlite, case)
    assert content["authenticity"]["grade"] == "confirmed_by_issuer"
    assert content["institution_status"]["quality_assured"] == "no"
    assert file_of(office_on_sqlite, case).request.status == "submitted"


def test_an_unknown_status_replaces_no_known_one(office_on_sqlite, flanders, riga):
    diploma = a_diploma(authenticity={"grade": "scan"})
    request, _ = submitted(office_on_sqlite, flanders, a_request(diploma))
    sent = asked(office_on_sqlite, flanders, case_id=request.id)
    given = ALL_YES | {"accredited_at_award": "unknown"}
    accepted_and_answered(office_on_sqlite, riga, sent.id, given)
    content = held(office_on_sqlite, request.id)
    assert content["institution_status"]["source"] == "https://www.aika.lv/"
    assert file_of(office_on_sqlite, request.id).request.status == "decided"


def test_a_stronger_proof_is_not_lowered(office_on_sqlite, flanders, riga):
    proof = {"grade": "issuer_signed", "established_on": "2026-10-30"}
    diploma = a_diploma(authenticity=proof, institution_status=None)
    request, _ = submitted(office_on_sqlite, flanders, a_request(diploma))
    sent = asked(office_on_sqlite, flanders, case_id=request.id)
    accepted_and_answered(office_on_sqlite, riga, sent.id)
    authenticity = held(office_on_sqlite, request.id)["authenticity"]
    assert authenticity["grade"] == "issuer_signed"
    assert authenticity["established_by"] == flanders.actor


def test_an_answer_arrives_though_the_asker_lost_its_mandate(
    office_on_sqlite, flanders, riga, clock
):
    case = an_open_case(office_on_sqlite, flanders)
    sent = asked(office_on_sqlite, flanders, case_id=case)
    with office_on_sqlite.database.transaction() as session:
        (mandate,) = session.query(Mandate).filter_by(authority_id=AUTHORITY)
        end_mandate(
            session,
            AUTHORITY,
            mandate.id,
            on=date(2026, 11, 2),
            actor="service",
            now=office_on_sqlite.now(),
        )
    clock.pass_by(days=2)
    result = accepted_and_answered(office_on_sqlite, riga, sent.id)
    assert result.intents == []
    assert row_of(office_on_sqlite, AUTHORITY, sent.id).status == "answered"
    assert file_of(office_on_sqlite, case).request.status == "submitted"
    assert events(office_on_sqlite, case)[-1] == "award_confirmed"


def test_an_answer_to_a_decided_case_is_noted_only(office_on_sqlite, flanders, riga):
    request, signed = submitted(office_on_sqlite, flanders)
    assert signed is not None
    sent = asked(office_on_sqlite, flanders, case_id=request.id)
    assert accepted_and_answered(office_on_sqlite, riga, sent.id).intents == []
    assert events(office_on_sqlite, request.id)[-1] == "award_confirmed"


def test_a_prepared_decision_is_put_back_by_new_evidence(
    office_on_sqlite, flanders, riga
):
    case = an_open_case(office_on_sqlite, flanders)
    prepared(office_on_sqlite, flanders, case)
    sent = asked(office_on_sqlite, flanders, case_id=case)
    given = ALL_YES | {"accredited_at_award": "unknown"}
    accepted_and_answered(office_on_sqlite, riga, sent.id, given)
    assert file_of(office_on_sqlite, case).request.status == "submitted"


def test_information_for_a_case_is_no_evidence(office_on_sqlite, flanders, riga):
    case = an_open_case(office_on_sqlite, flanders)
    before = held(office_on_sqlite, case)
    sent = asked(
        office_on_sqlite,
        flanders,
        case_id=case,
        kind=Kind.CASE_INFORMATION,
        questions=[{"id": "good_standing", "params": {}}],
    )
    accepted_and_answered(office_on_sqlite, riga, sent.id, {"good_standing": "yes"})
    assert held(office_on_sqlite, case) == before
    assert events(office_on_sqlite, case) == ["submitted"]


@pytest.mark.parametrize("agreed", [date(2026, 12, 1), date(2026, 12, 20)])
def test_a_hold_until_the_deadline_follows_the_agreed_one(
    office_on_sqlite, flanders, riga, agreed
):
    case = an_open_case(office_on_sqlite, flanders)
    sent = asked(
        office_on_sqlite,
        flanders,
        case_id=case,
        holds_clock=HoldRule.UNTIL_AUTHORITY_DEADLINE,
    )
    done(office_on_sqlite, negotiate_deadline, riga, sent.id, agreed)
    if agreed != date(2026, 12, 1):
        done(office_on_sqlite, negotiate_deadline, flanders, sent.id, agreed)
    done(office_on_sqlite, accept, riga, sent.id)
    with office_on_sqlite.database.reading() as session:
        holds = holds_of(events_of(session, AUTHORITY, case))
    running = [hold for hold in holds if hold.ended_on is None]
    assert [hold.until for hold in running] == [agreed]
    assert len(holds) == (1 if agreed == date(2026, 12, 1) else 2)
    answered(office_on_sqlite, riga, sent.id)


def test_a_missing_key_disturbs_no_answer_and_the_worker_signs_later(
    office_on_sqlite, flanders, riga, clock, tmp_path
):
    case = an_open_case(office_on_sqlite, flanders)
    sent = asked(office_on_sqlite, flanders, case_id=case)
    keys = office_on_sqlite.config.keys_dir
    keys.rename(tmp_path / "elsewhere")
    office_on_sqlite._keys._opened.clear()
    office_on_sqlite._keys._signers.clear()
    result = accepted_and_answered(office_on_sqlite, riga, sent.id)
    (intent, *_) = result.intents
    assert row_of(office_on_sqlite, RIGA, sent.id).status == "answered"
    assert found_attestation(office_on_sqlite, intent.attestation_id).issued_at is None
    (tmp_path / "elsewhere").rename(keys)
    clock.pass_by(minutes=1)
    assert office_on_sqlite.finish_issuing() == len(result.intents)
    assert found_attestation(office_on_sqlite, intent.attestation_id).issued_at
