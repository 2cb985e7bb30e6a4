"""Whole cases that people decide: measures, substitutes, appeals, provisional status.

Each is played from submission to its end by REST alone, under its own rules.
"""

from tests.journeys.casework import REFERENCE, a_decision, a_request
from tests.journeys.office import REMEDY


def test_an_aptitude_test_is_failed_repeated_and_passed(play):
    case = play("DE", "2026-01-12T09:00+01:00")
    submitted = case.submit(
        a_request("TN", "DE", "Diplôme d'infirmier d'État", profession="nurse_general")
    )
    assert submitted["routing"]["regime"] == "de-pflbg"
    case.on("2026-01-30T09:00+01:00").step("completed")
    # Four months from 30 January end on Saturday, 30 May.
    assert case.limit("decide") == ("2026-06-01", "open")
    case.step("assessment_begun")
    conditional = case.on("2026-03-16T10:00+01:00").decide(**a_decision("conditional"))
    assert conditional["decision"]["outcome"] == "conditional"
    assert "measure_imposed" in case.happened()
    first = conditional["attestation"]["id"]
    assert case.verdict() == ("valid_with_conditions", "measures_outstanding")
    wrong = case.try_step(
        "measure_chosen", measure="aptitude_test", chosen_by="authority"
    )
    assert wrong.json["errors"][0]["code"] == "not_theirs_to_choose"
    case.on("2026-04-02T10:00+02:00")
    case.step("measure_chosen", measure="aptitude_test", chosen_by="applicant")
    case.step("measure_begun", on="2026-04-02")
    case.on("2026-06-10T10:00+02:00")
    case.step("measure_failed", on="2026-06-09", text="The practical part.")
    case.step("measure_chosen", measure="aptitude_test", chosen_by="applicant")
    case.step("measure_begun", on="2026-06-10")
    case.on("2026-09-15T10:00+02:00")
    passed = case.step("measure_passed", on="2026-09-14")
    assert [(each["attempt"], each["result"]) for each in passed["measures_taken"]] == [
        (1, "failed"),
        (2, "passed"),
    ]
    full = case.decide(**a_decision("full"))
    assert full["decision"]["outcome"] == "full"
    assert case.verdict() == ("valid", "valid")
    assert case.verdict(first) == ("not_valid", "superseded")
    assert case.letters() == [
        "decision",
        "measure_result",
        "measure_result",
        "decision",
    ]
    report = case.office.get(f"/attestations/{first}").json
    assert report["superseded_by"] == full["attestation"]["id"]


def test_a_third_attempt_is_not_allowed_and_the_case_ends_in_a_refusal(play):
    case = play("DE", "2026-01-12T09:00+01:00")
    case.submit(
        a_request("TN", "DE", "Diplôme d'infirmier d'État", profession="nurse_general")
    )
    case.step("completed")
    case.step("assessment_begun")
    first = case.decide(**a_decision("conditional"))["attestation"]["id"]
    for _ in range(2):
        case.step("measure_chosen", measure="aptitude_test", chosen_by="applicant")
        case.step("measure_begun", on="2026-01-12")
        case.step("measure_failed", on="2026-01-12", text="Not enough.")
    third = case.try_step(
        "measure_chosen", measure="aptitude_test", chosen_by="applicant"
    )
    assert third.json["errors"][0]["code"] == "no_more_attempts"
    refused = case.decide(**a_decision("refused"))
    assert refused["decision"]["outcome"] == "refused"
    assert refused["attestation"] is None
    assert case.verdict(first) == ("not_valid", "revoked")


def test_a_refugee_without_papers_is_assessed_by_other_means(play):
    case = play("NL", "2026-03-02T09:00+01:00")
    submitted = case.submit(
        a_request(
            "SY",
            "NL",
            "Bachelor of civil engineering",
            decision_kind="level_comparability",
            purpose="general_employment",
            beneficiary="refugee",
            held={"awarded_on": "2014-07-01"},
        )
    )
    assert submitted["routing"]["regime"] == "refugee-art-vii"
    case.step("acknowledged")
    methods = ["questionnaire", "interview"]
    case.step(
        "substitute_procedure_begun", methods=methods, text="No papers could be saved."
    )
    case.step("questionnaire_sent", answer_by="2026-03-16")
    case.on("2026-03-16T09:00+01:00").step("questionnaire_returned")
    case.on("2026-03-30T09:00+02:00")
    case.step("interview_held", on="2026-03-27", text="Two assessors, fifty minutes.")
    case.step("substitute_procedure_ended", text="The studies are plausible.")
    assert case.case["status"] == "assessing"
    said = case.decide(
        **a_decision(
            "full",
            decision_kind="background_assessment",
            reference={"framework": "EQF", "level": "6"},
            valid_until="2031-03-30",
        )
    )
    assert said["decision"]["outcome"] == "full"
    attested = case.attested()
    assert attested["decision_kind"] == "background_assessment"
    assert attested["validity"]["until"] == "2031-03-30"
    assert attested["source"]["authenticity"] == "self_declared"
    assert "regulated_profession" in attested["legal"]["does_not_allow"]
    case.on("2031-04-01T09:00+02:00")
    assert case.attested()["status"] == "expired"


def test_a_moroccan_technician_works_provisionally_until_the_decision(play):
    case = play("BE-FR", "2026-03-02T09:00+01:00")
    submitted = case.submit(
        a_request(
            "MA",
            "BE-FR",
            "Diplôme de technicien spécialisé",
            profession="electrical_engineering_technicians",
            stage="in_destination",
        )
    )
    assert submitted["routing"]["regime"] == "neutral"
    assert submitted["time_limits"] == []
    case.step("acknowledged")
    case.step("completed")
    without = case.office.change(
        f"{case.of}/provisional", a_decision("full"), of=case.of
    )
    assert without.status_code == 422
    assert {fault["pointer"] for fault in without.json["errors"]} == {
        "/conditions",
        "/valid_until",
    }
    case.change(
        "provisional",
        a_decision(
            "full",
            reference={"profession": "electrical_engineering_technicians"},
            conditions=[
                {
                    "code": "under_supervision",
                    "text": {"en": "Under the supervision of a qualified electrician."},
                }
            ],
            valid_until="2027-03-01",
        ),
    )
    alone = case.office.change(
        f"{case.of}/provisional/signature", {}, of=case.of, as_="officer"
    )
    assert alone.status_code == 403
    signed = case.office.change(
        f"{case.of}/provisional/signature", {}, of=case.of, as_="signatory"
    )
    assert signed.status_code == 200, signed.json
    provisional = signed.json["provisional"]["attestation"]["id"]
    assert signed.json["status"] == "complete"
    assert signed.json["attestation"] is None
    assert case.verdict(provisional) == ("valid_with_conditions", "outcome_provisional")
    case.on("2026-06-15T09:00+02:00").step("assessment_begun")
    full = case.decide(
        **a_decision(
            "full", reference={"profession": "electrical_engineering_technicians"}
        )
    )
    case.night()
    assert case.verdict(provisional) == ("not_valid", "superseded")
    ended = case.office.get(f"/attestations/{provisional}").json
    assert ended["superseded_by"] == full["attestation"]["id"]
    assert case.verdict() == ("valid", "valid")
    assert case.happened()[-1] == "provisional_ended"
    assert case.letters() == ["acknowledgement", "provisional", "decision"]


def test_a_provisional_status_ends_when_the_request_is_withdrawn(play):
    case = play("BE-FR", "2026-03-02T09:00+01:00")
    case.submit(a_request("MA", "BE-FR", "Diplôme de technicien spécialisé"))
    case.change(
        "provisional",
        a_decision(
            "full",
            conditions=[{"code": "under_supervision"}],
            valid_until="2027-03-01",
        ),
    )
    signed = case.office.change(
        f"{case.of}/provisional/signature", {}, of=case.of, as_="signatory"
    )
    provisional = signed.json["provisional"]["attestation"]["id"]
    case.change("withdrawal", {})
    case.night()
    assert case.verdict(provisional) == ("not_valid", "revoked")


def test_a_refusal_is_appealed_against_remitted_and_decided_anew(play):
    case = play("FR", "2026-02-02T09:00+01:00")
    submitted = case.submit(
        a_request(
            "UA",
            "FR",
            "Диплом бакалавра",
            decision_kind="study_recognition",
            purpose="academic_access",
        )
    )
    assert submitted["routing"]["regime"] == "lrc-academic"
    case.step("acknowledged")
    short = case.try_step("completed")
    assert short.json["errors"][0]["code"] == "papers_missing"
    case.hand_in("qualification")
    case.on("2026-02-16T09:00+01:00").step("completed")
    # Four months are a recommendation: shown, and nothing follows.
    assert case.limit("decide") == ("2026-06-16", "open")
    case.step("assessment_begun")
    about = {
        "decision_kind": "study_recognition",
        "reference": {"framework": "EQF", "level": "6"},
    }
    refused = case.decide(**a_decision("refused", **about))
    assert refused["attestation"] is None
    decided_on = case.limit("appeal")
    assert decided_on == ("2026-04-17", "open")
    case.on("2026-04-10T09:00+02:00")
    case.change(
        "appeal",
        {
            "against": "decision",
            "body": REMEDY["body"],
            "on": "2026-04-09",
            "text": "The last year of studies was not looked at.",
        },
    )
    assert case.limit("appeal")[1] == "met"
    case.on("2026-07-01T09:00+02:00")
    remitted = case.change(
        "appeal/decision", {"result": "remitted", "on": "2026-06-30"}
    )
    assert remitted["status"] == "assessing"
    alternative = case.on("2026-07-20T09:00+02:00").decide(
        **a_decision("alternative", **about)
    )
    assert [each["outcome"] for each in alternative["earlier_decisions"]] == ["refused"]
    assert alternative["appeals"][0]["result"] == "remitted"
    assert case.letters() == [
        "acknowledgement",
        "decision",
        "appeal_received",
        "appeal_decided",
        "decision",
    ]
    assert case.verdict()[0] == "valid_with_conditions"


def test_a_skilled_worker_in_the_fast_track_goes_to_the_office_of_her_land(play):
    case = play("DE", "2026-03-02T09:00+01:00")
    submitted = case.submit(
        a_request(
            "PH",
            "DE",
            "National Certificate in Welding",
            decision_kind="equivalence_finding",
            purpose="general_employment",
            regime="de-81a",
        )
    )
    assert submitted["routing"]["regime"] == "de-81a"
    assert case.limit("acknowledge") == ("2026-03-16", "open")
    case.on("2026-03-17T00:00+01:00").night()
    # The two weeks have passed: told, and nothing follows.
    assert case.limit("acknowledge") == ("2026-03-16", "passed")
    assert case.happened()[-1] == "limit_missed"
    assert case.case["status"] == "submitted"
    case.step(
        "forwarded", authority="Handwerkskammer Berlin", text="It decides for welders."
    )
    assert case.letters() == ["referral"]
    over = case.case
    assert (over["status"], over["due_on"]) == ("forwarded", None)
    assert over["next_steps"] == ["stage_changed"]


def test_a_nurse_between_quebec_and_france_serves_an_adaptation_period(play):
    case = play("CA-QC", "2026-03-02T09:00-05:00")
    submitted = case.submit(
        a_request(
            "FR", "CA-QC", "Diplôme d'État d'infirmier", profession="nurse_general"
        )
    )
    assert submitted["routing"]["regime"] == "fr-qc-arm"
    case.hand_in("professional_title", "qualification")
    case.step("completed")
    case.step("assessment_begun")
    measures = [{"code": "adaptation_period", "max_months": 3}]
    case.decide(**a_decision("conditional", measures=measures))
    case.step("measure_chosen", measure="adaptation_period", chosen_by="authority")
    open_ended = case.try_step("measure_begun", on="2026-03-02")
    assert open_ended.json["errors"][0]["pointer"] == "/ends_on"
    case.on("2026-04-07T09:00-04:00")
    case.step("measure_begun", on="2026-04-07", ends_on="2026-06-21")
    case.on("2026-06-22T09:00-04:00").step("measure_passed", on="2026-06-21")
    full = case.decide(**a_decision("full"))
    assert full["decision"]["outcome"] == "full"
    assert case.verdict() == ("valid", "valid")


def test_a_partial_access_names_activities_and_the_title_of_home(play):
    case = play("FR", "2026-03-02T09:00+01:00")
    submitted = case.submit(
        a_request(
            "ES",
            "FR",
            "Técnico en instalaciones eléctricas",
            profession="building_and_related_electricians",
            regime="eu-partial-access",
            beneficiary="eu_citizen",
        )
    )
    assert submitted["routing"]["regime"] == "eu-partial-access"
    case.hand_in("identity", "qualification")
    case.step("completed")
    case.step("assessment_begun")
    bare = case.office.decide(case.id, a_decision("partial_access"))
    assert bare.status_code == 422
    pointers = {fault["pointer"] for fault in bare.json["errors"]}
    assert {"/activities", "/title_to_use"} <= pointers
    said = case.decide(
        **a_decision(
            "partial_access",
            activities=[{"en": "Wiring of dwellings up to 400 volts"}],
            title_to_use={"text": "Técnico en instalaciones", "language": "es"},
            conditions=[{"code": "inform_clients"}],
            reference={"profession": "building_and_related_electricians"},
        )
    )
    assert said["decision"]["outcome"] == "partial_access"
    assert case.verdict()[0] == "valid_with_conditions"
    limits = case.attested()["limitations"]
    assert "Wiring of dwellings up to 400 volts" in str(limits)
    assert "Técnico en instalaciones" in str(limits)


def test_new_evidence_reopens_a_case_and_the_attestation_is_superseded(play):
    case = play("BE-FR", "2026-03-02T09:00+01:00")
    case.submit(
        a_request(
            "MA",
            "BE-FR",
            "Diplôme de technicien spécialisé",
            decision_kind="equivalence_finding",
            purpose="general_employment",
        )
    )
    about = {"decision_kind": "equivalence_finding", "reference": REFERENCE}
    partial = case.decide(**a_decision("partial", **about))["attestation"]["id"]
    case.on("2026-09-01T09:00+02:00")
    case.hand_in("work_experience")
    reopened = case.step(
        "reopened", reason="new_evidence", text="Two years of practice are shown now."
    )
    assert reopened["status"] == "assessing"
    case.night()
    assert case.verdict(partial)[0] == "valid_with_conditions"
    full = case.decide(**a_decision("full", **about))
    assert case.verdict(partial) == ("not_valid", "superseded")
    assert case.verdict(full["attestation"]["id"]) == ("valid", "valid")
