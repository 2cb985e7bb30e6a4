"""Whom verifiers may believe: the signed trust list, and the keys that sign it.

Source: Recognized Entities v1.0 (W3C working draft of 2 August 2026), section 3.4;
Securing Verifiable Credentials using JOSE and COSE, section 6.1.1; Controlled
Identifiers v1.0 section 2.
"""

from typing import Any

from flask import Response, request

from recognition_service.credentials.vc_jwt import envelope
from recognition_service.errors import NotFoundError
from recognition_service.web.bodies import bad_parameter, read_query
from recognition_service.web.current import runtime
from recognition_service.web.headers import for_any_origin, signed_document
from recognition_service.web.json_answers import json_bytes
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "trust", __name__, description="The signed list of issuers and who signs it."
)
MEDIA_TYPE = "application/vc+jwt"
_ENVELOPES = ("application/json", "application/vc")
_MINUTES_5 = 300
_A_YEAR = 31_536_000
_DIGITS = 9
_ISSUER = "https://recognition.example/trust"
_KEY = f"{_ISSUER}#oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"
_KEYS_EXAMPLE = {
    "id": _ISSUER,
    "verificationMethod": [
        {"id": _KEY, "type": "JsonWebKey", "controller": _ISSUER, "purpose": "trust"}
    ],
    "assertionMethod": [_KEY],
}


@blueprint.route("/trust/recognized-entities")
@for_any_origin
@blueprint.doc(
    parameters=[
        {
            "in": "query",
            "name": "version",
            "required": False,
            "description": "An earlier version; without it the newest is shown.",
            "schema": {"type": "integer", "minimum": 1},
        }
    ]
)
@blueprint.problems(404, 422, 503)
@blueprint.response(
    200,
    {"type": "string", "description": "A JWT of the type `vc+jwt`."},
    content_type=MEDIA_TYPE,
    example="eyJhbGciOiJFUzI1NiIsInR5cCI6InZjK2p3dCJ9.eyJ…",
)
def get_recognized_entities() -> Response:
    """Show the trust list.

    Every issuer with its registered name, its keys and its mandates, all with their
    dates: enough to verify without asking anybody. Who asks for `application/json`
    or `application/vc` gets the same token in an envelope.
    """
    version = _version(read_query(("version",)).get("version"))
    token = runtime().signed_trust_list(version)
    if token is None:
        raise NotFoundError(
            "No issuer is listed yet."
            if version is None
            else "No trust list of this version was published."
        )
    body, media_type = _form(token)
    response = signed_document(
        body,
        media_type,
        max_age_seconds=_MINUTES_5 if version is None else _A_YEAR,
        is_immutable=version is not None,
    )
    response.vary.add("Accept")
    return response


@blueprint.route("/trust/keys")
@for_any_origin
@blueprint.problems(503)
@blueprint.response(200, {"type": "object"}, example=_KEYS_EXAMPLE)
def get_trust_keys() -> Response:
    """Show the keys that sign the trust list.

    As a controlled identifier document with the whole history. Whoever relies on the
    list pins a key that was learned in another way: what is fetched from the same
    place as the list proves nothing.
    """
    return _key_document()


@blueprint.route("/trust")
@for_any_origin
@blueprint.problems(503)
@blueprint.response(200, {"type": "object"}, example=_KEYS_EXAMPLE)
def get_trust_issuer() -> Response:
    """Show who signs the trust list.

    The same document as `/trust/keys`, at the address that is its id.
    """
    return _key_document()


def _key_document() -> Response:
    document: dict[str, Any] = runtime().trust_keys()
    return signed_document(
        json_bytes(document), "application/json", max_age_seconds=_MINUTES_5
    )


def _form(token: str) -> tuple[bytes, str]:
    """Return the list in the form that is asked for: bare, or in an envelope."""
    accepted = request.accept_mimetypes
    for media_type in _ENVELOPES:
        if accepted and accepted[media_type] > accepted[MEDIA_TYPE]:
            return json_bytes(envelope(token)), media_type
    return token.encode("ascii"), MEDIA_TYPE


def _version(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise bad_parameter("version", "not_a_version", "Give the number of a version.")
    return int(text)
