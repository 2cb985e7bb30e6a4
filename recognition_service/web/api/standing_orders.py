"""Standing orders: which rules may decide by themselves, ordered by two people."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from recognition_service.authorities.models import Role, StandingOrder
from recognition_service.authorities.standing_orders import (
    RETENTION,
    all_standing_orders,
    approve_standing_order,
    end_standing_order,
    propose_standing_order,
)
from recognition_service.clock import format_instant
from recognition_service.equivalence.deciding import can_decide
from recognition_service.web.access import caller, requires
from recognition_service.web.api.casework_bodies import EmptyIn, StandingOrderIn
from recognition_service.web.bodies import bad_parameter
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page

blueprint = Blueprint(
    "standing-orders", __name__, description="Decisions by rule, switched on."
)
_ONE = "/standing-orders/<instrument>"
_SHAPE = {"type": "object", "required": ["instrument", "in_force"]}
_EXAMPLE = {
    "instrument": "benelux-baltic-2024",
    "in_force": True,
    "proposed_by": "person:0193a1c2-0000-7000-8000-000000000001",
    "proposed_at": "2026-11-02T09:00:00Z",
    "approved_by": "person:0193a1c2-0000-7000-8000-000000000002",
    "approved_at": "2026-11-02T09:05:00Z",
    "ended_at": None,
    "note": None,
}


@blueprint.route("/standing-orders")
@requires(Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
@blueprint.problems(403)
@blueprint.response(
    200,
    {"type": "object", "required": ["items", "next"]},
    example={"items": [_EXAMPLE], "next": None},
)
def list_standing_orders() -> Response:
    """List the authority's standing orders."""
    with runtime().database.reading() as session:
        orders = all_standing_orders(session, caller().authority_id)
    return json_answer(page([_document(order) for order in orders], None))


@blueprint.route(_ONE, methods=["PUT"])
@requires(Role.OFFICER)
@blueprint.arguments(StandingOrderIn)
@blueprint.problems(403, 422)
@blueprint.response(200, _SHAPE, example={**_EXAMPLE, "in_force": False})
def put_standing_order(body: Mapping[str, Any], instrument: str) -> Response:
    """Propose that rules of an instrument, or of a published list, decide.

    It is not in force until another person has approved it. Only what can decide is
    taken: an agreement whose listed titles decide, or which binding statements carry
    out, or else the source of such statements, read in their source. Under the id
    `retention` it is ordered that papers and files go when the time of their regime is
    over, though that time was not confirmed.
    """
    if instrument != RETENTION:
        _require_deciding(instrument)
    with runtime().database.transaction() as session:
        order = propose_standing_order(
            session,
            caller().authority_id,
            instrument,
            actor=caller().actor,
            note=body["note"],
            now=runtime().now(),
        )
    return json_answer(_document(order))


@blueprint.route(f"{_ONE}/approval", methods=["PUT"])
@requires(Role.SIGNATORY)
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_standing_order_approval(body: Mapping[str, Any], instrument: str) -> Response:
    """Approve a proposed order as the second person."""
    del body
    with runtime().database.transaction() as session:
        order = approve_standing_order(
            session,
            caller().authority_id,
            instrument,
            actor=caller().actor,
            now=runtime().now(),
        )
    return json_answer(_document(order))


@blueprint.route(f"{_ONE}/end", methods=["PUT"])
@requires(Role.OFFICER, Role.SIGNATORY)
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_standing_order_end(body: Mapping[str, Any], instrument: str) -> Response:
    """End decisions by rule at once; one person suffices."""
    del body
    with runtime().database.transaction() as session:
        order = end_standing_order(
            session,
            caller().authority_id,
            instrument,
            actor=caller().actor,
            now=runtime().now(),
        )
    return json_answer(_document(order))


def _require_deciding(instrument: str) -> None:
    """Refuse what no rule decides under."""
    tables = runtime().snapshot(caller().authority_id).tables
    if instrument not in tables.agreements and instrument not in tables.sources:
        raise bad_parameter(
            "instrument", "unknown_code", "No agreement and no source has this id."
        )
    if not can_decide(tables, instrument):
        raise bad_parameter(
            "instrument",
            "never_decides",
            "No rule decides under this id. A list that carries out an agreement is "
            "ordered by the id of the agreement.",
        )


def _document(order: StandingOrder) -> dict[str, Any]:
    return {
        "instrument": order.instrument,
        "in_force": order.approved_at is not None and order.ended_at is None,
        "proposed_by": order.proposed_by,
        "proposed_at": format_instant(order.proposed_at),
        "approved_by": order.approved_by,
        "approved_at": format_instant(order.approved_at) if order.approved_at else None,
        "ended_at": format_instant(order.ended_at) if order.ended_at else None,
        "note": order.note,
    }
