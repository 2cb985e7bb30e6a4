"""Amina is trained in Morocco, certified in Flanders, works there, and comes home.

At home her Flemish award is recognised, and two years of work count.
"""

from datetime import datetime

import pytest

from recognition_service.worker.loop import turn
from tests.journeys.lines import a_record
from tests.journeys.office import REMEDY, allow_background_assessments, verify
from tests.journeys.paths import LIST, a_target, achieve, award, opened, put

WORK = {
    "activity": "Electrician",
    "occupation": "7411",
    "employer": "Elektro Gent (example)",
    "place": "BE-FL",
    "began_on": "2026-11-03",
    "ended_on": "2028-11-02",
}
HOME_AGAIN = "2028-11-06T09:00+00:00"
STANDARD = {
    "destination": "MA",
    "requirements": {"credits": 120},
    "differences": ["Final project", "Moroccan safety rules"],
}


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


@pytest.fixture
def flanders(office_of, runtime):
    allow_background_assessments(runtime)
    return office_of("be-fl-demo")


@pytest.fixture
def certified(morocco, flanders):
    """A track that has led to the Flemish award, attested alone."""
    units = [
        {
            "id": f"u{number}",
            "title": f"Unit {number}",
            "credits": "30",
            "provider": "Institute of Rabat (example)",
            "place": "MA" if number < 4 else "BE-FL",
            "counts_for": [{"target": "A", "rule": "4"}, {"target": "B", "rule": "7"}],
            "covers_differences": ["Final project"] if number == 4 else [],
        }
        for number in (1, 2, 3, 4)
    ]
    track = opened(
        morocco,
        units=units,
        targets=[a_target("A"), a_target("B")],
        destinations=[STANDARD],
    )
    achieve(morocco, track, "u1", "u2", "u3", "u4")
    answer = award(flanders, track, "B", awarded_on="2026-10-30")
    assert answer.status_code == 200, answer.json
    attested = put(flanders, track, "awards/B/attestation", {}, as_="signatory")
    assert attested.status_code == 200, attested.json
    return track


def experience_of(flanders):
    """Flanders attests two years of work, which it has compared with its register."""
    record = a_record(
        flanders,
        "EXP-7",
        decided_on="2028-11-03",
        decision_kind="background_assessment",
        destination={"jurisdiction": "BE-FL"},
        holder={
            "family_name": "Haddad",
            "given_name": "Amina",
            "birth_date": "2003-05-17",
        },
        held_qualification={
            "title": "Electrician",
            "origin": "BE-FL",
            "awarded_on": WORK["ended_on"],
            "awarding_body": {"name": WORK["employer"], "country": "BE"},
            "authenticity": {"grade": "confirmed_by_issuer"},
        },
        decision={
            "outcome": "full",
            "reference": {"experience": [WORK]},
            "legal_basis": ["Register of social security"],
            "valid_until": "2033-11-03",
            "text": {"en": "Two years of work were established."},
        },
    )
    answer = flanders.post("/attestations", {"record": record}, as_="signatory")
    assert answer.status_code == 201, answer.json
    return answer.json


def test_who_comes_home_has_award_and_experience_recognised(  # noqa: PLR0917
    client, clock, runtime, morocco, flanders, certified
):
    # Two years later; the worker has kept lists and trust fresh.
    clock.instant = datetime.fromisoformat(HOME_AGAIN)
    while turn(runtime):
        pass
    turn(runtime)
    certificate = experience_of(flanders)
    came = put(
        morocco,
        certified,
        "return",
        {"returned_on": "2028-11-05", "to": "origin", "experience": [WORK]},
    )
    assert came.status_code == 200, came.json

    # (1) Her case at home begins with what track and return tell.
    case = morocco.post(
        f"{LIST}/{certified['id']}/recognition-requests",
        {
            "award": "B",
            "decision_kind": "equivalence_finding",
            "purpose": "general_employment",
            "stage": "after_return",
            "language": "fr",
        },
    )
    assert case.status_code == 201, case.json
    case, of = case.json, f"/recognition-requests/{case.json['id']}"
    assert (case["stage"], case["destination"]["jurisdiction"]) == (
        "after_return",
        "MA",
    )
    (held,) = case["held_qualifications"]
    assert (held["qualification"], held["origin"]) == (
        "be-fl-vks--associate-degree",
        "BE-FL",
    )
    assert held["authenticity"]["grade"] == "issuer_signed"
    standing = {
        each["subject"]: each["compensated"] for each in case["training"]["differences"]
    }
    assert standing == {"Final project": True, "Moroccan safety rules": False}
    assert case["experience"]["months"][0] == {
        "occupation": "7411",
        "months": "24",
        "proven": "0",
    }

    # (2) She brings the certificate of experience: now somebody vouches for it.
    named = {"authority": "be-fl-demo", "id": certificate["id"]}
    proven = morocco.change(
        f"{of}/experience", {"periods": [], "attestations": [named]}, of=of
    )
    assert proven.status_code == 200, proven.json
    assert proven.json["experience"]["months"][0]["proven"] == "24"

    # (3) The officer lets the work cover what no unit does, and decides.
    assessment = {
        "qualifications": [
            {"held_qualification": 0, "elements": {"level": {"result": "same"}}}
        ],
        "differences": [
            {
                "subject": "Final project",
                "covered_by": [{"kind": "programme_unit", "unit": "u4"}],
            },
            {
                "subject": "Moroccan safety rules",
                "covered_by": [
                    {"kind": "experience", "text": "Two years as an electrician."}
                ],
            },
        ],
    }
    saved = morocco.change(f"{of}/assessment", assessment, of=of)
    assert saved.status_code == 200, saved.json
    decision = {
        "outcome": "full",
        "decision_kind": "equivalence_finding",
        "reference": {"framework": "MA-CNC", "level": "5"},
        "legal_basis": ["Individual assessment"],
        "remedy": REMEDY,
        "text": {"fr": "Votre diplôme et votre expérience sont reconnus."},
    }
    prepared = morocco.decide(case["id"], decision)
    assert prepared.status_code == 200, prepared.json
    signed = morocco.sign(case["id"])
    assert signed.status_code == 200, signed.json
    compensated = signed.json["decision"]["content"]["compensated"]
    assert [each["covered_by"][0]["kind"] for each in compensated] == [
        "programme_unit",
        "experience",
    ]

    # (4) Anybody can verify what home has decided; it rests on the Flemish award.
    attestation = signed.json["attestation"]["id"]
    report = verify(client, morocco.token(attestation))
    assert (report["verdict"], report["recognition"]["outcome"]) == ("valid", "full")
    shown = morocco.get(f"/attestations/{attestation}").json
    assert shown["depends_on"][0]["authority"] == "be-fl-demo"
    assert shown["source"]["origin"] == "BE-FL"
    assert shown["target"]["jurisdiction"] == ["MA"]
