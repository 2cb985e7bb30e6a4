"""Yassine's Moroccan diploma: an officer decides, another person signs."""

import pytest

from tests.journeys.office import (
    REMEDY,
    a_partial_decision,
    a_technician,
    verify,
)


@pytest.fixture
def community(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def case(community):
    answer = community.post("/recognition-requests", a_technician())
    assert answer.status_code == 201, answer.json
    return answer.json


@pytest.fixture
def attested(community, case):
    community.decide(case["id"], a_partial_decision())
    signed = community.sign(case["id"])
    assert signed.status_code == 200, signed.json
    return signed.json


def test_the_tables_give_no_answer_and_say_why(case):
    equivalence = case["equivalence"]
    assert (equivalence["result"], equivalence["no_answer"]) == ("none", "not_linked")
    assert equivalence["held"]["code"] == "5"
    assert equivalence["held"]["caveat"] == "technical_grid_not_adopted"
    assert case["number"] == "REC-2026-000001"
    assert case["routing"]["regime"] == "neutral"


def test_the_decision_is_attested_with_its_limits(community, attested, client):
    assert attested["status"] == "decided"
    report = verify(client, community.token(attested["attestation"]["id"]))
    assert report["verdict"] == "valid_with_conditions"
    recognition = report["recognition"]
    assert recognition["outcome"] == "partial"
    assert report["holder"]["family_name"] == "El Amrani"


@pytest.mark.parametrize(
    ("missing", "pointer"),
    [("text", "/text"), ("differences", "/differences"), ("remedy", "/remedy")],
)
def test_a_decision_without_its_mandatory_contents_is_refused(
    community, case, missing, pointer
):
    decision = a_partial_decision()
    del decision[missing]
    answer = community.decide(case["id"], decision)
    assert answer.status_code == 422
    assert answer.json["code"] == "decision_contents_missing"
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_each_difference_says_why_it_matters(community, case):
    decision = a_partial_decision(differences=[{"subject": "Final project"}])
    answer = community.decide(case["id"], decision)
    assert [error["pointer"] for error in answer.json["errors"]] == [
        "/differences/0/why_essential",
        "/differences/0/why_not_covered",
    ]


def test_the_officer_cannot_sign(community, case):
    community.decide(case["id"], a_partial_decision())
    assert community.sign(case["id"], as_="officer").json["code"] == "role_missing"


def test_nobody_signs_what_nobody_prepared(community, case):
    answer = community.sign(case["id"])
    assert (answer.status_code, answer.json["code"]) == (404, "decision_not_found")


def test_what_was_changed_after_it_was_read_is_not_signed(community, case):
    of = f"/recognition-requests/{case['id']}"
    community.decide(case["id"], a_partial_decision())
    etag = community.get(of).headers["ETag"]
    community.decide(case["id"], a_partial_decision(text={"en": "Other words."}))
    answer = community.call(
        "PUT", f"{of}/decision/signature", {}, as_="signatory", **{"If-Match": etag}
    )
    assert answer.status_code == 412


def test_a_change_needs_the_version_that_was_read(community, case):
    path = f"/recognition-requests/{case['id']}/decision"
    answer = community.call("PUT", path, a_partial_decision())
    assert answer.status_code == 428


def test_a_decided_case_is_not_decided_again(community, case, attested):
    again = community.decide(case["id"], a_partial_decision())
    assert (again.status_code, again.json["code"]) == (409, "transition_not_allowed")
    assert "decision_prepared" not in again.json["allowed"]
    assert community.sign(case["id"]).status_code == 409
    assert attested["decision"]["signed"]


def test_a_refusal_is_signed_but_not_attested(community, case):
    community.decide(
        case["id"],
        a_partial_decision(
            outcome="refused", later_possibilities={"en": "Finish the third year."}
        ),
    )
    signed = community.sign(case["id"]).json
    assert signed["status"] == "decided"
    assert signed["decision"]["outcome"] == "refused"
    assert signed["attestation"] is None


def test_a_withdrawn_case_is_over(community, case):
    of = f"/recognition-requests/{case['id']}"
    assert community.change(f"{of}/withdrawal", {}, of=of).json["status"] == "withdrawn"
    assert community.decide(case["id"], a_partial_decision()).status_code == 409


def test_the_authority_needs_a_mandate_for_what_it_decides(office_of):
    nurses = office_of("fr-nurses-demo")
    case = nurses.post(
        "/recognition-requests",
        a_technician() | {"destination": {"jurisdiction": "FR"}},
    ).json
    nurses.decide(case["id"], a_partial_decision())
    answer = nurses.sign(case["id"])
    assert (answer.status_code, answer.json["code"]) == (403, "mandate_missing")
    unsigned = nurses.get(f"/recognition-requests/{case['id']}").json
    assert (unsigned["status"], unsigned["decision"]["signed"]) == (
        "decision_prepared",
        False,
    )
    assert nurses.get("/attestations").json["items"] == []


def test_another_destination_is_not_for_this_authority(community):
    answer = community.post(
        "/recognition-requests",
        a_technician() | {"destination": {"jurisdiction": "NL"}},
    )
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/destination/jurisdiction"


@pytest.mark.parametrize("status", ["suspended", "revoked"])
def test_what_was_withdrawn_is_no_longer_valid_at_once(
    community, attested, client, status
):
    attestation = attested["attestation"]["id"]
    changed = community.call(
        "PUT",
        f"/attestations/{attestation}/status",
        {"status": status, "reason": "award_withdrawn", "note": "Letter of 2 Nov."},
    )
    assert (changed.status_code, changed.json["status"]) == (200, status)
    report = verify(client, community.token(attestation))
    assert (report["verdict"], report["code"]) == ("not_valid", status)
    assert "Letter" not in str(report)


def test_revocation_is_final_and_suspension_is_not(community, attested):
    path = f"/attestations/{attested['attestation']['id']}/status"

    def put(status):
        return community.call("PUT", path, {"status": status, "reason": "error"})

    assert put("suspended").json["status"] == "suspended"
    assert put("valid").json["status"] == "valid"
    assert put("revoked").json["status"] == "revoked"
    assert put("revoked").status_code == 200
    refused = put("valid")
    assert (refused.status_code, refused.json["allowed"]) == (409, [])


def test_replay_computes_the_same_digest(community, attested):
    attestation = attested["attestation"]["id"]
    replayed = community.get(f"/attestations/{attestation}/replay").json
    assert replayed["match"] is True
    assert replayed["recomputed_digest"] == replayed["decision_digest"]
    assert replayed["decision_digest"] == attested["decision"]["decision_digest"]
    assert replayed["differences"] == []


def test_the_applicant_collects_with_a_code_and_a_birth_date(
    community, attested, client
):
    code = community.post(
        f"/recognition-requests/{attested['id']}/claim-codes", {}
    ).json["claim_code"]
    claim = {"claim_code": code.lower().replace("-", " "), "birth_date": "1997-01-21"}
    opened = client.post("/api/v1/claims", json=claim).json
    assert opened["case"]["status"] == "decided"
    assert opened["case"]["remedy"]["body"] == REMEDY["body"]
    (listed,) = opened["attestations"]
    path = listed["vc_jwt"].removeprefix("https://recognition.example")
    fetched = client.get(path, headers={"Authorization": f"Bearer {opened['token']}"})
    assert fetched.get_data(as_text=True) == community.token(listed["id"])
    assert client.get(path).status_code == 401


def test_five_wrong_birth_dates_lock_the_code(community, attested, client):
    code = community.post(
        f"/recognition-requests/{attested['id']}/claim-codes", {}
    ).json["claim_code"]

    def attempt(birth_date):
        return client.post(
            "/api/v1/claims", json={"claim_code": code, "birth_date": birth_date}
        )

    assert [attempt("1990-01-01").status_code for _ in range(5)] == [404] * 5
    locked = attempt("1997-01-21")
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) > 0
