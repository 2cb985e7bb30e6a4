"""What can be wrong with a message of the outbox, or with a request that goes out."""

from collections.abc import Mapping
from typing import Any

from recognition_service.errors import (
    InvalidInputError,
    RecognitionError,
    UnavailableError,
)


class UnknownMessageError(RecognitionError):
    """Nobody here knows how to carry out a message of this kind."""

    code = "message_unknown"
    title = "This kind of message is not known"


class MessageUnreadableError(RecognitionError):
    """A message lacks what its kind needs."""

    code = "message_unreadable"
    title = "The message cannot be read"


class TargetBlockedError(InvalidInputError):
    """A request must not go where it was to go.

    Attributes:
        reason: "unreadable", "scheme", "userinfo", "port" or "address".
    """

    code = "target_blocked"
    title = "Requests do not go there"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def members(self) -> Mapping[str, Any]:
        """Return the reason."""
        return {"reason": self.reason}


class TargetUnreachableError(UnavailableError):
    """A request went out, and no whole answer came back in time.

    Attributes:
        reason: "name", "connection", "tls", "timeout", "answer" (none, or not whole)
            or "too_large".
    """

    code = "target_unreachable"
    title = "The other side does not answer"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class ListsUnreadableError(RecognitionError):
    """What another installation says about its status lists cannot be read."""

    code = "status_lists_unreadable"
    title = "The index of status lists cannot be read"


PERMANENT = (UnknownMessageError, MessageUnreadableError)
"""Trying again cannot help."""
