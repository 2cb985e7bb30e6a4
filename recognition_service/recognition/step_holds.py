"""Which steps hold the clock of a case, and which let it go on.

Source: the regime of the case; BQFG sections 5(4), 6(3), 12(4), 13(3) and 14.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.recognition.holds import begin_hold, end_hold
from recognition_service.recognition.models import RecognitionRequest
from recognition_service.regimes.events import CaseEventKind as Event
from recognition_service.regimes.holds import HoldRule
from recognition_service.regimes.regime import Regime

_BEGIN = {
    Event.DOCUMENTS_REQUESTED: "documents",
    Event.INFORMATION_REQUESTED: "applicant_information",
    Event.SUBSTITUTE_PROCEDURE_BEGUN: "substitute_procedure",
}
"""What is asked, as regimes name it under `holds`."""
_END = {
    Event.DOCUMENTS_RECEIVED: "documents",
    Event.COMPLETED: "documents",
    Event.INFORMATION_RECEIVED: "applicant_information",
    Event.SUBSTITUTE_PROCEDURE_ENDED: "substitute_procedure",
}


def hold_for_step(
    session: Session,
    request: RecognitionRequest,
    regime: Regime,
    event: Event,
    *,
    details: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> None:
    """Hold the clock, or let it go on, as far as the regime says so of a step.

    The caller owns the transaction. Under `until_authority_deadline` an answer changes
    nothing: the clock stands still until the day that the authority has set.
    """
    asked = _BEGIN.get(event)
    if asked is not None:
        rule = regime.holds.get(asked, HoldRule.NONE)
        until = details.get("answer_by")
        if rule is HoldRule.UNTIL_AUTHORITY_DEADLINE and until is None:
            return
        begin_hold(
            session,
            request,
            reference=asked,
            rule=rule,
            until=date.fromisoformat(until) if until else None,
            actor=actor,
            now=now,
        )
    answered = _END.get(event)
    rule = regime.holds.get(answered or "", HoldRule.NONE)
    if answered is not None and rule in {
        HoldRule.UNTIL_ANSWER,
        HoldRule.UNTIL_PROCEDURE_END,
    }:
        end_hold(session, request, reference=answered, actor=actor, now=now)
