"""What can go wrong between two installations."""

from recognition_service.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    RecognitionError,
    UnavailableError,
)


class MessageRefusedError(ConflictError):
    """A message of a known sender cannot be taken; a signed refusal answers it.

    Attributes:
        reason: Permanent name of the reason.
        may_retry: Whether the same message may be taken later.
    """

    code = "message_refused"
    title = "The message cannot be taken"

    def __init__(self, reason: str, detail: str, *, may_retry: bool = False) -> None:
        super().__init__(detail)
        self.reason = reason
        self.may_retry = may_retry


class SenderRefusedError(ForbiddenError):
    """Nothing proves who has sent a message, so nothing is signed in return.

    Attributes:
        reason: Permanent name of the reason.
    """

    code = "sender_refused"
    title = "The sender of the message is not believed"

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason

    def members(self) -> dict[str, str]:
        """Return why, by name."""
        return {"reason": self.reason}


class SenderUnprovenError(UnavailableError):
    """A newer trust list is needed to know who has sent a message; try again later.

    Attributes:
        reason: Permanent name of the reason.
        peer: The installation whose list is needed.
    """

    code = "sender_unproven"
    title = "The sender of the message is not known yet"

    def __init__(self, reason: str, detail: str, *, peer: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.peer = peer

    def members(self) -> dict[str, str]:
        """Return why, by name."""
        return {"reason": self.reason}


class ReceiptInvalidError(RecognitionError):
    """What answered a message is no receipt for it."""

    code = "receipt_invalid"
    title = "The answer is no receipt"


class BodyUnfitError(InvalidInputError):
    """The body of a message is not what its type needs."""

    code = "message_body_unfit"
    title = "The body of the message does not fit its type"


class ActPendingError(ConflictError):
    """The other installation has not answered the last act yet."""

    code = "act_pending"
    title = "The other side has not confirmed the last act yet"
