"""Many rows are decided by one officer and signed by another person, each row once."""

import pytest
from sqlalchemy import func, select

from recognition_service.attestations.models import Attestation
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.errors import (
    EventNotAllowedError,
    MutualRequestInvalidError,
)
from recognition_service.mutual_recognition.list_acts import (
    ListDecision,
    decide_list,
    sign_list,
)
from recognition_service.mutual_recognition.list_work import carry_out
from recognition_service.mutual_recognition.withdraw import withdraw
from recognition_service.recognition.errors import SameSignatoryError
from recognition_service.recognition.submit import add_evidence
from recognition_service.recognition.submit import withdraw as withdraw_case
from recognition_service.regimes.errors import ContentsMissingError
from recognition_service.worker.loop import turn
from tests.builders import (
    AUTHORITY,
    PUBLIC_URL,
    a_full_decision,
    an_unknown_diploma,
    bruno,
    prepared,
    sofia,
)
from tests.mutual_recognition.bodies import RIGA, document, done
from tests.mutual_recognition.test_lists import (
    an_accepted_list,
    end_the_mandate,
    items,
    results,
)
from tests.recognition.test_at_once import at_once, outcomes


def an_opened_list(runtime, riga, flanders, count=5):
    """A list whose rows no rule decides, with a case for each row."""
    diplomas = [an_unknown_diploma() for _ in range(count)]
    request_id = an_accepted_list(runtime, riga, flanders, *diplomas)
    turn(runtime)
    return request_id


def decided(runtime, caller, request_id, decision=None, **more):
    new = ListDecision(decision=decision or a_full_decision(), **more)
    edition = runtime.edition(AUTHORITY)
    return done(runtime, decide_list, caller, request_id, new, edition=edition)


def signed(runtime, caller, request_id):
    return done(runtime, sign_list, caller, request_id, service=service_of(runtime))


def service_of(runtime):
    return Service(runtime.edition(AUTHORITY), PUBLIC_URL)


def progress(runtime, request_id):
    found = document(runtime, AUTHORITY, request_id)["progress"]
    return {name: count for name, count in found.items() if count}


def statuses(runtime, request_id):
    return [each["status"] for each in results(runtime, request_id).values()]


def attestations(runtime):
    with runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Attestation))


def one_part(runtime, request_id):
    """Carry out one part as somebody who dies before the signatures are made."""
    with runtime.database.transaction() as session:
        return carry_out(
            session,
            AUTHORITY,
            request_id,
            service=service_of(runtime),
            now=runtime.now(),
        )


def test_a_list_is_decided_with_exceptions_and_signed_together(office):
    riga, flanders = bruno(office, RIGA), bruno(office)
    request_id = an_opened_list(office, riga, flanders)
    assert decided(office, flanders, request_id, exceptions=(2, 4)) == 3
    assert progress(office, request_id) == {"total": 5, "open": 5, "ordered": 3}
    assert turn(office) == 0
    assert progress(office, request_id) == {"total": 5, "open": 2, "prepared": 3}
    assert signed(office, sofia(office), request_id) == 3
    assert turn(office) == 0
    assert progress(office, request_id) == {
        "total": 5,
        "open": 2,
        "decided": 3,
        "attested": 3,
    }
    told = results(office, request_id)
    assert [row for row in told if told[row]["attestation"]] == [1, 3, 5]
    assert document(office, RIGA, request_id)["progress"] is None


def test_named_rows_are_decided_and_written_anew(office_on_sqlite, flanders, riga):
    request_id = an_opened_list(office_on_sqlite, riga, flanders)
    assert decided(office_on_sqlite, flanders, request_id, rows=(1, 2, 2)) == 2
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    assert decided(office_on_sqlite, flanders, request_id, rows=(2, 3)) == 2
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    assert statuses(office_on_sqlite, request_id) == [
        *["decision_prepared"] * 3,
        *["submitted"] * 2,
    ]
    assert decided(office_on_sqlite, flanders, request_id) == 2


def test_rows_that_are_no_open_cases_are_named(office_on_sqlite, flanders, riga):
    request_id = an_opened_list(office_on_sqlite, riga, flanders)
    first = items(office_on_sqlite, request_id)[0].case_id
    done(office_on_sqlite, withdraw_case, flanders, first)
    with pytest.raises(MutualRequestInvalidError) as refused:
        decided(office_on_sqlite, flanders, request_id, rows=(2, 1))
    assert [(each["pointer"], each["code"]) for each in refused.value.errors] == [
        ("/rows/1", "not_open")
    ]
    for more in ({"rows": (6,)}, {"exceptions": (6,)}):
        with pytest.raises(MutualRequestInvalidError) as refused:
            decided(office_on_sqlite, flanders, request_id, **more)
        assert refused.value.errors[0]["code"] == "out_of_range"
    assert progress(office_on_sqlite, request_id) == {
        "total": 5,
        "open": 4,
        "withdrawn": 1,
    }


def test_a_decision_that_fits_no_row_is_refused_at_once(
    office_on_sqlite, flanders, riga
):
    request_id = an_opened_list(office_on_sqlite, riga, flanders)
    with pytest.raises(ContentsMissingError):
        decided(office_on_sqlite, flanders, request_id, a_full_decision(legal_basis=[]))
    assert progress(office_on_sqlite, request_id) == {"total": 5, "open": 5}


def test_nobody_signs_what_they_have_written(office_on_sqlite, flanders, riga):
    request_id = an_opened_list(office_on_sqlite, riga, flanders)
    decided(office_on_sqlite, flanders, request_id)
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    with pytest.raises(SameSignatoryError):
        signed(office_on_sqlite, flanders, request_id)
    second = bruno(office_on_sqlite)
    decided(office_on_sqlite, second, request_id, rows=(2,))
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    signed(office_on_sqlite, flanders, request_id)
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    found = progress(office_on_sqlite, request_id)
    assert (found["attested"], found["failed"]) == (1, 4)
    assert found["problems"][0] == {"row": 1, "code": "same_signatory"}
    signed(office_on_sqlite, sofia(office_on_sqlite), request_id)
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    assert progress(office_on_sqlite, request_id) == {
        "total": 5,
        "decided": 5,
        "attested": 5,
    }


def test_who_asked_decides_nothing(office_on_sqlite, flanders, riga):
    request_id = an_opened_list(office_on_sqlite, riga, flanders)
    with pytest.raises(EventNotAllowedError):
        decided(office_on_sqlite, riga, request_id)
    with pytest.raises(EventNotAllowedError):
        signed(office_on_sqlite, riga, request_id)


def test_what_stands_in_the_way_of_a_row_stops_no_other(
    office_on_sqlite, flanders, riga
):
    request_id = an_opened_list(office_on_sqlite, riga, flanders)
    cases = [item.case_id for item in items(office_on_sqlite, request_id)]
    decided(office_on_sqlite, flanders, request_id)
    done(office_on_sqlite, withdraw_case, flanders, cases[0])
    prepared(office_on_sqlite, flanders, cases[1])
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    assert statuses(office_on_sqlite, request_id) == [
        "withdrawn",
        *["decision_prepared"] * 4,
    ]
    signed(office_on_sqlite, sofia(office_on_sqlite), request_id)
    edition = office_on_sqlite.edition(AUTHORITY)
    done(
        office_on_sqlite,
        add_evidence,
        flanders,
        cases[2],
        position=0,
        authenticity={"grade": "scan"},
        institution_status=None,
        training_started_on=None,
        facts=None,
        edition=edition,
    )
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    assert progress(office_on_sqlite, request_id) == {
        "total": 5,
        "decided": 3,
        "attested": 3,
        "withdrawn": 1,
        "failed": 1,
        "problems": [{"row": 3, "code": "decision_not_found"}],
    }


def test_what_was_written_after_the_order_to_sign_is_not_signed(
    office_on_sqlite, flanders, riga, clock
):
    request_id = an_opened_list(office_on_sqlite, riga, flanders, 2)
    decided(office_on_sqlite, flanders, request_id)
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    signed(office_on_sqlite, sofia(office_on_sqlite), request_id)
    clock.pass_by(seconds=2)
    first = items(office_on_sqlite, request_id)[0].case_id
    prepared(office_on_sqlite, flanders, first)
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    found = progress(office_on_sqlite, request_id)
    assert found["problems"] == [{"row": 1, "code": "decision_changed"}]
    assert found["attested"] == 1


def test_what_no_mandate_covers_is_not_signed(office_on_sqlite, flanders, riga, clock):
    request_id = an_opened_list(office_on_sqlite, riga, flanders, 2)
    decided(office_on_sqlite, flanders, request_id)
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    end_the_mandate(office_on_sqlite, clock)
    signed(office_on_sqlite, sofia(office_on_sqlite), request_id)
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    assert statuses(office_on_sqlite, request_id) == ["decision_prepared"] * 2
    found = progress(office_on_sqlite, request_id)
    assert found["problems"][1] == {"row": 2, "code": "mandate_missing"}


def test_the_worker_goes_on_where_somebody_died(office, clock):
    riga, flanders = bruno(office, RIGA), bruno(office)
    request_id = an_opened_list(office, riga, flanders, 120)
    decided(office, flanders, request_id)
    assert one_part(office, request_id).last == 100
    assert progress(office, request_id)["ordered"] == 20
    assert turn(office) == 0
    signed(office, sofia(office), request_id)
    died = one_part(office, request_id)
    assert sum(map(len, died.intents.values())) == 200
    found = progress(office, request_id)
    assert (found["decided"], found.get("attested"), found["ordered"]) == (
        100,
        None,
        20,
    )
    signed(office, sofia(office), request_id)
    clock.pass_by(minutes=1)
    assert turn(office) == 0
    assert turn(office) == 0
    assert progress(office, request_id) == {
        "total": 120,
        "decided": 120,
        "attested": 120,
    }
    assert attestations(office) == 120


def test_two_at_once_do_each_row_once(office):
    riga, flanders = bruno(office, RIGA), bruno(office)
    request_id = an_opened_list(office, riga, flanders, 30)
    decided(office, flanders, request_id)
    working = [lambda: office.work_on_list(AUTHORITY, request_id)] * 2
    assert outcomes(at_once(*working)) == {"done": 2}
    signed(office, sofia(office), request_id)
    assert outcomes(at_once(*working)) == {"done": 2}
    assert progress(office, request_id)["attested"] == 30
    assert attestations(office) == 30


def test_a_withdrawn_list_is_not_worked_on(office_on_sqlite, flanders, riga):
    request_id = an_opened_list(office_on_sqlite, riga, flanders, 2)
    decided(office_on_sqlite, flanders, request_id)
    done(office_on_sqlite, withdraw, riga, request_id)
    office_on_sqlite.work_on_list(AUTHORITY, request_id)
    assert progress(office_on_sqlite, request_id) == {"total": 2, "open": 2}


def test_a_long_list_lets_others_have_their_turn(
    office_on_sqlite, flanders, riga, clock
):
    diplomas = [an_unknown_diploma() for _ in range(260)]
    request_id = an_accepted_list(office_on_sqlite, riga, flanders, *diplomas)
    opened = []
    for _ in range(2):
        assert turn(office_on_sqlite) == 0
        opened.append(
            sum(
                item.case_id is not None for item in items(office_on_sqlite, request_id)
            )
        )
        clock.pass_by(seconds=2)
    assert opened == [250, 260]


def test_a_part_of_what_was_ordered_can_be_carried_out(
    office_on_sqlite, flanders, riga
):
    request_id = an_opened_list(office_on_sqlite, riga, flanders, 110)
    decided(office_on_sqlite, flanders, request_id)
    assert office_on_sqlite.work_on_list(AUTHORITY, request_id, parts=1) is True
    assert progress(office_on_sqlite, request_id)["prepared"] == 100
    assert office_on_sqlite.work_on_list(AUTHORITY, request_id) is False
    assert progress(office_on_sqlite, request_id)["prepared"] == 110
