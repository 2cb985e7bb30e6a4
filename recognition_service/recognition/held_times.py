"""Times in which the clock of a case stood still, read from the events of its file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from recognition_service.clock import parse_day
from recognition_service.recognition.models import CaseEvent
from recognition_service.regimes.due_dates import StoodStill
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.holds import HoldRule


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

    def stood_still(self) -> StoodStill:
        """Return its days, with the last one as far as it is known today."""
        ends = [day for day in (self.ended_on, self.until) if day]
        return StoodStill(self.began_on, min(ends, default=None))


def holds_of(events: Iterable[CaseEvent]) -> tuple[Hold, ...]:
    """Return the holds that a case's events tell, in the order of their beginning."""
    holds: list[Hold] = []
    for event in events:
        told: Mapping[str, Any] = event.details or {}
        if event.event == CaseEventKind.HOLD_BEGAN:
            holds.append(
                Hold(
                    told["reference"],
                    HoldRule(told["rule"]),
                    date.fromisoformat(told["on"]),
                    parse_day(told["until"]),
                    None,
                )
            )
        elif event.event == CaseEventKind.HOLD_ENDED:
            ended = date.fromisoformat(told["on"])
            holds = [
                replace(hold, ended_on=ended)
                if hold.reference == told["reference"] and hold.ended_on is None
                else hold
                for hold in holds
            ]
    return tuple(holds)
