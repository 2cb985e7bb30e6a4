"""Morocco and Flanders agree on a thousand titles, and a cohort is recognised by it."""

import json

import pytest

from recognition_service.credentials import jws
from recognition_service.worker.loop import turn
from tests.journeys.lines import a_record
from tests.journeys.office import CONFIRMED, RECOGNISED, REMEDY, verify
from tests.journeys.test_agreements import a_text, do, ordered, proposed, sign
from tests.journeys.test_agreements import signed as agreed

PATH = "/mutual-requests"
TITLES, AWARDS = 1_000, 200
LISTED = range(1, 191)
SCANNED = range(191, 195)
UNLISTED = range(195, 201)
FULL = {
    "outcome": "full",
    "decision_kind": "level_comparability",
    "reference": {"framework": "BE-FL-VKS", "level": "5"},
    "legal_basis": ["Decree of 28 June 2013"],
    "text": {"en": "Comparable to an associate degree."},
}
REFUSED = {
    "outcome": "refused",
    "decision_kind": "level_comparability",
    "later_possibilities": {"en": "Show the programme."},
    "remedy": REMEDY,
    "text": {"en": "Not comparable."},
}


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


@pytest.fixture
def agreement(flanders, morocco):
    """An agreement of three texts, each of a thousand titles, the last one signed."""
    agreement = proposed(flanders, count=TITLES)
    do(morocco, agreement, "revision", a_text(TITLES, awarded_from="2016-01-01"))
    last = do(flanders, agreement, "revision", a_text(TITLES))
    assert (last.json["revision"], last.json["titles"]) == (3, TITLES)
    assert sign(flanders, agreement).json["state"] == "negotiated"
    assert sign(morocco, agreement).json["state"] == "signed"
    ordered(flanders, f"agr-{agreement}")
    return agreement


def an_award(agreement, number, grade=CONFIRMED):
    held = {"qualification": f"agr-{agreement}:title:{number}"}
    if number in UNLISTED:
        held = {"title": f"Attestation de stage {number}"}
    return {
        "applicant": {"family_name": "El Amrani", "given_name": f"Yassine {number}"},
        "held_qualification": {
            "origin": "MA",
            "awarded_on": "2019-07-12",
            "institution_status": RECOGNISED,
            "authenticity": {"grade": "scan"} if number in SCANNED else grade,
            **held,
        },
    }


def sent(office, awards):
    body = {
        "kind": "recognition_list",
        "to": "be-fl-demo",
        "recognition": {
            "decision_kind": "level_comparability",
            "purpose": "general_employment",
        },
        "items": awards,
    }
    answer = office.post(PATH, body)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def change(office, request_id, act, body=None, as_="officer"):
    of = f"{PATH}/{request_id}"
    return office.change(f"{of}/{act}", body or {}, of=of, as_=as_)


def accepted(runtime, flanders, request_id):
    assert change(flanders, request_id, "acceptance").status_code == 200
    assert turn(runtime) == 0


def rows(office, request_id):
    page = office.get(f"{PATH}/{request_id}/items?limit=200").json
    assert page["next"] is None
    return page["items"]


def counts(answer):
    assert answer.status_code == 200, answer.json
    return {name: count for name, count in answer.json["progress"].items() if count}


def decided(office, request_id, decision, **more):
    return change(office, request_id, "decisions", {"decision": decision, **more})


def signed(office, request_id):
    return change(office, request_id, "decisions/signature", as_="signatory")


def test_a_cohort_is_recognised_by_the_agreement_until_a_party_leaves_it(
    client, runtime, flanders, morocco, agreement
):
    request_id = sent(
        morocco, [an_award(agreement, number) for number in range(1, AWARDS + 1)]
    )
    early = sent(morocco, [an_award(agreement, 191)])
    accepted(runtime, flanders, request_id)
    found = flanders.get(f"{PATH}/{request_id}")
    assert counts(found) == {
        "total": AWARDS,
        "open": 10,
        "decided": len(LISTED),
        "attested": len(LISTED),
    }

    as_proposed = counts(decided(flanders, request_id, None))
    assert as_proposed.pop("problems") == [
        {"row": number, "code": "no_proposal"} for number in UNLISTED
    ]
    assert (as_proposed["prepared"], as_proposed["failed"]) == (4, 6)
    left = counts(decided(flanders, request_id, FULL, **{"except": [195, 200]}))
    assert (left["prepared"], left["failed"]) == (8, 2)
    refused = change(flanders, request_id, "decisions/signature", as_="officer")
    assert (refused.status_code, refused.json["code"]) == (403, "role_missing")
    assert counts(signed(flanders, request_id))["attested"] == AWARDS - 2
    told = rows(flanders, request_id)
    exceptions = [row for row in told if row["decision"] is None]
    assert [row["row"] for row in exceptions] == [195, 200]
    for row in exceptions:
        assert flanders.decide(row["case"], REFUSED).status_code == 200
        assert flanders.sign(row["case"]).status_code == 200
    assert counts(flanders.get(f"{PATH}/{request_id}")) == {
        "total": AWARDS,
        "decided": AWARDS,
        "attested": AWARDS - 2,
    }
    assert change(flanders, request_id, "answer", {"questions": []}).status_code == 200

    tokens = links_to_agreement(client, flanders, morocco, request_id, agreement)
    assert do(morocco, agreement, "withdrawal", as_="signatory").status_code == 200
    assert {verify(client, token)["verdict"] for token in tokens} == {"valid"}

    later = sent(morocco, [an_award(agreement, number) for number in LISTED[:5]])
    accepted(runtime, flanders, later)
    assert {row["status"] for row in rows(flanders, later)} == {"submitted"}
    nothing = counts(decided(flanders, later, None))
    assert (nothing["failed"], nothing.get("prepared")) == (5, None)
    assert {each["code"] for each in nothing["problems"]} == {"no_proposal"}
    accepted(runtime, flanders, early)
    (changed,) = counts(decided(flanders, early, None))["problems"]
    assert changed == {"row": 1, "code": "proposal_changed"}


def test_what_nobody_had_signed_when_a_party_left_is_not_signed(
    runtime, flanders, morocco
):
    agreement = agreed(flanders, morocco)
    request_id = sent(morocco, [an_award(agreement, 1, grade={"grade": "scan"})])
    accepted(runtime, flanders, request_id)
    assert counts(decided(flanders, request_id, None))["prepared"] == 1
    do(morocco, agreement, "withdrawal", as_="signatory")
    left = counts(signed(flanders, request_id))
    assert left["problems"] == [{"row": 1, "code": "agreement_not_in_force"}]
    assert (left["failed"], left.get("attested")) == (1, None)


def test_what_rests_on_a_revoked_attestation_stops_no_other_row(
    runtime, flanders, morocco, office_of
):
    community = office_of("be-fr-demo")
    record = {"record": a_record(community, "R-1")}
    base = community.post("/attestations", record, as_="signatory").json
    agreement = agreed(flanders, morocco)
    awards = [an_award(agreement, 1, grade={"grade": "scan"}) for _ in range(2)]
    named = {"authority": "be-fr-demo", "id": base["id"]}
    awards[0]["held_qualification"]["attestation"] = named
    request_id = sent(morocco, awards)
    accepted(runtime, flanders, request_id)
    assert counts(decided(flanders, request_id, None))["prepared"] == 2

    of = f"/attestations/{base['id']}"
    revoked = {"status": "revoked", "reason": "error"}
    community.change(f"{of}/status", revoked, of=of, as_="signatory")
    left = counts(signed(flanders, request_id))

    assert left["problems"] == [{"row": 1, "code": "base_not_valid"}]
    assert (left["failed"], left["attested"]) == (1, 1)


def links_to_agreement(client, flanders, morocco, request_id, agreement):
    """Return tokens over awards of all kinds, after looking at what they rest on."""
    told = rows(morocco, request_id)
    assert [row["decision"]["outcome"] for row in told].count("full") == AWARDS - 2
    by = {"rule": 0, "officer": 0}
    tokens = []
    for row in told:
        if row["attestation"] is None or row["row"] % 20 not in {0, 11}:
            continue
        attestation = flanders.get(f"/attestations/{row['attestation']['id']}").json
        token = flanders.token(attestation["id"])
        tokens.append(token)
        said = json.loads(jws.split(token.encode()).payload)
        link = said["credentialSubject"]["recognition"].get("agreement")
        if row["row"] in UNLISTED:
            assert (attestation["legal"]["basis"], link) == (FULL["legal_basis"], None)
            continue
        by[row["decision"]["decided_by"]] += 1
        assert attestation["legal"]["basis"] == [f"agr-{agreement}"]
        assert link == f"https://recognition.example/agreements/{agreement}"
    assert client.get(f"/agreements/{agreement}").json["revision"] == 3
    assert by == {"rule": 18, "officer": 1}
    return tokens
