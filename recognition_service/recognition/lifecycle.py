"""The states of a request, and which may follow which."""

from enum import StrEnum

from recognition_service.recognition.errors import TransitionNotAllowedError


class RequestStatus(StrEnum):
    """Where a request stands.

    `decision_prepared` means that an officer has written a decision which waits
    for the second person's signature.
    """

    SUBMITTED = "submitted"
    DECISION_PREPARED = "decision_prepared"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


_FOLLOWS = {
    RequestStatus.SUBMITTED: (
        RequestStatus.DECISION_PREPARED,
        RequestStatus.DECIDED,
        RequestStatus.WITHDRAWN,
    ),
    RequestStatus.DECISION_PREPARED: (
        RequestStatus.DECISION_PREPARED,
        RequestStatus.SUBMITTED,
        RequestStatus.DECIDED,
        RequestStatus.WITHDRAWN,
    ),
    RequestStatus.DECIDED: (),
    RequestStatus.WITHDRAWN: (),
}


def next_status(current: str, wanted: RequestStatus) -> RequestStatus:
    """Return the wanted state if it may follow.

    Raises:
        TransitionNotAllowedError: It may not.
    """
    allowed = _FOLLOWS[RequestStatus(current)]
    if wanted not in allowed:
        raise TransitionNotAllowedError(current, wanted, allowed)
    return wanted
