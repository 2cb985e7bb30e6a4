"""Ilze's Latvian degree in Flanders: the treaty decides, nobody opens a case."""

import jwt
import pytest
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey

from tests.journeys.office import (
    a_bachelor,
    a_partial_decision,
    a_technician,
    verify,
)


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def decided(flanders):
    answer = flanders.post("/recognition-requests", a_bachelor())
    assert answer.status_code == 201, answer.json
    return answer


def test_the_request_is_decided_at_once_and_has_no_number(decided):
    body = decided.json
    assert (body["status"], body["procedure"]) == ("decided", "none")
    assert body["number"] is None
    assert body["due_on"] is None
    assert body["routing"]["instrument"] == "benelux-baltic-2024"
    reason, path = body["routing"]["reasons"]
    assert (reason["code"], path["code"]) == ("both_parties_in_force", "short_path")
    assert "{" not in reason["text"]
    assert body["equivalence"]["result"] == "treaty_rule"
    decision = body["decision"]
    assert decision["decided_by"] == "rule"
    assert decision["outcome"] == "automatic"
    assert decision["does_not_allow"] == ["regulated_profession", "licence"]
    assert decision["signed"]
    assert decided.headers["Location"].endswith(body["id"])
    assert decided.headers["ETag"].startswith('"')


def test_the_attestation_says_what_the_treaty_gives_and_what_not(decided, flanders):
    attestation = flanders.get(
        f"/attestations/{decided.json['attestation']['id']}"
    ).json
    assert attestation["status"] == "valid"
    assert attestation["target"]["eqf"] == "6"
    assert attestation["target"]["framework"] == "BE-FL-VKS"
    assert "treaty itself" in attestation["legal"]["force"]["en"]
    assert attestation["validity"] == {"from": "2026-11-02", "until": None}
    assert "agreement_titles/benelux-baltic-2024:LV:6:1" in attestation["rows"]
    assert "Bērziņa" not in str(attestation)


def test_an_employer_verifies_it_without_an_account(decided, flanders, client):
    token = flanders.token(decided.json["attestation"]["id"])
    report = verify(client, token)
    assert (report["verdict"], report["code"]) == ("valid", "valid")
    assert report["holder"]["family_name"] == "Bērziņa"
    assert report["issuer"]["registered_name"].endswith("(example)")
    assert {check["id"]: check["outcome"] for check in report["checks"]} == {
        "form": "passed",
        "algorithm": "passed",
        "issuer_known": "passed",
        "key": "passed",
        "signature": "passed",
        "dates": "passed",
        "mandate": "passed",
        "status": "passed",
        "schema": "passed",
        "joint": "not_performed",
        "holder_binding": "not_performed",
        "seal": "not_performed",
    }
    raw = client.post(
        "/api/v1/verifications", data=token, content_type="application/vc+jwt"
    )
    assert raw.json["verdict"] == "valid"


def test_strangers_verify_it_with_what_the_issuer_publishes(decided, flanders, client):
    token = flanders.token(decided.json["attestation"]["id"])
    kid = jwt.get_unverified_header(token)["kid"]
    issuer, _, _ = kid.partition("#")
    document = client.get(issuer.removeprefix("https://recognition.example")).json
    (method,) = [m for m in document["verificationMethod"] if m["id"] == kid]
    assert kid in document["assertionMethod"]
    key = jwt.PyJWK(method["publicKeyJwk"], algorithm="ES256").key
    claims = jwt.decode(  # noqa: TID251  # as a stranger would
        token, key, algorithms=["ES256"]
    )
    assert claims["issuer"]["id"] == issuer
    strange = ECKey.import_key(
        {name: method["publicKeyJwk"][name] for name in ("kty", "crv", "x", "y")}
    )
    assert joserfc_jws.deserialize_compact(token, strange, algorithms=["ES256"])


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ({"authenticity": {"grade": "scan"}}, "authenticity_not_confirmed"),
        ({"institution_status": None}, "institution_status_not_established"),
    ],
)
def test_without_proof_about_the_person_a_case_is_opened(flanders, held, reason):
    body = flanders.post("/recognition-requests", a_bachelor(held=held)).json
    assert (body["status"], body["procedure"]) == ("submitted", "case")
    assert body["number"] == "REC-2026-000001"
    assert body["decision"] is None
    assert body["attestation"] is None
    reasons = body["routing"]["reasons"]
    codes = [item["code"] for item in reasons]
    assert codes[:2] == ["no_special_regime", reason]
    assert "decision_kind_not_by_rule" not in codes
    assert all(item["text"] for item in reasons)


def test_confirmation_by_the_university_lets_the_rule_decide_later(flanders):
    case = flanders.post(
        "/recognition-requests", a_bachelor(held={"authenticity": {"grade": "scan"}})
    ).json
    answer = flanders.post(
        f"/recognition-requests/{case['id']}/evidence",
        {"authenticity": {"grade": "confirmed_by_issuer"}},
    )
    assert answer.status_code == 200, answer.json
    assert answer.json["status"] == "decided"
    assert answer.json["decision"]["decided_by"] == "rule"
    established = answer.json["held_qualifications"][0]["authenticity"]
    assert established["established_by"].startswith("person:")
    assert answer.json["number"] == case["number"]


def test_the_same_request_twice_has_the_effect_of_one(flanders):
    first, second = (
        flanders.post(
            "/recognition-requests", a_bachelor(), **{"Idempotency-Key": "k-1"}
        )
        for _ in range(2)
    )
    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(flanders.get("/attestations").json["items"]) == 1


def test_after_the_standing_order_ended_nothing_is_decided_by_rule(flanders):
    ended = flanders.call("PUT", "/standing-orders/benelux-baltic-2024/end", {})
    assert ended.json["in_force"] is False
    body = flanders.post("/recognition-requests", a_bachelor()).json
    assert body["status"] == "submitted"
    assert "no_standing_order" in [r["code"] for r in body["routing"]["reasons"]]


def test_a_standing_order_needs_two_people(flanders):
    order = "/standing-orders/benelux-baltic-2024"
    proposed = flanders.call("PUT", order, {"note": "Again"})
    assert proposed.json["in_force"] is False
    assert flanders.call("PUT", f"{order}/approval", {}).status_code == 403
    approved = flanders.call("PUT", f"{order}/approval", {}, as_="signatory")
    assert approved.json["in_force"] is True


def test_a_case_tells_which_agreement_stands_between_both_sides(flanders):
    titled = {"qualification": None, "title": "Cits diploms"}
    body = flanders.post("/recognition-requests", a_bachelor(held=titled)).json
    (told,) = [
        each
        for each in body["routing"]["reasons"]
        if each["code"] == "agreement_applies"
    ]
    assert "Automatic Recognition of Higher Education Qualifications" in told["text"]
    elsewhere = titled | {"origin": "JP"}
    other = flanders.post("/recognition-requests", a_bachelor(held=elsewhere)).json
    codes = {each["code"] for each in other["routing"]["reasons"]}
    assert "agreement_applies" not in codes


def test_an_attestation_ends_with_what_it_rests_on(flanders, client):
    held = {"valid_until": "2027-01-31"}
    body = flanders.post("/recognition-requests", a_bachelor(held=held)).json
    assert body["status"] == "decided", body
    attestation = body["attestation"]["id"]
    seen = flanders.get(f"/attestations/{attestation}").json
    assert seen["validity"] == {"from": "2026-11-02", "until": "2027-01-31"}
    token = flanders.token(attestation)
    assert verify(client, token)["verdict"] == "valid"
    later = verify(client, token, at="2027-02-01")
    assert later["verdict"] != "valid"
    assert flanders.get(f"/attestations/{attestation}/replay").json["match"] is True


def test_what_has_ended_is_decided_by_no_rule(flanders):
    held = {"valid_until": "2026-11-01"}
    body = flanders.post("/recognition-requests", a_bachelor(held=held)).json
    assert body["status"] == "submitted"
    codes = [each["code"] for each in body["routing"]["reasons"]]
    assert "held_qualification_expired" in codes


def test_a_decision_holds_no_longer_than_what_it_rests_on(office_of):
    office = office_of("be-fr-demo")
    request = a_technician()
    request["held_qualifications"][0]["valid_until"] = "2027-06-30"
    case = office.post("/recognition-requests", request).json["id"]
    office.decide(case, a_partial_decision(valid_until="2028-01-01"))
    attestation = office.sign(case).json["attestation"]["id"]
    found = office.get(f"/attestations/{attestation}").json
    assert found["validity"]["until"] == "2027-06-30"
