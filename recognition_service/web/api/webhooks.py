"""Webhooks: where the events of an authority are sent, and by which secret signed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.delivery.webhooks import (
    EndpointState,
    NewEndpoint,
    add_endpoint,
    change_endpoint,
    get_endpoint,
    list_endpoints,
    remove_endpoint,
    rotate_secret,
)
from recognition_service.errors import InvalidInputError, UnavailableError
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import EmptyIn
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.api.webhook_bodies import (
    WebhookChangeIn,
    WebhookIn,
    endpoint_document,
)
from recognition_service.web.bodies import bad_member
from recognition_service.web.current import check_target, runtime
from recognition_service.web.etags import entity_tag, if_match, require_version
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "webhooks", __name__, description="Events sent to systems of an authority."
)
_ALL = "/webhooks"
_ONE = f"{_ALL}/<uuid:webhook_id>"
_SHAPE = {"type": "object", "required": ["id", "url", "event_types", "state"]}
_WITH_SECRET = {"type": "object", "required": [*_SHAPE["required"], "secret"]}
_EXAMPLE = examples.load("webhook")
_ADDED = {**_EXAMPLE, "secret": "whsec_qeqe1LbDgwPaWqCFR3ACW7yoWSJSwDXG3t0bnTzN5Hs="}
_BODY = {
    "url": "https://receiver.example/hooks/recognition",
    "description": "Register of the chamber",
    "event_types": ["recognition_request.decided", "attestation.revoked"],
}


@blueprint.route(_ALL, methods=["POST"])
@requires(Role.OPERATOR)
@idempotent
@blueprint.arguments(WebhookIn, example=_BODY)
@blueprint.problems(403, 409, 422)
@blueprint.response(201, _WITH_SECRET, example=_ADDED)
def add_webhook(body: Mapping[str, Any]) -> Response:
    """Have events of the authority sent to a URL from now on.

    The secret that signs them is shown this once. Requests go to public hosts only, by
    https.
    """
    new = _new_endpoint(body)
    _check(new.url)
    with runtime().database.transaction() as session:
        endpoint = add_endpoint(session, caller(), new, now=runtime().now())
    answer = _answer(endpoint, 201, secret=endpoint.secret)
    answer.headers["Location"] = f"/api/v1{_ALL}/{endpoint.id}"
    return answer


@blueprint.route(_ALL)
@requires(Role.OPERATOR, Role.AUDITOR)
@blueprint.doc(
    parameters=[
        query("state", "Only endpoints in this state.", enum=[*EndpointState]),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200,
    page_of("Endpoints, oldest first."),
    example={"items": [_EXAMPLE], "next": None},
)
def list_webhooks() -> Response:
    """List where events are sent; secrets are never listed."""
    asked = read_own_page("webhooks", "state", EndpointState)
    with runtime().database.reading() as session:
        found = list_endpoints(
            session, asked.owner, asked.state, after=asked.after, limit=asked.limit + 1
        )
    items = [endpoint_document(each) for each in found[: asked.limit]]
    return asked.answer(items, found=len(found))


@blueprint.route(_ONE)
@requires(Role.OPERATOR, Role.AUDITOR)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def get_webhook(webhook_id: UUID) -> Response:
    """Show where events are sent, and whether they arrive."""
    with runtime().database.reading() as session:
        endpoint = get_endpoint(session, caller().authority_id, webhook_id)
    return _answer(endpoint)


@blueprint.route(_ONE, methods=["PUT"])
@requires(Role.OPERATOR)
@if_match()
@blueprint.arguments(WebhookChangeIn, example={**_BODY, "state": "active"})
@blueprint.problems(403, 404, 422)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_webhook(body: Mapping[str, Any], webhook_id: UUID) -> Response:
    """Change where events are sent and which, or disable or enable it.

    While it is disabled nothing is lost: enabled again, it gets what happened
    meanwhile, and what was not delivered.
    """
    new, owner = _new_endpoint(body), caller().authority_id
    with runtime().database.reading() as session:
        is_moved = get_endpoint(session, owner, webhook_id).url != new.url
    if is_moved:
        _check(new.url)
    with runtime().database.transaction() as session:
        endpoint = get_endpoint(session, owner, webhook_id, to_change=True)
        require_version(endpoint.version)
        change_endpoint(
            session, caller(), endpoint, new, state=body["state"], now=runtime().now()
        )
    return _answer(endpoint)


@blueprint.route(_ONE, methods=["DELETE"])
@requires(Role.OPERATOR)
@if_match()
@blueprint.problems(403, 404)
@blueprint.response(204)
def delete_webhook(webhook_id: UUID) -> Response:
    """Send nothing to a URL any more, and forget what was sent to it."""
    with runtime().database.transaction() as session:
        endpoint = get_endpoint(
            session, caller().authority_id, webhook_id, to_change=True
        )
        require_version(endpoint.version)
        remove_endpoint(session, caller(), endpoint, now=runtime().now())
    return Response(status=204)


@blueprint.route(f"{_ONE}/secret", methods=["POST"])
@requires(Role.OPERATOR)
@idempotent
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404)
@blueprint.response(201, _WITH_SECRET, example=_ADDED)
def add_webhook_secret(body: Mapping[str, Any], webhook_id: UUID) -> Response:
    """Make another secret, which is shown this once.

    The one before signs too for 24 hours, so that a receiver can change over in peace;
    a still older one does not any more.
    """
    del body
    with runtime().database.transaction() as session:
        endpoint = get_endpoint(
            session, caller().authority_id, webhook_id, to_change=True
        )
        secret = rotate_secret(session, caller(), endpoint, now=runtime().now())
    return _answer(endpoint, 201, secret=secret)


def _new_endpoint(body: Mapping[str, Any]) -> NewEndpoint:
    return NewEndpoint(
        url=body["url"],
        description=body["description"],
        event_types=tuple(dict.fromkeys(body["event_types"] or ())),
    )


def _check(url: str) -> None:
    """Refuse a URL to which nothing would be sent."""
    try:
        check_target(url)
    except (InvalidInputError, UnavailableError) as error:
        raise bad_member("/url", error.code, str(error)) from error


def _answer(endpoint: Any, status: int = 200, **shown_once: str) -> Response:
    return json_answer(
        endpoint_document(endpoint) | shown_once,
        status,
        {"ETag": entity_tag(endpoint.version), "Cache-Control": "no-store"},
    )
