"""A centre in Flanders asks a university in Riga, and both keep the conversation."""

import pytest

from tests.journeys.bodies import a_university
from tests.journeys.office import a_bachelor

PATH = "/mutual-requests"
ALL_YES = {
    "awarded": "yes",
    "awarded_on_that_date": "yes",
    "award_date": "2019-06-28",
    "accredited_at_award": "yes",
    "same_person": "yes",
    "revoked_since": "no",
    "programme_delivered": "yes",
}


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def university(app, runtime):
    return a_university(app, runtime)


def a_case(office):
    """Ilze's case: nothing was established about her diploma yet."""
    held = {"authenticity": {"grade": "scan"}, "institution_status": None}
    case = office.post("/recognition-requests", a_bachelor(held=held)).json
    assert case["status"] == "submitted"
    return case["id"]


def a_verification(case=None, **more):
    return {
        "kind": "award_verification",
        "to": {"authority": "lv-university"},
        "case": case,
        "proposed_answer_by": "2026-12-01",
    } | more


def sent(office, body):
    answer = office.post(PATH, body)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def do(office, request_id, act, body=None):
    """PUT an act with the version that was just read."""
    of = f"{PATH}/{request_id}"
    return office.change(f"{of}/{act}", body or {}, of=of)


def answers(given=None):
    found = ALL_YES if given is None else given
    return {"questions": [{"id": key, "answer": found[key]} for key in found]}


def test_a_university_confirms_and_the_treaty_decides(flanders, university):
    case = a_case(flanders)
    asked = flanders.post(PATH, a_verification(case))
    assert asked.status_code == 201, asked.json
    request_id = asked.json["id"]
    assert asked.json["status"] == "sent"
    (incoming,) = university.get(f"{PATH}?box=in").json["items"]
    assert (incoming["id"], incoming["case"]) == (request_id, None)
    seen = university.get(f"{PATH}/{request_id}").json
    assert seen["about"]["person"]["family_name"] == "Bērziņa"
    assert seen["questions"][0]["text"] == "Was the award made as described?"
    accepted = do(university, request_id, "acceptance")
    assert accepted.json["agreed_answer_by"] == "2026-12-01"
    answered = do(university, request_id, "answer", answers())
    assert (answered.status_code, answered.json["status"]) == (200, "answered")
    decided = flanders.get(f"/recognition-requests/{case}").json
    assert decided["status"] == "decided", decided["routing"]
    assert decided["decision"]["decided_by"] == "rule"
    assert decided["attestation"]["href"]
