"""Alerts: five things, in three days, by two people, and gone when they are over."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from recognition_service.authorities.access import Caller
from recognition_service.authorities.errors import RoleMissingError
from recognition_service.authorities.models import PrincipalKind, Role
from recognition_service.recognition.alert_content import AlertState, state_of
from recognition_service.recognition.alert_lists import (
    View,
    alerts_about,
    own_document,
    received_document,
    remove_alerts,
    told_document,
)
from recognition_service.recognition.alert_models import Alert
from recognition_service.recognition.errors import (
    AlertInvalidError,
    AlertNotFoundError,
    AlertStateError,
    SameSignatoryError,
    SystemCannotSignError,
)
from recognition_service.recognition.new_alert import Professional
from recognition_service.storage.models import AuditEntry
from recognition_service.worker.jobs import Memory, remove_ended_alerts
from tests.builders import (
    AUTHORITY,
    a_caller,
    a_request,
    an_authority,
    an_unknown_diploma,
    submitted,
)
from tests.recognition.alert_office import (
    NEIGHBOUR,
    NOTICE,
    REMEDY,
    a_forgery,
    a_union,
    an_alert,
)


@pytest.fixture
def office(own_small):
    return a_union(own_small)


def faults(office, new):
    with pytest.raises(AlertInvalidError) as refused:
        office.prepare(new)
    return {(each["pointer"], each["code"]) for each in refused.value.errors}


def test_an_alert_says_five_things_to_others_and_nothing_more(office):
    office.sent()
    (alert,) = office.listed()
    assert received_document(alert) == {
        "id": str(alert.id),
        "from": AUTHORITY,
        "sent_at": "2026-11-02T09:00:00Z",
        "professional": {
            "family_name": "Moreau",
            "given_name": "Alix",
            "birth_date": None,
            "birth_place": None,
        },
        "profession": "nurse_general",
        "authority": {"name": "Disciplinary court", "is_court": True},
        "scope": "All nursing activities",
        "period": {"from": "2026-11-01", "until": "2026-11-30"},
        "appeal": None,
    }


def test_it_must_be_sent_within_three_days_of_the_decision(office, clock):
    alert = office.prepare()
    assert alert.due_on == date(2026, 11, 4)
    assert alert.due_at == datetime(2026, 11, 4, 23, tzinfo=UTC)  # Brussels
    assert office.listed(View.OVERDUE, AUTHORITY) == []
    clock.pass_by(days=3)
    assert [each.id for each in office.listed(View.OVERDUE, AUTHORITY)] == [alert.id]
    told = own_document(alert, today=date(2026, 11, 5), now=clock())
    assert (told["is_overdue"], told["state"]) == (True, "prepared")
    office.send(alert)
    assert office.listed(View.OVERDUE, AUTHORITY) == []


def test_nobody_else_reads_it_before_it_is_sent(office):
    office.prepare()
    assert office.listed() == []


def test_one_person_prepares_and_another_one_sends(office):
    alert = office.prepare()
    with pytest.raises(SameSignatoryError):
        office.send(alert, by=office.officer)
    system = a_caller(office.runtime, Role.OFFICER, kind=PrincipalKind.SYSTEM)
    with pytest.raises(SystemCannotSignError):
        office.send(alert, by=system)
    with pytest.raises(RoleMissingError):
        office.send(alert, by=a_caller(office.runtime, Role.CLERK))
    office.send(alert)
    with pytest.raises(AlertStateError):
        office.send(alert)


def test_the_person_is_told_in_the_moment_of_the_sending(office):
    alert = office.sent()
    assert (alert.told_at, alert.notice) == (alert.sent_at, NOTICE)
    told = told_document(alert)
    assert (told["notice"], told["remedy"]) == (NOTICE, REMEDY)


def test_a_pending_appeal_stands_in_the_alert(office):
    alert = office.sent()
    office.appeal(alert, lodged_on=date(2026, 11, 2))
    (read,) = office.listed()
    assert received_document(read)["appeal"] == {
        "body": "Council of State",
        "lodged_on": "2026-11-02",
    }
    with pytest.raises(AlertInvalidError):
        office.appeal(alert, lodged_on=date(2026, 10, 31))
    office.appeal(alert, body=None)
    assert office.get(alert).appeal is None


def test_a_new_last_day_corrects_it(office, clock):
    alert = office.sent()
    office.end(alert, until=date(2027, 1, 31))
    clock.pass_by(days=60)
    (read,) = office.listed()
    assert read.applies_until == date(2027, 1, 31)
    with pytest.raises(AlertInvalidError):
        office.end(alert, until=date(2026, 10, 31))


def test_what_is_over_is_read_by_nobody_and_deleted(office, clock):
    alert = office.sent()
    clock.pass_by(days=28)  # 30 November, the last day.
    assert len(office.listed()) == 1
    clock.pass_by(days=1)
    assert office.listed() == []
    memory = Memory()
    remove_ended_alerts(office.runtime, memory)
    assert memory.alerts_removed_at is None
    remove_ended_alerts(office.runtime, memory)
    assert memory.alerts_removed_at == clock()
    with pytest.raises(AlertNotFoundError):
        office.get(alert)
    with office.runtime.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.subject == f"alert/{alert.id}")
        ).all()
    assert [entry.action for entry in entries] == [
        "alert.prepared",
        "alert.sent",
        "alert.removed",
    ]
    assert entries[-1].content == {"gone_by": "2026-12-03"}
    assert "Moreau" not in str([entry.content for entry in entries])


def test_a_revoked_alert_is_gone_at_once(office):
    alert = office.sent()
    with pytest.raises(AlertInvalidError):
        office.end(alert, revoked_on=date(2026, 11, 3))  # That day has not come.
    office.end(alert, revoked_on=date(2026, 11, 2))
    assert office.listed() == []
    assert state_of(office.get(alert), date(2026, 11, 2)) is AlertState.OVER
    with pytest.raises(AlertStateError):
        office.appeal(alert)
    with office.runtime.database.transaction() as session:
        assert remove_alerts(session, now=office.runtime.now()) == 1
        assert session.scalar(select(func.count()).select_from(Alert)) == 0


def test_only_who_is_competent_for_the_profession_reads_it(office):
    office.sent(an_alert(profession="architect"))
    assert office.listed() == []


def test_only_where_the_instrument_holds(office):
    office.sent(an_alert(regime="neutral"))
    assert office.listed() == []
    an_authority(office.runtime, "ma", country="MA", jurisdiction="MA", mandate={})
    office.sent()
    assert office.listed(authority_id="ma") == []
    assert len(office.listed(authority_id=NEIGHBOUR)) == 1


def test_whose_mandate_is_about_levels_only_reads_none(office):
    an_authority(
        office.runtime,
        "be-levels",
        mandate={"decision_kinds": ["level_comparability"], "valid_from": "2024-01-01"},
    )
    office.sent()
    assert office.listed(authority_id="be-levels") == []


def test_forged_papers_are_an_alert_once_the_finding_is_final(office):
    case, _ = submitted(office.runtime, office.officer, a_request(an_unknown_diploma()))
    not_final = a_forgery(case.id, final_on=None)
    assert faults(office, not_final) == {("/final_on", "required")}
    own_finding = a_forgery(case.id, is_court=False)
    assert faults(office, own_finding) == {("/authority/is_court", "required")}
    alert = office.sent(a_forgery(case.id))
    assert alert.due_on == date(2026, 11, 4)
    (read,) = office.listed()
    told = received_document(read)
    assert told["professional"]["family_name"] == "Bērziņa"
    assert (told["scope"], told["period"]) == (None, None)
    with office.runtime.database.reading() as session:
        assert [each.id for each in alerts_about(session, AUTHORITY, case.id)] == [
            alert.id
        ]
    with pytest.raises(AlertInvalidError):
        office.end(alert, until=date(2027, 1, 1))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"scope": None}, ("/scope", "required")),
        ({"applies_from": None, "applies_until": None}, ("/period/from", "required")),
        ({"professional": None}, ("/professional", "one_of_two")),
        ({"decided_on": date(2026, 11, 3)}, ("/decided_on", "date_in_future")),
        ({"final_on": date(2026, 11, 1)}, ("/final_on", "not_for_this_ground")),
        ({"applies_until": date(2026, 10, 1)}, ("/period/until", "before_the_start")),
        ({"regime": "none"}, ("/regime", "unknown_code")),
    ],
)
def test_what_does_not_fit_names_the_member(office, changes, expected):
    assert faults(office, an_alert(**changes)) == {expected}


def test_an_alert_of_another_authority_is_not_found(office):
    alert = office.sent()
    stranger = a_caller(office.runtime, Role.OFFICER, authority_id=NEIGHBOUR)
    assert isinstance(stranger, Caller)
    office.officer = stranger
    with pytest.raises(AlertNotFoundError):
        office.appeal(alert)


def test_identity_is_what_was_given(office):
    born = Professional(
        family_name="Moreau", birth_date=date(1980, 3, 9), birth_place="Namur"
    )
    office.sent(an_alert(professional=born))
    (read,) = office.listed()
    assert received_document(read)["professional"] == {
        "family_name": "Moreau",
        "given_name": None,
        "birth_date": "1980-03-09",
        "birth_place": "Namur",
    }
