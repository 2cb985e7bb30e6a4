"""Taking a decision back by another decision, with the same contents and a remedy.

A wish of the person is no ground: their attestation is withdrawn without a decision.
A suspicion is none either.

Source: Lisbon Recognition Convention, article III.5; the regime of the case.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import (
    ENGINE,
    DecisionRecord,
    new_nonce,
)
from recognition_service.attestations.findings import OFFICER
from recognition_service.attestations.models import Status
from recognition_service.attestations.read import find_by_decision, find_by_request
from recognition_service.attestations.status import change_status
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day
from recognition_service.authorities.models import PrincipalKind
from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import CaseFile, open_file
from recognition_service.recognition.errors import (
    DecisionNotFoundError,
    RevocationNotOpenError,
    SameSignatoryError,
    SystemCannotSignError,
)
from recognition_service.recognition.models import (
    REVOCATION,
    Decision,
    RecognitionRequest,
)
from recognition_service.regimes.errors import ContentsMissingError
from recognition_service.regimes.events import CaseEventKind
from recognition_service.storage.ids import new_id

REVOKED = "revoked"
"""The outcome of a decision that takes another one back."""
_REFUSED = "refused"
_CONTENTS = ("ground", "legal_basis", "remedy", "text")


class RevocationGround(StrEnum):
    """Why a decision is taken back."""

    FRAUD_FINAL = "fraud_final"
    AWARD_WITHDRAWN = "award_withdrawn"
    ERROR = "error"
    BASE_REVOKED = "base_revoked"


def prepare_revocation(
    session: Session,
    caller: Caller,
    request_id: UUID,
    content: Mapping[str, Any],
    *,
    now: datetime,
) -> RecognitionRequest:
    """Write a revocation of the decision of a case, to be signed by somebody else.

    The caller owns the transaction. Until it is signed it can be written anew.

    Args:
        session: A writing session.
        caller: The officer.
        request_id: The request.
        content: `ground`, `text` by language, `legal_basis`, `remedy`; JSON values.
        now: The instant.

    Raises:
        RequestNotFoundError: The authority has no such request.
        RevocationNotOpenError: There is no decision to revoke, or it is revoked.
        ContentsMissingError: Mandatory contents are missing.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    _require_revocable(file)
    _require_contents(content)
    decision = file.revocation
    if decision is None or decision.signed_at is not None:
        number = decision.number + 1 if decision else 1
        if decision is not None:
            decision.is_current = False
        decision = Decision(
            authority_id=caller.authority_id,
            id=new_id(now),
            request_id=request_id,
            number=number,
            role=REVOCATION,
            is_current=True,
        )
        session.add(decision)
    decision.decided_by, decision.outcome = OFFICER, REVOKED
    decision.content = dict(content)
    decision.prepared_by, decision.prepared_at = caller.actor, now
    note_event(
        session, file.request, "revocation_prepared", actor=caller.actor, now=now
    )
    return file.request


def sign_revocation(
    session: Session, caller: Caller, request_id: UUID, *, now: datetime
) -> RecognitionRequest:
    """Sign a revocation as the second person; the attestations end with it.

    The caller owns the transaction and has the lists published afterwards.

    Raises:
        RequestNotFoundError: The authority has no such request.
        RevocationNotOpenError: The decision is revoked already.
        DecisionNotFoundError: No revocation has been prepared.
        SameSignatoryError: The signatory prepared it.
        SystemCannotSignError: The caller is no person.
        AttestationPendingError: The attestation over the decision is not signed yet.
        JointAwardHeldError: An attestation counts together with others only.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    revoked = _require_revocable(file)
    decision = file.revocation
    if decision is None or decision.content is None or decision.signed_at is not None:
        raise DecisionNotFoundError("No revocation has been prepared.")
    if caller.kind is not PrincipalKind.PERSON:
        raise SystemCannotSignError("A decision is signed by a person.")
    if decision.prepared_by == caller.actor:
        raise SameSignatoryError("Who prepared the decision cannot sign it.")
    _fix(file, decision, revoked, signed_by=caller.actor, now=now)
    ground = decision.content["ground"]
    _end_attestations(session, file, revoked, ground, actor=caller.actor, now=now)
    note_event(
        session,
        file.request,
        CaseEventKind.REVOKED,
        actor=caller.actor,
        now=now,
        content={"decision_digest": decision.decision_digest},
        details={
            "decision": str(decision.id),
            "revokes": str(revoked.id),
            "ground": ground,
        },
        legal_basis=decision.content["legal_basis"][0],
    )
    file.request.closed_at = now
    return file.request


def revocation_document(decision: Decision | None) -> dict[str, Any] | None:
    """Return a revocation as callers see it; None: there is none."""
    if decision is None or decision.content is None:
        return None
    return {
        "id": str(decision.id),
        **decision.content,
        "prepared_by": decision.prepared_by,
        "signed": decision.signed_at is not None,
        "decided_on": decision.decided_on.isoformat() if decision.decided_on else None,
        "decision_digest": decision.decision_digest,
    }


def _require_revocable(file: CaseFile) -> Decision:
    """Return the decision that holds and grants something."""
    decision, last = file.signed, file.revocation
    if decision is None or decision.outcome == _REFUSED:
        raise RevocationNotOpenError("No decision grants anything.")
    record = (last.record or {}) if last is not None else {}
    if record.get("inputs", {}).get("revokes", {}).get("id") == str(decision.id):
        raise RevocationNotOpenError("The decision is revoked.")
    return decision


def _require_contents(content: Mapping[str, Any]) -> None:
    faults = tuple(
        {
            "pointer": f"/{member}",
            "code": "mandatory_content",
            "detail": "A revocation must state this.",
        }
        for member in _CONTENTS
        if not content.get(member)
    )
    if faults:
        raise ContentsMissingError(faults)


def _end_attestations(
    session: Session,
    file: CaseFile,
    revoked: Decision,
    ground: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Revoke what says anything of the case, one that waits to be signed included."""
    owner = revoked.authority_id
    own = find_by_decision(session, owner, revoked.id)
    found = [*find_by_request(session, owner, file.request.id), *([own] if own else [])]
    for attestation in {each.id: each for each in found}.values():
        if attestation.status in {Status.VALID, Status.SUSPENDED}:
            change_status(
                session,
                owner,
                attestation.id,
                status=Status.REVOKED,
                reason=ground,
                actor=actor,
                now=now,
            )


def _fix(
    file: CaseFile,
    decision: Decision,
    revoked: Decision,
    *,
    signed_by: str,
    now: datetime,
) -> None:
    """Fix the record of a revocation and its digest."""
    decided_on = legal_day(file.authority, now)
    request = file.request
    inputs = {
        "nonce": new_nonce(),
        "engine": ENGINE,
        "authority": request.authority_id,
        "regime": request.regime,
        "decided_by": OFFICER,
        "decided_on": decided_on.isoformat(),
        "decision_kind": request.decision_kind,
        "revokes": {
            "id": str(revoked.id),
            "decision_digest": revoked.decision_digest,
        },
        "decision": dict(decision.content or {}),
    }
    record = DecisionRecord(inputs, {"outcome": REVOKED})
    decision.record, decision.decision_digest = record.as_value(), record.digest
    decision.signed_by, decision.signed_at = signed_by, now
    decision.decided_on = decided_on
