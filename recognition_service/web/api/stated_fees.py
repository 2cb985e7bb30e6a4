"""Fees that an authority states in its standing orders, ordered by two people."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from recognition_service.authorities.fees import Fee
from recognition_service.authorities.models import FeeList, Role
from recognition_service.authorities.state_fees import (
    approve_fees,
    end_fees,
    fee_lists,
    propose_fees,
)
from recognition_service.clock import format_instant
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import EmptyIn
from recognition_service.web.api.fee_bodies import FeeApprovalIn, FeeListIn
from recognition_service.web.bodies import bad_members
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "stated-fees", __name__, description="Fees that an authority states itself."
)
_FEES = "/standing-orders/fees"
_SHAPE = {"type": "object", "required": ["in_force", "proposed"]}
_EXAMPLE = examples.load("fees")
_BODY_EXAMPLE = examples.load("fees_body")


@blueprint.route(_FEES)
@requires(Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
@blueprint.problems(403)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def get_fees() -> Response:
    """Show the list of fees that is in force and the one that waits.

    Everybody is told the fees by the directory.
    """
    return _show()


@blueprint.route(_FEES, methods=["PUT"])
@requires(Role.OFFICER)
@blueprint.arguments(FeeListIn, example=_BODY_EXAMPLE)
@blueprint.problems(403, 422)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_fees(body: Mapping[str, Any]) -> Response:
    """Propose the list of all fees.

    The list in force holds until another person has approved this one. An entry
    without a regime is for all regimes that have no entry of their own; an amount of 0
    means that nothing is paid.
    """
    fees: Sequence[Fee] = body["fees"]
    _require_known(fees)
    with runtime().database.transaction() as session:
        propose_fees(
            session,
            caller().authority_id,
            fees,
            actor=caller().actor,
            note=body["note"],
            now=runtime().now(),
        )
    return _show()


@blueprint.route(f"{_FEES}/approval", methods=["PUT"])
@requires(Role.SIGNATORY)
@blueprint.arguments(FeeApprovalIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_fees_approval(body: Mapping[str, Any]) -> Response:
    """Approve the list that waits, as the second person, by its version."""
    with runtime().database.transaction() as session:
        approve_fees(
            session,
            caller().authority_id,
            body["version"],
            actor=caller().actor,
            now=runtime().now(),
        )
    return _show()


@blueprint.route(f"{_FEES}/end", methods=["PUT"])
@requires(Role.OFFICER, Role.SIGNATORY)
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example={"in_force": None, "proposed": None})
def put_fees_end(body: Mapping[str, Any]) -> Response:
    """State no fees any more, at once; one person suffices."""
    del body
    with runtime().database.transaction() as session:
        end_fees(
            session,
            caller().authority_id,
            actor=caller().actor,
            now=runtime().now(),
        )
    return _show()


def _require_known(fees: Sequence[Fee]) -> None:
    """Refuse regimes that the tables in force do not know.

    Raises:
        InvalidInputError: One is in no row; `errors` names each entry.
    """
    known = runtime().edition(caller().authority_id).compiled.regimes
    faults = [
        {
            "pointer": f"/fees/{place}/regime",
            "code": "unknown_code",
            "detail": "No regime has this id.",
        }
        for place, fee in enumerate(fees)
        if fee.regime is not None and fee.regime not in known
    ]
    if faults:
        raise bad_members(faults)


def _show() -> Response:
    with runtime().database.reading() as session:
        in_force, waiting = fee_lists(session, caller().authority_id)
    return json_answer(
        {"in_force": _document(in_force), "proposed": _document(waiting)}
    )


def _document(row: FeeList | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "version": row.version,
        "fees": row.fees,
        "proposed_by": row.proposed_by,
        "proposed_at": format_instant(row.proposed_at),
        "approved_by": row.approved_by,
        "approved_at": format_instant(row.approved_at) if row.approved_at else None,
        "note": row.note,
    }
