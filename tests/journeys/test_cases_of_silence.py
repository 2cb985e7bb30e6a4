"""Whole cases in which time decides: granted, allowed, lapsed, late.

Each is played from submission to its end by REST alone, under its own rules.
"""

from tests.journeys.casework import a_decision, a_request

EU = {"beneficiary": "eu_citizen"}


def a_nurse_of_france(**more):
    return a_request("FR", "ES", "Diplôme d'État d'infirmier", **EU, **more)


def test_a_professional_card_counts_as_issued_when_the_host_state_is_silent(play):
    case = play("ES", "2026-03-02T09:00+01:00")
    body = a_nurse_of_france(profession="nurse_general", regime="es-epc-establishment")
    submitted = case.submit(body)
    assert submitted["routing"]["regime"] == "es-epc-establishment"
    assert submitted["routing"]["reasons"][0]["code"] == "regime_asked_for"
    case.on("2026-03-04T10:00+01:00").step("acknowledged")
    case.step("completed")
    case.on("2026-03-31T16:00+02:00").step("verified")
    case.step("transmitted")
    # A month from 31 March ends on 30 April, a working day in Spain.
    assert case.limit("decide") == ("2026-04-30", "open")
    case.on("2026-04-30T23:59:59+02:00").night()
    assert case.case["status"] == "complete"
    # The last second has gone: nobody can decide any more, granted or not written yet.
    case.on("2026-05-01T00:00:00+02:00")
    late = case.office.decide(case.id, a_decision("refused"))
    assert (late.status_code, late.json["code"]) == (409, "time_limit_passed")
    case.night()
    granted = case.case
    assert granted["status"] == "tacit_granted"
    assert granted["decision"]["outcome"] == "tacit_granted"
    assert granted["decision"]["decided_by"] == "silence"
    assert granted["decision"]["decided_on"] == "2026-05-01"
    missed = granted["history"][-2]
    assert missed["event"] == "limit_missed"
    assert missed["legal_basis"].startswith("RD 581/2017")
    attested = case.attested()
    assert attested["outcome"] == "tacit_granted"
    assert "licence" in attested["legal"]["does_not_allow"]
    assert case.verdict() == ("valid", "valid")
    assert case.letters() == ["acknowledgement", "tacit_grant"]
    replayed = case.office.get(f"/attestations/{attested['id']}/replay").json
    assert replayed["match"] is True


def test_a_second_turn_of_the_worker_grants_nothing_twice(play):
    case = play("ES", "2026-03-02T09:00+01:00")
    case.submit(
        a_nurse_of_france(profession="nurse_general", regime="es-epc-establishment")
    )
    case.step("completed")
    case.step("transmitted")
    case.on("2026-06-01T09:00+02:00").night().night()
    happened = case.happened()
    assert happened.count("limit_missed") == 1
    assert happened.count("tacitly_granted") == 1
    assert len(case.office.get("/attestations").json["items"]) == 1


def test_the_card_is_not_granted_where_the_host_extended_in_time(play):
    case = play("ES", "2026-03-02T09:00+01:00")
    case.submit(
        a_nurse_of_france(profession="nurse_general", regime="es-epc-establishment")
    )
    case.step("completed")
    case.on("2026-03-31T16:00+02:00").step("transmitted")
    more = {"limit": "decide", "length": 2, "unit": "week"}
    case.on("2026-04-29T12:00+02:00")
    too_long = case.try_step("limit_extended", **more | {"length": 3}, text="Much.")
    assert too_long.json["errors"][0]["code"] == "too_long"
    case.step("limit_extended", **more, text="The papers are still being read.")
    assert case.limit("decide") == ("2026-05-14", "open")
    again = case.try_step("limit_extended", **more, text="Once more.")
    assert again.json["errors"][0]["code"] == "reason_not_enough"
    case.step(
        "limit_extended", **more, text="Doubts.", reason="public_health_or_safety"
    )
    assert case.limit("decide") == ("2026-05-28", "open")
    third = case.try_step("limit_extended", **more, text="A third time.")
    assert third.json["errors"][0]["code"] == "not_extendable"
    case.on("2026-05-28T20:00+02:00").step("assessment_begun")
    refused = case.decide(**a_decision("refused"))
    assert (refused["status"], refused["attestation"]) == ("decided", None)
    case.on("2026-05-29T09:00+02:00").night()
    assert case.case["status"] == "decided"


def test_a_service_may_start_when_nobody_has_checked_in_time(play):
    case = play("ES", "2026-02-27T09:00+01:00")
    case.submit(
        a_request(
            "PT",
            "ES",
            "Eletricista",
            profession="building_and_related_electricians",
            regime="es-temporary-services",
            **EU,
        )
    )
    incomplete = case.try_step("completed")
    assert incomplete.status_code == 422
    assert {fault["code"] for fault in incomplete.json["errors"]} == {"papers_missing"}
    case.hand_in("identity", "professional_title", "qualification")
    case.step("completed")
    assert case.limit("check") == ("2026-03-27", "open")
    case.on("2026-03-28T00:00+01:00").night()
    assert case.case["status"] == "may_start"
    assert case.letters() == ["time_limit_missed"]
    assert case.case["attestation"] is None
    assert (
        "decision_prepared" in str(case.case["history"])
        or case.case["decision"] is None
    )


def test_silence_in_the_general_system_opens_an_appeal_and_grants_nothing(play):
    case = play("ES", "2026-01-30T09:00+01:00")
    case.submit(
        a_request("IT", "ES", "Fisioterapista", profession="physiotherapists", **EU)
    )
    assert case.case["routing"]["regime"] == "es-general"
    # Four months from 30 January end on Saturday, 30 May: the next working day counts.
    assert case.limit("decide") == ("2026-06-01", "open")
    early = case.office.change(
        f"{case.of}/appeal", {"against": "silence", "body": "Tribunal"}, of=case.of
    )
    assert (early.status_code, early.json["code"]) == (409, "appeal_not_open")
    case.on("2026-06-02T08:00+02:00").night()
    assert case.case["status"] == "submitted"
    listed = case.office.get("/recognition-requests?due_before=2026-06-02").json
    assert [each["id"] for each in listed["items"]] == [case.id]
    appealed = case.change("appeal", {"against": "silence", "body": "Tribunal"})
    (appeal,) = appealed["appeals"]
    assert (appeal["against"], appeal["limit"]) == ("silence", "decide")
    assert appealed["attestation"] is None


def test_the_clock_of_a_german_case_stands_still_until_the_day_that_was_set(play):
    case = play("DE", "2026-02-02T09:00+01:00")
    case.submit(
        a_request(
            "MA",
            "DE",
            "Technicien spécialisé en électricité",
            decision_kind="equivalence_finding",
            purpose="general_employment",
        )
    )
    assert case.case["routing"]["regime"] == "de-bqfg-nonreg"
    assert case.limit("acknowledge") == ("2026-03-02", "open")
    case.on("2026-02-10T09:00+01:00").step("acknowledged", text="We have it.")
    assert case.limit("acknowledge") == ("2026-03-02", "met")
    case.hand_in("identity", "curriculum", "qualification")
    case.on("2026-02-16T09:00+01:00").step("completed")
    assert case.limit("decide") == ("2026-05-18", "open")  # 16 May is a Saturday.
    case.step("assessment_begun")
    case.on("2026-03-02T09:00+01:00")
    case.step(
        "information_requested",
        text="Please tell us what the third year taught.",
        answer_by="2026-03-31",
    )
    # Held from 2 to 31 March, thirty days: 15 June instead of 16 May.
    assert case.limit("decide") == ("2026-06-15", "open")
    case.on("2026-03-10T09:00+01:00").step("information_received", text="A letter.")
    assert case.limit("decide") == ("2026-06-15", "open")
    case.step("information_requested", text="And the practice?", answer_by="2026-04-10")
    # Two holds: 2 to 31 March and 10 March to 10 April are forty days together.
    assert case.limit("decide") == ("2026-06-25", "open")
    # The answer comes ten days late: the clock has been running since 11 April.
    case.on("2026-04-20T09:00+02:00").step("information_received")
    assert case.limit("decide") == ("2026-06-25", "open")
    case.on("2026-06-24T15:00+02:00")
    partial = case.decide(**a_decision("partial", decision_kind="equivalence_finding"))
    assert partial["decision"]["outcome"] == "partial"
    assert case.limit("decide") == ("2026-06-25", "met")
    assert case.verdict()[0] == "valid_with_conditions"
    # Sixty days to appeal end on Sunday, 23 August; nobody appeals.
    assert case.limit("appeal") == ("2026-08-24", "open")
    assert case.letters() == [
        "acknowledgement",
        "missing_documents",
        "missing_documents",
        "decision",
    ]
    case.on("2026-08-25T00:00+02:00").night()
    assert case.case["status"] == "final"
    too_late = case.office.change(
        f"{case.of}/appeal", {"against": "decision", "body": "Gericht"}, of=case.of
    )
    assert too_late.status_code == 409
