"""Nobody examines again what is established, and who does so is counted."""

import csv
import io
from datetime import timedelta

import pytest

from recognition_service.authorities.models import Function
from tests.journeys.bodies import a_body
from tests.journeys.crowd import day
from tests.journeys.office import (
    RECOGNISED,
    a_bachelor,
    a_partial_decision,
)

FLANDERS, FRENCH, MOROCCO = "be-fl-demo", "be-fr-demo", "ma-demo"
CASES = "/recognition-requests"
TITLE = "Technicien spécialisé en fonderie"
COMPETENT = frozenset({Function.COMPETENT_AUTHORITY})
REPORT = "/statistics/re-examinations"


@pytest.fixture
def office(office_of):
    return office_of(FRENCH)


@pytest.fixture
def flanders(office_of):
    return office_of(FLANDERS)


def a_founder(given="Yassine", **held):
    """A request about a title that no table has, in the French Community."""
    body = a_bachelor(
        decision_kind="equivalence_finding",
        destination={"jurisdiction": "BE-FR"},
        applicant={
            "family_name": "El Amrani",
            "given_name": given,
            "birth_date": "1997-01-21",
        },
    )
    known = {
        "title": TITLE,
        "origin": "MA",
        "awarded_on": "2018-07-13",
        "awarding_body": {"name": "ISTA Fès", "country": "MA"},
        "authenticity": {"grade": "certified_copy"},
    }
    body["held_qualifications"] = [known | held]
    return body


def submitted(office, body):
    answer = office.post(CASES, body)
    assert answer.status_code == 201, answer.json
    return answer.json


def case_of(office, case):
    return office.get(f"{CASES}/{case}").json


def suggested(office, case):
    return office.get(f"{CASES}/{case}/assessment").json["suggestions"]["short_path"]


def a_full_decision(**changes):
    return {
        "outcome": "full",
        "decision_kind": "equivalence_finding",
        "reference": {"framework": "BE-FR-CFC", "level": "5"},
        "legal_basis": ["Individual assessment"],
        "text": {"en": "As the file shows."},
    } | changes


def decided(office, case, decision):
    prepared = office.decide(case, decision)
    assert prepared.status_code == 200, prepared.json
    signed = office.sign(case)
    assert signed.status_code == 200, signed.json
    return signed.json


def examined(office, case, result="substantial_difference"):
    body = {
        "qualifications": [
            {
                "held_qualification": 0,
                "elements": {
                    "profile": {
                        "result": result,
                        "held": "Foundry",
                        "required": "Mechanics",
                        "reason": "The reference diploma is about mechanics.",
                    }
                },
            }
        ],
        "differences": [],
    }
    of = f"{CASES}/{case}"
    answer = office.change(f"{of}/assessment", body, of=of)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_an_award_of_the_destination_itself_is_not_examined(office):
    case = submitted(office, a_founder(origin="BE-FR", title="Bachelier"))
    path = case["short_path"]
    assert (path["basis"], path["outcome"]) == ("destination_award", "full")
    assert path["rows"] == ["jurisdictions/BE-FR"]
    assert "awarded in the destination itself" in path["text"]
    (reason,) = [
        each for each in case["routing"]["reasons"] if each["code"] == "short_path"
    ]
    assert reason["params"]["id"] == "BE-FR"
    assert reason["text"] == path["text"]
    assert suggested(office, case["id"])["prefill"] == {
        "outcome": "full",
        "decision_kind": "equivalence_finding",
        "reference": {"qualification": "Bachelier", "framework": None, "level": None},
    }


def test_a_foreign_title_that_nothing_settles_is_examined(office):
    case = submitted(office, a_founder())
    assert case["short_path"] is case["re_examined_at"] is None
    assert suggested(office, case["id"]) is None
    decided(office, case["id"], a_partial_decision())
    assert case_of(office, case["id"])["re_examined_at"] is None


def test_what_a_treaty_lists_is_not_examined_though_an_officer_decides(flanders):
    body = a_bachelor(held={"authenticity": {"grade": "scan"}})
    case = submitted(flanders, body)
    assert (case["status"], case["decision"]) == ("submitted", None)
    path = case["short_path"]
    assert (path["basis"], path["outcome"]) == ("agreed_list", "automatic")
    assert "agreement_titles/benelux-baltic-2024:LV:6:1" in path["rows"]
    prefill = suggested(flanders, case["id"])["prefill"]
    assert prefill["outcome"] == "full"
    assert prefill["legal_basis"] == ["benelux-baltic-2024"]
    assert prefill["reference"]["level"] == "6"


def test_what_a_rule_decides_took_the_short_path(flanders):
    case = submitted(flanders, a_bachelor())
    assert case["decision"]["decided_by"] == "rule"
    assert case["short_path"]["basis"] == "agreed_list"
    assert case["re_examined_at"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"decision_kind": "study_recognition", "purpose": "academic_access"},
        {"held": {"institution_status": RECOGNISED | {"recognised": "no"}}},
        {"held": {"valid_until": "2026-01-01"}},
    ],
)
def test_a_list_settles_only_what_it_is_about(flanders, changes):
    assert submitted(flanders, a_bachelor(**changes))["short_path"] is None


def test_the_last_decision_about_a_title_is_a_precedent(office):
    first = submitted(office, a_founder())
    told = decided(office, first["id"], a_full_decision())
    second = submitted(office, a_founder("Salma"))
    path = second["short_path"]
    assert path["basis"] == "precedent"
    assert path["decision"]["id"] == told["decision"]["id"]
    assert path["attestation"] is None
    prefill = suggested(office, second["id"])["prefill"]
    ready = prefill | {"text": {"en": "As was decided before."}}
    answer = decided(office, second["id"], ready)
    assert (answer["decision"]["outcome"], answer["re_examined_at"]) == ("full", None)


@pytest.mark.parametrize(
    "held",
    [
        {"awarding_body": {"name": "ISTA Agadir", "country": "MA"}},
        {"awarding_body": None},
        {"origin": "TN"},
        {"title": "Technicien en fonderie"},
    ],
)
def test_another_school_or_title_has_no_precedent(office, held):
    decided(office, submitted(office, a_founder())["id"], a_full_decision())
    assert submitted(office, a_founder("Salma", **held))["short_path"] is None


def test_a_refusal_after_a_recognition_is_the_precedent_that_counts(office, clock):
    decided(office, submitted(office, a_founder())["id"], a_full_decision())
    clock.instant += timedelta(days=1)
    other = submitted(office, a_founder("Salma"))
    refusal = a_partial_decision(
        outcome="refused", later_possibilities={"en": "After training."}
    )
    decided(office, other["id"], refusal)
    assert case_of(office, other["id"])["re_examined_at"] is not None
    assert submitted(office, a_founder("Omar"))["short_path"] is None


def test_the_same_person_with_the_same_title_is_attested_already(office):
    first = submitted(office, a_founder())
    told = decided(office, first["id"], a_full_decision())
    again = submitted(office, a_founder(" yassine ", awarding_body=None))
    path = again["short_path"]
    assert path["basis"] == "own_attestation"
    assert path["attestation"] == {
        "authority": FRENCH,
        "id": told["attestation"]["id"],
    }
    prefill = suggested(office, again["id"])["prefill"]
    assert prefill["legal_basis"] == ["Individual assessment"]
    assert prefill["reference"] == {"framework": "BE-FR-CFC", "level": "5"}


def test_a_revoked_attestation_settles_nothing(office):
    first = submitted(office, a_founder())
    told = decided(office, first["id"], a_full_decision())
    of = f"/attestations/{told['attestation']['id']}"
    body = {"status": "revoked", "reason": "error"}
    changed = office.call("PUT", f"{of}/status", body, as_="signatory")
    assert changed.status_code == 200, changed.json
    assert submitted(office, a_founder())["short_path"] is None


def test_an_attestation_that_the_request_names_is_enough(office):
    """Under another spelling of the title and of the person it would not be found."""
    first = submitted(office, a_founder())
    told = decided(office, first["id"], a_full_decision())
    named = {"authority": FRENCH, "id": told["attestation"]["id"]}
    case = submitted(office, a_founder("Y.", attestation=named, title="Technicien sp."))
    assert case["short_path"]["basis"] == "own_attestation"
    assert case["short_path"]["attestation"] == named


def test_what_another_body_of_the_destination_attests_is_not_examined(
    office, app, runtime
):
    other = a_body(app, runtime, "be-fr-other", "BE-FR", COMPETENT)
    first = submitted(other, a_founder())
    told = decided(other, first["id"], a_full_decision())
    named = {"authority": "be-fr-other", "id": told["attestation"]["id"]}
    case = submitted(office, a_founder(attestation=named))
    assert case["short_path"]["basis"] == "destination_attestation"
    assert case["short_path"]["attestation"] == named
    prefill = suggested(office, case["id"])["prefill"]
    assert prefill["reference"] == {"framework": "BE-FR-CFC", "level": "5"}


def test_an_attestation_of_another_kind_settles_nothing(office, app, runtime):
    other = a_body(app, runtime, "be-fr-other", "BE-FR", COMPETENT)
    first = submitted(other, a_founder())
    partial = decided(other, first["id"], a_partial_decision())
    named = {"authority": "be-fr-other", "id": partial["attestation"]["id"]}
    assert submitted(office, a_founder(attestation=named))["short_path"] is None


def test_what_another_body_of_the_destination_decided_is_told_as_a_claim(office):
    claim = {
        "jurisdiction": "BE",
        "authority": "Ministère (exemple)",
        "reference": "2024/17",
        "outcome": "full",
        "decided_on": "2024-03-01",
    }
    case = submitted(office, a_founder(prior_recognitions=[claim]))
    path = case["short_path"]
    assert path["basis"] == "decided_elsewhere"
    assert path["decision"] == {
        "authority": "Ministère (exemple)",
        "reference": "2024/17",
        "decided_on": "2024-03-01",
    }
    assert "is to be looked at" in path["text"]
    for change in (
        {"jurisdiction": "FR"},
        {"outcome": "partial"},
        {"status": "revoked"},
    ):
        other = submitted(office, a_founder(prior_recognitions=[claim | change]))
        assert other["short_path"] is None


def test_who_examines_nevertheless_can_and_is_counted(office):
    decided(office, submitted(office, a_founder())["id"], a_full_decision())
    case = submitted(office, a_founder("Salma"))["id"]
    examined(office, case)
    found = case_of(office, case)
    assert found["re_examined_at"] == "2026-11-02T09:00:00Z"
    assert found["history"][-1]["details"]["substantial_differences"] == 1
    listed = office.get(f"{CASES}?re_examined=true").json
    assert [each["id"] for each in listed["items"]] == [case]
    assert listed["items"][0]["short_path"]["basis"] == "precedent"
    assert "El Amrani" not in str(listed)


def test_an_assessment_without_differences_is_no_examination(office):
    decided(office, submitted(office, a_founder())["id"], a_full_decision())
    case = submitted(office, a_founder("Salma"))["id"]
    examined(office, case, result="difference")
    assert case_of(office, case)["re_examined_at"] is None
    assert office.get(f"{CASES}?re_examined=true").json["items"] == []


def test_the_list_of_examined_cases_takes_no_other_value_and_no_other_office(
    office, flanders
):
    answer = office.get(f"{CASES}?re_examined=no")
    assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (
        422,
        "re_examined",
    )
    decided(office, submitted(office, a_founder())["id"], a_full_decision())
    examined(office, submitted(office, a_founder("Salma"))["id"])
    assert flanders.get(f"{CASES}?re_examined=true").json["items"] == []


@pytest.fixture
def a_year_of_work(office, clock):
    """Twelve people with one title: seven by the short path, five examined again."""
    present = clock.instant
    clock.instant = day("2026-07-06")
    decided(office, submitted(office, a_founder("First"))["id"], a_full_decision())
    for number in range(6):
        case = submitted(office, a_founder(f"Salma{number}"))["id"]
        decided(office, case, a_full_decision())
    for number in range(5):
        case = submitted(office, a_founder(f"Omar{number}"))["id"]
        examined(office, case)
        decided(office, case, a_full_decision())
    clock.instant = present
    return office


def test_the_report_counts_by_origin_and_by_what_had_settled_it(a_year_of_work):
    told = a_year_of_work.get(f"{REPORT}?period=2026-Q3").json
    assert (told["authority"], told["threshold"]) == (FRENCH, 5)
    by = {tuple(table["by"]): table for table in told["tables"]}
    assert list(by) == [
        ("origin", "re_examination"),
        ("destination", "re_examination"),
        ("profession", "re_examination"),
    ]
    groups = {
        each["re_examination"]: each["cases"]
        for each in by["origin", "re_examination"]["totals"]["re_examination"]
    }
    assert set(groups) == set(told["groups"])
    assert groups["examination_needed"] is None
    assert groups["agreed_list"] == 0
    assert by["origin", "re_examination"]["totals"]["all"]["cases"] == 12
    assert told["re_examined_share"] == {"value": None, "suppressed": True}


def test_the_share_is_told_where_nothing_has_to_be_hidden(a_year_of_work, clock):
    office, present = a_year_of_work, clock.instant
    clock.instant = day("2026-07-07")
    for number in range(5):
        body = a_founder(f"Nour{number}", title=f"Titre {number}")
        decided(office, submitted(office, body)["id"], a_full_decision())
    clock.instant = present
    told = office.get(f"{REPORT}?period=2026-Q3").json
    assert told["re_examined_share"] == {"value": 0.455, "suppressed": False}
    french = office.get(f"{REPORT}?period=2026-Q3&lang=fr").json
    assert french["groups"]["precedent"].endswith("décision antérieure existe")


def test_the_report_comes_as_a_file_too(a_year_of_work):
    answer = a_year_of_work.get(f"{REPORT}?period=2026-Q3&format=csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert {row["by"] for row in rows} == {"origin", "destination", "profession"}
    hidden = [row for row in rows if row["suppressed"] == "true"]
    assert hidden
    assert all(row["cases"] == "" for row in hidden)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "period"),
        ("period=2026-Q4", "period"),
        ("period=2026-Q3&format=x", "format"),
    ],
)
def test_a_report_that_cannot_be_made_says_why(office, query, parameter):
    answer = office.get(f"{REPORT}?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] == parameter
