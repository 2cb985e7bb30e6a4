"""Yassine's case step by step under the neutral rules."""

import pytest

from tests.journeys.office import REMEDY, a_partial_decision, a_technician, verify


@pytest.fixture
def community(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def case(community):
    answer = community.post("/recognition-requests", a_technician())
    assert answer.status_code == 201, answer.json
    return answer.json


def step(office, case, name, **members):
    path = f"/recognition-requests/{case['id']}/steps"
    return office.post(path, {"step": name, **members})


def taken(office, case, name, **members):
    answer = step(office, case, name, **members)
    assert answer.status_code == 200, answer.json
    return answer.json


def a_conditional_decision(**changes):
    return {
        **a_partial_decision(),
        "outcome": "conditional",
        "decision_kind": "equivalence_finding",
        "measures": [
            {"code": "aptitude_test", "text": {"en": "A test in the final project."}},
            {"code": "adaptation_period", "max_months": 12},
        ],
    } | changes


def test_the_case_tells_what_can_be_done_next(case):
    assert case["time_limits"] == []
    assert "acknowledged" in case["next_steps"]
    assert "measure_begun" not in case["next_steps"]


def test_a_case_goes_from_receipt_to_assessment(community, case):
    seen = [
        taken(community, case, name)["status"]
        for name in ("acknowledged", "completed", "assessment_begun")
    ]
    assert seen == ["acknowledged", "complete", "assessing"]


def test_each_step_tells_who_took_it_when_and_why(community, case):
    told = taken(community, case, "acknowledged", text="Your request is here.")
    event = told["history"][-1]
    assert event["event"] == "acknowledged"
    assert event["text"] == "Your request is here."
    assert event["legal_basis"] == "neutral"
    assert event["by"].startswith("person:")


@pytest.mark.parametrize(
    ("name", "members", "fault"),
    [
        (
            "documents_requested",
            {"text": "Please.", "answer_by": "2026-12-01"},
            ("/papers", "required"),
        ),
        ("acknowledged", {"limit": "decide"}, ("/limit", "not_for_this_step")),
        (
            "information_requested",
            {"text": "Please.", "answer_by": "2026-11-01"},
            ("/answer_by", "date_not_in_future"),
        ),
        ("completed", {"on": "2026-10-30"}, ("/on", "before_the_request")),
    ],
)
def test_a_step_that_does_not_fit_names_the_member(
    community, case, name, members, fault
):
    answer = step(community, case, name, **members)
    assert answer.status_code == 422, answer.json
    (told,) = answer.json["errors"]
    assert (told["pointer"], told["code"]) == fault


def test_a_step_that_cannot_follow_names_what_can(community, case):
    answer = step(community, case, "measure_begun", on="2026-11-02")
    assert (answer.status_code, answer.json["code"]) == (409, "transition_not_allowed")
    assert "acknowledged" in answer.json["allowed"]
    assert "measure_running" not in answer.json["allowed"]


def test_what_no_step_is_called_is_refused(community, case):
    answer = step(community, case, "decided")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/step"


def test_a_measure_leads_to_another_decision_that_replaces_the_first(
    community, case, client
):
    community.decide(case["id"], a_conditional_decision())
    first = community.sign(case["id"]).json["attestation"]["id"]
    assert verify(client, community.token(first))["verdict"] == "valid_with_conditions"
    taken(
        community,
        case,
        "measure_chosen",
        measure="aptitude_test",
        chosen_by="applicant",
    )
    taken(community, case, "measure_begun", on="2026-11-02")
    passed = taken(community, case, "measure_passed", on="2026-11-02")
    assert passed["measures_taken"] == [
        {
            "measure": "aptitude_test",
            "chosen_by": "applicant",
            "attempt": 1,
            "begun_on": "2026-11-02",
            "ends_on": None,
            "result": "passed",
            "result_on": "2026-11-02",
        }
    ]
    full = a_partial_decision(outcome="full", differences=[], limitations=[])
    assert community.decide(case["id"], full).status_code == 200
    signed = community.sign(case["id"]).json
    assert [each["outcome"] for each in signed["earlier_decisions"]] == ["conditional"]
    second = signed["attestation"]["id"]
    assert second != first
    old = community.get(f"/attestations/{first}").json
    assert (old["status"], old["superseded_by"]) == ("superseded", second)
    assert verify(client, community.token(second))["verdict"] == "valid"


def test_a_final_refusal_takes_the_conditional_attestation_back(community, case):
    community.decide(case["id"], a_conditional_decision())
    first = community.sign(case["id"]).json["attestation"]["id"]
    taken(
        community,
        case,
        "measure_chosen",
        measure="aptitude_test",
        chosen_by="applicant",
    )
    taken(community, case, "measure_begun", on="2026-11-02")
    taken(community, case, "measure_failed", on="2026-11-02", text="Not passed.")
    refusal = a_partial_decision(
        outcome="refused", later_possibilities={"en": "Apply again after training."}
    )
    community.decide(case["id"], refusal)
    signed = community.sign(case["id"]).json
    assert (signed["decision"]["outcome"], signed["attestation"]) == ("refused", None)
    old = community.get(f"/attestations/{first}").json
    assert (old["status"], old["status_reason"]) == ("revoked", "decision_amended")


def test_only_what_the_decision_names_can_be_chosen_and_by_whom_it_says(
    community, case
):
    decision = a_conditional_decision(
        measures=[{"code": "aptitude_test", "text": {"en": "A test."}}]
    )
    community.decide(case["id"], decision)
    community.sign(case["id"])
    answer = step(
        community,
        case,
        "measure_chosen",
        measure="adaptation_period",
        chosen_by="authority",
    )
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json["errors"]} == {
        "not_in_the_decision",
        "not_theirs_to_choose",
    }


def test_an_appeal_that_is_remitted_leads_to_a_new_decision(community, case):
    of = f"/recognition-requests/{case['id']}"
    community.decide(case["id"], a_partial_decision())
    first = community.sign(case["id"]).json["attestation"]["id"]
    lodged = community.change(
        f"{of}/appeal", {"against": "decision", "body": REMEDY["body"]}, of=of
    )
    assert lodged.json["status"] == "under_appeal"
    assert community.get(f"/attestations/{first}").json["status"] == "valid"
    again = community.change(
        f"{of}/appeal", {"against": "decision", "body": REMEDY["body"]}, of=of
    )
    assert (again.status_code, again.json["code"]) == (409, "appeal_not_open")
    decided = community.change(f"{of}/appeal/decision", {"result": "remitted"}, of=of)
    assert decided.json["status"] == "assessing"
    (appeal,) = decided.json["appeals"]
    assert (appeal["result"], appeal["decided_on"]) == ("remitted", "2026-11-02")


def test_a_suspicion_of_fraud_is_not_shown_to_the_applicant(community, case, client):
    told = taken(community, case, "fraud_suspected", text="The seal looks copied.")
    assert told["status"] == "suspended_fraud"
    code = community.post(f"/recognition-requests/{case['id']}/claim-codes", {}).json[
        "claim_code"
    ]
    claim = {"claim_code": code, "birth_date": "1997-01-21"}
    seen = client.post("/api/v1/claims", json=claim).json["case"]
    assert seen["status"] == "assessing"
    assert "fraud" not in str(seen)
    assert "seal" not in str(seen)
    assert taken(community, case, "fraud_cleared", text="It is genuine.")["status"] == (
        "assessing"
    )


def test_a_decided_case_offers_nothing_that_only_an_open_one_can_do(community, case):
    community.decide(case["id"], a_partial_decision())
    decided = community.sign(case["id"]).json
    assert decided["next_steps"] == ["reopened", "stage_changed"]
    answer = step(community, case, "assessment_begun")
    assert (answer.status_code, answer.json["code"]) == (409, "transition_not_allowed")
