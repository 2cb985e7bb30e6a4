"""Deciding about many rows of another body's list at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.list_acts import (
    ListDecision,
    decide_list,
    sign_list,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import EmptyIn, as_json
from recognition_service.web.api.mutual_request_bodies import ListDecisionIn
from recognition_service.web.api.mutual_requests import SHAPE, show_request
from recognition_service.web.current import runtime
from recognition_service.web.etags import if_match, require_version
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "list-decisions",
    __name__,
    description="Decisions about many rows of a list at once.",
)
_OF_LIST = "/mutual-requests/<uuid:request_id>/decisions"
_EXAMPLE = examples.load("mutual_list")


@blueprint.route(_OF_LIST, methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(ListDecisionIn, example=examples.load("list_decision"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=_EXAMPLE)
def put_list_decisions(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Write decisions about many rows of a list, to be signed by another person.

    Without `rows` all open ones are meant; `except` names those that are not. With
    `decision` null each row is decided as the tables proposed, where a statement or a
    rule decides. What stands in the way of one row is told there and stops no other;
    `progress` counts. Up to 200 rows are done at once, more of them soon after.
    """
    by = caller()
    decision = body["decision"]
    new = ListDecision(
        decision=None if decision is None else as_json(decision),
        rows=body["rows"],
        exceptions=body["exceptions"],
    )
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        decide_list(
            session,
            by,
            request_id,
            new,
            edition=edition,
            check=require_version,
            now=runtime().now(),
        )
    runtime().work_on_short_list(by.authority_id, request_id)
    return show_request(request_id)


@blueprint.route(f"{_OF_LIST}/signature", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, SHAPE, example=_EXAMPLE)
def put_list_signature(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Sign all decisions that are written about rows of a list, as the second person.

    The attestations are issued together. A decision that was written anew after this
    call is left to another one.
    """
    del body
    by = caller()
    service = Service(runtime().edition(by.authority_id), runtime().public_url)
    with runtime().database.transaction() as session:
        sign_list(
            session,
            by,
            request_id,
            service=service,
            check=require_version,
            now=runtime().now(),
        )
    runtime().work_on_short_list(by.authority_id, request_id)
    return show_request(request_id)
