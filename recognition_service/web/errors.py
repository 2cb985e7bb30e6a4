"""What can be wrong with a request before any rule of recognition is asked.

Each error says its HTTP status itself, because it means nothing outside HTTP. All
other errors get their status in `problems.py`, by their kind.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from recognition_service.errors import InvalidInputError, RecognitionError


class RequestError(RecognitionError):
    """The request cannot be served as it was made.

    Attributes:
        status: The HTTP status of the answer.
        headers: Headers that this status demands.
        errors: What is wrong where, as in `InvalidInputError`.
    """

    code = "bad_request"
    title = "The request cannot be understood"
    status: ClassVar[int] = 400

    def __init__(
        self,
        message: str,
        errors: tuple[Mapping[str, Any], ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.errors = errors
        self.headers = headers or {}

    def members(self) -> Mapping[str, Any]:
        """Return `errors`, if single parts of the request are to blame."""
        return {"errors": list(self.errors)} if self.errors else {}


class InvalidParametersError(InvalidInputError):
    """Parameters of the query, or headers, do not fit."""

    code = "invalid_parameters"
    title = "The parameters do not fit"


class MalformedURLError(RequestError):
    """The path or the query holds control characters or is not UTF-8."""

    code = "malformed_url"
    title = "The address cannot be read"


class CredentialRefusedError(RequestError):
    """A credential, or how it shall be signed, does not fit."""

    code = "credential_refused"
    title = "This credential is not signed"


class KeyInURLError(RequestError):
    """An API key was sent where logs and histories keep it."""

    code = "key_in_url"
    title = "API keys are not accepted in addresses"


class InvalidCursorError(RequestError):
    """A cursor was changed, or belongs to another list."""

    code = "invalid_cursor"
    title = "This cursor does not belong to this list"


class MalformedETagError(RequestError):
    """`If-Match` holds a weak tag or no tag at all."""

    code = "malformed_etag"
    title = "This is not a strong entity tag"


class MethodError(RequestError):
    """The address exists, but not for this method."""

    code = "method_not_allowed"
    title = "This method is not allowed here"
    status = 405


class NotAcceptableError(RequestError):
    """`Accept` excludes everything that the address can answer."""

    code = "not_acceptable"
    title = "No acceptable representation"
    status = 406


class PreconditionFailedError(RequestError):
    """The object was changed since the caller read it."""

    code = "precondition_failed"
    title = "The object was changed in the meantime"
    status = 412


class BodyTooLargeError(RequestError):
    """The body is larger than this address accepts."""

    code = "body_too_large"
    title = "The body is too large"
    status = 413


class AddressTooLongError(RequestError):
    """The address is longer than we read."""

    code = "address_too_long"
    title = "The address is too long"
    status = 414


class MediaTypeError(RequestError):
    """The body has a type or an encoding that this address does not read."""

    code = "unsupported_media_type"
    title = "This type of body is not supported here"
    status = 415


class PreconditionRequiredError(RequestError):
    """A change came without `If-Match`."""

    code = "precondition_required"
    title = "This change needs an If-Match header"
    status = 428


class HeadersTooLargeError(RequestError):
    """The header section is larger than we read."""

    code = "headers_too_large"
    title = "The headers are too large"
    status = 431


class NotSupportedError(RequestError):
    """A standard allows this request, but we do not serve it."""

    code = "not_supported"
    title = "This is not supported"
    status = 501


class InternalError(RequestError):
    """Something failed that the caller cannot mend."""

    code = "internal_error"
    title = "Something failed on our side"
    status = 500
