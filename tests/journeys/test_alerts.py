"""An alert by REST: prepared, sent by another person, contested, revoked, gone."""

import pytest

from recognition_service.worker.loop import turn

ALERT = {
    "ground": "restriction",
    "professional": {"family_name": "Moreau", "given_name": "Alix"},
    "profession": "nurse_general",
    "authority": {"name": "Order of nurses", "is_court": False},
    "scope": "Night shifts",
    "period": {"from": "2026-11-01", "until": None},
    "decided_on": "2026-11-01",
    "remedy": {"body": "Council of State", "within_days": 60},
}
NOTICE = {"notice": {"fr": "Une alerte a été envoyée."}}


@pytest.fixture
def office(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def alert(office):
    answer = office.post("/alerts", ALERT)
    assert answer.status_code == 201, answer.json
    return answer


def changed(office, alert, act, body, **more):
    of = f"/alerts/{alert.json['id']}"
    return office.change(f"{of}/{act}", body, of=of, **more)


def test_an_alert_goes_from_one_person_to_another_and_to_its_end(
    office, alert, runtime
):
    assert alert.headers["Location"] == f"/api/v1/alerts/{alert.json['id']}"
    assert (alert.json["state"], alert.json["due_on"]) == ("prepared", "2026-11-04")
    own = changed(office, alert, "sending", NOTICE)
    assert (own.status_code, own.json["code"]) == (403, "same_signatory")
    sent = changed(office, alert, "sending", NOTICE, as_="signatory")
    assert (sent.json["state"], sent.json["told_at"]) == ("sent", sent.json["sent_at"])
    contested = changed(office, alert, "appeal", {"body": "Council of State"})
    assert contested.json["appeal"]["lodged_on"] == "2026-11-02"
    assert len(office.get("/alerts").json["items"]) == 1
    ended = changed(office, alert, "end", {"revoked_on": "2026-11-02"})
    assert ended.json["state"] == "over"
    turn(runtime)
    gone = office.get(f"/alerts/{alert.json['id']}")
    assert (gone.status_code, gone.json["code"]) == (404, "alert_not_found")


def test_a_suspicion_is_no_ground(office):
    answer = office.post("/alerts", ALERT | {"ground": "fraud_suspected"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/ground"
    forged = ALERT | {"ground": "forged_papers", "scope": None, "period": None}
    answer = office.post("/alerts", forged)
    assert {each["pointer"] for each in answer.json["errors"]} == {
        "/request",
        "/authority/is_court",
        "/final_on",
    }


def test_a_last_day_and_a_revocation_exclude_each_other(office, alert):
    body = {"until": "2027-01-01", "revoked_on": "2026-11-02"}
    answer = changed(office, alert, "end", body)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/until"


def test_lists_are_for_who_may_read_them(office, office_of, alert):
    changed(office, alert, "sending", NOTICE, as_="signatory")
    nurses = office_of("fr-nurses-demo")
    assert nurses.get("/alerts").json["items"] == []
    assert nurses.get("/alerts?view=received").json["items"] == []
    assert office.get("/alerts?view=overdue").json["items"] == []
    assert office.get("/alerts?view=all").status_code == 422
