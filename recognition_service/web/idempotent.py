"""`Idempotency-Key`: the same request twice has the effect of one.

Source: draft-ietf-httpapi-idempotency-key-header-07 section 2.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from recognition_service.storage import idempotency
from recognition_service.storage.idempotency import SavedAnswer
from recognition_service.web.access import caller
from recognition_service.web.bodies import read_bytes
from recognition_service.web.current import runtime
from recognition_service.web.documented import add_problems, extend_documentation
from recognition_service.web.errors import InvalidParametersError

_Params = ParamSpec("_Params")
HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_FORM = re.compile(r"[\x21-\x7e]{1,255}\Z")
_KEPT_HEADERS = ("Content-Type", "Location", "ETag")
_FIRST_SERVER_ERROR = 500
KEY_PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "A key of the caller's choice, such as a UUID. The same request "
    "with the same key within 24 hours gets the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def idempotent(
    view: Callable[_Params, ResponseReturnValue],
) -> Callable[_Params, ResponseReturnValue]:
    """Answer a repeated request with the answer of the first one.

    Stands under `requires` and above `arguments` and `response`. The key is claimed
    and the answer is kept in short transactions of their own. A request that ends
    with an exception leaves no trace; answers below 500 are kept for 24 hours.
    """

    @wraps(view)
    def repeatable(
        *args: _Params.args, **kwargs: _Params.kwargs
    ) -> ResponseReturnValue:
        key = read_key()
        if key is None:
            return view(*args, **kwargs)
        saved = _claim(key)
        if saved is not None:
            return _replayed(saved)
        with _released_on_error(key):
            response = make_response(view(*args, **kwargs))
        if response.status_code < _FIRST_SERVER_ERROR:
            _keep(key, response)
        else:
            _release(key)
        return response

    extend_documentation(repeatable, parameters=[KEY_PARAMETER])
    add_problems(repeatable, 409, 422)
    return repeatable


def read_key() -> str | None:
    """Return the key of the request, or None without one.

    Raises:
        InvalidParametersError: It is malformed.
    """
    key = request.headers.get(HEADER)
    if key is None or _FORM.match(key):
        return key
    detail = "1 to 255 printable ASCII characters without spaces are expected."
    raise InvalidParametersError(
        "1 parameter is wrong.",
        ({"parameter": HEADER, "code": "malformed_key", "detail": detail},),
    )


def _claim(key: str) -> SavedAnswer | None:
    path = f"{request.path}?{request.query_string.decode('latin-1')}"
    print_ = idempotency.fingerprint(request.method, path, read_bytes())
    with runtime().database.transaction() as session:
        return idempotency.begin(
            session, caller().authority_id, key, print_=print_, now=runtime().now()
        )


@contextmanager
def _released_on_error(key: str) -> Iterator[None]:
    is_done = False
    try:
        yield
        is_done = True
    finally:
        if not is_done:
            _release(key)


def _keep(key: str, response: Response) -> None:
    headers = {
        name: response.headers[name]
        for name in _KEPT_HEADERS
        if name in response.headers
    }
    answer = SavedAnswer(response.status_code, headers, response.get_data())
    with runtime().database.transaction() as session:
        idempotency.save(session, caller().authority_id, key, answer)


def _release(key: str) -> None:
    with runtime().database.transaction() as session:
        idempotency.release(session, caller().authority_id, key)


def _replayed(saved: SavedAnswer) -> Response:
    response = Response(saved.body, status=saved.status_code)
    response.headers.update(saved.headers)
    response.headers[REPLAYED] = "true"
    return response
