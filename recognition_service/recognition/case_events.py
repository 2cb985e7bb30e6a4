"""What happens to a case: written into its file and the audit, with its effects.

Its state and its due dates follow from the events, and from nothing else.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.recognition.case_limits import (
    keep_limits,
    limits_of,
    rules_of,
)
from recognition_service.recognition.errors import TimeLimitPassedError
from recognition_service.recognition.lifecycle import CLOSED, next_state
from recognition_service.recognition.models import CaseEvent, RecognitionRequest
from recognition_service.recognition.short_path import is_examination, short_path_in
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.lifecycle import LEADS_TO
from recognition_service.regimes.time_limits import SilenceEffect
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id

_LONGEST_BASIS = 120
EFFECTS_OF_SILENCE = {
    SilenceEffect.TACIT_GRANT: CaseEventKind.TACITLY_GRANTED,
    SilenceEffect.MAY_START: CaseEventKind.SERVICE_MAY_START,
    SilenceEffect.APPLICANT_LAPSES: CaseEventKind.LAPSED,
    SilenceEffect.BECOMES_FINAL: CaseEventKind.BECAME_FINAL,
}
"""What happens to a case when a time limit passes whose silence has this effect."""
_CLOSING = frozenset(EFFECTS_OF_SILENCE) - {SilenceEffect.MAY_START}
_EVENTS_OF_CLOSING = frozenset(EFFECTS_OF_SILENCE[effect] for effect in _CLOSING)


def happen(
    session: Session,
    request: RecognitionRequest,
    event: CaseEventKind,
    *,
    actor: str,
    now: datetime,
    content: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
    text: str | None = None,
    legal_basis: str | None = None,
) -> None:
    """Let something happen to a request: its state and its due dates follow.

    The caller owns the transaction and has locked the request. Arguments as for
    `note_event`.

    Raises:
        TransitionNotAllowedError: The regime does not let this follow.
        TimeLimitPassedError: Silence has had its effect already.
    """
    wanted = LEADS_TO.get(event)
    if wanted is not None:
        _require_no_effect_of_silence(session, request, event, now)
        request.status = next_state(rules_of(session, request), request.status, wanted)
        request.closed_at = now if wanted in CLOSED else None
    note_event(
        session,
        request,
        event,
        actor=actor,
        now=now,
        content=content,
        details=details,
        text=text,
        legal_basis=legal_basis,
    )


def note_event(
    session: Session,
    request: RecognitionRequest,
    event: str,
    *,
    actor: str,
    now: datetime,
    content: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
    text: str | None = None,
    legal_basis: str | None = None,
) -> None:
    """Write down what happened to a request, in the file and in the audit.

    The caller owns the transaction. The request's version goes up, and its due dates
    are computed anew. Where no examination was needed, the first one is counted.

    Args:
        session: A writing session.
        request: The request.
        event: What happened.
        actor: Who did it.
        now: The instant.
        content: For the audit only; ids, codes and dates.
        details: For the file and the audit; ids, codes and dates.
        text: For the file only: what was told or why.
        legal_basis: The article; None: the regime of the case.
    """
    request.version += 1
    session.add(
        CaseEvent(
            authority_id=request.authority_id,
            id=new_id(now),
            request_id=request.id,
            at=now,
            actor=actor,
            event=event,
            legal_basis=(legal_basis or request.regime)[:_LONGEST_BASIS],
            details=dict(details) if details is not None else None,
            text=text,
        )
    )
    audit.append(
        session,
        request.authority_id,
        actor=actor,
        action=f"request.{event}",
        subject=f"recognition_request/{request.id}",
        content={"regime": request.regime, **(content or {}), **(details or {})},
        now=now,
    )
    _count_examination(request, event, details, now)
    keep_limits(session, request, now=now)


def _count_examination(
    request: RecognitionRequest,
    event: str,
    details: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    known = short_path_in(request.routing_reasons)
    if known is None or request.re_examined_at is not None:
        return
    if is_examination(event, details, known["outcome"]):
        request.re_examined_at = now


def _require_no_effect_of_silence(
    session: Session,
    request: RecognitionRequest,
    event: CaseEventKind,
    now: datetime,
) -> None:
    """Refuse to act where a time limit has passed and silence has decided.

    The worker writes the effect down a moment later; nobody can act in between.
    """
    if event in _EVENTS_OF_CLOSING:
        return
    for due in limits_of(session, request, now=now):
        if due.effect in _CLOSING and not due.is_settled and due.has_passed(now):
            raise TimeLimitPassedError(due.limit.id, due.due_on, due.effect)


def events_of(session: Session, authority_id: str, request_id: UUID) -> list[CaseEvent]:
    """Return what happened to a request, oldest first."""
    return list(
        session.scalars(
            select(CaseEvent)
            .where(
                CaseEvent.authority_id == authority_id,
                CaseEvent.request_id == request_id,
            )
            .order_by(CaseEvent.at, CaseEvent.id)
        )
    )
