"""Which state of a request may follow which: as its regime says."""

from recognition_service.recognition.errors import TransitionNotAllowedError
from recognition_service.regimes.lifecycle import UNDECIDED, CaseState
from recognition_service.regimes.regime import Regime

OPEN = UNDECIDED
"""States of a case in which somebody still has to decide."""
UNPREPARED = OPEN - {CaseState.DECISION_PREPARED}
"""The same, as long as no decision waits for its signature."""

CLOSED = frozenset(
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
"""States from which the time runs for which a file is kept."""


def next_state(regime: Regime, current: str, wanted: CaseState) -> CaseState:
    """Return the wanted state if it may follow under a regime.

    Raises:
        TransitionNotAllowedError: It may not; the states that may are named.
    """
    allowed = regime.lifecycle.allowed(current)
    if wanted not in allowed:
        raise TransitionNotAllowedError(current, wanted, allowed)
    return wanted


def before_the_decision(regime: Regime, current: str) -> CaseState:
    """Return to what a case goes back when a prepared decision is overtaken.

    A case in which nothing was prepared stays where it is.

    Raises:
        TransitionNotAllowedError: It is decided or over.
    """
    state = CaseState(current)
    if state not in OPEN:
        raise TransitionNotAllowedError(current, CaseState.SUBMITTED, ())
    if state is not CaseState.DECISION_PREPARED:
        return state
    back = (CaseState.ASSESSING, CaseState.SUBMITTED)
    allowed = regime.lifecycle.allowed(state)
    return next_state(
        regime, state, next((each for each in back if each in allowed), back[-1])
    )
