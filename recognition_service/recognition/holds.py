"""Holds: times in which the clock of a case stands still, as events of its file.

They are only written down and read back here; whatever counts days reads them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.clock import parse_day
from recognition_service.recognition.case_file import events_of, note_event
from recognition_service.recognition.models import CaseEvent, RecognitionRequest
from recognition_service.regimes.holds import HoldRule

HOLD_BEGAN, HOLD_ENDED = "hold_began", "hold_ended"


@dataclass(frozen=True, slots=True)
class Hold:
    """One time in which the clock of a case stands still.

    Attributes:
        reference: What holds it, as "<kind>/<id>".
        until: Day after which it ends by itself; None: it does not.
        ended_on: Day on which an event ended it, or None.
    """

    reference: str
    rule: HoldRule
    began_on: date
    until: date | None
    ended_on: date | None

    def ended_by(self, today: date) -> date | None:
        """Return the day on which it ended, as known today; None: it goes on."""
        is_past = self.until is not None and self.until < today
        ends = [day for day in (self.ended_on, self.until if is_past else None) if day]
        return min(ends, default=None)


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
    note_event(session, request, HOLD_BEGAN, actor=actor, now=now, details=details)


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
        note_event(session, request, HOLD_ENDED, actor=actor, now=now, details=details)


def holds_of(events: Iterable[CaseEvent]) -> tuple[Hold, ...]:
    """Return the holds that a case's events tell, in the order of their beginning."""
    holds: list[Hold] = []
    for event in events:
        told: Mapping[str, Any] = event.details or {}
        if event.event == HOLD_BEGAN:
            holds.append(
                Hold(
                    told["reference"],
                    HoldRule(told["rule"]),
                    date.fromisoformat(told["on"]),
                    parse_day(told["until"]),
                    None,
                )
            )
        elif event.event == HOLD_ENDED:
            ended = date.fromisoformat(told["on"])
            holds = [
                replace(hold, ended_on=ended)
                if hold.reference == told["reference"] and hold.ended_on is None
                else hold
                for hold in holds
            ]
    return tuple(holds)


def _today(session: Session, request: RecognitionRequest, now: datetime) -> date:
    return legal_day(get_authority(session, request.authority_id), now)
