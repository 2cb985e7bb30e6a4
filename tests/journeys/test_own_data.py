"""What a person may demand: all that is held, a correction, erasure with a proof."""

import pytest

from tests.journeys.office import a_partial_decision, a_technician, verify

BORN = "1997-01-21"
API = "/api/v1"


@pytest.fixture
def office(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def case(office):
    body = a_technician()
    body["applicant"] |= {"email": "yassine@example.org"}
    return office.post("/recognition-requests", body).json


@pytest.fixture
def decided(office, case):
    office.decide(case["id"], a_partial_decision())
    return office.sign(case["id"]).json


def opened(office, client, case):
    path = f"/recognition-requests/{case['id']}/claim-codes"
    code = office.post(path, {}).json["claim_code"]
    body = {"claim_code": code, "birth_date": BORN}
    return client.post(f"{API}/claims", json=body).json


class Holder:
    """Calls the service with the token of a claim."""

    def __init__(self, office, client, case):
        self.client = client
        token = opened(office, client, case)["token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def export(self):
        answer = self.client.get(f"{API}/claims/export", headers=self.headers)
        assert answer.status_code == 200, answer.json
        return answer.json

    def post(self, path, body):
        return self.client.post(f"{API}/claims/{path}", json=body, headers=self.headers)


def step(office, case, name, **members):
    path = f"/recognition-requests/{case['id']}/steps"
    return office.post(path, {"step": name, **members})


def test_one_document_holds_everything_about_the_case(office, client, decided):
    told = Holder(office, client, decided).export()
    assert told["authority"]["id"] == "be-fr-demo"
    assert told["person"]["email"] == "yassine@example.org"
    assert told["person"]["other_names"][0]["name"] == "ياسين العمراني"
    (decision,) = told["decisions"]
    assert decision["record"]["findings"]["text"] == {"en": "Two years are recognised."}
    (attestation,) = told["attestations"]
    assert verify(client, attestation["token"])["verdict"] == "valid_with_conditions"
    assert told["progress"]["status"] == "decided"
    assert told["retention"]["is_held"] is False


def test_without_the_token_of_a_claim_nothing_is_told(client):
    for method, path, body in (
        ("GET", "export", None),
        ("POST", "rectifications", {"member": "email", "value": "a@example.org"}),
        ("POST", "erasure", {}),
    ):
        answer = client.open(f"{API}/claims/{path}", method=method, json=body)
        assert (answer.status_code, answer.json["code"]) == (
            401,
            "claim_token_invalid",
        )


def test_a_suspicion_of_fraud_is_not_exported(office, client, case):
    step(office, case, "fraud_suspected", text="The seal looks copied.")
    told = Holder(office, client, case).export()
    assert told["progress"]["status"] == "assessing"
    assert "fraud" not in str(told)
    assert "seal" not in str(told)


def test_the_person_learns_which_role_read_the_case_and_when(office, client, case):
    path = f"/recognition-requests/{case['id']}"
    office.get(path)
    office.get(path)
    office.get(path, as_="signatory")
    readings = opened(office, client, case)["readings"]
    assert sorted(each["roles"] for each in readings) == [["officer"], ["signatory"]]
    assert {each["authority"] for each in readings} == {"be-fr-demo"}
    assert "Bruno" not in str(readings)
    assert Holder(office, client, case).export()["readings"] == readings


def test_a_correction_is_asked_for_and_answered_by_a_step(office, client, case):
    holder = Holder(office, client, case)
    asked = holder.post("rectifications", {"member": "given_name", "value": "Yacine"})
    assert asked.status_code == 202, asked.json
    (rectification,) = asked.json["rectifications"]
    assert rectification["result"] is None
    answered = step(
        office,
        case,
        "rectification_answered",
        rectification=rectification["id"],
        result="corrected",
        text="As your passport says.",
    )
    assert answered.status_code == 200, answered.json
    assert answered.json["applicant"]["given_name"] == "Yacine"
    assert answered.json["rectifications"][0]["answer"] == "As your passport says."
    again = step(
        office,
        case,
        "rectification_answered",
        rectification=rectification["id"],
        result="refused",
        text="No.",
    )
    assert again.status_code == 422
    assert again.json["errors"][0]["code"] == "not_asked"


def test_a_birth_date_is_corrected_to_a_date(office, client, case):
    holder = Holder(office, client, case)
    wrong = holder.post("rectifications", {"member": "birth_date", "value": "1997"})
    assert (wrong.status_code, wrong.json["code"]) == (422, "rectification_invalid")
    body = {"member": "birth_date", "value": "1997-01-22"}
    (asked,) = holder.post("rectifications", body).json["rectifications"]
    answered = step(
        office,
        case,
        "rectification_answered",
        rectification=asked["id"],
        result="corrected",
        text="Corrected.",
    )
    assert answered.json["applicant"]["birth_date"] == "1997-01-22"


def test_nothing_of_an_open_case_is_erased(office, client, case):
    answer = Holder(office, client, case).post("erasure", {})
    assert (answer.status_code, answer.json["code"]) == (409, "case_open")


def test_nothing_is_erased_under_a_legal_hold(office, client, decided):
    of = f"/recognition-requests/{decided['id']}"
    held = office.change(f"{of}/legal-hold", {"reason": "A claim"}, of=of)
    assert held.json["legal_hold"] == "A claim"
    answer = Holder(office, client, decided).post("erasure", {})
    assert (answer.status_code, answer.json["code"]) == (409, "legal_hold")
    office.change(f"{of}/legal-hold", {"reason": None}, of=of)
    assert Holder(office, client, decided).post("erasure", {}).status_code == 200


def test_erasure_leaves_a_proof_and_a_valid_attestation(office, client, decided):
    holder = Holder(office, client, decided)
    done = holder.post("erasure", {})
    assert done.status_code == 200, done.json
    assert done.json["erased"] == {"papers": 0, "members": ["email", "other_names"]}
    assert [each["code"] for each in done.json["kept"]] == [
        "outcome",
        "attestations",
        "alerts",
        "audit",
    ]
    assert all(each["text"] and each["article"] for each in done.json["kept"])
    proof = done.json["proof"]
    report = verify(client, proof["attestations"][0]["token"])
    assert report["verdict"] == "valid_with_conditions"
    assert (
        proof["decisions"][0]["decision_digest"]
        == (report["recognition"]["decision_digest"])
    )
    blocked = office.get(f"/recognition-requests/{decided['id']}")
    assert (blocked.status_code, blocked.json["code"]) == (403, "case_blocked")
    papers = office.get(f"/recognition-requests/{decided['id']}/papers")
    assert papers.json["code"] == "case_blocked"
    told = holder.export()
    assert (told["person"]["email"], told["person"]["other_names"]) == (None, [])
    assert told["retention"]["blocked_at"] is not None
    assert holder.post("erasure", {}).json["erased"]["members"] == []


def test_who_wants_the_attestation_withdrawn_too_gets_that(office, client, decided):
    body = {"withdraw_attestations": True, "with_proof": False}
    done = Holder(office, client, decided).post("erasure", body).json
    assert done["proof"] is None
    (attestation,) = done["attestations"]
    assert attestation["status"] == "revoked"
    token = office.token(attestation["id"])
    assert verify(client, token)["verdict"] == "not_valid"


def test_an_answer_that_comes_after_the_erasure_is_still_taken(
    office, office_of, client, decided
):
    peer = office_of("be-fl-demo")
    asked = ["awarded", "same_person"]
    body = {"kind": "award_verification", "to": "be-fl-demo", "questions": asked}
    made = office.post("/mutual-requests", body | {"case": decided["id"]})
    assert made.status_code == 201, made.json
    of = f"/mutual-requests/{made.json['id']}"
    assert peer.change(f"{of}/acceptance", {}, of=of).status_code == 200
    assert Holder(office, client, decided).post("erasure", {}).status_code == 200
    answers = {"questions": [{"id": each, "answer": "yes"} for each in asked]}
    answered = peer.change(f"{of}/answer", answers, of=of)
    assert answered.status_code == 200, answered.json
