"""Where an applicant has worked: recorded as evidence in a case."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.attestations.bases import BaseName
from recognition_service.authorities.models import Role
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.experience import (
    NewExperience,
    NewPeriod,
    record_experience,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.case_answers import answer, check_version
from recognition_service.web.api.casework_bodies import (
    AuthenticityIn,
    BaseIn,
    WorkedIn,
    as_json,
)
from recognition_service.web.current import runtime
from recognition_service.web.etags import if_match
from recognition_service.web.fields import DateField, Identifier, Items, Part
from recognition_service.web.openapi import Blueprint
from recognition_service.web.schemas import Input

blueprint = Blueprint(
    "case-experience", __name__, description="Professional experience as evidence."
)
_SHAPE = {"type": "object", "required": ["id", "status", "experience", "links"]}


class WorkedPeriodIn(WorkedIn):
    """A time of work, who shows it, and how well."""

    began_on = DateField(past=True, allow_none=True)
    ended_on = DateField(past=True, allow_none=True)
    paper = Identifier(allow_none=True)
    authenticity = Part(AuthenticityIn, allow_none=True)


class CaseExperienceIn(Input):
    """All that is known of where the applicant has worked."""

    periods = Items(Part(WorkedPeriodIn), most=50, load_default=list)
    attestations = Items(Part(BaseIn), most=20, load_default=list)


@blueprint.route("/recognition-requests/<uuid:request_id>/experience", methods=["PUT"])
@requires(Role.CLERK, Role.OFFICER)
@if_match()
@blueprint.arguments(CaseExperienceIn, example=examples.load("experience_body"))
@blueprint.problems(403, 404, 409)
@blueprint.response(
    200,
    _SHAPE,
    example={
        **examples.load("recognition_request"),
        "experience": examples.load("experience"),
    },
)
def put_experience(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Record where the applicant has worked; it replaces what was known before.

    Attestations of this installation that state experience are taken over as
    `issuer_signed`; no other period is. Months are counted by occupation: at the same
    time once, part-time by its share of `full_time_hours`. The assessment holds them
    against the practice that the regime asks for, such as acquired rights.
    """
    new = NewExperience(
        periods=tuple(_period(each) for each in body["periods"]),
        attestations=tuple(
            BaseName(each["authority"], each["id"]) for each in body["attestations"]
        ),
    )
    by = caller()
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        file = open_file(session, by.authority_id, request_id, to_change=True)
        record_experience(session, by, file, new, now=runtime().now())
    return answer(request_id)


def _period(body: Mapping[str, Any]) -> NewPeriod:
    told = dict(body)
    authenticity = told.pop("authenticity", None)
    return NewPeriod(
        tasks=tuple(told.pop("tasks", ())),
        authenticity=as_json(authenticity),
        **told,
    )
