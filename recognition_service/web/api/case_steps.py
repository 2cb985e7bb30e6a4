"""Steps of a case: what is done between submitting and deciding, and after it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.recognition.appeals import (
    NewAppeal,
    decide_appeal,
    lodge_appeal,
)
from recognition_service.recognition.provisional import (
    prepare_provisional,
    sign_provisional,
)
from recognition_service.recognition.steps import take_step
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.case_answers import (
    answer,
    check_version,
    finish,
    reserve_signed,
)
from recognition_service.web.api.case_step_bodies import (
    AppealDecisionIn,
    AppealIn,
    StepIn,
    new_step,
)
from recognition_service.web.api.casework_bodies import DecisionIn, EmptyIn, as_json
from recognition_service.web.current import runtime
from recognition_service.web.etags import if_match
from recognition_service.web.idempotent import idempotent
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "case-steps", __name__, description="Steps, appeals and provisional status."
)
_ONE = "/recognition-requests/<uuid:request_id>"
_SHAPE = {"type": "object", "required": ["id", "status", "next_steps", "time_limits"]}


@blueprint.route(f"{_ONE}/steps", methods=["POST"])
@requires(Role.CLERK, Role.OFFICER)
@idempotent
@if_match(required=False)
@blueprint.arguments(StepIn, example=examples.load("case_step"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def post_step(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Take a step in a case.

    `next_steps` of the case names what its rules let follow now. State, time limits
    and holds follow from it.
    """
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        take_step(session, caller(), request_id, new_step(body), now=runtime().now())
    return answer(request_id)


@blueprint.route(f"{_ONE}/appeal", methods=["PUT"])
@requires(Role.CLERK, Role.OFFICER)
@if_match()
@blueprint.arguments(AppealIn, example=examples.load("appeal"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def put_appeal(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Note that the applicant has appealed, against the decision or against silence."""
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        lodge_appeal(
            session, caller(), request_id, NewAppeal(**body), now=runtime().now()
        )
    return answer(request_id)


@blueprint.route(f"{_ONE}/appeal/decision", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(AppealDecisionIn, example=examples.load("appeal_decision"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def put_appeal_decision(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Note what became of an appeal; what was remitted is decided anew."""
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        decide_appeal(session, caller(), request_id, **body, now=runtime().now())
    return answer(request_id)


@blueprint.route(f"{_ONE}/provisional", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(DecisionIn, example=examples.load("provisional_decision"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def put_provisional(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Write a provisional decision, which holds until the case is over at most."""
    by = caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        prepare_provisional(
            session, by, request_id, as_json(body), edition=edition, now=runtime().now()
        )
    return answer(request_id)


@blueprint.route(f"{_ONE}/provisional/signature", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def put_provisional_signature(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Sign a provisional decision as the second person; it is attested."""
    del body
    by = caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        signed = sign_provisional(
            session, by, request_id, edition=edition, now=runtime().now()
        )
        intents = reserve_signed(session, signed)
    finish(intents)
    return answer(request_id)
