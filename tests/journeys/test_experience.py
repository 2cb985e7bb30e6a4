"""What somebody has worked is evidence: counted once, told to the assessor."""

import json
from uuid import UUID

import pytest

from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.experience import forget_experience
from tests.journeys.casework import a_request
from tests.journeys.lines import a_record, officer_id
from tests.journeys.office import (
    a_technician,
    allow_background_assessments,
    verify,
)

WORK = {
    "activity": "Electrician",
    "occupation": "7411",
    "employer": "Elektro Gent (example)",
    "place": "BE-FL",
    "began_on": "2024-11-01",
    "ended_on": "2026-10-31",
    "hours_per_week": "38",
    "full_time_hours": "38",
    "tasks": ["Wiring of dwellings"],
    "supervision": "autonomous",
}
CONFIRMED = {"grade": "confirmed_by_issuer"}


@pytest.fixture
def community(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def flanders(office_of, runtime):
    allow_background_assessments(runtime)
    return office_of("be-fl-demo")


@pytest.fixture
def case(community):
    return community.post("/recognition-requests", a_technician()).json


def of(case, part=""):
    return f"/recognition-requests/{case['id']}{part}"


def record(office, case, *periods, attestations=()):
    body = {"periods": list(periods), "attestations": list(attestations)}
    return office.change(of(case, "/experience"), body, of=of(case))


def recorded(office, case, *periods, **more):
    answer = record(office, case, *periods, **more)
    assert answer.status_code == 200, answer.json
    return answer.json["experience"]


def months(found):
    return {each["occupation"]: (each["months"], each["proven"]) for each in found}


def an_experience_record(office, **changes):
    stated = {name: WORK[name] for name in WORK} | changes.pop("stated", {})
    return (
        a_record(
            office,
            "EXP-1",
            decision_kind="background_assessment",
            destination={"jurisdiction": "BE-FL"},
            holder={"family_name": "El Amrani", "birth_date": "1997-01-21"},
            held_qualification={
                "title": "Electrician",
                "origin": "BE-FL",
                "awarded_on": "2026-10-31",
                "awarding_body": {"name": "Elektro Gent (example)", "country": "BE"},
                "authenticity": CONFIRMED,
            },
            decision={
                "outcome": "full",
                "reference": {"experience": [stated]},
                "legal_basis": [
                    "Statement of the employer, compared with the register"
                ],
                "valid_until": "2031-11-01",
                "text": {"en": "Two years of work were established."},
            },
        )
        | changes
    )


def attested(office, **changes):
    record_ = an_experience_record(office, **changes)
    answer = office.post("/attestations", {"record": record_}, as_="signatory")
    assert answer.status_code == 201, answer.json
    return answer.json


def test_months_are_counted_once_by_occupation_and_by_what_is_proven(community, case):
    half = WORK | {
        "occupation": "7412",
        "began_on": "2025-11-01",
        "ended_on": None,
        "hours_per_week": "19",
    }
    untold = {"activity": "Helper", "began_on": None}

    found = recorded(community, case, WORK | {"authenticity": CONFIRMED}, half, untold)

    assert months(found["months"]) == {
        "7411": ("24", "24"),
        "7412": ("6.03", "0"),
        None: ("24.03", "24"),
    }
    assert found["periods"][0]["authenticity"]["grade"] == "confirmed_by_issuer"
    assert found["periods"][0]["authenticity"]["established_by"].startswith("person:")
    assert found["periods"][1]["authenticity"]["grade"] == "self_declared"


def test_the_assessor_sees_it_without_the_person(community, case):
    recorded(community, case, WORK)
    told = community.get(of(case, "/assessment")).json
    assert told["experience"]["periods"][0]["tasks"] == ["Wiring of dwellings"]
    assert "El Amrani" not in json.dumps(told)


def test_what_is_recorded_again_replaces_what_was_known(community, case):
    recorded(community, case, WORK)
    found = recorded(community, case, WORK | {"ended_on": "2025-10-31"})
    assert months(found["months"])[None] == ("12", "0")
    history = community.get(of(case)).json["history"]
    assert [event["event"] for event in history[-2:]] == ["experience_recorded"] * 2


@pytest.mark.parametrize(
    ("changes", "member", "code"),
    [
        ({"ended_on": "2024-10-31"}, "ended_on", "date_before_begin"),
        ({"began_on": "1996-12-31"}, "began_on", "date_before_birth"),
        ({"occupation": "74a"}, "occupation", "not_an_occupation"),
        ({"hours_per_week": "0"}, "hours_per_week", "out_of_range"),
        ({"full_time_hours": None}, "full_time_hours", "required"),
        (
            {"authenticity": {"grade": "issuer_signed"}},
            "authenticity/grade",
            "from_attestation_alone",
        ),
        (
            {"paper": "0193a1c2-0000-7000-8000-000000000000"},
            "paper",
            "unknown_paper",
        ),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_kept(
    community, case, changes, member, code
):
    answer = record(community, case, WORK, WORK | changes)
    assert (answer.status_code, answer.json["code"]) == (422, "experience_invalid")
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [
        (f"/periods/1/{member}", code)
    ]
    assert community.get(of(case)).json["experience"] is None


def test_practice_is_held_against_what_the_regime_asks_for(play):
    spain = play("ES", "2026-03-02T09:00+01:00")
    spain.submit(
        a_request(
            "PT",
            "ES",
            "Enfermeiro",
            profession="nurse_general",
            beneficiary="eu_citizen",
        )
    )
    nursing = WORK | {
        "occupation": "2221",
        "began_on": "2022-01-01",
        "ended_on": "2025-03-31",
        "authenticity": CONFIRMED,
    }
    other = nursing | {"occupation": "7411", "ended_on": "2026-02-28"}

    spain.change("experience", {"periods": [nursing, other]})

    told = spain.office.get(f"{spain.of}/assessment").json
    regime = told["request"]["regime"]
    (practice,) = told["experience"]["practice"]
    assert practice["occupation"] == "2221"
    assert practice["proven_months"] == "39"
    assert (practice["met"], practice["is_confirmed"]) == (True, True)
    expected = {
        "es-sectoral": ("acquired_rights", "2021-03-03"),
        "es-general": ("unregulated_in_origin", "2016-03-03"),
    }[regime]
    assert (practice["id"], practice["since"]) == expected


def test_experience_is_attested_and_recognises_nothing(client, flanders):
    told = attested(flanders)

    assert told["decision_kind"] == "background_assessment"
    assert told["legal"]["does_not_allow"] == [
        "regulated_profession",
        "licence",
        "recognition",
    ]
    (stated,) = told["experience"]
    assert stated["employer"] == "Elektro Gent (example)"
    (clause,) = told["limitations"]
    assert clause["code"] == "experience"
    assert clause["text"]["en"] == (
        "Electrician, from 2024-11-01 to 2026-10-31. Occupation (ISCO-08): 7411. "
        "Hours a week: 38. The work was done autonomously. Tasks: Wiring of dwellings."
    )
    assert set(clause["text"]) == {"en", "fr"}
    report = verify(client, flanders.token(told["id"]))
    assert (report["verdict"], report["code"]) == (
        "valid_with_conditions",
        "limitations_apply",
    )
    assert report["recognition"]["allows"][0]["code"] == "describe_background"
    codes = [each["code"] for each in report["recognition"]["does_not_allow"]]
    assert "recognition" in codes
    replayed = flanders.get(f"/attestations/{told['id']}/replay").json
    assert replayed["match"] is True


def test_employer_and_place_are_for_the_holder_to_disclose(flanders):
    told = attested(flanders)
    token = flanders.get(f"/attestations/{told['id']}.sd-jwt").get_data(as_text=True)
    visible = token.partition("~")[0]
    payload = json.loads(_decoded(visible.split(".")[1]))
    shown = json.dumps(payload, ensure_ascii=False)
    assert "Wiring of dwellings" in shown
    assert "Elektro Gent" not in shown
    assert "El Amrani" not in shown


def _decoded(part):
    from base64 import urlsafe_b64decode  # noqa: PLC0415  # Used here alone.

    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_only_a_background_assessment_states_experience(flanders):
    record_ = an_experience_record(flanders) | {"decision_kind": "equivalence_finding"}
    answer = flanders.post("/attestations", {"record": record_}, as_="signatory")
    assert (answer.status_code, answer.json["code"]) == (422, "experience_invalid")
    assert answer.json["errors"][0]["pointer"] == "/reference/experience"


def test_a_case_takes_over_what_another_body_attests(community, flanders, case):
    named = {"authority": "be-fl-demo", "id": attested(flanders)["id"]}

    found = recorded(community, case, attestations=[named])

    (period,) = found["periods"]
    assert period["attestation"] == named
    assert period["authenticity"] == {
        "grade": "issuer_signed",
        "established_by": "authority:be-fl-demo",
        "established_on": "2026-11-02",
    }
    assert months(found["months"])["7411"] == ("24", "24")


def test_what_attests_nothing_for_this_person_is_not_taken_over(
    community, flanders, case
):
    other = attested(
        flanders, holder={"family_name": "El Amrani", "birth_date": "1990-01-01"}
    )
    named = {"authority": "be-fl-demo", "id": other["id"]}
    answer = record(community, case, attestations=[named])
    assert answer.json["errors"][0]["code"] == "of_another_person"
    status = {"status": "revoked", "reason": "error"}
    path = f"/attestations/{other['id']}/status"
    assert flanders.call("PUT", path, status, as_="signatory").status_code == 200
    answer = record(community, case, attestations=[named])
    assert (answer.status_code, answer.json["code"]) == (409, "base_not_valid")
    diploma = flanders.post(
        "/attestations",
        {"record": a_record(flanders, "DIP-7", destination={"jurisdiction": "BE-FL"})},
        as_="signatory",
    ).json
    named = {"authority": "be-fl-demo", "id": diploma["id"]}
    answer = record(community, case, attestations=[named])
    assert answer.json["errors"][0]["code"] == "states_no_experience"


def test_a_case_of_ones_own_states_experience_too(flanders):
    held = {"title": "Electrician", "origin": "BE-FL", "awarded_on": "2026-10-31"}
    case = flanders.post(
        "/recognition-requests",
        {
            "decision_kind": "background_assessment",
            "purpose": "general_employment",
            "destination": {"jurisdiction": "BE-FL"},
            "applicant": {"family_name": "El Amrani"},
            "held_qualifications": [held],
        },
    ).json
    decision = an_experience_record(flanders)["decision"] | {
        "decision_kind": "background_assessment"
    }
    assert flanders.decide(case["id"], decision).status_code == 200
    signed = flanders.sign(case["id"]).json
    found = flanders.get(f"/attestations/{signed['attestation']['id']}").json
    assert found["experience"][0]["activity"] == "Electrician"


def test_what_was_told_of_work_is_erased_with_the_papers(community, runtime, case):
    recorded(community, case, WORK)
    with runtime.database.transaction() as session:
        file = open_file(session, "be-fr-demo", UUID(case["id"]), to_change=True)
        forget_experience(session, "be-fr-demo", file.request.id)
    found = community.get(of(case)).json["experience"]
    (period,) = found["periods"]
    assert (period["activity"], period["employer"], period["tasks"]) == ("", None, [])
    assert months(found["months"])["7411"] == ("24", "0")


def test_who_prepared_the_statement_does_not_sign_it(flanders):
    record_ = an_experience_record(flanders)
    assert record_["decided_by"] == officer_id(flanders)
    answer = flanders.post("/attestations", {"record": record_})
    assert answer.status_code == 403
