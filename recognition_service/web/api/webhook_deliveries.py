"""What was sent to a webhook, how it went, and sending it again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.found import get_authority
from recognition_service.authorities.models import Role
from recognition_service.delivery.webhook_deliveries import (
    DeliveryState,
    attempts_of,
    get_delivery,
    list_deliveries,
    replay_between,
    replay_delivery,
    send_test,
)
from recognition_service.delivery.webhooks import get_endpoint
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import EmptyIn
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.api.webhook_bodies import (
    ReplayIn,
    attempt_document,
    delivery_document,
)
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "webhook-deliveries", __name__, description="What webhooks were sent."
)
_WEBHOOK = "/webhooks/<uuid:webhook_id>"
_ALL = f"{_WEBHOOK}/deliveries"
_ONE = f"{_ALL}/<uuid:delivery_id>"
_SHAPE = {"type": "object", "required": ["id", "event", "type", "state"]}
_EXAMPLE = examples.load("webhook_delivery")
_LISTED = {
    name: _EXAMPLE[name] for name in _EXAMPLE if name not in {"body", "attempts"}
}


@blueprint.route(_ALL)
@requires(Role.OPERATOR, Role.AUDITOR)
@blueprint.doc(
    parameters=[
        query("state", "Only deliveries in this state.", enum=[*DeliveryState]),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 404, 422)
@blueprint.response(
    200,
    page_of("Deliveries, newest first."),
    example={"items": [_LISTED], "next": None},
)
def list_webhook_deliveries(webhook_id: UUID) -> Response:
    """List what was sent to a webhook during the last month, and what waits."""
    asked = read_own_page(f"webhooks/{webhook_id}/deliveries", "state", DeliveryState)
    with runtime().database.reading() as session:
        found = list_deliveries(
            session,
            get_endpoint(session, asked.owner, webhook_id),
            asked.state,
            before=asked.after,
            limit=asked.limit + 1,
        )
    items = [delivery_document(each) for each in found[: asked.limit]]
    return asked.answer(items, found=len(found))


@blueprint.route(_ONE)
@requires(Role.OPERATOR, Role.AUDITOR)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def get_webhook_delivery(webhook_id: UUID, delivery_id: UUID) -> Response:
    """Show a delivery with the text that is signed and its last twenty attempts."""
    with runtime().database.reading() as session:
        endpoint = get_endpoint(session, caller().authority_id, webhook_id)
        delivery = get_delivery(session, endpoint, delivery_id)
        attempts = attempts_of(session, delivery)
    return json_answer(
        {
            **delivery_document(delivery),
            "body": delivery.body,
            "attempts": [attempt_document(each) for each in attempts],
        }
    )


@blueprint.route(f"{_ONE}/replay", methods=["POST"])
@requires(Role.OPERATOR)
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_LISTED)
def add_webhook_delivery_replay(
    body: Mapping[str, Any], webhook_id: UUID, delivery_id: UUID
) -> Response:
    """Send an event again, under the same id, with the whole schedule of attempts."""
    del body
    with runtime().database.transaction() as session:
        endpoint = _locked(session, webhook_id)
        delivery = replay_delivery(
            session, caller(), endpoint, delivery_id, now=runtime().now()
        )
    return json_answer(delivery_document(delivery))


@blueprint.route(f"{_WEBHOOK}/replay", methods=["POST"])
@requires(Role.OPERATOR)
@blueprint.arguments(
    ReplayIn, example={"from": "2026-11-02T00:00:00Z", "to": "2026-11-03T00:00:00Z"}
)
@blueprint.problems(403, 404, 409, 422)
@blueprint.response(
    200, {"type": "object", "required": ["replayed"]}, example={"replayed": 12}
)
def add_webhook_replay(body: Mapping[str, Any], webhook_id: UUID) -> Response:
    """Send again what happened in a span of time, a thousand events at most.

    The receiver knows by the ids what it has already.
    """
    with runtime().database.transaction() as session:
        count = replay_between(
            session,
            caller(),
            _locked(session, webhook_id),
            since=body["from_"],
            until=body["to"],
            now=runtime().now(),
        )
    return json_answer({"replayed": count})


@blueprint.route(f"{_WEBHOOK}/test", methods=["POST"])
@requires(Role.OPERATOR)
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(201, _SHAPE, example={**_LISTED, "type": "webhook.test"})
def add_webhook_test(body: Mapping[str, Any], webhook_id: UUID) -> Response:
    """Have an event sent that says nothing but that it is a test."""
    del body
    by, now = caller(), runtime().now()
    with runtime().database.transaction() as session:
        mode = get_authority(session, by.authority_id).mode
        delivery = send_test(session, _locked(session, webhook_id), mode=mode, now=now)
    return json_answer(delivery_document(delivery), 201)


def _locked(session: Any, webhook_id: UUID) -> Any:
    """Return the endpoint; nothing else changes it until the transaction ends."""
    return get_endpoint(session, caller().authority_id, webhook_id, to_change=True)
