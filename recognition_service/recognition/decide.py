"""Deciding: an officer prepares, another person signs; or a rule decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.drafts import NewAttestation
from recognition_service.attestations.findings import OFFICER, RULE, findings_of
from recognition_service.attestations.models import Attestation, Status
from recognition_service.attestations.read import find_by_decision
from recognition_service.attestations.status import change_status
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day
from recognition_service.authorities.models import PrincipalKind
from recognition_service.recognition.alike import BY_PRECEDENT, follows_precedent
from recognition_service.recognition.assess import with_assessment
from recognition_service.recognition.case_events import happen, note_event
from recognition_service.recognition.case_file import (
    CaseFile,
    EditionAtHand,
    inputs_of,
    open_file,
)
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.decision_letter import decision_params
from recognition_service.recognition.ending import end_with_case
from recognition_service.recognition.errors import (
    DecisionNotFoundError,
    SameSignatoryError,
    SystemCannotSignError,
    TransitionNotAllowedError,
)
from recognition_service.recognition.letter_kinds import LetterKind
from recognition_service.recognition.letters import write_letter
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.recognition.models import (
    MAIN,
    Decision,
    RecognitionRequest,
)
from recognition_service.recognition.stated_terms import with_stated_terms
from recognition_service.recognition.vocabulary import StatusReason
from recognition_service.regimes.contents import require_contents
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.storage.ids import new_id

_CONDITIONAL, _REFUSED = "conditional", "refused"
_SERVICE = "service"


@dataclass(frozen=True, slots=True)
class SignedDecision:
    """A decision that holds.

    Attributes:
        attestation: What is to be issued over it; None for a refusal.
    """

    decision: Decision
    attestation: NewAttestation | None


def prepare_decision(
    session: Session,
    caller: Caller,
    request_id: UUID,
    content: Mapping[str, Any],
    *,
    edition: EditionAtHand,
    now: datetime,
) -> RecognitionRequest:
    """Write a decision down, to be signed by somebody else.

    The caller owns the transaction. Until it is signed it can be written anew.

    Args:
        session: A writing session.
        caller: The officer.
        request_id: The request.
        content: The decision's members as JSON values, dates as text; some that are
            left out are taken from the assessment, see `assess.with_assessment`.
        edition: The edition in force for the authority.
        now: The instant.

    Raises:
        RequestNotFoundError: The authority has no such request.
        TransitionNotAllowedError: It is decided or withdrawn.
        DifferenceCompensatedError: It names a difference that a passed unit covers.
        ConditionInvalidError: As `stated_terms.with_stated_terms`.
        ExperienceInvalidError: The same.
        ContentsMissingError: Mandatory contents are missing.
        RegimeNotInEditionError: The edition in force has dropped its regime.

    Source: Lisbon Recognition Convention, article III.5.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    happen(
        session,
        file.request,
        CaseEventKind.DECISION_PREPARED,
        actor=caller.actor,
        now=now,
    )
    whole = with_stated_terms(
        with_assessment(session, caller.authority_id, request_id, content)
    )
    require_contents(
        edition.compiled.regime(file.request.regime),
        whole,
        decided_on=legal_day(file.authority, now),
    )
    decision = unsigned_decision(session, file, now=now)
    decision.decided_by, decision.outcome = OFFICER, whole["outcome"]
    decision.content = whole
    decision.prepared_by, decision.prepared_at = caller.actor, now
    file.request.decision_kind = whole["decision_kind"]
    return file.request


def unsigned_decision(session: Session, file: CaseFile, *, now: datetime) -> Decision:
    """Return the decision that is being prepared, or begin another one.

    The caller owns the transaction. What was signed is never written anew.
    """
    last = file.decision
    if last is not None and last.signed_at is None:
        return last
    decision = Decision(
        authority_id=file.request.authority_id,
        id=new_id(now),
        request_id=file.request.id,
        number=last.number + 1 if last else 1,
        role=MAIN,
        is_current=True,
    )
    if last is not None:
        last.is_current = False
    session.add(decision)
    return decision


def sign_decision(
    session: Session,
    caller: Caller,
    request_id: UUID,
    *,
    edition: EditionAtHand,
    now: datetime,
) -> tuple[RecognitionRequest, SignedDecision]:
    """Sign a prepared decision as the second person; from then on it holds.

    The caller owns the transaction and has the attestation issued afterwards.

    Raises:
        RequestNotFoundError: The authority has no such request.
        DecisionNotFoundError: Nothing was prepared.
        TransitionNotAllowedError: It is decided or withdrawn already.
        SameSignatoryError: The signatory prepared it.
        SystemCannotSignError: The caller is no person.
        RegimeNotInEditionError: The edition in force has dropped its regime.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    decision = file.decision
    if file.request.status != CaseState.DECISION_PREPARED:
        if file.request.status in OPEN:
            raise DecisionNotFoundError("No decision has been prepared.")
        allowed = rules_of(session, file.request).lifecycle.allowed(file.request.status)
        raise TransitionNotAllowedError(file.request.status, CaseState.DECIDED, allowed)
    if decision is None or decision.content is None:
        raise DecisionNotFoundError("No decision has been prepared.")
    if caller.kind is not PrincipalKind.PERSON:
        raise SystemCannotSignError("A decision is signed by a person.")
    regime = edition.compiled.regime(file.request.regime)
    if regime.four_eyes and decision.prepared_by == caller.actor:
        raise SameSignatoryError("Who prepared the decision cannot sign it.")
    signed = _hold(session, file, decision, edition, signed_by=caller.actor, now=now)
    return file.request, signed


def signed_decision(
    session: Session, authority_id: str, decision_id: UUID
) -> SignedDecision:
    """Return a decision that was signed, with what is to be issued over it.

    Raises:
        DecisionNotFoundError: The authority has no signed decision of this id.
    """
    decision = session.get(Decision, (authority_id, decision_id))
    if decision is None or decision.record is None:
        raise DecisionNotFoundError(f"There is no signed decision {decision_id}.")
    record = DecisionRecord(decision.record["inputs"], decision.record["findings"])
    older = _attested_before(
        session, open_file(session, authority_id, decision.request_id), decision
    )
    return SignedDecision(
        decision, _to_attest(decision, record, older.id if older else None)
    )


def decide_by_rule(
    session: Session, file: CaseFile, edition: EditionAtHand, *, now: datetime
) -> SignedDecision:
    """Record what the rows decide. The caller owns the transaction.

    The authority's standing order is the act of will behind it; two people have
    given it.
    """
    decision = unsigned_decision(session, file, now=now)
    decision.decided_by, decision.content = RULE, None
    decision.prepared_by, decision.prepared_at = _SERVICE, now
    return _hold(session, file, decision, edition, signed_by=_SERVICE, now=now)


def _hold(
    session: Session,
    file: CaseFile,
    decision: Decision,
    edition: EditionAtHand,
    *,
    signed_by: str,
    now: datetime,
) -> SignedDecision:
    """Fix the record and its digest, count the request as decided, and say so.

    Only a case has a number, and only in a case the applicant is written to.
    """
    inputs = inputs_of(
        file, edition, decided_by=decision.decided_by, content=decision.content, now=now
    )
    record = DecisionRecord(inputs, findings_of(inputs, edition.compiled))
    decision.outcome = record.findings["outcome"]
    decision.record, decision.decision_digest = record.as_value(), record.digest
    decision.signed_by, decision.signed_at = signed_by, now
    decision.decided_on = date.fromisoformat(inputs["decided_on"])
    request = file.request
    request.complete_at = request.complete_at or now
    happen(
        session,
        request,
        CaseEventKind.DECIDED,
        actor=signed_by,
        now=now,
        content={"decision_digest": record.digest},
        details=_told(session, file, decision, edition),
    )
    _follow(session, request, decision, record, now=now)
    request.edition = edition.as_value()
    end_with_case(session, replace(file, decisions=(decision,)), now=now)
    older = _attested_before(session, file, decision)
    if older is not None and decision.outcome == _REFUSED:
        change_status(
            session,
            request.authority_id,
            older.id,
            status=Status.REVOKED,
            reason=StatusReason.DECISION_AMENDED,
            actor=signed_by,
            now=now,
        )
    return SignedDecision(
        decision, _to_attest(decision, record, older.id if older else None)
    )


def _follow(
    session: Session,
    request: RecognitionRequest,
    decision: Decision,
    record: DecisionRecord,
    *,
    now: datetime,
) -> None:
    """Impose the measures of a decision, and tell the applicant what was decided."""
    actor = decision.signed_by or _SERVICE
    if decision.outcome == _CONDITIONAL:
        note_event(
            session,
            request,
            CaseEventKind.MEASURE_IMPOSED,
            actor=actor,
            now=now,
            details={"decision": str(decision.id)},
        )
    if request.number is not None:
        write_letter(
            session,
            request,
            LetterKind.DECISION,
            params=decision_params(decision, record),
            actor=actor,
            now=now,
        )


def _told(
    session: Session, file: CaseFile, decision: Decision, edition: EditionAtHand
) -> dict[str, Any]:
    """Return what time limits and statistics need to know of a decision."""
    told: dict[str, Any] = {"decision": str(decision.id), "outcome": decision.outcome}
    remedy = (decision.content or {}).get("remedy") or {}
    if remedy.get("within_days"):
        told["remedy_within_days"] = remedy["within_days"]
    compensated = (decision.content or {}).get("compensated")
    if compensated:
        told["compensated"] = len(compensated)
    if decision.decided_by == OFFICER and follows_precedent(
        session, file, decision, edition.compiled.snapshot
    ):
        told[BY_PRECEDENT] = True
    return told


def _attested_before(
    session: Session, file: CaseFile, decision: Decision
) -> Attestation | None:
    """Return the attestation of an earlier decision that still says something."""
    for earlier in reversed(file.decisions):
        if earlier.number >= decision.number:
            continue
        found = find_by_decision(session, earlier.authority_id, earlier.id)
        if found is not None and found.issued_at is not None:
            return found if found.status in {Status.VALID, Status.SUSPENDED} else None
    return None


def _to_attest(
    decision: Decision, record: DecisionRecord, supersedes: UUID | None = None
) -> NewAttestation | None:
    """Return what is to be issued over a signed decision; None for a refusal."""
    if decision.outcome == _REFUSED:
        return None
    return NewAttestation(
        decision_id=decision.id,
        request_id=decision.request_id,
        record=record,
        supersedes=supersedes,
    )
