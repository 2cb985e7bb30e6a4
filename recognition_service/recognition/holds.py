"""Holds: times in which the clock of a case stands still, as events of its file.

They are only written down here; `held_times` reads them back.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.recognition.case_events import events_of, note_event
from recognition_service.recognition.held_times import holds_of
from recognition_service.recognition.models import RecognitionRequest
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.holds import HoldRule


def begin_hold(
    session: Session,
    request: RecognitionRequest,
    *,
    reference: str,
    rule: HoldRule,
    until: date | None,
    actor: str,
    now: datetime,
) -> None:
    """Hold the clock of a case. The caller owns the transaction.

    Nothing is written under the rule `none`. Several holds at a time are one for the
    clock, and the day on which one ends and another begins is counted once.
    """
    if rule is HoldRule.NONE:
        return
    ends = until if rule is HoldRule.UNTIL_AUTHORITY_DEADLINE else None
    details = {
        "reference": reference,
        "rule": rule,
        "on": _today(session, request, now).isoformat(),
        "until": ends.isoformat() if ends else None,
    }
    note_event(
        session,
        request,
        CaseEventKind.HOLD_BEGAN,
        actor=actor,
        now=now,
        details=details,
    )


def end_hold(
    session: Session,
    request: RecognitionRequest,
    *,
    reference: str,
    actor: str,
    now: datetime,
) -> None:
    """Let the clock of a case go on, as far as this reference held it.

    The caller owns the transaction. Nothing is written if nothing is held.
    """
    today = _today(session, request, now)
    held = [
        hold
        for hold in holds_of(events_of(session, request.authority_id, request.id))
        if hold.reference == reference and hold.ended_by(today) is None
    ]
    if held:
        details = {
            "reference": reference,
            "rule": held[-1].rule,
            "on": today.isoformat(),
        }
        note_event(
            session,
            request,
            CaseEventKind.HOLD_ENDED,
            actor=actor,
            now=now,
            details=details,
        )


def _today(session: Session, request: RecognitionRequest, now: datetime) -> date:
    return legal_day(get_authority(session, request.authority_id), now)
