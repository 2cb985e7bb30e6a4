"""A language is a condition of the licence, never a ground against recognition."""

import pytest

from recognition_service.credentials.canonical import digest_of_bytes
from tests.journeys.casework import a_decision, a_request
from tests.journeys.office import a_partial_decision, a_technician
from tests.recognition.files import a_pdf

B2 = {"language": "nl", "scale": "CEFR", "level": "B2"}


@pytest.fixture
def community(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def case(community):
    return community.post("/recognition-requests", a_technician()).json


def of(case, part=""):
    return f"/recognition-requests/{case['id']}{part}"


def a_certificate(**more):
    content = a_pdf()
    return {
        "kind": "language_certificate",
        "title": "Certificaat Nederlands",
        "media_type": "application/pdf",
        "bytes": len(content),
        "digest": digest_of_bytes(content),
        "channel": "portal",
        "issuer": "Language house (example)",
        "issued_on": "2026-06-01",
        "language_proof": {**B2, "valid_until": "2028-05-31"},
    } | more


def hand_in(office, case, **more):
    announced = office.post(of(case, "/papers"), a_certificate(**more))
    assert announced.status_code == 201, announced.json
    key = office.api_keys["officer"]
    answer = office.client.put(
        announced.headers["Location"],
        data=a_pdf(),
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 201, answer.json
    return announced.json


def test_a_certificate_says_what_it_shows(community, case):
    paper = hand_in(community, case)
    assert paper["language_proof"] == {**B2, "valid_until": "2028-05-31"}
    told = community.get(of(case, "/assessment")).json
    assert told["papers"][0]["language_proof"]["level"] == "B2"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        (
            {"language_proof": B2 | {"level": "B3"}},
            "/language_proof/level",
            "unknown_level",
        ),
        (
            {"language_proof": {"language": "nl", "scale": "JLPT", "level": "N1"}},
            "/language_proof/level",
            "scale_of_another_language",
        ),
        (
            {"language_proof": B2 | {"valid_until": "2026-05-31"}},
            "/language_proof/valid_until",
            "date_before_issue",
        ),
        ({"kind": "qualification"}, "/language_proof", "not_a_language_certificate"),
    ],
)
def test_what_no_certificate_can_show_is_refused(
    community, case, changes, pointer, code
):
    answer = community.post(of(case, "/papers"), a_certificate(**changes))
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [
        (pointer, code)
    ]


@pytest.mark.parametrize(
    ("proof", "met"),
    [
        (B2, "yes"),
        (B2 | {"level": "C1"}, "yes"),
        (B2 | {"level": "B1"}, "no"),
        ({"language": "fr", "scale": "NCLC", "level": "12"}, "no"),
    ],
)
def test_a_condition_of_the_licence_tells_whether_it_is_met(
    community, case, proof, met
):
    paper = hand_in(community, case, language_proof=proof)
    condition = {"code": "licence_language", "language": B2}
    decided = community.decide(
        case["id"], a_partial_decision(conditions=[condition])
    ).json
    assert decided["language_conditions"] == [
        {
            "code": "licence_language",
            **B2,
            "met": met,
            "paper": paper["id"] if met == "yes" else None,
        }
    ]
    (told,) = decided["decision"]["content"]["conditions"]
    assert told["text"]["en"] == (
        "For the licence, knowledge of the language “nl” at level B2 (CEFR) will have "
        "to be shown. Recognition does not depend on it."
    )
    attestation = community.sign(case["id"]).json["attestation"]["id"]
    shown = community.get(f"/attestations/{attestation}").json
    assert shown["conditions"][0]["code"] == "licence_language"


def test_a_level_that_there_is_not_is_refused(community, case):
    condition = {"code": "licence_language", "language": B2 | {"level": "7"}}
    answer = community.decide(case["id"], a_partial_decision(conditions=[condition]))
    assert (answer.status_code, answer.json["code"]) == (422, "condition_invalid")


def test_recognition_is_not_refused_because_of_a_language(play):
    spain = play("ES", "2026-03-02T09:00+01:00")
    spain.submit(
        a_request(
            "PT",
            "ES",
            "Engenheiro",
            profession="civil_engineers",
            beneficiary="eu_citizen",
        )
    )
    spain.hand_in("identity", "qualification")
    spain.step("completed")
    difference = {
        "subject": "Spanish",
        "why_essential": "It is spoken there.",
        "why_not_covered": "No certificate.",
        "concerns": "language",
    }
    refusal = a_decision("refused", differences=[difference])

    refused = spain.office.decide(spain.id, refusal)

    assert refused.status_code == 422, refused.json
    assert ("/differences/0/concerns", "language_after_recognition") in [
        (each["pointer"], each["code"]) for each in refused.json["errors"]
    ]
    assessment = {
        "qualifications": [{"held_qualification": 0, "elements": {}}],
        "differences": [difference],
    }
    assert spain.change("assessment", assessment)["differences"][0]["concerns"] == (
        "language"
    )
    by_assessment = spain.office.decide(
        spain.id, {n: v for n, v in refusal.items() if n != "differences"}
    )
    assert by_assessment.json["errors"] == refused.json["errors"]
    condition = {"code": "licence_language", "language": B2 | {"language": "es"}}
    granted = spain.office.decide(
        spain.id, a_decision("full", conditions=[condition], differences=[])
    )
    assert granted.status_code == 200, granted.json
