"""Joint awards that another installation proposes, and attestations of its bodies."""

from copy import deepcopy
from datetime import date
from uuid import UUID, uuid4

from recognition_service.attestations.claims import claims_of
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.joint_record import (
    JointDecision,
    freeze,
    joint_findings,
)
from recognition_service.credentials import vc_jwt
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.canonical import digest
from recognition_service.credentials.signer import KeyPurpose
from tests.credentials.builders import a_copy

MANDATE = "https://register.example/mandates/1"


def a_target(key, issuer, jurisdiction):
    return {
        "key": key,
        "issuer": issuer,
        "qualification": {
            "title": f"Diploma {key}",
            "framework": None,
            "level": "5",
            "eqf": "5",
        },
        "jurisdiction": jurisdiction,
        "profession": "mechatronics",
        "requirements": {"credits": 30},
        "legal_basis": ["programme"],
    }


def a_joint_record(theirs, ours, place="BE-FL"):
    """Return the record of an award of two issuers: A is theirs, B ours."""
    decision = JointDecision(
        holder={
            "family_name": "Haddad",
            "given_name": "Amina",
            "birth_date": "2003-05-17",
            "name_on_evidence": "HADDAD Amina",
        },
        edition=digest({"edition": 1}),
        targets=[a_target("A", theirs, "LV"), a_target("B", ours, place)],
        units=[
            {
                "id": "u1",
                "title": "Control of machines",
                "credits": "30",
                "hours": 900,
                "provider": "Institute (example)",
                "place": "LV",
                "counts_for": [
                    {"target": "A", "rule": "a-4.2"},
                    {"target": "B", "rule": "b-7"},
                ],
                "result": {
                    "achieved_on": "2026-10-01",
                    "evidence": "sha256-" + "A" * 43,
                    "kind": "assessed",
                },
            }
        ],
        awards=[
            {"target": key, "awarded_on": "2026-11-02", "how": "earned"} for key in "AB"
        ],
        missing={"A": [], "B": []},
        decided_on=date(2026, 11, 2),
    )
    return freeze(decision)


def a_proposal(record):
    return {
        "record": {"inputs": deepcopy(record.inputs), "findings": record.findings},
        "digest": record.digest,
        "expires_on": "2027-01-31",
    }


def with_what_follows(body):
    """Return a proposal with the findings and the digest that its inputs lead to."""
    inputs = body["record"]["inputs"]
    record = DecisionRecord(inputs, joint_findings(inputs))
    told = {"record": {"inputs": inputs, "findings": record.findings}}
    return body | told | {"digest": record.digest}


def group_of(record):
    return UUID(record.inputs["group"])


def an_attestation(body, record, *, attestation_id=None, signer=None, **changes):
    """Return what a body of another installation says that it has signed."""
    attestation_id = attestation_id or uuid4()
    claims = claims_of(
        record,
        attestation_id=attestation_id,
        number="ATT-1",
        decision_id=group_of(record),
        issuer_id=body.issuer,
        issuer_name=f"{body.called} (example)",
        mandate=MANDATE,
        time_zone="UTC",
    )
    credential = attestation_credential(claims, public_url=body.peer.url)
    token = vc_jwt.encode(
        credential, a_copy(), signer or body.keys[KeyPurpose.ATTESTATIONS]
    )
    said = {"digest": record.digest, "attestation": str(attestation_id)}
    return said | {"token": token} | changes
