"""Compensation measures: who chooses, how long, how often, and with what result.

Source: Directive 2005/36/EC, article 14; BQFG section 11; the regime of the case.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.errors import StepInvalidError
from recognition_service.recognition.models import CaseEvent
from recognition_service.regimes.events import CaseEventKind as Event
from recognition_service.regimes.periods import add_months
from recognition_service.regimes.provisions import Chooser, MeasureKind
from recognition_service.regimes.regime import Regime


def check_measure(
    session: Session,
    file: CaseFile,
    regime: Regime,
    event: Event,
    *,
    members: Mapping[str, Any],
    on: date | None,
) -> Mapping[str, Any]:
    """Refuse a step of a measure that decision or regime do not provide for.

    Returns:
        What is told besides: the decision, the measure, which attempt it is.

    Raises:
        StepInvalidError: A member does not fit.
    """
    events = events_of(session, file.request.authority_id, file.request.id)
    chosen = chosen_measure(events)
    if event is Event.MEASURE_CHOSEN:
        return _choice(file, regime, members, events)
    told = {"measure": chosen, "attempt": 1 + _failures(events)}
    if event is Event.MEASURE_BEGUN:
        _require_length(regime, chosen, members, on)
    return told


def chosen_measure(events: Iterable[CaseEvent]) -> str | None:
    """Return the measure that was chosen last, or None."""
    chosen = [each for each in events if each.event == Event.MEASURE_CHOSEN]
    return chosen[-1].details["measure"] if chosen and chosen[-1].details else None


def _choice(
    file: CaseFile,
    regime: Regime,
    members: Mapping[str, Any],
    events: Iterable[CaseEvent],
) -> Mapping[str, Any]:
    content = (file.signed.content if file.signed else None) or {}
    offered = {clause["code"] for clause in content.get("measures") or ()}
    measure, rules = members["measure"], regime.provisions.measures
    faults = []
    if measure not in offered or MeasureKind(measure) not in rules.allowed:
        named = ", ".join(sorted(offered)) or "none"
        faults.append(
            ("measure", "not_in_the_decision", f"The decision names: {named}.")
        )
    chooser = rules.chooser(content.get("level_held"), content.get("level_required"))
    if chooser is not Chooser.BOTH_IMPOSED and members["chosen_by"] != chooser:
        faults.append(("chosen_by", "not_theirs_to_choose", f"{chooser} chooses."))
    failures, most = _failures(events), rules.attempts_max
    if most is not None and failures >= most:
        faults.append(("measure", "no_more_attempts", f"It may be tried {most} times."))
    if faults:
        raise StepInvalidError(faults)
    decision = file.signed
    return {
        "decision": str(decision.id) if decision else None,
        "attempt": 1 + failures,
    }


def _require_length(
    regime: Regime, measure: str | None, members: Mapping[str, Any], on: date | None
) -> None:
    """Refuse an adaptation period that is longer than the regime allows."""
    longest = regime.provisions.measures.adaptation_months_max
    ends_on = members.get("ends_on")
    if measure != MeasureKind.ADAPTATION_PERIOD:
        return
    if ends_on is None:
        raise StepInvalidError(
            [("ends_on", "required", "An adaptation period has a last day.")]
        )
    last = date.fromisoformat(ends_on)
    if on is not None and last <= on:
        raise StepInvalidError([("ends_on", "before_it_begins", f"It begins {on}.")])
    if on is not None and longest is not None and last > add_months(on, longest):
        raise StepInvalidError([("ends_on", "too_long", f"At most {longest} months.")])


def _failures(events: Iterable[CaseEvent]) -> int:
    """Return how often the measure of the decision that holds was failed."""
    count = 0
    for event in events:
        if event.event == Event.MEASURE_FAILED:
            count += 1
        elif event.event == Event.DECIDED:
            count = 0
    return count
