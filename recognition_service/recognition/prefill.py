"""A decision as far as it can be written from what exists already.

It is what an officer may send as it is or complete: what nobody has said yet, such as
the remedy or a text to the applicant, is not in it.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.joint_record import is_joint
from recognition_service.attestations.read import get_attestation
from recognition_service.authorities.peers import wire_name
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import ComparabilityStatement
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.models import Decision
from recognition_service.recognition.short_path import WHOLE, Basis

_KEPT = ("reference", "elements", "level_held", "level_required", "legal_basis")
_FULL = "full"
_STATEMENT = "comparability_statements/"
_Members = dict[str, Any]


def prefilled_decision(
    session: Session, file: CaseFile, path: Mapping[str, Any], snapshot: Snapshot
) -> dict[str, Any]:
    """Return the members of a decision that follow from a short path.

    Args:
        session: A reading session.
        file: The case.
        path: As `short_path.short_path_in` returns it.
        snapshot: The tables in force for the authority.
    """
    outcome = path["outcome"]
    return {
        "outcome": _FULL if outcome in WHOLE else outcome,
        "decision_kind": file.request.decision_kind,
        **_contents(session, file, path, snapshot),
    }


def _contents(
    session: Session, file: CaseFile, path: Mapping[str, Any], snapshot: Snapshot
) -> _Members:
    decision, attestation = path["decision"], path["attestation"]
    match Basis(path["basis"]):
        case Basis.OWN_ATTESTATION | Basis.DESTINATION_ATTESTATION:
            return _as_attested(session, attestation)
        case Basis.DESTINATION_AWARD:
            return _as_awarded(file)
        case Basis.AGREED_LIST:
            return _as_listed(file.request.equivalence or {})
        case Basis.PRECEDENT if decision is not None:
            return _as_decided(session, file, UUID(decision["id"]))
        case Basis.PRECEDENT:
            rows = snapshot.tables.comparability_statements
            return _as_stated(rows.get(path["rows"][0].removeprefix(_STATEMENT)))
        case Basis.DECIDED_ELSEWHERE:
            return {}


def _as_attested(session: Session, attestation: Mapping[str, str]) -> _Members:
    found = get_attestation(session, attestation["authority"], UUID(attestation["id"]))
    record = found.record
    if is_joint(record["inputs"]):
        issuer = wire_name(session, found.authority_id)
        targets = record["inputs"]["targets"]
        own = next(each for each in targets if each["issuer"] == issuer)
        return {
            "reference": _reference(own["qualification"]),
            "legal_basis": list(own["legal_basis"]),
        }
    findings = record["findings"]
    return {
        "reference": _reference(findings["target"]),
        "legal_basis": list(findings["legal"]["basis"]),
    }


def _as_decided(session: Session, file: CaseFile, decision_id: UUID) -> _Members:
    decision = session.get(Decision, (file.request.authority_id, decision_id))
    if decision is None or decision.record is None:
        return {}
    if decision.content is not None:
        return {
            name: decision.content[name] for name in _KEPT if name in decision.content
        }
    findings = decision.record["findings"]
    return {
        "reference": _reference(findings["target"]),
        "legal_basis": list(findings["legal"]["basis"]),
    }


def _as_awarded(file: CaseFile) -> _Members:
    held = file.held[0]
    named = {"qualification": held.qualification or held.title}
    places = {name: held.content.get(name) for name in ("framework", "level")}
    return {"reference": {**named, **places}}


def _as_listed(answer: Mapping[str, Any]) -> _Members:
    """Return what the recorded answer of the tables compares with."""
    basis = answer.get("instrument")
    sources = dict.fromkeys(row["source"] for row in answer.get("rows", ()))
    found = answer.get("object") or {}
    titles = [each["title"] for each in found.get("qualifications", ())]
    levels = [found["level"]] if found.get("level") else found.get("levels", ())
    reference = {
        "qualification": " / ".join(titles) or None,
        "profession": found.get("profession"),
        "framework": found.get("framework"),
        "level": levels[0] if len(levels) == 1 else None,
    }
    return {
        "reference": {name: value for name, value in reference.items() if value},
        "legal_basis": [basis] if basis else list(sources),
    }


def _as_stated(row: ComparabilityStatement | None) -> _Members:
    if row is None:
        return {}
    levels = row.destination_levels
    reference = {
        "qualification": row.objects[0] if row.objects else None,
        "framework": row.destination_framework,
        "level": levels[0] if len(levels) == 1 else None,
    }
    return {
        "reference": {name: value for name, value in reference.items() if value},
        "legal_basis": [row.legal_basis or row.id],
    }


def _reference(target: Mapping[str, Any]) -> dict[str, str]:
    members = {
        "qualification": target.get("title"),
        "profession": target.get("profession"),
        "framework": target.get("framework"),
        "level": target.get("level"),
    }
    return {name: value for name, value in members.items() if value}
