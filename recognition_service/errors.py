"""The base of all errors that a caller may see, and their kinds.

A room's own errors stand in `<room>/errors.py` and derive from one of the kinds.
Only `web/problems.py` knows which HTTP status a kind becomes.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar


class RecognitionError(Exception):
    """Something went wrong in a way that the caller should be told.

    Attributes:
        code: Permanent public name of the error, such as "request_not_found".
        title: What the code means in general, in English.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"

    def members(self) -> Mapping[str, Any]:
        """Return further members of the problem document, such as `allowed`."""
        return {}


class InvalidInputError(RecognitionError):
    """The caller's input does not fit.

    Attributes:
        errors: What is wrong where: `pointer` (RFC 6901) or `parameter`, `code`
            and `detail` of each.
    """

    code = "invalid_body"
    title = "The body does not fit"

    def __init__(
        self, message: str, errors: tuple[Mapping[str, Any], ...] = ()
    ) -> None:
        super().__init__(message)
        self.errors = errors

    def members(self) -> Mapping[str, Any]:
        """Return `errors`, if single members are to blame."""
        return {"errors": list(self.errors)} if self.errors else {}


class NotFoundError(RecognitionError):
    """The object does not exist, or not for this caller."""

    code = "not_found"
    title = "There is no such object"


class ConflictError(RecognitionError):
    """The object is in a state that forbids what was asked.

    Attributes:
        allowed: What is possible instead; None where that is not told.
    """

    code = "conflict"
    title = "The object's state forbids this"

    def __init__(self, message: str, allowed: Iterable[str] | None = None) -> None:
        super().__init__(message)
        self.allowed = None if allowed is None else tuple(allowed)

    def members(self) -> Mapping[str, Any]:
        """Return `allowed`, if it is told."""
        return {} if self.allowed is None else {"allowed": list(self.allowed)}


class ForbiddenError(RecognitionError):
    """The caller is known, but may not do this."""

    code = "forbidden"
    title = "Not allowed for this caller"


class UnauthenticatedError(RecognitionError):
    """The caller did not show who they are."""

    code = "unauthenticated"
    title = "An API key is required"


class TooManyTriesError(RecognitionError):
    """A counter that guards a secret is used up.

    Attributes:
        retry_after_seconds: When trying again can help, counted from now.
    """

    code = "too_many_tries"
    title = "Too many tries"

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class UnavailableError(RecognitionError):
    """Something that the service depends on does not answer right now."""

    code = "unavailable"
    title = "Not available right now"
