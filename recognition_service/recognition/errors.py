"""What can go wrong with a request for recognition."""

from collections.abc import Sequence

from recognition_service.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
)


class RequestNotFoundError(NotFoundError):
    """The authority has no such request."""

    code = "request_not_found"
    title = "There is no such request"


class DecisionNotFoundError(NotFoundError):
    """Nobody has prepared a decision on this request."""

    code = "decision_not_found"
    title = "There is no decision yet"


class LetterNotFoundError(NotFoundError):
    """The case has no such letter."""

    code = "letter_not_found"
    title = "There is no such letter"


class LetterPendingError(ConflictError):
    """The letter is written, but its file is not made yet."""

    code = "letter_pending"
    title = "The letter is not laid out yet"


class LetterIncompleteError(InvalidInputError):
    """A letter would leave out what it is written for."""

    code = "letter_incomplete"
    title = "The letter lacks what it has to say"

    def __init__(self, kind: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"The letter {kind} needs {', '.join(missing)}.",
            tuple(
                {
                    "pointer": f"/{name}",
                    "code": "required",
                    "detail": "The letter has to say this.",
                }
                for name in missing
            ),
        )


class TransitionNotAllowedError(ConflictError):
    """The request is in a state in which this cannot be done.

    Attributes:
        allowed: What it can become.
    """

    code = "transition_not_allowed"
    title = "The request's state forbids this"

    def __init__(self, current: str, wanted: str, allowed: tuple[str, ...]) -> None:
        super().__init__(
            f"A request that is {current} cannot become {wanted}.", allowed
        )


class NotCompetentError(InvalidInputError):
    """The authority does not decide for this destination."""

    code = "not_competent"
    title = "The authority does not decide for this destination"


class RecordInvalidError(InvalidInputError):
    """A decision of another case system does not fit the authority or the tables."""

    code = "record_invalid"
    title = "The record does not fit"


class RequestInvalidError(InvalidInputError):
    """A member of the request does not fit the tables."""

    code = "request_invalid"
    title = "The request does not fit the tables"


class SameSignatoryError(ForbiddenError):
    """Who prepared a decision cannot sign it."""

    code = "same_signatory"
    title = "Another person must sign"


class SystemCannotSignError(ForbiddenError):
    """A system prepares decisions; a person signs them."""

    code = "system_cannot_sign"
    title = "A person must sign"
