"""Lines of a batch: decisions that a body's own case system holds."""

import json

from tests.journeys.office import CONFIRMED, RECOGNISED

LINES = "application/jsonl"


def officer_id(office):
    listed = office.get("/principals").json["items"]
    (caller,) = [each for each in listed if each["is_caller"]]
    return caller["id"]


def a_record(office, reference, **changes):
    """A decision that the body's own system holds about a Moroccan diploma."""
    return {
        "external_reference": reference,
        "decided_on": "2026-11-02",
        "decided_by": officer_id(office),
        "decision_kind": "equivalence_finding",
        "purpose": "general_employment",
        "destination": {"jurisdiction": "BE-FR"},
        "holder": {"family_name": "Haddad", "given_name": "Amina"},
        "held_qualification": {
            "qualification": "ma-cnc--specialised-technician-diploma",
            "origin": "MA",
            "awarded_on": "2018-07-13",
            "institution_status": RECOGNISED,
            "authenticity": CONFIRMED,
        },
        "decision": {
            "outcome": "full",
            "reference": {"framework": "BE-FR-CFC", "level": "5"},
            "legal_basis": ["Individual assessment"],
            "text": {"en": "Two years of higher education are recognised."},
        },
    } | changes


def hand_in(office, lines, path="/attestation-batches", as_="signatory", **headers):
    return office.client.post(
        f"/api/v1{path}",
        data="\n".join(
            line if isinstance(line, str) else json.dumps(line) for line in lines
        ),
        content_type=LINES,
        headers={"Authorization": f"Bearer {office.api_keys[as_]}", **headers},
    )
