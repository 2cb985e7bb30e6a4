"""Requests and decisions as the documents that callers get, codes without texts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from recognition_service.attestations.read import (
    count_issued,
    find_by_decision,
    find_by_decisions,
)
from recognition_service.clock import format_instant
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.experience_document import experience_document
from recognition_service.recognition.language_proofs import language_conditions
from recognition_service.recognition.models import (
    MAIN,
    Decision,
    HeldQualification,
    RecognitionRequest,
)
from recognition_service.recognition.own_data import retention_document
from recognition_service.recognition.progress import progress_of
from recognition_service.recognition.rectification import rectifications_of
from recognition_service.recognition.revoke import revocation_document
from recognition_service.recognition.short_path import short_path_in
from recognition_service.recognition.training_evidence import (
    training_document,
    training_of,
)
from recognition_service.storage.prepared import Prepared, among

_STATES = Prepared(
    lambda dialect: (
        select(
            RecognitionRequest.id,
            RecognitionRequest.status,
            RecognitionRequest.regime,
            Decision.prepared_by,
            Decision.prepared_at,
        )
        .outerjoin(
            Decision,
            (Decision.authority_id == RecognitionRequest.authority_id)
            & (Decision.request_id == RecognitionRequest.id)
            & (Decision.role == MAIN)
            & Decision.is_current,
        )
        .where(
            RecognitionRequest.authority_id == bindparam("authority_id"),
            among(RecognitionRequest.id, "requests", dialect),
        )
    )
)


def as_document(
    session: Session, file: CaseFile, *, public_url: str, now: datetime
) -> dict[str, Any]:
    """Return a request whole, for the authority's own people.

    Sex and the personal scope are not in it: assessors must not see them.
    """
    request, applicant = file.request, file.applicant
    events = events_of(session, request.authority_id, request.id)
    return {
        **summary(request, public_url=public_url),
        "external_reference": request.external_reference,
        "applicant": {
            "family_name": applicant.family_name,
            "given_name": applicant.given_name,
            "birth_date": applicant.birth_date.isoformat()
            if applicant.birth_date
            else None,
            "birth_place": applicant.birth_place,
            "other_names": applicant.other_names,
            "email": applicant.email,
        },
        "held_qualifications": [_held(row) for row in file.held],
        "routing": {
            "authority": request.authority_id,
            "regime": request.regime,
            "instrument": request.instrument,
            "reasons": request.routing_reasons,
        },
        "equivalence": request.equivalence,
        "decision": _decision(file.decision) if file.decision else None,
        "attestation": _attestation(session, file, public_url),
        **progress_of(session, file, now=now),
        "training": training_document(
            training_of(session, request.authority_id, request.id)
        ),
        "experience": experience_document(session, file, None, now=now),
        "language_conditions": language_conditions(session, file, now=now),
        "revocation": revocation_document(file.revocation),
        "rectifications": rectifications_of(events),
        "retention": retention_document(session, file),
        "legal_hold": request.legal_hold,
        "history": [
            {
                "at": format_instant(event.at),
                "by": event.actor,
                "event": event.event,
                "legal_basis": event.legal_basis,
                "details": event.details,
                "text": event.text,
            }
            for event in events
        ],
    }


def summary(request: RecognitionRequest, *, public_url: str) -> dict[str, Any]:
    """Return what lists show of a request: nothing that names the person."""
    return {
        "id": str(request.id),
        "number": request.number,
        "procedure": request.procedure,
        "status": request.status,
        "language": request.language,
        "stage": request.stage,
        "decision_kind": request.decision_kind,
        "purpose": request.purpose,
        "destination": {
            "jurisdiction": request.destination,
            "profession": request.profession,
        },
        "submitted_at": format_instant(request.submitted_at),
        "complete_at": format_instant(request.complete_at)
        if request.complete_at
        else None,
        "due_on": request.due_on.isoformat() if request.due_on else None,
        "short_path": short_path_document(request),
        "re_examined_at": format_instant(request.re_examined_at)
        if request.re_examined_at
        else None,
        "links": {"self": f"{public_url}/api/v1/recognition-requests/{request.id}"},
    }


def short_path_document(request: RecognitionRequest) -> dict[str, Any] | None:
    """Return on what a request can be decided without an examination, or None."""
    found = short_path_in(request.routing_reasons)
    if found is None:
        return None
    names = ("basis", "outcome", "rows", "attestation", "decision")
    return {name: found[name] for name in names}


def case_results(
    session: Session, authority_id: str, request_ids: Sequence[UUID]
) -> dict[UUID, dict[str, Any]]:
    """Return what became of many cases, by their ids.

    Each is {status, decision, attestation}; a decision is shown once it is signed, an
    attestation once it is issued.
    """
    states = session.execute(
        select(RecognitionRequest.id, RecognitionRequest.status).where(
            RecognitionRequest.authority_id == authority_id,
            RecognitionRequest.id.in_(request_ids),
        )
    )
    results: dict[UUID, dict[str, Any]] = {
        row.id: {"status": row.status, "decision": None, "attestation": None}
        for row in states
    }
    signed = session.scalars(
        select(Decision)
        .where(
            Decision.authority_id == authority_id,
            Decision.request_id.in_(request_ids),
            Decision.role == MAIN,
            Decision.signed_at.is_not(None),
        )
        .order_by(Decision.number)
    )
    decisions = {decision.id: decision for decision in signed}
    for decision in decisions.values():
        results[decision.request_id]["decision"] = {
            "id": str(decision.id),
            "outcome": decision.outcome,
            "decided_by": decision.decided_by,
            "decided_on": decision.decided_on.isoformat()
            if decision.decided_on
            else None,
        }
    for row in find_by_decisions(session, authority_id, list(decisions)):
        results[decisions[row.decision_id].request_id]["attestation"] = {
            "id": str(row.id),
            "number": row.number,
        }
    return results


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """Where a case stands, without anything that names the person.

    Attributes:
        prepared_by: Who wrote the decision, as the audit names them; None: nobody.
    """

    status: str
    regime: str
    prepared_by: str | None
    prepared_at: datetime | None


def case_states(
    session: Session, authority_id: str, request_ids: Collection[UUID]
) -> dict[UUID, CaseStanding]:
    """Return where many cases stand, by their ids."""
    rows = _STATES.all(session, authority_id=authority_id, requests=request_ids)
    return {request_id: CaseStanding(*state) for request_id, *state in rows}


def count_cases(
    session: Session, authority_id: str, of: Select[UUID | None]
) -> dict[str, int]:
    """Return how many of some cases stand in each state.

    Args:
        session: A reading session.
        authority_id: Whose cases they are.
        of: Selects their ids.
    """
    rows = session.execute(
        select(RecognitionRequest.status, func.count().label("number"))
        .where(
            RecognitionRequest.authority_id == authority_id,
            RecognitionRequest.id.in_(of),
        )
        .group_by(RecognitionRequest.status)
    )
    return {row.status: row.number for row in rows}


def count_attested(session: Session, authority_id: str, of: Select[UUID | None]) -> int:
    """Return how many of some cases have an attestation; see `count_cases`."""
    decisions = select(Decision.id).where(
        Decision.authority_id == authority_id,
        Decision.request_id.in_(of),
        Decision.role == MAIN,
        Decision.is_current,
    )
    return count_issued(session, authority_id, decisions)


def _held(row: HeldQualification) -> dict[str, Any]:
    return {"id": str(row.id), **row.content}


def _decision(decision: Decision) -> dict[str, Any]:
    findings = (decision.record or {}).get("findings") or {}
    content = decision.content or {}
    inputs = (decision.record or {}).get("inputs") or {}
    return {
        "id": str(decision.id),
        "decided_by": decision.decided_by,
        "decision_kind": inputs.get("decision_kind") or content.get("decision_kind"),
        "outcome": decision.outcome,
        "decided_on": decision.decided_on.isoformat() if decision.decided_on else None,
        "reasons": [
            {"code": code, "params": {}} for code in findings.get("reasons", ())
        ],
        "does_not_allow": findings.get("legal", {}).get("does_not_allow", []),
        "signed": decision.signed_at is not None,
        "prepared_by": decision.prepared_by,
        "signed_by": decision.signed_by,
        "decision_digest": decision.decision_digest,
        "content": decision.content,
    }


def _attestation(
    session: Session, file: CaseFile, public_url: str
) -> dict[str, Any] | None:
    """Return what attests the decision that holds."""
    decision = file.signed
    if decision is None:
        return None
    found = find_by_decision(session, decision.authority_id, decision.id)
    if found is None or found.issued_at is None:
        return None
    return {
        "id": str(found.id),
        "number": found.number,
        "href": f"{public_url}/api/v1/attestations/{found.id}",
    }
