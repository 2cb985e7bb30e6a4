"""Cases about an award of a track: opened from it, and brought to what it shows."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.dual_certification.open_case import (
    open_case_on_track,
    record_track,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.case_answers import answer, finish, reserve_signed
from recognition_service.web.api.track_case_bodies import (
    TrackCaseIn,
    TrackEvidenceIn,
    new_track_case,
)
from recognition_service.web.current import runtime
from recognition_service.web.etags import if_match, require_version
from recognition_service.web.idempotent import idempotent
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "track-cases",
    __name__,
    description="Recognition of what a training path has led to.",
)
_SHAPE = {"type": "object", "required": ["id", "status", "training", "links"]}
_CASE = {
    **examples.load("recognition_request"),
    "training": examples.load("track_case_training"),
}


@blueprint.route(
    "/dual-certifications/<uuid:track_id>/recognition-requests", methods=["POST"]
)
@requires(Role.CLERK, Role.OFFICER)
@idempotent
@blueprint.arguments(TrackCaseIn, example=examples.load("track_case_body"))
@blueprint.problems(403, 404, 409)
@blueprint.response(201, _SHAPE, example=_CASE)
def open_track_case(body: Mapping[str, Any], track_id: UUID) -> Response:
    """Open a case of your authority about another body's award of a track.

    The person and the award are taken from the track. Known substantial differences,
    of the curriculum's standard for your place, of published statements and of your
    earlier decisions, are in `training`: those that a passed unit makes up for with its
    evidence, the others as open. The assessment is written as far as that goes.
    """
    by = caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        request, signed = open_case_on_track(
            session,
            by,
            track_id,
            new_track_case(body),
            edition=edition,
            now=runtime().now(),
        )
        intents = reserve_signed(session, signed)
    finish(intents)
    answered = answer(request.id, 201)
    answered.headers["Location"] = f"/api/v1/recognition-requests/{request.id}"
    return answered


@blueprint.route(
    "/recognition-requests/<uuid:request_id>/evidence/track", methods=["PUT"]
)
@requires(Role.CLERK, Role.OFFICER)
@if_match()
@blueprint.arguments(TrackEvidenceIn, example={"track": None})
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_CASE)
def put_track_evidence(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Bring a case to what the track behind its held qualification shows now.

    Without `track` it is the one whose award the held qualification's `attestation` is
    over; with it, one in which your authority takes part. Units that were passed, taken
    back or corrected since are as the track has them.
    """
    by = caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        record_track(
            session,
            by,
            request_id,
            body["track"],
            check=require_version,
            edition=edition,
            now=runtime().now(),
        )
    return answer(request_id)
