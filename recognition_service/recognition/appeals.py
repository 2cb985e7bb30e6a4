"""Appeals against a decision or against silence, and what became of them.

An attestation stays as it is while an appeal is pending, unless it is suspended.

Source: Lisbon Recognition Convention, article III.5; Directive 2005/36/EC, articles
4d(5), 51(3); the regime of the case.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day
from recognition_service.recognition.case_events import events_of, happen, note_event
from recognition_service.recognition.case_file import CaseFile, open_file
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.days import require_day
from recognition_service.recognition.errors import (
    AppealNotOpenError,
    TransitionNotAllowedError,
)
from recognition_service.recognition.letter_kinds import LetterKind
from recognition_service.recognition.letters import write_letter
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.recognition.models import CaseEvent, RecognitionRequest
from recognition_service.recognition.step_letters import tell_applicant
from recognition_service.regimes.events import CaseEventKind as Event
from recognition_service.regimes.lifecycle import CaseState


class Against(StrEnum):
    """What an appeal is lodged against."""

    DECISION = "decision"
    REVOCATION = "revocation"
    SILENCE = "silence"


class AppealResult(StrEnum):
    """What became of an appeal.

    After `amended` and `remitted` the case is decided anew; `remitted` starts its
    clock again.
    """

    UPHELD = "upheld"
    AMENDED = "amended"
    REMITTED = "remitted"
    WITHDRAWN = "withdrawn"


_EVENTS = {
    AppealResult.UPHELD: Event.APPEAL_UPHELD,
    AppealResult.AMENDED: Event.APPEAL_AMENDED,
    AppealResult.REMITTED: Event.APPEAL_REMITTED,
    AppealResult.WITHDRAWN: Event.APPEAL_WITHDRAWN,
}
_RESULTS = {event.value: result for result, event in _EVENTS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppeal:
    """An appeal that came in.

    Attributes:
        against: The decision that holds, its revocation, or that there is no
            decision in time. Only the first changes the state of the case.
        body: Who decides about the appeal.
        on: The legal day on which it came in; None: today.
        text: What the appeal says, or None.
    """

    against: Against
    body: str
    on: date | None = None
    text: str | None = None


def lodge_appeal(
    session: Session,
    caller: Caller,
    request_id: UUID,
    appeal: NewAppeal,
    *,
    now: datetime,
) -> RecognitionRequest:
    """Note that the applicant has appealed. The caller owns the transaction.

    Raises:
        RequestNotFoundError: The authority has no such request.
        AppealNotOpenError: No appeal is open against this outcome, or no time limit
            was missed, or one is pending already.
        StepInvalidError: The day does not fit.
        TransitionNotAllowedError: The state of the case forbids it.
        TimeLimitPassedError: The time to appeal is over.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    events = events_of(session, caller.authority_id, request_id)
    if pending_appeal(events) is not None:
        raise AppealNotOpenError("An appeal is pending already.")
    details = _subject(session, file, appeal.against, events)
    day = appeal.on or legal_day(file.authority, now)
    require_day(file, day, now=now)
    details |= {
        "against": appeal.against,
        "body": appeal.body,
        "on": day.isoformat(),
    }
    write = happen if appeal.against is Against.DECISION else note_event
    write(
        session,
        file.request,
        Event.APPEAL_LODGED,
        actor=caller.actor,
        now=now,
        details=details,
        text=appeal.text,
        legal_basis=rules_of(session, file.request).provisions.appeal.article,
    )
    tell_applicant(
        session,
        file,
        Event.APPEAL_LODGED,
        details=details,
        text=appeal.text,
        actor=caller.actor,
        now=now,
    )
    return file.request


def decide_appeal(
    session: Session,
    caller: Caller,
    request_id: UUID,
    *,
    result: AppealResult,
    on: date | None,
    text: str | None,
    now: datetime,
) -> RecognitionRequest:
    """Note what became of an appeal. The caller owns the transaction.

    Raises:
        RequestNotFoundError: The authority has no such request.
        AppealNotOpenError: No appeal is pending.
        StepInvalidError: The day does not fit.
        TransitionNotAllowedError: The state of the case forbids it.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    events = events_of(session, caller.authority_id, request_id)
    appeal = pending_appeal(events)
    if appeal is None or appeal.details is None:
        raise AppealNotOpenError("No appeal is pending.")
    day = on or legal_day(file.authority, now)
    require_day(file, day, now=now)
    write = happen if appeal.details["against"] == Against.DECISION else note_event
    write(
        session,
        file.request,
        _EVENTS[result],
        actor=caller.actor,
        now=now,
        details={"appeal": str(appeal.id), "on": day.isoformat()},
        text=text,
    )
    if file.request.number is not None:
        write_letter(
            session,
            file.request,
            LetterKind.APPEAL_DECIDED,
            params={
                "decided_on": day.isoformat(),
                "outcome": result,
                "body": appeal.details["body"],
                "reasons": text,
            },
            actor=caller.actor,
            now=now,
        )
    return file.request


def pending_appeal(events: list[CaseEvent]) -> CaseEvent | None:
    """Return the appeal about which nothing is decided yet, or None."""
    pending = None
    for event in events:
        if event.event == Event.APPEAL_LODGED:
            pending = event
        elif event.event in _RESULTS:
            pending = None
    return pending


def appeals_of(events: list[CaseEvent]) -> list[dict[str, Any]]:
    """Return the appeals of a case as callers see them, oldest first."""
    found: list[dict[str, Any]] = []
    for event in events:
        details = event.details or {}
        if event.event == Event.APPEAL_LODGED:
            found.append(
                {
                    "against": details["against"],
                    "body": details["body"],
                    "lodged_on": details["on"],
                    "decision": details.get("decision"),
                    "limit": details.get("limit"),
                    "result": None,
                    "decided_on": None,
                }
            )
        elif event.event in _RESULTS and found:
            found[-1]["result"] = _RESULTS[event.event].value
            found[-1]["decided_on"] = details["on"]
    return found


def _subject(
    session: Session, file: CaseFile, against: Against, events: list[CaseEvent]
) -> dict[str, Any]:
    """Return what exactly the appeal is against.

    Raises:
        AppealNotOpenError: Nothing of the kind can be appealed against.
    """
    rules = rules_of(session, file.request).provisions.appeal
    if against is Against.SILENCE:
        missed = [each for each in events if each.event == Event.LIMIT_MISSED]
        if not missed or not rules.on_silence or missed[-1].details is None:
            raise AppealNotOpenError("No time limit was missed that opens an appeal.")
        if file.request.status not in OPEN:
            raise AppealNotOpenError("It was decided meanwhile.")
        return {"limit": missed[-1].details["limit"]}
    if against is Against.REVOCATION:
        if file.revocation is None or file.revocation.signed_at is None:
            raise AppealNotOpenError("Nothing was revoked.")
        return {"decision": str(file.revocation.id)}
    decision = file.signed
    if decision is None or file.request.status not in {
        CaseState.DECIDED,
        CaseState.TACIT_GRANTED,
        CaseState.FINAL,
    }:
        raise TransitionNotAllowedError(
            file.request.status,
            CaseState.UNDER_APPEAL,
            rules_of(session, file.request).lifecycle.allowed(file.request.status),
        )
    remedy = (decision.content or {}).get("remedy")
    if decision.outcome not in rules.outcomes and not remedy:
        raise AppealNotOpenError(f"None is open against {decision.outcome}.")
    return {"decision": str(decision.id)}
