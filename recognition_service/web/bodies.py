"""Bodies and queries, read strictly before any schema sees them.

Source: RFC 9110 section 8.3; RFC 7493 section 2; RFC 6901.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import marshmallow as ma
from flask import Request, g
from webargs.flaskparser import FlaskParser

from recognition_service.credentials import strict_json
from recognition_service.credentials.errors import MalformedJSONError
from recognition_service.errors import InvalidInputError, RecognitionError
from recognition_service.web.current import served
from recognition_service.web.errors import (
    BodyTooLargeError,
    InvalidParametersError,
    MediaTypeError,
)
from recognition_service.web.json_faults import escape, explain
from recognition_service.web.schemas import Fault

LARGEST_BODY = 1 << 20
LARGEST_PRESENTATION = 10 << 20
JSON = "application/json"
MOST_ERRORS = 100
_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")
_UNKNOWN = "This parameter is not known here."


def media_type(accepted: Sequence[str]) -> str:
    """Return the type of the body, without its parameters.

    Raises:
        MediaTypeError: None, not one of the accepted, or not in UTF-8.
    """
    asked = served()
    environ = asked.environ
    bare: str = environ.get("CONTENT_TYPE", "")
    if bare in accepted and "HTTP_CONTENT_ENCODING" not in environ:
        return bare
    found = asked.mimetype
    charset = asked.mimetype_params.get("charset", "utf-8").lower()
    if found not in accepted:
        given = f"not {found}" if found else "and the request names none"
        raise MediaTypeError(
            f"Send {' or '.join(accepted)}, {given}.",
            headers={"Accept-Post": ", ".join(accepted)},
        )
    if charset not in {"utf-8", "utf8"}:
        raise MediaTypeError("Send the body in UTF-8.")
    if asked.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise MediaTypeError("Send the body without Content-Encoding.")
    return found


def reads_up_to(
    limit: int,
) -> Callable[[Callable[_Params, _Result]], Callable[_Params, _Result]]:
    """Let a view read larger bodies than others; stands above what reads them."""

    def decorate(view: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
        @wraps(view)
        def reading(*args: _Params.args, **kwargs: _Params.kwargs) -> _Result:
            g.largest_body = limit
            return view(*args, **kwargs)

        return reading

    return decorate


def read_bytes(limit: int | None = None) -> bytes:
    """Return the raw body.

    Without a `limit` as many bytes are read as the view allows: see `reads_up_to`.

    Raises:
        BodyTooLargeError: More bytes than the limit.
    """
    if limit is None:
        limit = _limit()
    asked = served()
    asked.max_content_length = limit
    if (asked.content_length or 0) > limit:
        raise BodyTooLargeError(f"Up to {limit} bytes are read here.")
    return asked.get_data(cache=True)


def read_json() -> Any:
    """Return the JSON value of the body.

    Raises:
        MediaTypeError: The body is not declared as JSON in UTF-8.
        BodyTooLargeError: More bytes than the view allows: see `reads_up_to`.
        MalformedJSONError: Not JSON as we read it; `errors` names the place.
    """
    media_type((JSON,))
    return parse_json(read_bytes(), _limit())


def _limit() -> int:
    limit: int = g.get("largest_body", LARGEST_BODY)
    return limit


def parse_json(document: bytes, limit: int = LARGEST_BODY) -> Any:
    """Return the JSON value of a text that a caller sent.

    Raises:
        MalformedJSONError: Not JSON as we read it; `errors` names the place.
    """
    try:
        return strict_json.parse(document, max_bytes=limit)
    except MalformedJSONError as error:
        raise explain(error, document) from error


def read_query(
    known: Sequence[str], *, repeatable: Sequence[str] = ()
) -> dict[str, str]:
    """Return the parameters of the query, each given once and known here.

    Those that may be repeated are left to the caller.

    Raises:
        InvalidParametersError: An unknown parameter, or one given twice.
    """
    asked = served()
    if not asked.query_string:
        return {}
    faults = []
    values: dict[str, str] = {}
    for name, given in asked.args.lists():
        if name in repeatable:
            continue
        if name not in known:
            faults.append(_parameter(name, "unknown_parameter", _UNKNOWN))
        elif len(given) > 1:
            faults.append(_parameter(name, "repeated_parameter", "Give it once."))
        else:
            values[name] = given[0]
    if faults:
        raise _parameters_error(faults)
    return values


def bad_parameter(name: str, code: str, detail: str) -> InvalidParametersError:
    """Return the error for one parameter of the query that does not fit."""
    return _parameters_error([_parameter(name, code, detail)])


def bad_parameters(
    faults: Iterable[tuple[str, str, str]],
) -> InvalidParametersError:
    """Return the error for what does not fit in the query: place, code and detail."""
    return _parameters_error([_parameter(*fault) for fault in faults])


def read_choice(
    given: Mapping[str, str], name: str, choices: Iterable[str]
) -> str | None:
    """Return a parameter of the query that names one of some words, or None.

    Raises:
        InvalidParametersError: It names something else.
    """
    value, known = given.get(name), list(choices)
    if value is not None and value not in known:
        raise bad_parameter(
            name, "not_in_enum", f"One of {', '.join(known)} is expected."
        )
    return value


def read_day(given: Mapping[str, str], name: str) -> date:
    """Return a parameter of the query that names a day.

    Raises:
        InvalidParametersError: It is missing or names no day.
    """
    try:
        return date.fromisoformat(given.get(name, ""))
    except ValueError as error:
        raise bad_parameter(
            name, "not_a_date", "A date such as 2026-11-02 is expected."
        ) from error


def bad_member(pointer: str, code: str, detail: str) -> InvalidInputError:
    """Return the error for one member of the body that does not fit."""
    return bad_members([{"pointer": pointer, "code": code, "detail": detail}])


def bad_members(faults: Sequence[Mapping[str, Any]]) -> InvalidInputError:
    """Return the error for members that do not fit; the first ones are named."""
    return InvalidInputError(_counted(faults, "member"), tuple(faults[:MOST_ERRORS]))


_REFUSE_UNKNOWN: dict[str, str | None] = {
    **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
    "json": ma.RAISE,
    "query": ma.RAISE,
}


class StrictParser(FlaskParser):
    """Reads bodies and queries strictly, and reports faults by pointer."""

    DEFAULT_UNKNOWN_BY_LOCATION = _REFUSE_UNKNOWN

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Return the JSON value of the body."""
        del req, schema
        return read_json()

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """Return the query as a plain mapping; no parameter may be repeated."""
        del schema
        repeated = [name for name, given in req.args.lists() if len(given) > 1]
        if repeated:
            raise _parameters_error(
                [
                    _parameter(name, "repeated_parameter", "Give it once.")
                    for name in repeated
                ]
            )
        return req.args.to_dict()

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Raise the faults that a schema found, each with its place and code."""
        del req, schema, error_status_code, error_headers
        messages: Any = error.messages
        faults: list[RecognitionError] = []
        for location, found in messages.items():
            if location == "json":
                faults.append(bad_members(list(_faults(found, _by_pointer))))
            else:
                named = [
                    _parameter(fault["parameter"], "unknown_parameter", _UNKNOWN)
                    if fault["code"] == "unknown_member"
                    else fault
                    for fault in _faults(found, _by_parameter)
                ]
                faults.append(_parameters_error(named))
        raise faults[0] from error


def fit(schema: ma.Schema, value: Any) -> Any:
    """Return what a schema reads from a JSON value of the body.

    Raises:
        InvalidInputError: The value does not fit; `errors` names each place.
    """
    try:
        return schema.load(value)
    except ma.ValidationError as error:
        raise bad_members(list(_faults(error.messages, _by_pointer))) from error


_Place = Callable[[tuple[str | int, ...]], dict[str, str]]


def _by_pointer(path: tuple[str | int, ...]) -> dict[str, str]:
    return {"pointer": "".join(f"/{escape(str(segment))}" for segment in path)}


def _by_parameter(path: tuple[str | int, ...]) -> dict[str, str]:
    return {"parameter": str(path[0]) if path else ""}


def _faults(
    messages: Any, place: _Place, path: tuple[str | int, ...] = ()
) -> Iterator[dict[str, str]]:
    """Yield the faults in the tree of messages that marshmallow returns."""
    match messages:
        case Mapping():
            for name, below in messages.items():
                yield from _faults(
                    below, place, path if name == "_schema" else (*path, name)
                )
        case Fault():
            yield {**place(path), "code": messages.code, "detail": str(messages)}
        case str():
            yield {**place(path), "code": "invalid", "detail": messages}
        case _:
            for each in messages:
                yield from _faults(each, place, path)


def _parameter(name: str, code: str, detail: str) -> dict[str, str]:
    return {"parameter": name, "code": code, "detail": detail}


def _parameters_error(faults: list[dict[str, str]]) -> InvalidParametersError:
    return InvalidParametersError(
        _counted(faults, "parameter"), tuple(faults[:MOST_ERRORS])
    )


def _counted(faults: Sequence[Mapping[str, Any]], noun: str) -> str:
    if len(faults) == 1:
        return f"1 {noun} is wrong."
    return f"{len(faults)} {noun}s are wrong."
