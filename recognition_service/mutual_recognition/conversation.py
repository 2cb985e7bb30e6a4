"""The states of a request between two bodies, and who may do what in which.

Every body that takes part keeps the request for itself. What one does is written down
by all of them, so that their states go together: the same one, or "forwarded" for who
asked and "sent" for whom it was forwarded to.

Source: Regulation (EU) 1024/2012 and the practice of the Internal Market Information
System: accepting means answering everything, a request is split or forwarded else.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from recognition_service.mutual_recognition.errors import EventNotAllowedError

ACCEPTED_WITHIN = timedelta(days=7)
"""The first public indicator: accepted within a week."""


class Kind(StrEnum):
    """What a request is about."""

    AWARD_VERIFICATION = "award_verification"
    CASE_INFORMATION = "case_information"
    RECOGNITION_LIST = "recognition_list"
    AGREEMENT_PROPOSAL = "agreement_proposal"


class State(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SENT = "sent"
    DEADLINE_PROPOSED = "deadline_proposed"
    DEADLINE_AGREED = "deadline_agreed"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    MORE_INFO_REQUESTED = "more_info_requested"
    REFERRED_TO_COORDINATOR = "referred_to_coordinator"
    FORWARDED = "forwarded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Event(StrEnum):
    """What can happen to a request.

    `revised` and `signed` are what the proposer of an agreement does; the same by who
    is asked is an answer. They are done with the agreement, see `agreement`.
    """

    SENT = "sent"
    DEADLINE_PROPOSED = "deadline_proposed"
    DEADLINE_AGREED = "deadline_agreed"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    MORE_INFO_REQUESTED = "more_info_requested"
    REFERRED_TO_COORDINATOR = "referred_to_coordinator"
    FORWARDED = "forwarded"
    SPLIT = "split"
    REVISED = "revised"
    SIGNED = "signed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Side(StrEnum):
    """As what a body takes part.

    `dispatcher` is a coordinator to which the request was sent to be passed on, and
    `coordinator` one that was told that an answer is overdue. Both see what happens,
    never what is asked about whom. `former` has forwarded the request.
    """

    ASKER = "asker"
    ANSWERER = "answerer"
    DISPATCHER = "dispatcher"
    COORDINATOR = "coordinator"
    FORMER = "former"


SEES_CONTENT = frozenset({Side.ASKER, Side.ANSWERER})
WAITING = (
    State.SENT,
    State.FORWARDED,
    State.DEADLINE_PROPOSED,
    State.DEADLINE_AGREED,
)
"""Sent to somebody who has not said yet whether to answer."""
UNANSWERED = (
    *WAITING,
    State.ACCEPTED,
    State.MORE_INFO_REQUESTED,
    State.REFERRED_TO_COORDINATOR,
)
"""Somebody owes an answer."""
FINAL = (State.DECLINED, State.WITHDRAWN, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request stands for one of the bodies that take part.

    Attributes:
        is_accepted: Whether who is asked has accepted; it tells what can follow on
            being referred to a coordinator.
        proposed_by: Which side made the proposal of a date that stands now.
        is_proposal: Whether an agreement is proposed, which is answered by the
            agreement's own acts and by its parties only.
    """

    state: State
    side: Side
    is_accepted: bool = False
    proposed_by: Side = Side.ASKER
    is_proposal: bool = False


def allowed_events(place: Place) -> tuple[Event, ...]:
    """Return what this body can do now, in the order of `Event`."""
    return tuple(event for event in Event if event in _possible(place))


def require_allowed(place: Place, event: Event) -> None:
    """Refuse what this body cannot do now.

    Raises:
        EventNotAllowedError: It cannot; the error says what it can.
    """
    allowed = allowed_events(place)
    if event not in allowed:
        raise EventNotAllowedError(place.state, event, allowed)


def can_be_referred(state: State) -> bool:
    """Tell whether a coordinator may be told that the answer is overdue."""
    return state in UNANSWERED and state is not State.REFERRED_TO_COORDINATOR


def state_after(place: Place, event: Event) -> State:
    """Return where the request stands for this body after an event of any side."""
    match event:
        case Event.SPLIT | Event.SIGNED:
            return place.state
        case Event.REVISED:
            was_answered = place.state is State.ANSWERED
            return State.ACCEPTED if was_answered else place.state
        case Event.FORWARDED if place.side in {Side.ANSWERER, Side.DISPATCHER}:
            return State.SENT  # To this body: it has just come.
        case _:
            return State(event.value)


def _possible(place: Place) -> frozenset[Event]:
    match place.side:
        case Side.ASKER | Side.ANSWERER if place.is_proposal:
            return _of_party(place)
        case Side.ASKER:
            return _of_asker(place)
        case Side.ANSWERER:
            return _of_answerer(place)
        case Side.DISPATCHER:
            waits = place.state in WAITING
            return frozenset({Event.FORWARDED, Event.DECLINED} if waits else ())
        case Side.COORDINATOR | Side.FORMER:
            return frozenset()


def _of_asker(place: Place) -> frozenset[Event]:
    match place.state:
        case State.DRAFT:
            return frozenset({Event.SENT})
        case State.ANSWERED:
            return frozenset({Event.CLOSED, Event.MORE_INFO_REQUESTED})
        case state if state in UNANSWERED:
            return frozenset({Event.WITHDRAWN, *_of_dates(place)})
        case _:
            return frozenset()


def _of_answerer(place: Place) -> frozenset[Event]:
    match place.state:
        case State.ACCEPTED:
            return frozenset({Event.ANSWERED, Event.FORWARDED, Event.SPLIT})
        case State.MORE_INFO_REQUESTED:
            return frozenset({Event.ANSWERED})
        case State.REFERRED_TO_COORDINATOR if place.is_accepted:
            return frozenset({Event.ANSWERED, Event.FORWARDED})
        case State.REFERRED_TO_COORDINATOR:
            return frozenset({Event.ACCEPTED, Event.DECLINED, Event.FORWARDED})
        case state if state in WAITING:
            undecided = {Event.ACCEPTED, Event.DECLINED, Event.FORWARDED, Event.SPLIT}
            return frozenset(undecided | _of_dates(place))
        case _:
            return frozenset()


def _of_party(place: Place) -> frozenset[Event]:
    """Return what a party can do with the proposal of an agreement."""
    if place.state is State.DRAFT:
        return frozenset({Event.SENT} if place.side is Side.ASKER else ())
    if place.state in FINAL:
        return frozenset()
    if place.side is Side.ASKER:
        return frozenset({Event.WITHDRAWN, *_of_dates(place)})
    accepting = {Event.ACCEPTED} if _can_be_accepted(place) else set()
    return frozenset({Event.DECLINED, *accepting, *_of_dates(place)})


def _can_be_accepted(place: Place) -> bool:
    """Tell whether who is asked has not said yet whether to answer."""
    if place.state is State.REFERRED_TO_COORDINATOR:
        return not place.is_accepted
    return place.state in WAITING


def _of_dates(place: Place) -> set[Event]:
    """Return how the date can be negotiated: by who has not proposed what stands."""
    negotiable = place.state in WAITING and place.state is not State.DEADLINE_AGREED
    if not negotiable or place.side is place.proposed_by:
        return set()
    return {Event.DEADLINE_PROPOSED, Event.DEADLINE_AGREED}


def accepted_within_a_week(
    sent_at: datetime, accepted_at: datetime | None
) -> bool | None:
    """Tell whether a request was accepted within a week; None: it is not accepted."""
    return None if accepted_at is None else accepted_at <= sent_at + ACCEPTED_WITHIN


def answered_in_time(
    agreed_answer_by: date | None, answered_on: date | None
) -> bool | None:
    """Tell whether the agreed date was kept; None: none was agreed, or no answer yet.

    This is the second public indicator; a later answer to further questions does not
    change it.
    """
    if agreed_answer_by is None or answered_on is None:
        return None
    return answered_on <= agreed_answer_by
