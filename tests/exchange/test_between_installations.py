"""The same conversation as within one installation, between two."""

from tests.exchange.two import carry
from tests.journeys.office import a_bachelor
from tests.journeys.test_mutual_requests import ALL_YES, PATH, answers, do


def a_case(office):
    held = {"authenticity": {"grade": "scan"}, "institution_status": None}
    case = office.post("/recognition-requests", a_bachelor(held=held)).json
    return case["id"]


def ask(office, case=None, **more):
    body = {
        "kind": "award_verification",
        "to": {"authority": "lv-university", "installation": "riga"},
        "case": case,
        "proposed_answer_by": "2026-12-01",
    } | more
    answer = office.post(PATH, body)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def seen(office, request_id):
    answer = office.get(f"{PATH}/{request_id}")
    assert answer.status_code == 200, answer.json
    return answer.json


def history(document):
    return [
        (event["message"]["sequence"], event["event"], event["message"]["jti"])
        for event in document["history"]
    ]


def test_a_university_elsewhere_confirms_and_the_file_says_so(flanders, riga, wire):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    case = a_case(centre)
    request_id = ask(centre, case)
    assert seen(centre, request_id)["to"] == {
        "authority": "lv-university",
        "installation": "riga",
    }
    assert university.get(f"{PATH}?box=in").json["items"] == []
    carry(wire, flanders, riga)
    (incoming,) = university.get(f"{PATH}?box=in").json["items"]
    assert (incoming["id"], incoming["from"]) == (request_id, "be-fl-demo@flanders")
    asked = seen(university, request_id)
    assert asked["about"]["person"]["family_name"] == "Bērziņa"
    assert asked["case"] is None
    accepted = do(university, request_id, "acceptance")
    assert accepted.status_code == 200, accepted.json
    assert accepted.json["status"] == "sent"
    assert accepted.json["exchange"]["pending"]["act"] == "accept"
    carry(wire, flanders, riga)
    assert seen(university, request_id)["status"] == "accepted"
    assert seen(university, request_id)["exchange"] is None
    assert seen(centre, request_id)["agreed_answer_by"] == "2026-12-01"
    answered = do(university, request_id, "answer", answers(ALL_YES))
    assert answered.status_code == 200, answered.json
    carry(wire, flanders, riga)
    file = centre.get(f"/recognition-requests/{case}").json
    proof = file["held_qualifications"][0]["authenticity"]
    assert proof["grade"] == "confirmed_by_issuer"
    assert proof["established_by"] == "authority:lv-university@riga"
    assert do(centre, request_id, "closure").json["status"] == "closed"
    carry(wire, flanders, riga)
    here, there = seen(centre, request_id), seen(university, request_id)
    assert (here["status"], there["status"]) == ("closed", "closed")
    assert history(here) == history(there)
    assert [name for _, name, _ in history(there)] == [
        "sent",
        "accepted",
        "answered",
        "closed",
    ]
    assert there["history"][1]["actor"].startswith("person:")
    assert here["history"][1]["actor"] is None
