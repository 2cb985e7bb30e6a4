"""Joint awards: read by each body, and signed where the track is kept elsewhere."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.attestations.joint_models import JointState
from recognition_service.attestations.joint_parts import get_part
from recognition_service.authorities.models import Role
from recognition_service.dual_certification.lifecycle import AwardStatus
from recognition_service.dual_certification.proposed_awards import (
    as_document,
    list_joint_awards,
    summary,
    version_of,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import EmptyIn
from recognition_service.web.api.dual_certification_bodies import ProposedAwardIn
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.current import runtime
from recognition_service.web.etags import entity_tag, if_match, require_version
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "joint-awards",
    __name__,
    description="Awards that several bodies attest together, as each has a part.",
)
_LIST = "joint-awards"
_ONE = f"/{_LIST}/<uuid:group_id>"
_READERS = (Role.CLERK, Role.OFFICER, Role.PROVIDER, Role.SIGNATORY, Role.AUDITOR)
_SHAPE = {
    "type": "object",
    "required": ["id", "state", "required", "signed", "award", "record"],
}
_award = examples.load("joint_award")


@blueprint.route(f"/{_LIST}")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query("state", "Only awards in this state.", enum=list(JointState)),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200,
    page_of("Joint awards without personal data."),
    example=examples.load("joint_awards"),
)
def list_awards() -> Response:
    """List the joint awards in which the authority has a part.

    `proposed_by` names the body of another installation that asks for this part; it
    is null where the track is kept here, and the award is signed on the track.
    """
    asked, url = read_own_page(_LIST, "state", JointState), runtime().public_url
    with runtime().database.reading() as session:
        found = list_joint_awards(
            session,
            asked.owner,
            state=asked.state,
            after=asked.after,
            limit=asked.limit + 1,
        )
        items = [
            summary(session, part, public_url=url) for part in found[: asked.limit]
        ]
    return asked.answer(items, found=len(found))


@blueprint.route(_ONE)
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=_award)
def get_award(group_id: UUID) -> Response:
    """Show a joint award with the record that all its bodies attest."""
    return _show(group_id)


@blueprint.route(f"{_ONE}/award", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(ProposedAwardIn, example={"status": "awarded", "reason": None})
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, _SHAPE, example=_award)
def put_proposed_award(body: Mapping[str, Any], group_id: UUID) -> Response:
    """Make the award that another installation proposes to the authority, or refuse.

    The record says on which results it rests and for which day it is proposed. A
    refusal needs a reason, which the body that keeps the track passes on; it gives
    the joint award up, and nothing of it becomes valid.
    """
    status = AwardStatus(body["status"])
    runtime().decide_proposed(
        caller(), group_id, status, body["reason"], check=require_version
    )
    return _show(group_id)


@blueprint.route(f"{_ONE}/signature", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, _SHAPE, example=_award)
def put_proposed_signature(body: Mapping[str, Any], group_id: UUID) -> Response:
    """Sign a joint award that another installation proposes, for the authority.

    Another person than the one who made the award signs. What is signed is held,
    suspended in every list, until all bodies have signed.
    """
    del body
    runtime().sign_proposed(caller(), group_id, check=require_version)
    return _show(group_id)


def _show(group_id: UUID) -> Response:
    owner, url = caller().authority_id, runtime().public_url
    with runtime().database.reading() as session:
        part = get_part(session, owner, group_id)
        document = as_document(session, part, public_url=url)
        version = version_of(part)
    return json_answer(document, 200, {"ETag": entity_tag(version)})
