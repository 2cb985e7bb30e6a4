"""A South Tyrolean baker in Austria: a rule decides where a fact was established."""

from dataclasses import replace

import pytest

from recognition_service.attestations.findings import question_of
from recognition_service.attestations.replay import replay
from recognition_service.frameworks.instruments import RulesCover
from recognition_service.frameworks.rows import LevelStatus
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.errors import RequestInvalidError
from recognition_service.recognition.proposal import propose
from recognition_service.recognition.submit import add_evidence
from tests.builders import (
    a_diploma,
    a_request,
    a_standing_order,
    an_authority,
    bruno,
    found_attestation,
    submitted,
)
from tests.equivalence.editions import (
    TODAY,
    a_qualification,
    a_reference,
    a_statement,
    edition,
    two_countries,
)

BAKER = "it--lehrabschlussprufung-backer-esame-di-fine-apprendistato-panettiere"
HERE = {"examination_place": "IT-BZ"}


@pytest.fixture
def office(installation):
    """Austria, where the ordinance may decide by itself."""
    an_authority(
        installation,
        "at",
        name="Ministry (example)",
        country="AT",
        jurisdiction="AT",
        time_zone="Europe/Vienna",
    )
    a_standing_order(installation, "stm-at-suedtirol", "at")
    return installation


def a_baker(**more):
    return a_request(
        a_diploma(qualification=BAKER, origin="IT", **more),
        decision_kind="equivalence_finding",
        jurisdiction="AT",
    )


def with_facts(runtime, caller, request_id, **facts):
    with runtime.database.transaction() as session:
        return add_evidence(
            session,
            caller,
            request_id,
            position=0,
            authenticity=None,
            institution_status=None,
            training_started_on=None,
            facts=facts,
            edition=runtime.edition("at"),
            now=runtime.now(),
        )


def reasons(request):
    return {reason["code"]: reason["params"] for reason in request.routing_reasons}


def conditions(request):
    return [
        (each["id"], each["met"], each["missing_fact"])
        for each in request.equivalence["conditions"]
    ]


def test_without_the_fact_the_case_waits_and_says_what_is_missing(office):
    request, decision = submitted(office, bruno(office, "at"), a_baker())

    assert decision is None
    assert conditions(request) == [
        ("examination_place", "unknown", "examination_place")
    ]


def test_a_claim_that_nobody_established_does_not_let_a_rule_decide(office):
    request, decision = submitted(office, bruno(office, "at"), a_baker(facts=HERE))

    assert decision is None
    assert conditions(request) == [("examination_place", "yes", None)]
    unproven = reasons(request)["facts_not_established"]["facts"]
    assert list(unproven) == ["examination_place"]


def test_an_established_fact_lets_the_rule_decide_and_replays(office):
    caller = bruno(office, "at")
    request, _ = submitted(office, caller, a_baker(facts=HERE))

    request, decision = with_facts(office, caller, request.id, **HERE)

    assert (request.status, request.regime) == ("decided", "legal-equation")
    attestation = found_attestation(
        office, office.issue("at", decision, actor=caller.actor), "at"
    )
    assert attestation.record["findings"]["outcome"] == "full"
    held = attestation.record["inputs"]["held"]
    assert held["facts_established"] == {"examination_place": caller.actor}
    with office.database.reading() as session:
        assert replay(session, attestation).is_match


def test_a_fact_that_fails_the_condition_leaves_the_case_to_an_officer(office):
    caller = bruno(office, "at")
    request, _ = submitted(office, caller, a_baker())

    request, decision = with_facts(office, caller, request.id, examination_place="AT")

    assert decision is None
    assert conditions(request) == [("examination_place", "no", None)]
    assert request.equivalence["result"] != "statement"


def test_a_known_fact_must_be_written_as_it_is_compared(office):
    caller = bruno(office, "at")
    with pytest.raises(RequestInvalidError) as refused:
        submitted(office, caller, a_baker(facts={"final_grade": "good"}))
    assert [(each["pointer"], each["code"]) for each in refused.value.errors] == [
        ("/held_qualifications/0/facts/final_grade", "not_a_fact_value")
    ]
    request, _ = submitted(office, caller, a_baker(facts={"note": "seen", "b": 2}))
    with pytest.raises(RequestInvalidError) as refused:
        with_facts(office, caller, request.id, subject_count="five")
    assert refused.value.errors[0]["pointer"] == "/facts/subject_count"
    with office.database.reading() as session:
        held = open_file(session, "at", request.id).held[0].content
    assert held["facts"] == {"note": "seen", "b": 2}


@pytest.mark.parametrize(
    ("recognised", "facts"),
    [
        ("yes", {"institution_status": "recognised"}),
        ("no", {"institution_status": "not_recognised"}),
        ("unknown", {}),
    ],
)
def test_what_was_established_of_the_institution_is_a_fact(recognised, facts):
    inputs = {
        "held": {
            "origin": "IT",
            "qualification": BAKER,
            "institution_status": {"recognised": recognised},
        },
        "destination": {"jurisdiction": "AT"},
        "decided_on": "2026-11-02",
        "purpose": "general_employment",
    }
    assert question_of(inputs).facts == facts


def test_a_claim_that_takes_another_statement_out_is_no_proof_either(office):
    apprentice = a_qualification(
        "aa-apprentice",
        framework=None,
        level=None,
        level_status=LevelStatus.UNVERIFIED,
    )
    rival = a_statement(
        "statement-2",
        objects=("bb-other",),
        conditions="Poor grades",
        rules="final_grade < 5.0/10",
        rules_cover=RulesCover.ALL,
    )
    snapshot = edition(
        two_countries(
            apprentice, a_reference(), a_reference("bb-other"), a_statement(), rival
        )
    )
    compiled = replace(office.edition("at").compiled, snapshot=snapshot)
    inputs = {
        "decided_on": TODAY.isoformat(),
        "decision_kind": "equivalence_finding",
        "purpose": "general_employment",
        "destination": {"jurisdiction": "BB", "profession": None},
        "held": a_diploma(qualification="aa-apprentice", origin="AA")
        | {"facts": {"final_grade": "9/10", "credits": "1 SKS"}},
    }

    claimed, recorded = (
        propose(
            {**inputs, "held": {**inputs["held"], "facts_established": established}},
            compiled,
            frozenset({"law"}),
        )
        for established in ({}, {"final_grade": "person:bruno"})
    )

    assert claimed.equivalence["decides"] is True
    assert (
        "facts_not_established",
        {"facts": ("final_grade",)},
    ) in claimed.hindrances
    assert not any(code == "facts_not_established" for code, _ in recorded.hindrances)
