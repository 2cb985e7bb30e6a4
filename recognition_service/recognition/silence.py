"""What follows by law when a time limit passes and nobody has acted.

Each limit is let pass once, in one transaction with its effect: whoever dies in between
has done nothing, and whoever comes second finds it done.

Source: Directive 2005/36/EC, articles 4d(5), 7(4) and 51(3); the regime of the case.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.findings import SILENCE, findings_of
from recognition_service.authorities.found import legal_day
from recognition_service.recognition.case_events import (
    EFFECTS_OF_SILENCE,
    happen,
    note_event,
)
from recognition_service.recognition.case_file import (
    CaseFile,
    EditionAtHand,
    inputs_of,
    open_file,
)
from recognition_service.recognition.case_limits import (
    keep_limits,
    limits_of,
    rules_of,
)
from recognition_service.recognition.decide import unsigned_decision
from recognition_service.recognition.ending import end_with_case
from recognition_service.recognition.letter_kinds import LetterKind
from recognition_service.recognition.letters import write_letter
from recognition_service.recognition.models import (
    CaseLimit,
    Decision,
    RecognitionRequest,
)
from recognition_service.recognition.step_letters import tell_applicant
from recognition_service.regimes.due_dates import Due, Running
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.lifecycle import LEADS_TO
from recognition_service.regimes.time_limits import UNCONFIRMED_EFFECTS
from recognition_service.storage import outbox

ATTEST_DECISION = "decision.attest"
"""Kind of the outbox message that asks for the attestation over a decision."""
_DECIDE = "decide"
_SERVICE = "service"


class PassedCase(NamedTuple):
    """A case in which a time limit has ended."""

    authority_id: str
    request_id: UUID


def passed_cases(session: Session, *, now: datetime, most: int) -> list[PassedCase]:
    """Return cases in which time limits have ended by now and were not let pass yet.

    Those in which one ended first come first. At most `most` limits are looked at.
    """
    rows = session.execute(
        select(CaseLimit.authority_id, CaseLimit.request_id)
        .where(CaseLimit.running == Running.OPEN, CaseLimit.due_at <= now)
        .order_by(CaseLimit.due_at, CaseLimit.authority_id, CaseLimit.request_id)
        .limit(most)
    )
    return list(dict.fromkeys(PassedCase(*row) for row in rows))


def let_limits_pass(
    session: Session, passed: PassedCase, edition: EditionAtHand, *, now: datetime
) -> int:
    """Write down which time limits of a case passed, and what the law makes of it.

    The caller owns the transaction. What was met, held or extended meanwhile is
    only computed anew. A decision by silence is attested by a message.

    Returns:
        How many time limits were let pass.
    """
    file = open_file(session, passed.authority_id, passed.request_id, to_change=True)
    count = 0
    while due := _next_passed(session, file.request, now=now):
        _let_pass(session, file, due, edition, now=now)
        count += 1
    if not count:
        keep_limits(session, file.request, now=now)
    return count


def _next_passed(
    session: Session, request: RecognitionRequest, *, now: datetime
) -> Due | None:
    return next(
        (
            due
            for due in limits_of(session, request, now=now)
            if due.has_passed(now) and not due.is_settled
        ),
        None,
    )


def _let_pass(
    session: Session, file: CaseFile, due: Due, edition: EditionAtHand, *, now: datetime
) -> None:
    details = {
        "limit": due.limit.id,
        "started_on": due.started_on.isoformat(),
        "due_on": due.due_on.isoformat() if due.due_on else None,
        "effect": due.effect,
    }
    note_event(
        session,
        file.request,
        CaseEventKind.LIMIT_MISSED,
        actor=_SERVICE,
        now=now,
        details=details,
        legal_basis=due.limit.article,
    )
    if due.limit.id == _DECIDE and due.effect in UNCONFIRMED_EFFECTS:
        _tell(session, file, CaseEventKind.LIMIT_MISSED, details, now=now)
    _let_silence_speak(session, file, due, edition, now=now)


def _let_silence_speak(
    session: Session, file: CaseFile, due: Due, edition: EditionAtHand, *, now: datetime
) -> None:
    """Give the case the state that silence leads to, if it may follow."""
    event = EFFECTS_OF_SILENCE.get(due.effect)
    request = file.request
    if event is None:
        return
    allowed = rules_of(session, request).lifecycle.allowed(request.status)
    if LEADS_TO[event] not in allowed:
        return
    decision = None
    if event is CaseEventKind.TACITLY_GRANTED:
        decision = _decide(session, file, due, edition, now=now)
        outbox.put(
            session,
            request.authority_id,
            kind=ATTEST_DECISION,
            content={"decision": str(decision.id)},
            now=now,
        )
    details = {
        "limit": due.limit.id,
        "on": legal_day(file.authority, due.due_at or now).isoformat(),
        **({"decision": str(decision.id)} if decision else {}),
    }
    happen(
        session,
        request,
        event,
        actor=_SERVICE,
        now=now,
        details=details,
        legal_basis=due.limit.article,
    )
    if decision is not None:
        _tell_of_grant(session, file, due, decision, now=now)
    _tell(session, file, event, details, now=now)
    end_with_case(session, file, now=now)


def _tell(
    session: Session,
    file: CaseFile,
    event: CaseEventKind,
    details: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    tell_applicant(
        session, file, event, details=details, text=None, actor=_SERVICE, now=now
    )


def _tell_of_grant(
    session: Session, file: CaseFile, due: Due, decision: Decision, *, now: datetime
) -> None:
    """Tell the applicant what the law has granted."""
    legal = (decision.record or {})["findings"]["legal"]
    write_letter(
        session,
        file.request,
        LetterKind.TACIT_GRANT,
        params={
            "due_on": due.due_on.isoformat() if due.due_on else None,
            "effective_on": (decision.decided_on or now.date()).isoformat(),
            "legal_basis": list(legal["basis"]),
            "does_not_allow": list(legal["does_not_allow"]),
        },
        actor=_SERVICE,
        now=now,
    )


def _decide(
    session: Session, file: CaseFile, due: Due, edition: EditionAtHand, *, now: datetime
) -> Decision:
    """Record the decision that the law makes, as of the instant of the limit's end."""
    decision = unsigned_decision(session, file, now=now)
    decided_at = due.due_at or now
    content = {
        "limit": due.limit.id,
        "article": due.limit.article,
        "due_on": due.due_on.isoformat() if due.due_on else None,
        "reference": {"profession": file.request.profession},
    }
    inputs = inputs_of(
        file, edition, decided_by=SILENCE, content=content, now=decided_at
    )
    record = DecisionRecord(inputs, findings_of(inputs, edition.compiled))
    decision.decided_by, decision.content = SILENCE, content
    decision.outcome = record.findings["outcome"]
    decision.record, decision.decision_digest = record.as_value(), record.digest
    decision.prepared_by, decision.prepared_at = _SERVICE, now
    decision.signed_by, decision.signed_at = _SERVICE, now
    decision.decided_on = legal_day(file.authority, decided_at)
    file.request.edition = edition.as_value()
    return decision
