"""Yassine opts in to a rule and out again; the authority learns a reference at most."""

import json

import pytest
from sqlalchemy import select

from recognition_service.delivery.models import EligibilityOptIn, EligibilityRule
from recognition_service.storage.models import AuditEntry
from tests.journeys.office import a_partial_decision, a_technician
from tests.journeys.test_languages import B2, hand_in
from tests.journeys.test_own_data import API, Holder

RULES = "/eligibility-rules"
CRITERIA = {
    "decision_kinds": ["equivalence_finding"],
    "outcomes": ["full", "partial"],
    "destination": "BE-FR",
    "level": {"framework": "EQF", "level": "5"},
}


def a_rule(office, *, purpose="admission", **criteria):
    body = {
        "purpose": purpose,
        "title": {"en": "Technicians for Liège"},
        "criteria": CRITERIA | criteria,
    }
    return office.post(RULES, body)


@pytest.fixture
def office(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def recruiter(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def case(office):
    case = office.post("/recognition-requests", a_technician()).json
    office.decide(case["id"], a_partial_decision())
    return office.sign(case["id"]).json


@pytest.fixture
def holder(office, client, case):
    return Holder(office, client, case)


@pytest.fixture
def rule(recruiter):
    answer = a_rule(recruiter)
    assert answer.status_code == 201, answer.json
    return answer.json


def opted_in(holder, rule, **more):
    answer = holder.post("opt-ins", {"rule": rule["id"]} | more)
    assert answer.status_code == 200, answer.json
    return answer.json


def out(holder, rule):
    return holder.client.delete(
        f"{API}/claims/opt-ins/{rule['id']}", headers=holder.headers
    )


def found(office, rule):
    answer = office.get(f"{RULES}/{rule['id']}/candidates")
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def kept(runtime):
    with runtime.database.reading() as session:
        return list(session.scalars(select(EligibilityOptIn.id)))


def test_anybody_reads_what_a_rule_asks_for(client, rule):
    shown = client.get(f"{API}{RULES}/{rule['id']}").json
    assert shown == rule
    nothing = {"profession": None, "language": None, "age": None}
    assert shown["criteria"] == CRITERIA | nothing
    assert shown["authority"]["is_test"] is True
    assert client.get(f"{API}{RULES}").json == {"items": [rule], "next": None}


def test_nobody_is_a_candidate_without_opting_in(recruiter, case, rule):
    assert case["attestation"] is not None
    assert found(recruiter, rule) == []


def test_who_opted_in_is_a_reference_with_reasons(recruiter, holder, rule):
    mine = opted_in(holder, rule)
    (candidate,) = found(recruiter, rule)
    assert candidate == mine
    assert candidate["fulfils"] == "met"
    assert candidate["criteria"] == {
        "valid": "met",
        "decision_kind": "met",
        "outcome": "met",
        "destination": "met",
        "level": "met",
    }
    assert candidate["name"] is None
    text = json.dumps(candidate)
    for hidden in ("El Amrani", "Yassine", "1997", "be-fr-demo", "REC-", "ATT-"):
        assert hidden not in text


def test_a_name_is_told_if_the_holder_wants_it(recruiter, holder, rule):
    first = opted_in(holder, rule)
    again = opted_in(holder, rule, disclose_name=True)
    assert again["reference"] == first["reference"]
    (candidate,) = found(recruiter, rule)
    assert candidate["name"] == {"family_name": "El Amrani", "given_name": "Yassine"}


def test_opting_out_leaves_nothing(recruiter, holder, rule, runtime):
    reference = opted_in(holder, rule)["reference"]
    assert out(holder, rule).status_code == 204
    assert found(recruiter, rule) == []
    assert kept(runtime) == []
    with runtime.database.reading() as session:
        written = [
            (each.authority_id, each.action, json.dumps(each.content))
            for each in session.scalars(select(AuditEntry))
            if each.action.startswith("eligibility")
        ]
    assert {owner for owner, _, _ in written} == {"be-fl-demo"}
    assert reference not in str(written)
    again = out(holder, rule)
    assert (again.status_code, again.json["code"]) == (404, "opt_in_not_found")


def test_who_does_not_meet_a_criterion_is_told_alone(recruiter, holder):
    rule = a_rule(recruiter, outcomes=["full"]).json
    mine = opted_in(holder, rule)
    assert (mine["fulfils"], mine["criteria"]["outcome"]) == ("not_met", "not_met")
    assert found(recruiter, rule) == []


def test_what_is_not_known_is_not_a_no(recruiter, holder):
    rule = a_rule(recruiter, destination="BE", profession="nurse_general").json
    mine = opted_in(holder, rule)
    assert mine["criteria"]["destination"] == "not_known"
    assert mine["criteria"]["profession"] == "not_known"
    (candidate,) = found(recruiter, rule)
    assert candidate["fulfils"] == "not_known"


def test_a_revoked_attestation_fulfils_nothing(office, recruiter, holder, case, rule):
    opted_in(holder, rule)
    path = f"/attestations/{case['attestation']['id']}/status"
    body = {"status": "revoked", "reason": "error"}
    assert office.call("PUT", path, body).status_code == 200
    assert found(recruiter, rule) == []
    assert opted_in(holder, rule)["criteria"]["valid"] == "not_met"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [({"from": 18, "to": 35}, "met"), ({"to": 28}, "not_met"), ({"from": 29}, "met")],
)
def test_an_age_limits_admission_with_its_legal_basis(
    recruiter, holder, limit, expected
):
    answer = a_rule(recruiter, age={"legal_basis": "Agreement, article 4"} | limit)
    assert answer.status_code == 201, answer.json
    assert opted_in(holder, answer.json)["criteria"]["age"] == expected


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        (
            {"purpose": "recognition", "age": {"to": 35, "legal_basis": "Law"}},
            "/criteria/age",
            "age_in_recognition",
        ),
        ({"age": {"to": 35}}, "/criteria/age/legal_basis", "required"),
        ({"age": {"legal_basis": "Law"}}, "/criteria/age", "required"),
        (
            {"age": {"from": 9, "to": 8, "legal_basis": "Law"}},
            "/criteria/age/to",
            "out_of_order",
        ),
        (
            {"purpose": "recognition", "language": B2},
            "/criteria/language",
            "language_in_recognition",
        ),
        (
            {"language": B2 | {"level": "B3"}},
            "/criteria/language/level",
            "unknown_level",
        ),
        (
            {"language": {"language": "nl", "scale": "JLPT", "level": "N1"}},
            "/criteria/language/level",
            "scale_of_another_language",
        ),
        (
            {"language": B2 | {"scale": "TOEFL"}},
            "/criteria/language/scale",
            "not_in_enum",
        ),
        (
            {"language": B2 | {"language": "Dutch!"}},
            "/criteria/language/language",
            "not_a_language",
        ),
        (
            {"language": {"language": "nl", "scale": "CEFR"}},
            "/criteria/language/level",
            "required",
        ),
        ({"sex": "female"}, "/criteria/sex", "protected_ground"),
        (
            {"purpose": "recognition", "nationality": "MA"},
            "/criteria/nationality",
            "protected_ground",
        ),
        ({"outcomes": ["refused"]}, "/criteria/outcomes/0", "not_in_enum"),
        ({"expression": "True"}, "/criteria/expression", "unknown_member"),
        ({"destination": "Atlantis"}, "/criteria/destination", "unknown_code"),
        ({"profession": "wizard"}, "/criteria/profession", "unknown_code"),
        (
            {"level": {"framework": "EQF", "level": "9"}},
            "/criteria/level/level",
            "unknown_code",
        ),
    ],
)
def test_what_no_rule_may_ask_for_is_refused(recruiter, changes, pointer, code):
    refused = a_rule(recruiter, **changes)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        (pointer, code)
    ]


CONFIRMED = {
    "grade": "confirmed_by_issuer",
    "established_on": "2026-11-02",
    "confirmation": {
        "person": "Registrar",
        "channel": "post",
        "confirmed_on": "2026-11-02",
    },
}


def a_certified(office, case, *, is_confirmed=True, **proof):
    """Hand in a certificate of Dutch, and let the officer ask who issued it."""
    paper = hand_in(office, case, language_proof=B2 | proof)
    if is_confirmed:
        of = f"/recognition-requests/{case['id']}"
        at = f"{of}/papers/{paper['id']}/assessment"
        done = office.change(at, CONFIRMED, of=of)
        assert done.status_code == 200, done.json
    return paper


@pytest.fixture
def asking(recruiter):
    """A rule that asks for Dutch at level B2."""
    answer = a_rule(recruiter, language=B2)
    assert answer.status_code == 201, answer.json
    assert answer.json["criteria"]["language"] == B2
    return answer.json


@pytest.fixture
def open_case(office):
    return office.post("/recognition-requests", a_technician()).json


def attested(office, client, case):
    """Decide a case, and return its holder."""
    office.decide(case["id"], a_partial_decision())
    return Holder(office, client, office.sign(case["id"]).json)


@pytest.fixture
def certified(office, client, open_case):
    """Hand in a certificate, decide, and return the holder."""

    def decided(**proof):
        a_certified(office, open_case, **proof)
        return attested(office, client, open_case)

    return decided


@pytest.mark.parametrize(
    ("proof", "met"),
    [
        ({}, "met"),
        ({"language": "nl-BE"}, "met"),
        ({"level": "C2"}, "met"),
        ({"level": "B1"}, "not_met"),
        ({"language": "fr"}, "not_met"),
        ({"valid_until": "2026-11-02"}, "met"),
        ({"valid_until": "2026-11-01"}, "not_met"),
    ],
)
def test_a_language_is_met_by_a_certificate_of_the_case(
    certified, recruiter, asking, proof, met
):
    mine = opted_in(certified(**proof), asking)
    assert (mine["criteria"]["language"], mine["fulfils"]) == (met, met)
    assert len(found(recruiter, asking)) == (1 if met == "met" else 0)
    assert "Certificaat" not in json.dumps(mine)


def test_without_a_certificate_a_language_is_not_met(holder, recruiter, asking):
    mine = opted_in(holder, asking)
    assert mine["criteria"]["language"] == "not_met"
    assert mine["criteria"]["level"] == "met"
    assert found(recruiter, asking) == []


def test_a_certificate_that_nobody_established_shows_nothing_for_sure(
    office, client, recruiter, open_case, asking
):
    paper = a_certified(office, open_case, is_confirmed=False)
    holder = attested(office, client, open_case)
    assert opted_in(holder, asking)["criteria"]["language"] == "not_known"
    (candidate,) = found(recruiter, asking)
    assert candidate["fulfils"] == "not_known"
    assert paper["id"] not in json.dumps(candidate)


def test_levels_of_two_scales_are_never_compared(office, client, recruiter, open_case):
    french = {"language": "fr", "scale": "CEFR", "level": "A1"}
    rule = a_rule(recruiter, language=french).json
    a_certified(office, open_case, language="fr", scale="NCLC", level="12")
    mine = opted_in(attested(office, client, open_case), rule)
    assert mine["criteria"]["language"] == "not_known"


def test_a_rejected_certificate_shows_nothing(office, client, open_case, asking):
    paper = a_certified(office, open_case)
    of = f"/recognition-requests/{open_case['id']}"
    at = f"{of}/papers/{paper['id']}/rejection"
    rejected = office.change(at, {"reason": "illegible"}, of=of)
    assert rejected.status_code == 200, rejected.json
    mine = opted_in(attested(office, client, open_case), asking)
    assert mine["criteria"]["language"] == "not_met"


def test_a_rule_that_was_published_before_asks_for_no_language(
    holder, recruiter, rule, runtime
):
    with runtime.database.transaction() as session:
        row = session.scalars(select(EligibilityRule)).one()
        row.criteria = {n: v for n, v in row.criteria.items() if n != "language"}
    assert "language" not in opted_in(holder, rule)["criteria"]
    assert len(found(recruiter, rule)) == 1


def test_a_rule_asks_for_something_that_an_attestation_says(recruiter):
    body = {
        "purpose": "admission",
        "title": {"en": "The young"},
        "criteria": {
            "age": {"to": 35, "legal_basis": "Agreement, article 4"},
            "language": B2,
        },
    }
    refused = recruiter.post(RULES, body)
    assert refused.json["errors"][0]["pointer"] == "/criteria"


def test_a_withdrawn_rule_forgets_who_opted_in(recruiter, holder, rule, runtime):
    opted_in(holder, rule)
    path = f"{RULES}/{rule['id']}"
    assert recruiter.call("DELETE", path).status_code == 204
    assert kept(runtime) == []
    gone = holder.post("opt-ins", {"rule": rule["id"]})
    assert (gone.status_code, gone.json["code"]) == (404, "eligibility_rule_not_found")
    assert recruiter.get(f"{path}/candidates").status_code == 404


def test_the_holder_takes_it_along_and_erases_it(holder, rule, recruiter, runtime):
    mine = opted_in(holder, rule, disclose_name=True)
    assert holder.export()["eligibility"] == [
        {"rule": rule["id"], "reference": mine["reference"], "discloses_name": True}
    ]
    assert holder.post("erasure", {}).status_code == 200
    assert kept(runtime) == []
    assert found(recruiter, rule) == []


def test_without_the_token_of_a_claim_nobody_opts_in(client, rule):
    for method, path, body in (
        ("POST", "opt-ins", {"rule": rule["id"]}),
        ("DELETE", f"opt-ins/{rule['id']}", None),
    ):
        answer = client.open(f"{API}/claims/{path}", method=method, json=body)
        assert (answer.status_code, answer.json["code"]) == (401, "claim_token_invalid")
