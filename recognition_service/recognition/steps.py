"""Taking a step in a case: its regime says whether it may follow, and what it starts.

Source: the regime of the case; for papers, Directive 2005/36/EC, article 4d(1) (what is
in the file and still valid is not asked for again).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day
from recognition_service.authorities.models import Role
from recognition_service.recognition.case_events import happen
from recognition_service.recognition.case_file import CaseFile, open_file
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.days import require_day
from recognition_service.recognition.ending import end_with_case
from recognition_service.recognition.errors import (
    StepInvalidError,
    TransitionNotAllowedError,
)
from recognition_service.recognition.extensions import check_extension
from recognition_service.recognition.lifecycle import OPEN, next_state
from recognition_service.recognition.measures import check_measure
from recognition_service.recognition.models import CaseEvent, RecognitionRequest
from recognition_service.recognition.papers_needed import (
    check_completeness,
    check_papers_asked_for,
)
from recognition_service.recognition.rectification import (
    answer_rectification,
    rectifications_of,
)
from recognition_service.recognition.step_holds import hold_for_step
from recognition_service.recognition.step_kinds import STEPS, ReopeningReason
from recognition_service.recognition.step_letters import tell_applicant
from recognition_service.regimes.events import CaseEventKind as Event
from recognition_service.regimes.lifecycle import LEADS_TO
from recognition_service.regimes.regime import Regime

_RESULTS: Mapping[Event, Mapping[str, Any]] = {
    Event.MEASURE_PASSED: {"result": "passed"},
    Event.MEASURE_FAILED: {"result": "failed"},
    Event.FORWARDED: {"is_forwarded": True},
}
"""What letters say of a step besides its members."""
_CONDITIONAL = "conditional"
_MEASURES = frozenset(
    {
        Event.MEASURE_CHOSEN,
        Event.MEASURE_BEGUN,
        Event.MEASURE_PASSED,
        Event.MEASURE_FAILED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """A step that somebody takes.

    Attributes:
        on: The legal day on which it happened; None: today.
        text: What the applicant is told or, where nobody is, why.
        members: What this kind of step says besides, as JSON values.
    """

    event: Event
    on: date | None = None
    text: str | None = None
    legal_basis: str | None = None
    members: Mapping[str, Any] = field(default_factory=dict)


def take_step(
    session: Session, caller: Caller, request_id: UUID, step: NewStep, *, now: datetime
) -> RecognitionRequest:
    """Take a step in a case. The caller owns the transaction.

    Raises:
        RequestNotFoundError: The authority has no such request.
        RoleMissingError: A clerk cannot take this step.
        StepInvalidError: A member is missing, is not for this step, or does not fit.
        TransitionNotAllowedError: The regime does not let it follow.
        TimeLimitPassedError: Silence has had its effect already.
    """
    kind = STEPS[step.event]
    caller.require(Role.OFFICER, *((Role.CLERK,) if kind.is_clerical else ()))
    _require_members(step)
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    regime = rules_of(session, file.request)
    _require_state(regime, file.request, step.event)
    if step.on is not None:
        require_day(file, step.on, now=now)
    details = {**step.members, **_checked(session, file, regime, step, now=now)}
    if step.on is not None:
        details["on"] = step.on.isoformat()
    happen(
        session,
        file.request,
        step.event,
        actor=caller.actor,
        now=now,
        details=details or None,
        text=step.text,
        legal_basis=step.legal_basis,
    )
    _apply(file.request, step, now)
    hold_for_step(
        session,
        file.request,
        regime,
        step.event,
        details=details,
        actor=caller.actor,
        now=now,
    )
    tell_applicant(
        session,
        file,
        step.event,
        details={**details, **_RESULTS.get(step.event, {})},
        text=step.text,
        actor=caller.actor,
        now=now,
    )
    end_with_case(session, file, now=now)
    return file.request


def next_steps(
    regime: Regime, file: CaseFile, events: Sequence[CaseEvent]
) -> list[str]:
    """Return the steps that can be taken in a case now, in a fixed order.

    `events` are those of the case, oldest first.
    """
    useless = set()
    if file.signed is None or file.signed.outcome != _CONDITIONAL:
        useless.add(Event.MEASURE_CHOSEN)
    if all(each["result"] for each in rectifications_of(events)):
        useless.add(Event.RECTIFICATION_ANSWERED)
    return [
        event.value
        for event in STEPS
        if event not in useless and _can_follow(regime, file.request, event)
    ]


def _can_follow(regime: Regime, request: RecognitionRequest, event: Event) -> bool:
    state, only_in = LEADS_TO.get(event), STEPS[event].only_in
    if state is not None:
        return state in regime.lifecycle.allowed(request.status) and (
            not only_in or request.status in only_in
        )
    return request.status in (only_in or OPEN) and (
        event is not Event.LIMIT_EXTENDED
        or any(limit.extensions for limit in regime.timing.limits)
    )


def _require_state(regime: Regime, request: RecognitionRequest, event: Event) -> None:
    if _can_follow(regime, request, event):
        return
    state = LEADS_TO.get(event)
    if state is not None:
        next_state(regime, request.status, state)
    raise TransitionNotAllowedError(
        request.status, event, regime.lifecycle.allowed(request.status)
    )


def _require_members(step: NewStep) -> None:
    """Refuse a step that lacks what it must say, or says what is not its own."""
    kind = STEPS[step.event]
    given = set(step.members)
    given |= {name for name in ("on", "text", "legal_basis") if getattr(step, name)}
    faults = [
        (member, "required", f"{step.event} needs this.")
        for member in sorted(kind.needs - given)
    ]
    faults += [
        (member, "not_for_this_step", f"{step.event} has no such member.")
        for member in sorted(given - kind.needs - kind.may)
    ]
    if faults:
        raise StepInvalidError(faults)


def _checked(
    session: Session, file: CaseFile, regime: Regime, step: NewStep, *, now: datetime
) -> Mapping[str, Any]:
    """Check what only the regime and the file know; return what is told besides."""
    if step.event in {Event.DOCUMENTS_REQUESTED, Event.CERTIFIED_COPIES_REQUESTED}:
        check_papers_asked_for(session, file, step.event, step.members["papers"])
    if step.event is Event.COMPLETED:
        return check_completeness(session, file, regime, step.members)
    if step.event is Event.LIMIT_EXTENDED:
        check_extension(session, file.request, regime, step.members, now=now)
    if step.event in _MEASURES:
        return check_measure(
            session, file, regime, step.event, members=step.members, on=step.on
        )
    if step.event is Event.REOPENED:
        _require_reason(step)
    if step.event is Event.RECTIFICATION_ANSWERED:
        answer_rectification(session, file, step.members)
    answer_by = step.members.get("answer_by")
    if answer_by and date.fromisoformat(answer_by) <= legal_day(file.authority, now):
        raise StepInvalidError(
            [("answer_by", "date_not_in_future", "Give a day to answer by.")]
        )
    return {}


def _require_reason(step: NewStep) -> None:
    known = [reason.value for reason in ReopeningReason]
    if step.members["reason"] not in known:
        raise StepInvalidError(
            [("reason", "unknown_code", f"One of: {', '.join(known)}.")]
        )


def _apply(request: RecognitionRequest, step: NewStep, now: datetime) -> None:
    """Change what the request says of itself beside its state."""
    if step.event is Event.STAGE_CHANGED:
        request.stage = step.members["stage"]
    if step.event is Event.COMPLETED:
        request.complete_at = now
