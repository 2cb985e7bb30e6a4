"""What is attested about an attested qualification ends with it, across bodies."""

import pytest

from recognition_service.worker.loop import turn
from tests.journeys.lines import a_record
from tests.journeys.office import (
    a_bachelor,
    a_partial_decision,
    a_technician,
    verify,
)

REVOKED = {"status": "revoked", "reason": "fraud_final"}


@pytest.fixture
def community(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


def base(community, **decision):
    """Return the name of an attestation that the community issued."""
    case = community.post("/recognition-requests", a_technician()).json
    community.decide(case["id"], a_partial_decision(**decision))
    signed = community.sign(case["id"]).json
    return {"authority": "be-fr-demo", "id": signed["attestation"]["id"]}


def resting(office, named, **held):
    """Ask for what a rule decides at once, about what is attested already."""
    return office.post(
        "/recognition-requests", a_bachelor(held={"attestation": named, **held})
    )


def status_of(office, named):
    return office.get(f"/attestations/{named['id']}").json


def become(office, named, change):
    path = f"/attestations/{named['id']}"
    return office.change(f"{path}/status", change, of=path, as_="signatory")


def name_of(answer):
    attested = answer.json["attestation"]
    return {"authority": "be-fl-demo", "id": attested["id"]}


def test_a_revoked_base_takes_along_what_rests_on_it_and_what_rests_on_that(
    community, flanders, runtime, client
):
    first = base(community)
    second = name_of(resting(flanders, first))
    third = name_of(resting(flanders, second))
    alone = name_of(flanders.post("/recognition-requests", a_bachelor()))
    assert status_of(flanders, second)["depends_on"] == [first]
    assert verify(client, flanders.token(third["id"]))["verdict"] == "valid"

    assert become(community, first, REVOKED).status_code == 200
    for _ in range(3):
        assert turn(runtime) == 0

    for dependent in (second, third):
        found = status_of(flanders, dependent)
        assert (found["status"], found["status_reason"]) == ("revoked", "base_revoked")
        report = verify(client, flanders.token(dependent["id"]))
        assert report["verdict"] == "not_valid"
    assert status_of(flanders, alone)["status"] == "valid"


@pytest.mark.parametrize("status", ["suspended", "revoked"])
def test_nothing_is_attested_about_what_is_not_valid(community, flanders, status):
    named = base(community)
    changed = become(community, named, {"status": status, "reason": "error"})
    assert changed.status_code == 200, changed.json

    refused = resting(flanders, named)

    assert (refused.status_code, refused.json["code"]) == (409, "base_not_valid")
    assert refused.json["base"] == named["id"]
    assert flanders.get("/recognition-requests").json["items"] == []


def test_an_attestation_of_somebody_else_is_not_that_of_the_named_body(
    community, flanders
):
    named = base(community) | {"authority": "be-fl-demo"}

    assert resting(flanders, named).json["code"] == "base_not_valid"


def test_what_rests_on_an_attestation_ends_with_it_at_the_latest(community, flanders):
    named = base(community, valid_until="2027-06-30")

    ends_with_it = name_of(resting(flanders, named))
    ends_before = name_of(resting(flanders, named, valid_until="2027-01-31"))

    assert status_of(flanders, ends_with_it)["validity"]["until"] == "2027-06-30"
    assert status_of(flanders, ends_before)["validity"]["until"] == "2027-01-31"


def test_a_base_that_is_over_carries_nothing(community, flanders, clock):
    named = base(community, valid_until="2026-11-03")
    clock.instant = clock.instant.replace(day=5)

    assert resting(flanders, named).json["code"] == "base_not_valid"


def test_a_record_does_not_outlive_what_it_rests_on(community):
    named = base(community, valid_until="2027-06-30")
    record = a_record(community, "R-1")
    record["held_qualification"]["attestation"] = named

    refused = community.post("/attestations", {"record": record}, as_="signatory")
    record["decision"]["valid_until"] = "2027-06-30"
    issued = community.post("/attestations", {"record": record}, as_="signatory")

    assert (refused.status_code, refused.json["code"]) == (409, "base_not_valid")
    assert refused.json["ends_on"] == "2027-06-30"
    assert issued.status_code == 201, issued.json
    assert issued.json["depends_on"] == [named]


def test_a_decision_is_not_signed_once_its_base_is_gone(community):
    named = base(community)
    request = a_technician()
    request["held_qualifications"][0]["attestation"] = named
    case = community.post("/recognition-requests", request).json
    community.decide(case["id"], a_partial_decision())
    become(community, named, REVOKED)

    refused = community.sign(case["id"])

    assert (refused.status_code, refused.json["code"]) == (409, "base_not_valid")


def test_a_superseded_base_leaves_what_rests_on_it(community, flanders, runtime):
    named, better = base(community), base(community)
    dependent = name_of(resting(flanders, named))

    change = {"status": "superseded", "reason": "decision_amended"}
    become(community, named, change | {"superseded_by": better["id"]})
    turn(runtime)

    assert status_of(flanders, dependent)["status"] == "valid"


@pytest.mark.parametrize(
    ("named", "pointer"),
    [
        ({"id": "01a"}, "/held_qualifications/0/attestation/id"),
        ({"authority": None}, "/held_qualifications/0/attestation/authority"),
    ],
)
def test_a_base_that_cannot_be_read_is_named(flanders, named, pointer):
    whole = {"authority": "be-fr-demo", "id": "01890000-0000-7000-8000-000000000000"}

    refused = resting(flanders, whole | named)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
