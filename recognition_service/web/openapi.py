"""Views that describe themselves, and the OpenAPI document made from them.

This is the only module that knows flask-smorest. The document says of every
operation which problems it may answer with, as `application/problem+json`.

Source: OpenAPI Specification 3.1.0.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar, cast

import marshmallow as ma
from flask import Flask
from flask_smorest import Api  # type: ignore[import-untyped]  # ships no types
from flask_smorest import Blueprint as _SmorestBlueprint

from recognition_service import __version__
from recognition_service.web import fields, text_fields
from recognition_service.web.bodies import StrictParser
from recognition_service.web.documented import NOTES, add_problems, extend_documentation
from recognition_service.web.headers import PRODUCED_TYPES
from recognition_service.web.problems import MEDIA_TYPE

VERSION = "3.1.0"
_View = TypeVar("_View", bound=Callable[..., Any])
_EXTENSION = "recognition.openapi"
_SECTION = re.compile(r"^(Args|Raises|Returns|Yields|Attributes):", re.MULTILINE)
_BLANKS = re.compile(r"\s+")
_METHODS = frozenset({"get", "put", "post", "delete", "patch"})
_DESCRIPTION = """\
Equivalences between national qualifications frameworks, decisions on recognition,
and signed attestations that anybody can verify.

Look-ups and verifications need no key. Everything else needs
`Authorization: Bearer <API key>`; a key belongs to one principal of one authority,
and another authority's objects are answered with 404.

Errors are problem documents (RFC 9457) with a permanent `code`, which
`/problems/{code}` explains. Unknown members are refused. Lists are
`{"items": [...], "next": cursor or null}`. Instants are UTC, dates `YYYY-MM-DD`.
"""
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Permanent name of the problem."},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "Path of the request."},
        "request_id": {"type": "string", "pattern": "^req_[0-9A-HJKMNP-TV-Z]{26}$"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901"},
                    "parameter": {"type": "string"},
                    "offset": {"type": "integer", "description": "Byte in the body"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "competent": {
                        "type": "array",
                        "description": "Who decides instead (not_competent).",
                        "items": {"type": "object"},
                    },
                },
            },
        },
        "allowed": {"type": "array", "items": {"type": "string"}},
        "nearest": {"type": "array", "items": {"type": "string"}},
    },
}
_EXAMPLES: Mapping[int, tuple[str, str, str]] = {
    400: ("malformed_json", "This is not JSON as we read it", "It ends too early."),
    401: ("unauthenticated", "An API key is required", "Send an API key."),
    403: ("role_missing", "Another role is needed for this", "It needs signatory."),
    404: ("not_found", "There is no such object", "There is no such request."),
    406: ("not_acceptable", "No acceptable representation", "JSON is answered."),
    409: ("conflict", "The object's state forbids this", "It is decided already."),
    412: ("precondition_failed", "The object was changed in the meantime", "Read it."),
    413: ("body_too_large", "The body is too large", "Up to 1048576 bytes are read."),
    415: ("unsupported_media_type", "This type of body is not supported here", "JSON."),
    422: ("invalid_body", "The body does not fit", "1 member is wrong."),
    428: ("precondition_required", "This change needs an If-Match header", "Send it."),
    429: ("too_many_tries", "Too many tries", "Wait an hour."),
    501: ("not_supported", "This is not supported", "Past lists are not kept."),
    503: ("unavailable", "Not available right now", "The database does not answer."),
}
_LIBRARY_SCHEMAS = ("Error", "PaginationMetadata")
_EXTRA_HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": "`Bearer`"},
    429: {"Retry-After": "Seconds until another try can help."},
    503: {"Retry-After": "Seconds until another try can help."},
}


class Blueprint(_SmorestBlueprint):  # type: ignore[misc]  # ships no types
    """A group of views; each is described by its decorators and its docstring."""

    ARGUMENTS_PARSER = StrictParser()

    def route(self, rule: str, **options: Any) -> Callable[[_View], _View]:
        """Serve a view at a path, under this blueprint's prefix."""
        return cast("Callable[[_View], _View]", super().route(rule, **options))

    def arguments(
        self, schema: type[ma.Schema] | ma.Schema, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Read the body (or `location="query"`) by a schema, strictly."""
        inner = super().arguments(schema, **options)
        in_body = options.get("location", "json") == "json"

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            decorated = cast("Callable[..., Any]", inner(view))
            add_problems(decorated, 400, 422, *([413, 415] if in_body else []))
            return decorated

        return decorate

    def reads(
        self, schema: type[ma.Schema], **described: Any
    ) -> Callable[[_View], _View]:
        """Describe the body by a schema; the view reads it by itself, as strictly.

        For hot endpoints, where a schema would cost more than the work. `described`
        may hold an `example`.
        """

        def decorate(view: _View) -> _View:
            body = {
                "required": True,
                "content": {"application/json": {"schema": schema, **described}},
            }
            extend_documentation(view, requestBody=body)
            add_problems(view, 400, 413, 415, 422)
            return view

        return decorate

    def response(
        self,
        status_code: int,
        schema: type[ma.Schema] | ma.Schema | dict[str, Any] | None = None,
        **options: Any,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Describe the answer; what the view returns is dumped by the schema.

        With a JSON schema (a mapping) the answer is only described: such views
        return a `Response` themselves, and nothing stands between.
        """
        inner = super().response(status_code, schema, **options)
        produced = options.get("content_type") or "application/json"

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            decorated = cast("Callable[..., Any]", inner(view))
            if isinstance(schema, dict):
                setattr(view, NOTES, getattr(decorated, NOTES))
                decorated = view
            known = getattr(view, PRODUCED_TYPES, ())
            setattr(decorated, PRODUCED_TYPES, (*known, produced))
            return decorated

        return decorate

    def also_answers(
        self, media_type: str, *, example: str
    ) -> Callable[[_View], _View]:
        """Say that a view can answer in another form too; stands above `response`."""

        def decorate(view: _View) -> _View:
            known = getattr(view, PRODUCED_TYPES, ())
            setattr(view, PRODUCED_TYPES, (*known, media_type))
            content = {"schema": {"type": "string"}, "example": example}
            answer = {200: {"content": {media_type: content}}}
            extend_documentation(view, responses=answer)
            return view

        return decorate

    def alt_response(
        self, status_code: int, **options: Any
    ) -> Callable[[_View], _View]:
        """Describe another answer of the view, which is not a problem."""
        return cast(
            "Callable[[_View], _View]", super().alt_response(status_code, **options)
        )

    def doc(self, **members: Any) -> Callable[[_View], _View]:
        """Add members to the operation, such as `parameters` or `requestBody`."""

        def decorate(view: _View) -> _View:
            extend_documentation(view, **members)
            return view

        return decorate

    def problems(self, *statuses: int) -> Callable[[_View], _View]:
        """Say which further statuses a view answers with as a problem."""

        def decorate(view: _View) -> _View:
            add_problems(view, *statuses)
            return view

        return decorate

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        """Name the operation, and keep the developers' sections out of its text."""
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        words = obj.__name__.split("_")
        name = words[0] + "".join(word.capitalize() for word in words[1:])
        for method, notes in self._docs[endpoint].items():
            if method == "parameters":
                continue
            text = notes["docstring"]
            told = _SECTION.split(text.get("description", ""))[0]
            paragraphs = [_BLANKS.sub(" ", part) for part in told.strip().split("\n\n")]
            text["description"] = "\n\n".join(filter(None, paragraphs)) or text.get(
                "summary", ""
            )
            text["summary"] = text.get("summary", "").rstrip(".")
            notes.setdefault("manual_doc", {}).setdefault("operationId", name)


class _DocumentedApi(Api):  # type: ignore[misc]  # ships no types
    """The library's collector, without its error handling and its default answer."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to `problems`."""


def collect(
    app: Flask, blueprints: Sequence[tuple[Blueprint, str]], *, server: str
) -> None:
    """Serve blueprints under their prefixes and describe them in one document."""
    app.config.update(
        API_TITLE="Recognition service",
        API_VERSION=__version__,
        OPENAPI_VERSION=VERSION,
        OPENAPI_URL_PREFIX=None,
    )
    api = _DocumentedApi(
        app,
        spec_kwargs={
            "info": {"description": _DESCRIPTION, "license": _LICENCE},
            "servers": [{"url": server}],
        },
    )
    _teach_types(api)
    api.spec.components.security_scheme(
        "bearer",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key of a principal, `rk_live_…` or `rk_test_…`.",
        },
    )
    api.spec.components.schema("Problem", PROBLEM_SCHEMA)
    for blueprint, prefix in blueprints:
        api.register_blueprint(blueprint, url_prefix=prefix)
    app.extensions[_EXTENSION] = cache(lambda: _completed(api.spec.to_dict()))


def document(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document of the application."""
    return cast("dict[str, Any]", app.extensions[_EXTENSION]())


_LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}


def _teach_types(api: Any) -> None:
    for kind in (text_fields.Text, text_fields.Name, text_fields.Code):
        api.register_field(kind, "string", None)
    api.register_field(text_fields.Choice, "string", None)
    api.register_field(fields.InstantField, "string", "date-time")
    api.register_field(text_fields.LanguageMap, "object", None)
    api.register_field(text_fields.Facts, "object", None)


def _completed(found: dict[str, Any]) -> dict[str, Any]:
    """Put the problems in place, and drop what the library says about errors."""
    components = found.setdefault("components", {})
    components["responses"] = {
        f"Problem{status}": _problem_response(status) for status in _EXAMPLES
    }
    for path, methods in found["paths"].items():
        for operation in _operations(methods):
            operation["responses"] = {
                str(status): answer
                for status, answer in operation.get("responses", {}).items()
                if "$ref" not in answer  # The library's own errors.
            }
            for status in sorted(_problem_statuses(path, operation)):
                operation["responses"][str(status)] = {
                    "$ref": f"#/components/responses/Problem{status}"
                }
            operation["responses"]["default"] = _problem_answer(
                "Something failed on our side.", 500, "internal_error"
            )
    for unused in _LIBRARY_SCHEMAS:
        components["schemas"].pop(unused, None)
    return {
        "openapi": found.pop("openapi"),
        "info": found.pop("info"),
        **found,
    }


def _operations(methods: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for method, operation in methods.items():
        if method in _METHODS:
            yield operation


def _problem_statuses(path: str, operation: dict[str, Any]) -> set[int]:
    statuses = set(operation.pop("x-problems", ()))
    if path.startswith("/api/"):
        statuses.add(406)
    if "{" in path:
        statuses.add(404)
    security = operation.get("security")
    if security and {} not in security:
        statuses |= {401, 403, 503}
    return statuses


def _problem_response(status: int) -> dict[str, Any]:
    code, title, detail = _EXAMPLES[status]
    answer = _problem_answer(HTTPStatus(status).phrase, status, code, title, detail)
    headers = _EXTRA_HEADERS.get(status)
    if headers:
        answer["headers"] = {
            name: {"description": told, "schema": {"type": "string"}}
            for name, told in headers.items()
        }
    return answer


def _problem_answer(
    description: str,
    status: int,
    code: str,
    title: str = "Something failed on our side",
    detail: str = "The failure was recorded under this request_id.",
) -> dict[str, Any]:
    return {
        "description": description,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    "type": f"https://recognition.example/problems/{code}",
                    "title": title,
                    "status": status,
                    "code": code,
                    "detail": detail,
                    "instance": "/api/v1/recognition-requests",
                    "request_id": "req_01JD8XQ4M9T2V6B7C3N5K8RZ1F",
                },
            }
        },
    }
