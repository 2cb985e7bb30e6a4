"""Alerts reach who may read them in other installations, and are gone when over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from recognition_service.authorities.found import get_authority
from recognition_service.authorities.peers import end_peer
from recognition_service.recognition.alert_models import EndedAlertElsewhere
from recognition_service.storage.models import AuditEntry
from recognition_service.worker.loop import turn
from tests.exchange.alarms import ALERT, Alarm, mentions
from tests.exchange.house import COMPETENT
from tests.exchange.two import CALLED
from tests.journeys.bodies import PROVIDER

FIVE_THINGS = {
    "professional": ALERT["professional"],
    "profession": "nurse_general",
    "authority": ALERT["authority"],
    "scope": ALERT["scope"],
    "period": ALERT["period"],
    "appeal": None,
}
APPEAL = {"body": "Council of State", "lodged_on": "2026-11-02"}


@pytest.fixture
def alarm(flanders, riga, wire):
    return Alarm(riga, flanders, wire)


def states(alarm):
    return [body["state"] for body in alarm.bodies()]


def test_the_other_installation_reads_five_things_and_nothing_more(alarm):
    alert = alarm.prepare()
    alarm.carry()
    assert alarm.bodies() == []
    sent = alarm.send(alert)
    alarm.carry()
    assert alarm.read() == [
        {"id": alert, "from": alarm.called, "sent_at": sent["sent_at"], **FIVE_THINGS}
    ]
    (body,) = alarm.bodies()
    about = {"state": "sent", "sent_at": sent["sent_at"], **FIVE_THINGS}
    destinations = body.pop("destinations")
    assert body == about
    assert {"BE", "LV"} <= set(destinations)
    for private in ("warned", "Council of State", "prohibition", "eu-sectoral"):
        assert private not in str(alarm.bodies())


def test_the_same_goes_the_other_way(flanders, riga, wire):
    alarm = Alarm(flanders, riga, wire)
    alert = alarm.sent()
    alarm.change(alert, "appeal", APPEAL)
    alarm.carry()
    (read,) = alarm.read()
    assert (read["from"], read["appeal"]) == ("warning-nurses@flanders", APPEAL)
    alarm.pass_by(days=29)
    alarm.work()
    alarm.carry()
    assert mentions(riga, "Moreau") == mentions(flanders, "Moreau") == set()


def test_an_alert_about_forged_papers_has_neither_scope_nor_period(alarm):
    body = {
        "title": "Diploma",
        "origin": "LV",
        "qualification": None,
        "awarded_on": "2019-06-28",
        "training_started_on": None,
        "institution_status": None,
        "authenticity": {"grade": "scan"},
    }
    case = alarm.nurses.post(
        "/recognition-requests",
        {
            "language": "en",
            "decision_kind": "level_comparability",
            "purpose": "general_employment",
            "stage": "pre_departure",
            "destination": {"jurisdiction": "BE-FL", "profession": None},
            "applicant": {"family_name": "Bērziņa", "birth_date": "1994-05-17"},
            "held_qualifications": [body],
        },
    )
    assert case.status_code == 201, case.json
    alert = alarm.sent(
        ground="forged_papers",
        professional=None,
        request=case.json["id"],
        scope=None,
        period=None,
        decided_on="2026-09-01",
        final_on="2026-11-01",
    )
    alarm.carry()
    (read,) = alarm.read()
    assert (read["id"], read["scope"], read["period"]) == (alert, None, None)
    assert read["professional"]["family_name"] == "Bērziņa"
    assert case.json["id"] not in str(alarm.bodies())


def test_an_appeal_and_its_end_are_told(alarm):
    alert = alarm.sent()
    alarm.change(alert, "appeal", APPEAL)
    alarm.carry()
    assert alarm.read()[0]["appeal"] == APPEAL
    alarm.change(alert, "appeal", {"body": None})
    alarm.carry()
    assert alarm.read()[0]["appeal"] is None


def test_a_corrected_last_day_is_told(alarm):
    alert = alarm.sent()
    alarm.carry()
    alarm.change(alert, "end", {"until": "2027-01-31"})
    alarm.carry()
    assert alarm.read()[0]["period"]["until"] == "2027-01-31"
    alarm.pass_by(days=60)
    alarm.work()
    assert len(alarm.read()) == 1


@pytest.mark.parametrize(
    "end", [{"revoked_on": "2026-11-02"}, {"until": "2026-11-01"}], ids=str
)
def test_a_revoked_alert_is_gone_on_both_sides_at_once(alarm, end):
    alert = alarm.sent()
    alarm.carry()
    assert "alert_elsewhere" in mentions(alarm.reader, "Moreau")
    alarm.change(alert, "end", end)
    alarm.carry()
    assert alarm.read() == []
    assert mentions(alarm.reader, "Moreau") == set()
    alarm.work()
    alarm.carry()
    assert mentions(alarm.sender, "Moreau") == set()
    assert states(alarm) == ["sent", "over"]
    assert set(alarm.bodies()[-1].values()) == {"over", None}


def test_an_alert_that_ran_out_is_gone_on_both_sides(alarm):
    alarm.sent()
    alarm.carry()
    alarm.pass_by(days=28)  # 30 November, the last day.
    alarm.work()
    assert len(alarm.read()) == 1
    alarm.pass_by(days=1)
    assert alarm.read() == []
    alarm.work()
    assert mentions(alarm.reader, "Moreau") == set()
    assert mentions(alarm.sender, "Moreau") == set()
    alarm.carry()
    assert states(alarm) == ["sent", "over"]


def test_nothing_of_it_stays_in_the_audit_of_who_reads(alarm):
    alert = alarm.sent()
    alarm.carry()
    alarm.pass_by(days=29)
    alarm.work()
    alarm.carry()
    with alarm.reader.runtime.database.reading() as session:
        entries = session.scalars(select(AuditEntry)).all()
    assert [each for each in entries if alert in each.subject] == []
    assert mentions(alarm.reader, "Disciplinary court") == set()


def test_what_was_answered_keeps_no_body(alarm):
    alert = alarm.sent()
    assert [row.body["state"] for row in alarm.told(alert)] == ["sent"]
    alarm.carry()
    assert [(row.state, row.body) for row in alarm.told(alert)] == [("received", {})]


def test_everybody_is_told_once(alarm):
    alert = alarm.sent()
    for _ in range(3):
        alarm.pass_by(hours=2)
        alarm.work()
        alarm.carry()
    assert alarm.recipients(alert) == ["reading-nurses"]


def test_who_may_not_read_it_is_not_told(alarm):
    alarm.reader.found("a-school", "LV", PROVIDER)
    alarm.reader.found("far-away", "MA", COMPETENT)
    alarm.renew()
    assert alarm.recipients(alarm.sent()) == ["reading-nurses"]
    assert alarm.recipients(alarm.sent(regime="neutral")) == []
    alarm.replace_mandate("reading-nurses")
    assert alarm.recipients(alarm.sent()) == []


def test_a_live_authority_is_not_told_by_a_test_authority(alarm):
    with alarm.sender.runtime.database.transaction() as session:
        name = f"reading-nurses@{CALLED[alarm.reader.url]}"
        get_authority(session, name).mode = "live"
    assert alarm.recipients(alarm.sent()) == []


def test_a_mandate_for_the_profession_is_needed(alarm):
    mandates = [
        ({"professions": ["nurse_general"]}, True),
        ({"professions": ["doctor"]}, False),
        ({"decision_kinds": ["licence"]}, True),
        ({"decision_kinds": ["level_comparability"]}, False),
        ({"valid_from": "2026-11-03"}, False),
        ({"valid_from": "2026-01-01", "valid_to": "2026-11-01"}, False),
    ]
    for mandate, may_read in mandates:
        alarm.replace_mandate("reading-nurses", mandate)
        expected = ["reading-nurses"] if may_read else []
        assert alarm.recipients(alarm.sent()) == expected, mandate


def test_all_who_may_read_it_there_do_whoever_was_told(alarm):
    alarm.sent()
    alarm.carry()
    late = alarm.reader.found("late-nurses", "LV", COMPETENT)
    school = alarm.reader.found("a-school", "LV", PROVIDER)
    doctors = alarm.reader.found("doctors", "LV", COMPETENT)
    alarm.replace_mandate("doctors", {"professions": ["doctor"]})
    found = [len(alarm.read(each)) for each in (alarm.others, late, school, doctors)]
    assert found == [1, 1, 0, 0]
    assert alarm.read(alarm.nurses) == []


def test_who_comes_later_is_told_within_the_hour(alarm):
    alarm.replace_mandate("reading-nurses")
    alert = alarm.sent()
    alarm.work()
    assert alarm.recipients(alert) == []
    alarm.replace_mandate("reading-nurses", {})
    turn(alarm.sender.runtime)
    alarm.carry()
    alarm.work()
    assert alarm.recipients(alert) == ["reading-nurses"]
    assert [each["id"] for each in alarm.read()] == [alert]


def test_nobody_is_told_later_of_what_is_prepared_or_over(alarm):
    alarm.replace_mandate("reading-nurses")
    prepared, sent = alarm.prepare(), alarm.sent()
    alarm.change(sent, "end", {"revoked_on": "2026-11-02"})
    alarm.replace_mandate("reading-nurses", {})
    alarm.work()
    assert alarm.recipients(prepared) == alarm.recipients(sent) == []


def test_an_old_trust_list_makes_no_reader(alarm):
    for side in alarm.sides:
        side.clock.instant += timedelta(days=8)
    alert = alarm.sent()
    alarm.work(alarm.sender)
    assert alarm.recipients(alert) == []
    alarm.pass_by(hours=1)
    alarm.work(alarm.sender)
    assert alarm.recipients(alert) == ["reading-nurses"]


def test_who_was_told_is_told_the_end_although_the_mandate_is_over(alarm):
    alert = alarm.sent()
    alarm.carry()
    alarm.replace_mandate("reading-nurses")
    assert alarm.read() == []
    assert mentions(alarm.reader, "Moreau") == {"alert_elsewhere"}
    alarm.change(alert, "end", {"revoked_on": "2026-11-02"})
    alarm.carry()
    assert states(alarm) == ["sent", "over"]
    assert mentions(alarm.reader, "Moreau") == set()


def test_a_wire_that_cuts_and_repeats_changes_nothing(alarm):
    alarm.wire.faults = ["cut", "lost", "twice", "lost", None, "cut"]
    alert = alarm.sent()
    alarm.change(alert, "appeal", APPEAL)
    alarm.change(alert, "end", {"until": "2027-01-31"})
    for _ in range(6):
        alarm.carry()
        alarm.pass_by(hours=1)
    assert alarm.wire.faults == []
    assert [row.state for row in alarm.told(alert)] == ["received"] * 3
    (read,) = alarm.read()
    assert (read["appeal"], read["period"]["until"]) == (APPEAL, "2027-01-31")


def test_what_waits_when_the_alert_is_over_names_nobody(alarm):
    alarm.wire.faults = ["cut"]
    alert = alarm.sent()
    alarm.change(alert, "appeal", APPEAL)
    alarm.carry()
    alarm.change(alert, "end", {"revoked_on": "2026-11-02"})
    assert mentions(alarm.sender, "Moreau") == {"alert"}
    rows = alarm.told(alert)
    assert [(row.sequence, row.body["state"]) for row in rows] == [
        (1, "over"),
        (2, "over"),
        (3, "over"),
    ]
    alarm.pass_by(hours=1)
    alarm.carry()
    assert [row.state for row in alarm.told(alert)] == ["received"] * 3
    assert (alarm.read(), states(alarm)) == ([], ["over"] * 3)


def test_an_alert_that_came_without_a_receipt_is_ended_all_the_same(alarm):
    alarm.wire.faults = ["lost"]
    alert = alarm.sent()
    alarm.carry()
    assert len(alarm.read()) == 1
    alarm.change(alert, "end", {"revoked_on": "2026-11-02"})
    alarm.pass_by(hours=1)
    alarm.carry()
    told = [(row.state, row.code, row.body) for row in alarm.told(alert)]
    assert told == [("refused", "contradictory", {}), ("received", None, {})]
    assert mentions(alarm.reader, "Moreau") == set()


def test_an_end_is_told_however_long_nobody_answers(alarm):
    alert = alarm.sent(period={"from": "2026-11-01", "until": None})
    alarm.carry()
    alarm.change(alert, "end", {"revoked_on": "2026-11-02"})
    for _ in range(45):
        alarm.wire.faults = ["cut"]
        alarm.carry()
        alarm.pass_by(days=1)
    assert len(alarm.read()) == 1
    alarm.carry()
    assert mentions(alarm.reader, "Moreau") == set()


def test_a_last_day_that_was_corrected_in_time_counts_when_it_comes_late(alarm):
    alert = alarm.sent()
    alarm.carry()
    alarm.pass_by(days=28)
    alarm.change(alert, "end", {"until": "2027-01-31"})
    alarm.pass_by(days=2)
    alarm.work(alarm.reader)
    assert mentions(alarm.reader, "Moreau") == set()
    alarm.carry()
    assert alarm.read()[0]["period"]["until"] == "2027-01-31"


def test_an_alert_that_comes_after_its_last_day_is_not_kept(alarm):
    alarm.sent()
    alarm.pass_by(days=29)
    alarm.carry()
    assert states(alarm) == ["sent"]
    assert mentions(alarm.reader, "Moreau") == set()


def test_of_an_ended_alert_only_its_id_stays(alarm):
    alert = alarm.sent()
    alarm.change(alert, "end", {"revoked_on": "2026-11-02"})
    alarm.carry()
    with alarm.reader.runtime.database.reading() as session:
        (row,) = session.scalars(select(EndedAlertElsewhere))
    assert (row.authority_id, str(row.id)) == (alarm.called, alert)
    assert set(EndedAlertElsewhere.__table__.columns.keys()) == {"authority_id", "id"}


@pytest.mark.parametrize("lost", ["trust", "exchange"])
def test_what_nobody_can_end_any_more_is_shown_to_nobody_and_forgotten(alarm, lost):
    alarm.sent(period={"from": "2026-11-01", "until": None})
    alarm.carry()
    runtime = alarm.reader.runtime
    with runtime.database.transaction() as session:
        now = runtime.now()
        if lost == "trust":
            get_authority(session, alarm.called).trusted_until = now
        else:
            end_peer(session, CALLED[alarm.sender.url], actor="service", now=now)
    assert alarm.read() == []
    alarm.work(alarm.reader)
    assert mentions(alarm.reader, "Moreau") == {"alert_elsewhere"}
    alarm.reader.clock.instant += timedelta(days=2)
    alarm.work(alarm.reader)
    assert mentions(alarm.reader, "Moreau") == set()


def test_lists_of_both_are_one_list_by_id(alarm):
    """An authority of the reader's own installation warns as well."""
    near = alarm.reader.found("near-nurses", "LV", COMPETENT)
    found = []
    for number in range(4):
        if number % 2:
            found.append(alarm.sent())
        else:
            made = near.post("/alerts", ALERT).json["id"]
            of = f"/alerts/{made}"
            notice = {"notice": {"en": "Others were warned."}}
            done = near.change(f"{of}/sending", notice, of=of, as_="signatory")
            assert done.status_code == 200, done.json
            found.append(made)
        alarm.pass_by(minutes=1)
    alarm.carry()
    assert [each["id"] for each in alarm.read()] == sorted(found)
    first = alarm.others.get("/alerts?view=received&limit=3").json
    rest = alarm.others.get(f"/alerts?view=received&limit=3&cursor={first['next']}")
    shown = [each["id"] for each in (*first["items"], *rest.json["items"])]
    assert shown == sorted(found)
