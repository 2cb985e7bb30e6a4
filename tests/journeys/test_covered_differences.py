"""Amina's training has covered what Flanders looks for: nobody asks for it again."""

import pytest

from tests.journeys.office import REMEDY
from tests.journeys.paths import (
    BOTH,
    EVIDENCE,
    LIST,
    a_target,
    a_unit,
    achieve,
    award,
    opened,
    put,
)

PROJECT, SAFETY = "Final project", "Dutch safety rules"
CASE = {
    "award": "A",
    "decision_kind": "equivalence_finding",
    "purpose": "general_employment",
}
WHY = {
    "why_essential": "Work of one's own is expected.",
    "why_not_covered": "Nothing was shown.",
}


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def track(morocco):
    """A track whose units u1 to u4 count for A, and u5 for B alone."""
    units = [a_unit(number) for number in (1, 2, 3)]
    units.append(a_unit(4, covers_differences=["final  PROJECT"]))
    units.append(a_unit(5, counts_for=BOTH[1:], covers_differences=[SAFETY]))
    track = opened(
        morocco,
        units=units,
        targets=[a_target("A"), a_target("B", requirements={"credits": 150})],
        destinations=[
            {
                "destination": "BE",
                "requirements": {"credits": 120},
                "differences": [PROJECT, SAFETY, "Law"],
            },
            {
                "destination": "NL",
                "requirements": {"credits": 120},
                "differences": ["Not asked for here"],
            },
        ],
    )
    achieve(morocco, track, "u1", "u2", "u3", "u4", "u5")
    assert award(morocco, track, "A").status_code == 200
    return track


def opened_case(office, track, **more):
    path = f"{LIST}/{track['id']}/recognition-requests"
    answer = office.post(path, CASE | more)
    assert answer.status_code == 201, answer.json
    return answer.json


def of(case, part=""):
    return f"/recognition-requests/{case['id']}{part}"


def a_decision(outcome="full", **more):
    return {
        "outcome": outcome,
        "decision_kind": "equivalence_finding",
        "reference": {"framework": "BE-FL-VKS", "level": "5"},
        "legal_basis": ["Individual assessment"],
        "remedy": REMEDY,
        "text": {"en": "As the file shows."},
    } | more


def standing(case):
    found = case["training"]["differences"]
    return {each["subject"]: each["compensated"] for each in found}


def take_back(office, track, unit):
    path = f"{LIST}/{track['id']}"
    answer = office.change(
        f"{path}/units/{unit}/result", None, of=path, method="DELETE"
    )
    assert answer.status_code == 200, answer.json


def test_a_case_is_opened_with_what_the_track_knows(flanders, track):
    case = opened_case(flanders, track)

    assert case["applicant"]["family_name"] == "Haddad"
    assert case["destination"]["jurisdiction"] == "BE-FL"
    (held,) = case["held_qualifications"]
    assert held["qualification"] == "ma-cnc--specialised-technician-diploma"
    assert (held["origin"], held["awarded_on"]) == ("MA", "2026-10-30")
    assert held["authenticity"]["grade"] == "confirmed_by_issuer"
    assert held["authenticity"]["established_by"] == "authority:ma-demo"
    assert standing(case) == {PROJECT: True, SAFETY: True, "Law": False}
    history = flanders.get(f"{LIST}/{track['id']}").json["history"]
    assert (history[-1]["event"], history[-1]["by"]) == ("case_opened", "be-fl-demo")


def test_the_assessment_names_the_unit_and_what_shows_it(flanders, track):
    case = opened_case(flanders, track)

    told = flanders.get(of(case, "/assessment")).json

    assert (told["version"], told["assessed_by"]) == (1, "service")
    covered = {each["subject"]: each["covered_by"] for each in told["differences"]}
    assert covered[PROJECT] == [
        {"kind": "programme_unit", "paper": None, "text": None, "unit": "u4"}
    ]
    assert covered["Law"] == []
    unit = told["training"]["units"][3]
    assert unit["evidence"] == EVIDENCE
    assert (unit["achieved_on"], unit["assessor"]) == (
        "2026-10-01",
        "Example assessor",
    )
    assert "Haddad" not in str(told)


def test_a_decision_names_what_is_made_up_for_with_its_evidence(flanders, track):
    case = opened_case(flanders, track)
    refused = flanders.decide(case["id"], a_decision())
    assert [each["pointer"] for each in refused.json["errors"]] == [
        "/differences/0/why_essential",
        "/differences/0/why_not_covered",
    ]

    prepared = flanders.decide(case["id"], a_decision(differences=[]))
    assert prepared.status_code == 200, prepared.json
    signed = flanders.sign(case["id"])
    assert signed.status_code == 200, signed.json

    compensated = signed.json["decision"]["content"]["compensated"]
    assert [each["subject"] for each in compensated] == [PROJECT, SAFETY]
    assert compensated[0]["covered_by"] == [
        {
            "kind": "programme_unit",
            "unit": "u4",
            "title": "Unit 4",
            "achieved_on": "2026-10-01",
            "assessor": "Example assessor",
            "evidence": EVIDENCE,
            "kind_of_result": "assessed",
        }
    ]
    decided = [each for each in signed.json["history"] if each["event"] == "decided"]
    assert decided[0]["details"]["compensated"] == 2
    replayed = flanders.get(
        f"/attestations/{signed.json['attestation']['id']}/replay"
    ).json
    assert replayed["match"] is True


def test_what_a_unit_covers_calls_for_no_measure(flanders, track):
    case = opened_case(flanders, track)
    decision = a_decision(
        "conditional",
        differences=[{"subject": PROJECT, **WHY}],
        measures=[{"code": "aptitude_test"}],
    )

    answer = flanders.decide(case["id"], decision)

    assert (answer.status_code, answer.json["code"]) == (422, "difference_compensated")
    assert answer.json["errors"][0]["pointer"] == "/differences/0/subject"


def test_an_officer_may_say_why_a_unit_does_not_cover_it(flanders, track):
    case = opened_case(flanders, track)
    assessment = {
        "qualifications": [
            {"held_qualification": 0, "elements": {"profile": {"result": "same"}}}
        ],
        "differences": [
            {
                "subject": PROJECT,
                **WHY,
                "covered_by": [{"kind": "programme_unit", "unit": "u4"}],
            }
        ],
    }
    saved = flanders.change(of(case, "/assessment"), assessment, of=of(case))
    assert saved.status_code == 200, saved.json

    prepared = flanders.decide(
        case["id"],
        a_decision("conditional", measures=[{"code": "aptitude_test"}]),
    )

    assert prepared.status_code == 200, prepared.json
    content = prepared.json["decision"]["content"]
    assert [each["subject"] for each in content["differences"]] == [PROJECT]
    assert "compensated" not in content


def test_an_assessment_names_no_unit_that_nobody_has_shown(flanders, track):
    case = opened_case(flanders, track)
    assessment = {
        "qualifications": [{"held_qualification": 0, "elements": {}}],
        "differences": [
            {"subject": "Law", "covered_by": [{"kind": "programme_unit", "unit": "u9"}]}
        ],
    }
    answer = flanders.change(of(case, "/assessment"), assessment, of=of(case))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/differences/0/covered_by/0/unit"


def test_a_result_that_is_taken_back_shows_on_the_case(flanders, morocco, track):
    case = opened_case(flanders, track)
    prepared = flanders.decide(case["id"], a_decision(differences=[]))
    assert prepared.json["status"] == "decision_prepared"

    take_back(morocco, track, "u5")

    after = flanders.get(of(case)).json
    assert standing(after) == {PROJECT: True, SAFETY: False, "Law": False}
    assert after["training"]["units"][4]["taken_back_on"] == "2026-11-02"
    assert after["status"] != "decision_prepared"
    last = after["history"][-1]
    assert last["event"] == "training_result_taken_back"
    assert last["details"]["differences"] == [SAFETY]
    again = flanders.decide(case["id"], a_decision("partial", differences=[]))
    assert again.status_code == 422
    named = flanders.decide(
        case["id"], a_decision("partial", differences=[{"subject": SAFETY, **WHY}])
    )
    assert named.status_code == 200, named.json


def test_a_signed_decision_stays_and_its_case_tells_what_happened(
    flanders, morocco, track
):
    case = opened_case(flanders, track)
    flanders.decide(case["id"], a_decision(differences=[]))
    signed = flanders.sign(case["id"]).json

    take_back(morocco, track, "u5")

    after = flanders.get(of(case)).json
    assert after["status"] == "decided"
    assert after["decision"]["decision_digest"] == signed["decision"]["decision_digest"]
    assert after["history"][-1]["event"] == "training_result_taken_back"


def test_earlier_decisions_are_known_differences_too(flanders, track):
    first = opened_case(flanders, track)
    difference = {"subject": "Welding", **WHY}
    flanders.decide(first["id"], a_decision("partial", differences=[difference]))
    assert flanders.sign(first["id"]).status_code == 200

    second = opened_case(flanders, track)

    (welding,) = [
        each
        for each in second["training"]["differences"]
        if each["subject"] == "Welding"
    ]
    assert welding["named_by"][0]["source"] == "decision"
    assert welding["why_essential"] == WHY["why_essential"]
    assert welding["compensated"] is False


def test_another_authority_is_shown_it_by_the_attestation_that_is_held(
    office_of, morocco, track
):
    alone = put(morocco, track, "awards/A/attestation", {}, as_="signatory").json
    attestation = alone["awards"][0]["stand_alone"]
    chamber = office_of("de-chamber-demo")
    body = {
        "decision_kind": "equivalence_finding",
        "purpose": "general_employment",
        "destination": {"jurisdiction": "DE"},
        "applicant": {
            "family_name": "Haddad",
            "given_name": "Amina",
            "birth_date": "2003-05-17",
        },
        "held_qualifications": [
            {
                "qualification": "ma-cnc--specialised-technician-diploma",
                "origin": "MA",
                "awarded_on": "2026-10-30",
                "attestation": {"authority": "ma-demo", "id": attestation},
            }
        ],
    }
    case = chamber.post("/recognition-requests", body).json

    answer = chamber.change(of(case, "/evidence/track"), {}, of=of(case))

    assert answer.status_code == 200, answer.json
    units = [each["id"] for each in answer.json["training"]["units"]]
    assert units == ["u1", "u2", "u3", "u4", "u5"]
    assert answer.json["training"]["differences"] == []
    stranger = body | {
        "applicant": {"family_name": "Alami", "birth_date": "1999-01-31"}
    }
    other = chamber.post("/recognition-requests", stranger).json
    refused = chamber.change(of(other, "/evidence/track"), {}, of=of(other))
    assert refused.json["code"] == "track_of_another_person"


def test_a_case_rests_on_the_attestation_of_the_award(flanders, morocco, track):
    alone = put(morocco, track, "awards/A/attestation", {}, as_="signatory").json
    attestation = alone["awards"][0]["stand_alone"]
    case = opened_case(flanders, track)
    (held,) = case["held_qualifications"]
    assert held["attestation"] == {"authority": "ma-demo", "id": attestation}
    assert held["authenticity"]["grade"] == "issuer_signed"

    suspend = {"status": "suspended", "reason": "error"}
    path = f"/attestations/{attestation}/status"
    assert morocco.call("PUT", path, suspend, as_="signatory").status_code == 200
    again = flanders.post(f"{LIST}/{track['id']}/recognition-requests", CASE)
    assert (again.status_code, again.json["code"]) == (409, "base_not_valid")
    renewed = flanders.change(of(case, "/evidence/track"), {}, of=of(case))
    assert (renewed.status_code, renewed.json["code"]) == (409, "base_not_valid")


def test_a_case_is_brought_to_what_the_track_shows_now(flanders, morocco, track):
    take_back(morocco, track, "u5")
    case = opened_case(flanders, track)
    assert standing(case)[SAFETY] is False
    achieve(morocco, track, "u5")

    answer = flanders.change(
        of(case, "/evidence/track"), {"track": track["id"]}, of=of(case)
    )

    assert standing(answer.json)[SAFETY] is True
    assert flanders.get(of(case, "/assessment")).json["version"] == 2


@pytest.mark.parametrize(
    ("award_key", "code"),
    [("B", "own_award"), ("Z", "target_not_found")],
)
def test_no_case_is_opened_about_what_cannot_be_held(flanders, track, award_key, code):
    path = f"{LIST}/{track['id']}/recognition-requests"
    answer = flanders.post(path, CASE | {"award": award_key})
    assert answer.json["code"] == code


def test_no_case_is_opened_before_the_award_or_without_a_name(flanders, morocco):
    track = opened(morocco, participant_ref="P-9", applicant=None)
    path = f"{LIST}/{track['id']}/recognition-requests"
    assert flanders.post(path, CASE).json["code"] == "base_not_awarded"
    achieve(morocco, track, "u1", "u2", "u3", "u4")
    award(morocco, track, "A")
    assert flanders.post(path, CASE).json["code"] == "participant_unnamed"


def test_a_case_without_a_track_behind_it_says_so(flanders):
    body = {
        "decision_kind": "equivalence_finding",
        "purpose": "general_employment",
        "destination": {"jurisdiction": "BE-FL"},
        "applicant": {"family_name": "Haddad"},
        "held_qualifications": [{"title": "Licence", "origin": "MA"}],
    }
    case = flanders.post("/recognition-requests", body).json
    answer = flanders.change(of(case, "/evidence/track"), {}, of=of(case))
    assert (answer.status_code, answer.json["code"]) == (409, "no_track_behind")
