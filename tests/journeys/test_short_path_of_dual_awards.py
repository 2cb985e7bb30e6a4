"""Who holds an award of the destination beside a foreign one is not examined there."""

import pytest

from tests.journeys.office import a_bachelor
from tests.journeys.paths import achieve, award, opened, put
from tests.journeys.test_joint_award import UNITS, attestations, sign

FLANDERS, MOROCCO = "be-fl-demo", "ma-demo"


@pytest.fixture
def morocco(office_of):
    return office_of(MOROCCO)


@pytest.fixture
def flanders(office_of):
    return office_of(FLANDERS)


@pytest.fixture
def awarded(morocco, flanders):
    track = achieve(morocco, opened(morocco), *UNITS)
    assert award(morocco, track, "A").status_code == 200
    assert award(flanders, track, "B").status_code == 200
    return track


def asked(office, authority, attestation):
    """Ask Flanders about the diploma of Morocco, with one of the attestations."""
    body = a_bachelor(
        decision_kind="professional_access",
        purpose="regulated_profession",
        held={
            "qualification": "ma-cnc--specialised-technician-diploma",
            "title": None,
            "origin": "MA",
            "attestation": {"authority": authority, "id": attestation},
        },
    )
    answer = office.post("/recognition-requests", body)
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_joint_award_of_the_destination_settles_it(morocco, flanders, awarded):
    assert sign(morocco, awarded).status_code == 200
    found = attestations(sign(flanders, awarded).json)
    case = asked(flanders, FLANDERS, found["B"])
    assert case["short_path"]["basis"] == "destination_attestation"
    assert case["short_path"]["attestation"]["id"] == found["B"]
    of = f"/recognition-requests/{case['id']}/assessment"
    prefill = flanders.get(of).json["suggestions"]["short_path"]["prefill"]
    assert prefill["legal_basis"] == ["programme"]
    assert prefill["reference"]["level"] == "5"


def test_the_award_of_the_other_side_settles_nothing_here(morocco, flanders, awarded):
    assert sign(morocco, awarded).status_code == 200
    found = attestations(sign(flanders, awarded).json)
    assert asked(flanders, MOROCCO, found["A"])["short_path"] is None


def test_an_award_that_its_body_attests_alone_settles_it(flanders, awarded):
    done = put(flanders, awarded, "awards/B/attestation", {}, as_="signatory")
    assert done.status_code == 200, done.json
    (found,) = [each for each in done.json["awards"] if each["target"] == "B"]
    case = asked(flanders, FLANDERS, found["attestation"])
    assert case["short_path"]["basis"] == "destination_attestation"
