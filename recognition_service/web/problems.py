"""Errors as problem documents: the only place that knows statuses.

Source: RFC 9457.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from recognition_service.credentials.errors import MalformedJSONError
from recognition_service.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RecognitionError,
    TooManyTriesError,
    UnauthenticatedError,
    UnavailableError,
)
from recognition_service.web import errors
from recognition_service.web.current import request_id, runtime
from recognition_service.web.logs import log_failure

MEDIA_TYPE = "application/problem+json"
_PAGE_HOOK = "recognition.problem_page"
_RETRY_SECONDS = 5
_CLIENT_ERROR, _NOT_FOUND, _SERVER_ERROR = 400, 404, 500
_STATUS_BY_KIND: tuple[tuple[type[RecognitionError], int], ...] = (
    (MalformedJSONError, 400),
    (InvalidInputError, 422),
    (NotFoundError, 404),
    (ConflictError, 409),
    (ForbiddenError, 403),
    (UnauthenticatedError, 401),
    (TooManyTriesError, 429),
    (UnavailableError, 503),
)
_KIND_BY_STATUS: Mapping[int, type[errors.RequestError]] = {
    kind.status: kind
    for kind in (
        errors.RequestError,
        errors.MethodError,
        errors.NotAcceptableError,
        errors.PreconditionFailedError,
        errors.BodyTooLargeError,
        errors.AddressTooLongError,
        errors.MediaTypeError,
        errors.PreconditionRequiredError,
        errors.HeadersTooLargeError,
        errors.NotSupportedError,
    )
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What a caller is told when a request failed.

    Attributes:
        members: Further members of the document, such as `errors` or `allowed`.
        headers: Headers that belong to the status.
    """

    status: int
    code: str
    title: str
    detail: str
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_document(self) -> dict[str, Any]:
        """Return the members of the problem document for the request at hand."""
        return {
            "type": f"{runtime().public_url}/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "instance": request.path,
            "request_id": request_id(),
            **self.members,
        }


ProblemPage = Callable[[Problem], Response]


def show_problems_on_pages(app: Flask, render: ProblemPage) -> None:
    """Let browsers that ask for a page get this one instead of JSON."""
    app.extensions[_PAGE_HOOK] = render


def status_of(kind: type[RecognitionError]) -> int:
    """Return the HTTP status that a kind of error becomes; 500 if it is ours."""
    if issubclass(kind, errors.RequestError):
        return kind.status
    for parent, status in _STATUS_BY_KIND:
        if issubclass(kind, parent):
            return status
    return _SERVER_ERROR


def all_kinds() -> Iterator[type[RecognitionError]]:
    """Yield every kind of error that the service can answer with."""
    waiting: list[type[RecognitionError]] = [RecognitionError]
    while waiting:
        kind = waiting.pop()
        yield kind
        waiting.extend(kind.__subclasses__())


def describe(error: RecognitionError) -> Problem:
    """Return the problem that an error of our own becomes."""
    status = status_of(type(error))
    if status >= _SERVER_ERROR and not isinstance(
        error, UnavailableError | errors.RequestError
    ):
        return _opaque(error)
    members = dict(error.members())
    headers = dict(getattr(error, "headers", {}))
    if isinstance(error, InvalidInputError) and error.errors:
        members["errors"] = list(error.errors)
    retry_after = members.pop("retry_after_seconds", None)
    match error:
        case UnauthenticatedError():
            headers["WWW-Authenticate"] = "Bearer"
        case TooManyTriesError():
            headers["Retry-After"] = str(max(1, error.retry_after_seconds))
        case UnavailableError():
            headers["Retry-After"] = str(retry_after or _RETRY_SECONDS)
        case _ if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
    return Problem(status, error.code, error.title, str(error), members, headers)


def respond(problem: Problem) -> Response:
    """Return a problem as a page for browsers, else as a problem document."""
    page = cast("ProblemPage | None", current_app.extensions.get(_PAGE_HOOK))
    if page is not None and _wants_page():
        response = page(problem)
    else:
        response = Response(
            json.dumps(
                problem.as_document(), ensure_ascii=False, separators=(",", ":")
            ),
            mimetype=MEDIA_TYPE,
        )
    response.status_code = problem.status
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Answer every error of the application with a problem."""
    app.register_error_handler(RecognitionError, _on_own_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_unknown_error)


def _on_own_error(error: RecognitionError) -> Response:
    return respond(describe(error))


def _on_http_error(error: HTTPException) -> Any:
    status = error.code or _SERVER_ERROR
    if status < _CLIENT_ERROR:
        return error  # A redirect is no problem.
    if status >= _SERVER_ERROR and status not in _KIND_BY_STATUS:
        return respond(_opaque(error))
    headers = {
        name: value
        for name, value in error.get_headers()
        if name in {"Allow", "Accept", "Retry-After"}
    }
    if status == _NOT_FOUND:
        return respond(describe(NotFoundError("Nothing is at this address.")))
    kind = _KIND_BY_STATUS.get(status, errors.RequestError)
    found = describe(kind(_spoken(error), headers=headers))
    return respond(found)


def _on_unknown_error(error: Exception) -> Response:
    return respond(_opaque(error))


def _opaque(error: BaseException) -> Problem:
    log_failure(error)
    kind = errors.InternalError
    detail = "The failure was recorded under this request_id."
    return Problem(kind.status, kind.code, kind.title, detail)


def _spoken(error: HTTPException) -> str:
    match error.code:
        case 405:
            return f"{request.method} is not allowed at this address."
        case 413:
            return "The body is larger than this address accepts."
        case _:
            return "The request cannot be read."


def _wants_page() -> bool:
    if request.path.startswith("/api/"):
        return False
    accepted = request.accept_mimetypes
    return (
        accepted.best_match(["application/json", "text/html"]) == "text/html"
        and accepted["text/html"] > accepted["application/json"]
    )
