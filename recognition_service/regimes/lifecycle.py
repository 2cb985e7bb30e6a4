"""The states of a case, which event leads to which, and what a regime lets follow.

A regime names for each of its states those that may follow. Here stands only what
holds for all of them: what the states mean and what makes a plan of states impossible.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recognition_service.regimes.events import CaseEventKind as Event


class CaseState(StrEnum):
    """Where a case stands.

    `decision_prepared` means that an officer has written a decision which waits
    for the second person's signature.
    """

    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    ASSESSING = "assessing"
    AWAITING_APPLICANT = "awaiting_applicant"
    AWAITING_OTHER_PROCEDURE = "awaiting_other_procedure"
    DECISION_PREPARED = "decision_prepared"
    DECIDED = "decided"
    MEASURE_CHOSEN = "measure_chosen"
    MEASURE_RUNNING = "measure_running"
    MEASURE_PASSED = "measure_passed"
    MEASURE_FAILED = "measure_failed"
    UNDER_APPEAL = "under_appeal"
    FINAL = "final"
    TACIT_GRANTED = "tacit_granted"
    MAY_START = "may_start"
    SUSPENDED_FRAUD = "suspended_fraud"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    FORWARDED = "forwarded"
    NOT_COMPETENT = "not_competent"


LEADS_TO: Mapping[Event, CaseState] = {
    Event.SUBMITTED: CaseState.SUBMITTED,
    Event.ACKNOWLEDGED: CaseState.ACKNOWLEDGED,
    Event.DOCUMENTS_REQUESTED: CaseState.INCOMPLETE,
    Event.COMPLETED: CaseState.COMPLETE,
    Event.ASSESSMENT_BEGUN: CaseState.ASSESSING,
    Event.INFORMATION_REQUESTED: CaseState.AWAITING_APPLICANT,
    Event.INFORMATION_RECEIVED: CaseState.ASSESSING,
    Event.SUBSTITUTE_PROCEDURE_BEGUN: CaseState.AWAITING_OTHER_PROCEDURE,
    Event.SUBSTITUTE_PROCEDURE_ENDED: CaseState.ASSESSING,
    Event.DECISION_PREPARED: CaseState.DECISION_PREPARED,
    Event.DECIDED: CaseState.DECIDED,
    Event.MEASURE_CHOSEN: CaseState.MEASURE_CHOSEN,
    Event.MEASURE_BEGUN: CaseState.MEASURE_RUNNING,
    Event.MEASURE_PASSED: CaseState.MEASURE_PASSED,
    Event.MEASURE_FAILED: CaseState.MEASURE_FAILED,
    Event.APPEAL_LODGED: CaseState.UNDER_APPEAL,
    Event.APPEAL_UPHELD: CaseState.FINAL,
    Event.APPEAL_AMENDED: CaseState.ASSESSING,
    Event.APPEAL_REMITTED: CaseState.ASSESSING,
    Event.APPEAL_WITHDRAWN: CaseState.FINAL,
    Event.BECAME_FINAL: CaseState.FINAL,
    Event.TACITLY_GRANTED: CaseState.TACIT_GRANTED,
    Event.SERVICE_MAY_START: CaseState.MAY_START,
    Event.WITHDRAWN: CaseState.WITHDRAWN,
    Event.LAPSED: CaseState.LAPSED,
    Event.FORWARDED: CaseState.FORWARDED,
    Event.NOT_COMPETENT: CaseState.NOT_COMPETENT,
    Event.FRAUD_SUSPECTED: CaseState.SUSPENDED_FRAUD,
    Event.FRAUD_CLEARED: CaseState.ASSESSING,
    Event.REOPENED: CaseState.ASSESSING,
}
"""The state into which an event brings a case; other events leave it where it is."""

UNDECIDED = frozenset(
    {
        CaseState.SUBMITTED,
        CaseState.ACKNOWLEDGED,
        CaseState.INCOMPLETE,
        CaseState.COMPLETE,
        CaseState.ASSESSING,
        CaseState.AWAITING_APPLICANT,
        CaseState.AWAITING_OTHER_PROCEDURE,
        CaseState.DECISION_PREPARED,
        CaseState.MAY_START,
        CaseState.SUSPENDED_FRAUD,
    }
)
"""States in which somebody still has to decide about the request itself."""

_MEASURES = frozenset(
    {
        CaseState.MEASURE_CHOSEN,
        CaseState.MEASURE_RUNNING,
        CaseState.MEASURE_PASSED,
        CaseState.MEASURE_FAILED,
    }
)
_ENDS = frozenset(
    {
        CaseState.DECIDED,
        CaseState.FINAL,
        CaseState.TACIT_GRANTED,
        CaseState.WITHDRAWN,
        CaseState.LAPSED,
        CaseState.FORWARDED,
        CaseState.NOT_COMPETENT,
    }
)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of a regime, each with those that may follow it, in order."""

    follows: Mapping[CaseState, tuple[CaseState, ...]]

    @property
    def states(self) -> frozenset[CaseState]:
        """All states that a case can be in."""
        return frozenset(self.follows)

    def allowed(self, state: str) -> tuple[CaseState, ...]:
        """Return what may follow a state."""
        return self.follows.get(CaseState(state), ())

    def can_happen(self, event: Event) -> bool:
        """Tell whether an event can happen at all: its state is one of these."""
        state = LEADS_TO.get(event)
        return state is None or state in self.follows


SHORT = Lifecycle(
    {
        CaseState.SUBMITTED: (
            CaseState.DECISION_PREPARED,
            CaseState.DECIDED,
            CaseState.WITHDRAWN,
        ),
        CaseState.DECISION_PREPARED: (
            CaseState.DECISION_PREPARED,
            CaseState.SUBMITTED,
            CaseState.DECIDED,
            CaseState.WITHDRAWN,
        ),
        CaseState.DECIDED: (),
        CaseState.WITHDRAWN: (),
    }
)
"""The states of regimes that name none: submitted, decided, or withdrawn before."""


def read_lifecycle(tree: Mapping[str, Any]) -> Lifecycle:
    """Read the member `transitions` of a regime; `SHORT` where there is none.

    Raises:
        ValueError: A state is not known, or the plan of states is impossible; the
            text says why.
    """
    if "transitions" not in tree:
        return SHORT
    follows: dict[CaseState, tuple[CaseState, ...]] = {
        CaseState(state): tuple(CaseState(each) for each in following)
        for state, following in tree["transitions"].items()
    }
    for following in tuple(follows.values()):
        for state in following:
            follows.setdefault(state, ())
    fault = impossible(follows)
    if fault is not None:
        raise ValueError(fault)
    return Lifecycle(follows)


def impossible(follows: Mapping[CaseState, tuple[CaseState, ...]]) -> str | None:
    """Return why a plan of states cannot be, or None.

    Each state must be reached, must lead to an end, and can be left by withdrawing as
    long as nothing is decided; only an end may have nothing after it.
    """
    if CaseState.SUBMITTED not in follows:
        return "no case can begin: submitted is missing"
    if CaseState.DECIDED not in follows:
        return "no case can be decided: decided is missing"
    reached = _reached(follows, CaseState.SUBMITTED)
    for state in follows:
        fault = _impossible_state(state, follows, reached)
        if fault is not None:
            return f"{state} {fault}"
    some = _MEASURES & follows.keys()
    if some and some != _MEASURES:
        return f"measures need {', '.join(sorted(_MEASURES - some))} as well"
    return None


def _impossible_state(
    state: CaseState,
    follows: Mapping[CaseState, tuple[CaseState, ...]],
    reached: frozenset[CaseState],
) -> str | None:
    if state not in reached:
        return "can never be reached"
    if not follows[state] and state not in _ENDS:
        return "is a dead end"
    if not _reached(follows, state) & _ENDS:
        return "never comes to an end"
    if state in UNDECIDED and CaseState.WITHDRAWN not in follows[state]:
        return "cannot be left by withdrawing"
    return None


def _reached(
    follows: Mapping[CaseState, tuple[CaseState, ...]], first: CaseState
) -> frozenset[CaseState]:
    reached, waiting = {first}, [first]
    while waiting:
        for state in follows.get(waiting.pop(), ()):
            if state not in reached:
                reached.add(state)
                waiting.append(state)
    return frozenset(reached)
