"""How far a case is: time limits, next steps, papers, measures, appeals."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.attestations.read import find_by_decision
from recognition_service.clock import format_instant
from recognition_service.recognition.appeals import appeals_of
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.case_limits import limits_of, rules_of
from recognition_service.recognition.held_times import holds_of
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.recognition.models import CaseEvent, Decision
from recognition_service.recognition.papers_needed import missing_papers
from recognition_service.recognition.steps import next_steps
from recognition_service.regimes.due_dates import Due
from recognition_service.regimes.events import CaseEventKind as Event
from recognition_service.regimes.lifecycle import CaseState

_MEASURES = (
    Event.MEASURE_CHOSEN,
    Event.MEASURE_BEGUN,
    Event.MEASURE_PASSED,
    Event.MEASURE_FAILED,
)


def progress_of(session: Session, file: CaseFile, *, now: datetime) -> dict[str, Any]:
    """Return how far a case is, for the authority's own people."""
    request, rules = file.request, rules_of(session, file.request)
    events = events_of(session, request.authority_id, request.id)
    return {
        "time_limits": time_limits(session, file, now=now),
        "holds": [
            {
                "reference": hold.reference,
                "rule": hold.rule,
                "from": hold.began_on.isoformat(),
                "until": _iso(hold.stood_still().last),
            }
            for hold in holds_of(events)
        ],
        "next_steps": next_steps(rules, file, events),
        "missing_papers": list(missing_papers(session, file, rules))
        if request.status in OPEN
        else [],
        "measures_taken": _measures(events),
        "appeals": appeals_of(events),
        "earlier_decisions": [_decided(each) for each in file.decisions[:-1]],
        "provisional": _provisional(session, file.provisional),
    }


def time_limits(
    session: Session, file: CaseFile, *, now: datetime
) -> list[dict[str, Any]]:
    """Return the time limits of a case that have begun, as of an instant."""
    return [_limit(due) for due in limits_of(session, file.request, now=now)]


def for_applicant(session: Session, file: CaseFile, *, now: datetime) -> dict[str, Any]:
    """Return how far a case is, as the person whose case it is may see it.

    A suspicion of fraud is not told; the case looks as if it were being assessed.
    """
    request, rules = file.request, rules_of(session, file.request)
    events = events_of(session, request.authority_id, request.id)
    is_open = request.status in OPEN
    return {
        "status": public_status(request.status),
        "time_limits": time_limits(session, file, now=now),
        "missing_papers": list(missing_papers(session, file, rules)) if is_open else [],
        "steps": [
            {
                "event": event.event,
                "on": (event.details or {}).get("on")
                or format_instant(event.at).partition("T")[0],
                "text": event.text,
                "answer_by": (event.details or {}).get("answer_by"),
            }
            for event in events
            if event.event in _TOLD
        ],
        "measures_taken": _measures(events),
        "appeals": appeals_of(events),
    }


def public_status(status: str) -> str:
    """Return the state of a case as others than its authority may see it."""
    return CaseState.ASSESSING if status == CaseState.SUSPENDED_FRAUD else status


_UNTOLD = frozenset({Event.FRAUD_SUSPECTED, Event.FRAUD_CLEARED, Event.STAGE_CHANGED})
_TOLD = frozenset(Event) - _UNTOLD - {Event.DECISION_PREPARED, Event.EVIDENCE_ADDED}
"""Events that the applicant is shown."""


def _limit(due: Due) -> dict[str, Any]:
    return {
        "id": due.limit.id,
        "binds": due.limit.binds,
        "article": due.limit.article,
        "started_on": due.started_on.isoformat(),
        "due_on": _iso(due.due_on),
        "due_at": format_instant(due.due_at) if due.due_at else None,
        "state": due.running,
        "held_days": due.held_days,
        "extended": due.extended,
        "is_confirmed": due.is_confirmed,
        "is_target": due.limit.is_target,
        "silence": due.effect,
    }


def _measures(events: Iterable[CaseEvent]) -> list[dict[str, Any]]:
    """Return each attempt at a compensation measure, oldest first."""
    found: list[dict[str, Any]] = []
    for event in events:
        details: Mapping[str, Any] = event.details or {}
        if event.event == Event.MEASURE_CHOSEN:
            found.append(
                {
                    "measure": details["measure"],
                    "chosen_by": details["chosen_by"],
                    "attempt": details["attempt"],
                    "begun_on": None,
                    "ends_on": None,
                    "result": None,
                    "result_on": None,
                }
            )
        elif event.event == Event.MEASURE_BEGUN and found:
            found[-1]["begun_on"] = details.get("on")
            found[-1]["ends_on"] = details.get("ends_on")
        elif event.event in _MEASURES and found:
            passed = event.event == Event.MEASURE_PASSED
            found[-1]["result"] = "passed" if passed else "failed"
            found[-1]["result_on"] = details.get("on")
    return found


def _decided(decision: Decision) -> dict[str, Any]:
    return {
        "id": str(decision.id),
        "number": decision.number,
        "decided_by": decision.decided_by,
        "outcome": decision.outcome,
        "decided_on": _iso(decision.decided_on),
        "decision_digest": decision.decision_digest,
    }


def _provisional(session: Session, decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    found = find_by_decision(session, decision.authority_id, decision.id)
    content = decision.content or {}
    return {
        **_decided(decision),
        "signed": decision.signed_at is not None,
        "valid_until": content.get("valid_until"),
        "attestation": {"id": str(found.id), "status": found.status}
        if found is not None and found.issued_at is not None
        else None,
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
