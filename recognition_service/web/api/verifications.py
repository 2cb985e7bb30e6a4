"""Is this attestation genuine, valid now, and what does it allow?

A hot endpoint: no schema, no row object. Nothing of what was presented is stored
or logged; nobody is told who asked.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from flask import Response, request

from recognition_service.clock import parse_instant
from recognition_service.runtime.runtime import Question
from recognition_service.runtime.spoken import verification_document
from recognition_service.verification.joint import MOST_PEERS
from recognition_service.web.api import examples
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER, query
from recognition_service.web.bodies import (
    JSON,
    LARGEST_PRESENTATION,
    bad_member,
    bad_parameter,
    media_type,
    parse_json,
    read_bytes,
    read_query,
)
from recognition_service.web.current import language, runtime
from recognition_service.web.errors import BodyTooLargeError
from recognition_service.web.fields import read_date
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer, json_bytes
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "verifications",
    __name__,
    description="Checks that anybody may make, without an account.",
)
_MULTIPART = "multipart/form-data"
_RAW = (
    "application/vc+jwt",
    "application/dc+sd-jwt",
    "application/vc",
    "application/jwt",
    "application/pdf",
    "image/png",
    "image/jpeg",
    "text/plain",
)
_ACCEPTED = (JSON, *_RAW, _MULTIPART)
_MEMBERS = frozenset({"credential", "at", "peers"})
_FORM_MEMBERS = frozenset({"at", "lang"})
# An object with one of these is itself what is to be verified.
_MARKS_OF_A_CREDENTIAL = frozenset({"@context", "type", "bundle"})
_LONGEST_AT = 40
_MULTIPART_OVERHEAD = 65_536
_LAST_SECOND = time(23, 59, 59, tzinfo=UTC)
_Presentation = tuple[bytes | str, str | None, list[bytes | str]]
_BINARY = {"schema": {"type": "string", "contentEncoding": "binary"}}


@blueprint.route("/verifications", methods=["POST"])
@for_any_origin
@blueprint.doc(
    parameters=[
        query("at", "As `at` in the body, for bodies that are no JSON."),
        LANGUAGE_PARAMETER,
    ],
    requestBody={
        "required": True,
        "content": {
            JSON: {
                "schema": {
                    "type": "object",
                    "required": ["credential"],
                    "properties": {
                        "credential": {"type": ["string", "object"]},
                        "at": {
                            "type": ["string", "null"],
                            "description": "An instant, or a date: the end of that "
                            "day in UTC. Without it: now.",
                        },
                        "peers": {
                            "type": "array",
                            "maxItems": MOST_PEERS,
                            "items": {"type": ["string", "object"]},
                            "description": "The other attestations of a joint award.",
                        },
                    },
                    "additionalProperties": False,
                },
                "example": {"credential": "eyJhbGciOiJFUzI1NiIs…", "at": None},
            },
            **dict.fromkeys(_RAW, _BINARY),
            _MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "at": {"type": "string"},
                        "lang": {"type": "string"},
                    },
                }
            },
        },
    },
)
@blueprint.problems(400, 413, 415, 422, 503)
@blueprint.response(
    200,
    {
        "type": "object",
        "required": [
            "verdict",
            "code",
            "summary",
            "checked_at",
            "as_of",
            "format",
            "id",
            "issuer",
            "holder",
            "recognition",
            "status",
            "replaced_by",
            "joint",
            "checks",
            "inputs",
            "language",
        ],
        "properties": {
            "verdict": {
                "type": "string",
                "enum": [
                    "valid",
                    "valid_with_conditions",
                    "not_valid",
                    "not_genuine",
                    "cannot_confirm",
                ],
            }
        },
    },
    example=examples.load("verification"),
)
def verify_credential() -> Response:
    """Verify an attestation.

    Invalid is an answer: whatever is presented, the status is 200 and the verdict
    says what it is worth. What is no attestation at all is `not_genuine`; what
    could not be checked is `cannot_confirm`, never `valid`.
    """
    given = read_query(("at", "lang"))
    presented, asked, peers = _read_presentation()
    if asked is not None and "at" in given:
        raise bad_parameter("at", "repeated_parameter", "Give it once.")
    at = _instant(asked, "/at") if asked is not None else None
    if "at" in given:
        at = _instant(given["at"], None)
    report = runtime().verify(presented, at=at, peers=peers)
    return json_answer(verification_document(report, language()))


def _read_presentation() -> _Presentation:
    """Return what is to be verified, the `at` that came with it, and the peers.

    Raises:
        InvalidInputError: A body without a credential.
    """
    kind = media_type(_ACCEPTED)
    if kind == _MULTIPART:
        return _read_form()
    body = read_bytes(LARGEST_PRESENTATION)
    if kind == JSON:
        return _read_json(body)
    if not body.strip():
        raise bad_member("", "required", "The body is empty.")
    return (body.strip() if kind == "text/plain" else body), None, []


def read_question(value: Any) -> Question:
    """Return the question of a line: a token, or an object like a body here.

    Raises:
        InvalidInputError: It asks nothing that can be answered.
    """
    if isinstance(value, str):
        return Question(value)
    presented, asked, peers = _read_value(value, json_bytes(value))
    at = None if asked is None else _instant(asked, "/at")
    return Question(presented, at, tuple(peers))


def _read_json(body: bytes) -> _Presentation:
    return _read_value(parse_json(body, LARGEST_PRESENTATION), body)


def _read_value(value: Any, body: bytes) -> _Presentation:
    if not isinstance(value, dict):
        raise bad_member("", "not_an_object", "A JSON object is expected.")
    if "credential" not in value:
        if _MARKS_OF_A_CREDENTIAL.isdisjoint(value):
            raise bad_member("/credential", "required", "This member is required.")
        return body, None, []
    _refuse_unknown(value, _MEMBERS)
    peers = _read_peers(value.get("peers", []))
    at = value.get("at")
    if at is not None and not isinstance(at, str):
        raise bad_member("/at", "not_a_date", "A date or an instant is expected.")
    match value["credential"]:
        case str() as token:
            return token, at, peers
        case dict() as credential:
            return json_bytes(credential), at, peers
        case _:
            raise bad_member(
                "/credential", "not_a_credential", "Text or an object is expected."
            )


def _read_form() -> _Presentation:
    request.max_content_length = LARGEST_PRESENTATION + _MULTIPART_OVERHEAD
    files = request.files.getlist("file")
    if len(files) != 1 or len(request.files) != 1:
        raise bad_member("/file", "required", "Exactly one file is expected.")
    _refuse_unknown(request.form, _FORM_MEMBERS)
    content = files[0].stream.read(LARGEST_PRESENTATION + 1)
    if len(content) > LARGEST_PRESENTATION:
        raise BodyTooLargeError(f"Up to {LARGEST_PRESENTATION} bytes are read here.")
    return content.strip(), request.form.get("at") or None, []


def _refuse_unknown(given: Mapping[str, Any], known: frozenset[str]) -> None:
    for name in given:
        if name not in known:
            pointer = "/" + name.replace("~", "~0").replace("/", "~1")
            raise bad_member(pointer, "unknown_member", "This member is not known.")


def _read_peers(peers: Any) -> list[bytes | str]:
    if (
        not isinstance(peers, list)
        or len(peers) > MOST_PEERS
        or not all(isinstance(peer, str | dict) for peer in peers)
    ):
        raise bad_member(
            "/peers", "not_credentials", f"Up to {MOST_PEERS} credentials are read."
        )
    return [peer if isinstance(peer, str) else json_bytes(peer) for peer in peers]


def _instant(text: str, pointer: str | None) -> datetime:
    """Return the instant that the answer is to be about.

    Raises:
        InvalidInputError: Neither a date nor an instant.
    """
    day = read_date(text)
    if day is not None:
        return datetime.combine(day, _LAST_SECOND)
    try:
        if len(text) <= _LONGEST_AT:
            return parse_instant(text)
    except (ValueError, OverflowError):
        pass
    detail = "A date such as 2026-11-02, or an instant in UTC, is expected."
    if pointer is None:
        raise bad_parameter("at", "not_a_date", detail)
    raise bad_member(pointer, "not_a_date", detail)
