"""Status lists: is an attestation still valid, without naming a person.

Source: Token Status List draft-20 sections 8.1, 8.2, 8.4 and 9; Bitstring Status
List v1.0 sections 3.2 and 4.
"""

import gzip
from datetime import UTC, datetime

from flask import Response, request

from recognition_service.attestations.models import ListForm
from recognition_service.attestations.publish import TTL_SECONDS
from recognition_service.clock import parse_instant
from recognition_service.credentials import bitstring_status_list, token_status_list
from recognition_service.credentials.vc_jwt import envelope
from recognition_service.errors import NotFoundError
from recognition_service.runtime.ready_bytes import ReadyBytes
from recognition_service.runtime.status_desk import ServedList
from recognition_service.web.bodies import bad_parameter, read_query
from recognition_service.web.current import runtime
from recognition_service.web.headers import for_any_origin, signed_document
from recognition_service.web.json_answers import json_bytes
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "status", __name__, description="Signed lists that say which attestations hold."
)
MEDIA_TYPE = token_status_list.MEDIA_TYPE
_JSON, _GZIP = "application/json", "gzip"
_VC_JWT = bitstring_status_list.MEDIA_TYPE
_ENVELOPES = ("application/vc", _JSON, "application/ld+json")
_A_YEAR = 31_536_000
_LATEST = 253_402_300_799  # 9999-12-31T23:59:59Z
_ANY_JWT = "eyJhbGciOiJFUzI1NiIsInR5cCI6InN0YXR1c2xpc3Qrand0In0.eyJ…"
_NUMBER = "<int(max=2147483647):number>"


@blueprint.route(f"/status/tsl/<authority_id>/{_NUMBER}")
@for_any_origin
@blueprint.doc(
    parameters=[
        {
            "in": "query",
            "name": "time",
            "required": False,
            "description": "The list that was served at this instant, in seconds "
            "since 1970; 404 if there was none.",
            "schema": {"type": "integer", "minimum": 0},
        }
    ]
)
@blueprint.problems(404, 422, 503)
@blueprint.response(
    200,
    {"type": "string", "description": "A JWT of the type `statuslist+jwt`."},
    content_type=MEDIA_TYPE,
    example=_ANY_JWT,
)
def get_status_list(authority_id: str, number: int) -> Response:
    """Show a status list.

    Two bits for each attestation: valid, revoked, suspended or superseded. Who asks
    only for `application/json` gets the same token as `{"token": ...}`.
    """
    time = read_query(("time",)).get("time")
    at = None if time is None else _unix_time(time)
    found = runtime().served_list(authority_id, number, at=at)
    if found is None:
        raise NotFoundError("There is no such status list.")
    if _preferred((MEDIA_TYPE, _JSON)) == _JSON:
        return _in_json({"token": found.ready.content.decode()}, _JSON, found)
    return _answer(found.ready, MEDIA_TYPE, found)


@blueprint.route(
    f"/status/bsl/<authority_id>/{_NUMBER}/<any(revocation, suspension):purpose>"
)
@for_any_origin
@blueprint.doc(
    parameters=[
        {
            "in": "query",
            "name": "timestamp",
            "required": False,
            "description": "The list that was served at this instant; 404 if there "
            "was none.",
            "schema": {"type": "string", "format": "date-time"},
        }
    ]
)
@blueprint.problems(404, 422, 503)
@blueprint.response(
    200,
    {"type": "string", "description": "A `BitstringStatusListCredential`, signed."},
    content_type=_VC_JWT,
    example="eyJhbGciOiJFUzI1NiIsInR5cCI6InZjK2p3dCIsImN0eSI6InZjIn0.eyJ…",
)
def get_bitstring_status_list(authority_id: str, number: int, purpose: str) -> Response:
    """Show a bitstring status list.

    One bit for each attestation: for `revocation` it is set when the attestation was
    revoked or superseded, for `suspension` while it is suspended. Who asks for
    `application/vc` or `application/json` gets an `EnvelopedVerifiableCredential`.
    """
    timestamp = read_query(("timestamp",)).get("timestamp")
    at = None if timestamp is None else _instant(timestamp)
    found = runtime().served_list(authority_id, number, ListForm(purpose), at=at)
    if found is None:
        raise NotFoundError("There is no such status list.")
    preferred = _preferred((_VC_JWT, *_ENVELOPES))
    if preferred in _ENVELOPES:
        return _in_json(envelope(found.ready.content.decode()), preferred, found)
    return _answer(found.ready, _VC_JWT, found)


@blueprint.route("/status/aggregation/<authority_id>")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200,
    {"type": "object", "required": ["status_lists"]},
    example={"status_lists": ["https://recognition.example/status/tsl/be-fl/1"]},
)
def get_status_list_aggregation(authority_id: str) -> Response:
    """Show where the status lists of an authority are.

    For verifiers that fetch all of them before they go offline.
    """
    read_query(())
    addresses = runtime().status_list_uris(authority_id)
    return signed_document(
        json_bytes({"status_lists": addresses}), _JSON, max_age_seconds=TTL_SECONDS
    )


def _unix_time(text: str) -> datetime:
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= _LATEST):
        raise bad_parameter("time", "not_seconds", "Give whole seconds since 1970.")
    return datetime.fromtimestamp(int(text), UTC)


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except (ValueError, OverflowError) as error:
        raise bad_parameter(
            "timestamp", "not_an_instant", "Write it like 2026-11-02T09:00:00Z."
        ) from error


def _preferred(offered: tuple[str, ...]) -> str:
    """Return what the caller likes best; the first offer where they do not care."""
    return request.accept_mimetypes.best_match(offered) or offered[0]


def _in_json(document: dict[str, str], media_type: str, found: ServedList) -> Response:
    """Answer with a signed list inside a JSON document; few ask for it."""
    body = json_bytes(document)
    tag = f"{found.ready.etag}-{media_type.rpartition('/')[2]}"
    return _answer(ReadyBytes(body, gzip.compress(body, 6), tag), media_type, found)


def _answer(ready: ReadyBytes, media_type: str, found: ServedList) -> Response:
    """Answer with ready bytes; what is past never changes, the rest grows stale."""
    is_gzipped = request.accept_encodings[_GZIP] > 0
    body = ready.gzipped if is_gzipped else ready.content
    response = Response(body, content_type=media_type)
    if is_gzipped:
        response.headers["Content-Encoding"] = _GZIP
    response.set_etag(f"{ready.etag}-{_GZIP}" if is_gzipped else ready.etag)
    if found.is_current:
        left = int((found.expires_at - runtime().now()).total_seconds())
        caching = f"public, max-age={max(0, min(TTL_SECONDS, left))}"
    else:
        caching = f"public, max-age={_A_YEAR}, immutable"
    response.headers["Cache-Control"] = caching
    response.vary.update(("Accept", "Accept-Encoding"))
    response.make_conditional(request)
    return response
