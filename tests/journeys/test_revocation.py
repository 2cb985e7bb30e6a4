"""Revoking a decision: by two people, with reasons and a remedy, and open to appeal."""

import pytest

from tests.journeys.office import (
    REMEDY,
    a_partial_decision,
    a_technician,
    verify,
)

REVOCATION = {
    "ground": "award_withdrawn",
    "legal_basis": ["Decree of 28 June 2013, article 15"],
    "remedy": REMEDY,
    "text": {"en": "The institute has withdrawn the diploma."},
}


@pytest.fixture
def office(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def case(office):
    made = office.post("/recognition-requests", a_technician()).json["id"]
    office.decide(made, a_partial_decision())
    return office.sign(made).json


def put(office, case, act, body, **more):
    of = f"/recognition-requests/{case['id']}"
    return office.change(f"{of}/{act}", body, of=of, **more)


def test_a_revocation_ends_the_attestation_at_once(office, case, client):
    token = office.token(case["attestation"]["id"])
    assert verify(client, token)["verdict"] == "valid_with_conditions"
    prepared = put(office, case, "revocation", REVOCATION)
    assert prepared.json["revocation"]["signed"] is False
    assert verify(client, token)["verdict"] == "valid_with_conditions"
    signed = put(office, case, "revocation/signature", {}, as_="signatory")
    assert signed.status_code == 200, signed.json
    told = signed.json["revocation"]
    assert (told["ground"], told["decided_on"]) == ("award_withdrawn", "2026-11-02")
    assert told["decision_digest"].startswith("sha256-")
    event = signed.json["history"][-1]
    assert (event["event"], event["legal_basis"]) == (
        "revoked",
        "Decree of 28 June 2013, article 15",
    )
    attestation = office.get(f"/attestations/{case['attestation']['id']}").json
    assert (attestation["status"], attestation["status_reason"]) == (
        "revoked",
        "award_withdrawn",
    )
    report = verify(client, token)
    assert (report["verdict"], report["code"]) == ("not_valid", "revoked")
    again = put(office, case, "revocation", REVOCATION)
    assert (again.status_code, again.json["code"]) == (409, "revocation_not_open")


@pytest.mark.parametrize("member", ["ground", "legal_basis", "remedy", "text"])
def test_it_says_why_by_what_law_and_how_to_appeal(office, case, member):
    body = {name: value for name, value in REVOCATION.items() if name != member}
    answer = put(office, case, "revocation", body)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json["errors"]] == [f"/{member}"]


def test_the_wish_of_the_person_is_no_ground(office, case):
    answer = put(office, case, "revocation", REVOCATION | {"ground": "holder_request"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/ground"


def test_nothing_that_was_not_granted_is_revoked(office):
    made = office.post("/recognition-requests", a_technician()).json
    answer = put(office, made, "revocation", REVOCATION)
    assert (answer.status_code, answer.json["code"]) == (409, "revocation_not_open")


def test_nobody_signs_what_was_not_prepared(office, case):
    answer = put(office, case, "revocation/signature", {}, as_="signatory")
    assert (answer.status_code, answer.json["code"]) == (404, "decision_not_found")


def test_an_appeal_is_open_against_it(office, case):
    lodging = {"against": "revocation", "body": REMEDY["body"]}
    too_early = put(office, case, "appeal", lodging)
    assert (too_early.status_code, too_early.json["code"]) == (409, "appeal_not_open")
    put(office, case, "revocation", REVOCATION)
    put(office, case, "revocation/signature", {}, as_="signatory")
    lodged = put(office, case, "appeal", lodging)
    assert lodged.status_code == 200, lodged.json
    assert (lodged.json["status"], lodged.json["appeals"][0]["against"]) == (
        "decided",
        "revocation",
    )
    decided = put(office, case, "appeal/decision", {"result": "upheld"})
    assert decided.json["appeals"][0]["result"] == "upheld"
