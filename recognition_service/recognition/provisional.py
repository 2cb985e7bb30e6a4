"""A provisional status while a case is open: decided apart, ended with the case.

Source: the founding practice of provisional assistants in health professions; the
conditions stand in the decision, and verifiers see that it is provisional.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.drafts import NewAttestation
from recognition_service.attestations.findings import OFFICER, findings_of
from recognition_service.attestations.models import Status
from recognition_service.attestations.read import find_by_decision
from recognition_service.attestations.status import change_status
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day
from recognition_service.authorities.models import PrincipalKind
from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import (
    CaseFile,
    EditionAtHand,
    inputs_of,
    open_file,
)
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.decide import SignedDecision
from recognition_service.recognition.ending import is_final
from recognition_service.recognition.errors import (
    DecisionNotFoundError,
    ProvisionalInvalidError,
    SameSignatoryError,
    SystemCannotSignError,
    TransitionNotAllowedError,
)
from recognition_service.recognition.letter_kinds import LetterKind
from recognition_service.recognition.letters import write_letter
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.recognition.models import (
    PROVISIONAL,
    Decision,
    RecognitionRequest,
)
from recognition_service.recognition.vocabulary import DecisionKind, StatusReason
from recognition_service.regimes.contents import require_contents
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.storage.ids import new_id

_LASTING = OPEN | {
    CaseState.DECIDED,
    CaseState.MEASURE_CHOSEN,
    CaseState.MEASURE_RUNNING,
    CaseState.MEASURE_PASSED,
    CaseState.MEASURE_FAILED,
    CaseState.UNDER_APPEAL,
}


def prepare_provisional(
    session: Session,
    caller: Caller,
    request_id: UUID,
    content: Mapping[str, Any],
    *,
    edition: EditionAtHand,
    now: datetime,
) -> RecognitionRequest:
    """Write a provisional decision down, to be signed by somebody else.

    The caller owns the transaction.

    Raises:
        RequestNotFoundError: The authority has no such request.
        TransitionNotAllowedError: The case is over.
        ProvisionalInvalidError: It says no condition, or until when it holds.
        ContentsMissingError: Mandatory contents are missing.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    _require_lasting(session, file)
    said = {**content, "decision_kind": DecisionKind.PROVISIONAL_AUTHORISATION.value}
    _require_conditions(said, legal_day(file.authority, now))
    require_contents(
        edition.compiled.regime(file.request.regime),
        said,
        decided_on=legal_day(file.authority, now),
    )
    decision = file.provisional
    if decision is None or decision.signed_at is not None:
        if decision is not None:
            decision.is_current = False
        decision = Decision(
            authority_id=caller.authority_id,
            id=new_id(now),
            request_id=request_id,
            number=decision.number + 1 if decision else 1,
            role=PROVISIONAL,
            is_current=True,
        )
        session.add(decision)
    decision.decided_by, decision.outcome = OFFICER, said["outcome"]
    decision.content = said
    decision.prepared_by, decision.prepared_at = caller.actor, now
    note_event(
        session, file.request, "provisional_prepared", actor=caller.actor, now=now
    )
    return file.request


def sign_provisional(
    session: Session,
    caller: Caller,
    request_id: UUID,
    *,
    edition: EditionAtHand,
    now: datetime,
) -> SignedDecision:
    """Sign a provisional decision as the second person.

    The caller owns the transaction and has the attestation issued afterwards. An
    earlier provisional attestation of the case is superseded.

    Raises:
        RequestNotFoundError: The authority has no such request.
        DecisionNotFoundError: Nothing was prepared.
        TransitionNotAllowedError: The case is over.
        SameSignatoryError: The signatory prepared it.
        SystemCannotSignError: The caller is no person.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    _require_lasting(session, file)
    decision = file.provisional
    if decision is None or decision.signed_at is not None:
        raise DecisionNotFoundError("No provisional decision has been prepared.")
    if caller.kind is not PrincipalKind.PERSON:
        raise SystemCannotSignError("A decision is signed by a person.")
    if decision.prepared_by == caller.actor:
        raise SameSignatoryError("Who prepared the decision cannot sign it.")
    inputs = inputs_of(
        file, edition, decided_by=OFFICER, content=decision.content, now=now
    )
    inputs["decision_kind"] = DecisionKind.PROVISIONAL_AUTHORISATION.value
    record = DecisionRecord(inputs, findings_of(inputs, edition.compiled))
    decision.record, decision.decision_digest = record.as_value(), record.digest
    decision.signed_by, decision.signed_at = caller.actor, now
    decision.decided_on = date.fromisoformat(inputs["decided_on"])
    note_event(
        session,
        file.request,
        "provisional_granted",
        actor=caller.actor,
        now=now,
        details={"decision": str(decision.id)},
    )
    _tell(session, file.request, record, actor=caller.actor, now=now)
    return SignedDecision(
        decision,
        NewAttestation(decision_id=decision.id, request_id=request_id, record=record),
    )


def _tell(
    session: Session,
    request: RecognitionRequest,
    record: DecisionRecord,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Tell the applicant of the provisional status."""
    if request.number is None:
        return
    findings = record.findings
    write_letter(
        session,
        request,
        LetterKind.PROVISIONAL,
        params={
            "valid_from": findings["validity"]["from"],
            "until": findings["validity"]["until"],
            "conditions": [
                clause.get("text") or clause["code"]
                for clause in findings["conditions"]
            ],
            "remedy": findings["legal"]["remedy"],
        },
        actor=actor,
        now=now,
    )


def end_provisional(
    session: Session, authority_id: str, request_id: UUID, *, now: datetime
) -> None:
    """End the provisional status of a case that is over, if it still has one.

    The caller owns the transaction and has the lists published afterwards. What the
    final decision attests takes its place; without that it is revoked.

    Raises:
        AttestationPendingError: The attestation that takes its place is not signed.
    """
    file = open_file(session, authority_id, request_id, to_change=True)
    if file.provisional is None or file.provisional.signed_at is None:
        return
    standing = find_by_decision(session, authority_id, file.provisional.id)
    if standing is None or standing.status not in {Status.VALID, Status.SUSPENDED}:
        return
    final = file.signed
    successor = find_by_decision(session, authority_id, final.id) if final else None
    change_status(
        session,
        authority_id,
        standing.id,
        status=Status.SUPERSEDED if successor else Status.REVOKED,
        reason=StatusReason.DECISION_AMENDED,
        superseded_by=successor.id if successor else None,
        actor="service",
        now=now,
    )
    note_event(session, file.request, "provisional_ended", actor="service", now=now)


def _require_lasting(session: Session, file: CaseFile) -> None:
    status = file.request.status
    if status not in _LASTING or (
        status == CaseState.DECIDED and is_final(file.signed)
    ):
        allowed = rules_of(session, file.request).lifecycle.allowed(status)
        raise TransitionNotAllowedError(status, PROVISIONAL, allowed)


def _require_conditions(content: Mapping[str, Any], today: date) -> None:
    """A provisional status says under which conditions it holds, and until when."""
    faults = [
        (member, "required", "A provisional status must say this.")
        for member in ("conditions", "valid_until")
        if not content.get(member)
    ]
    until = content.get("valid_until")
    if until and date.fromisoformat(until) < today:
        faults.append(("valid_until", "date_in_past", f"{until} is over."))
    if faults:
        raise ProvisionalInvalidError(faults)
