"""Follow-up of participants: who is to be asked, and what each of them answered."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.dual_certification.due_follow_ups import due_follow_ups
from recognition_service.dual_certification.errors import FollowUpNotFoundError
from recognition_service.dual_certification.follow_up import (
    PERIODS,
    FollowUpAnswer,
)
from recognition_service.dual_certification.record_follow_ups import (
    NewFollowUp,
    record_follow_up,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.dual_certifications import (
    KEEPERS,
    SHAPE,
    check_version,
    show_track,
)
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.bodies import read_day, read_query
from recognition_service.web.current import runtime
from recognition_service.web.etags import if_match
from recognition_service.web.fields import DateField, YesNo
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor
from recognition_service.web.schemas import Input
from recognition_service.web.text_fields import Code

blueprint = Blueprint(
    "follow-ups",
    __name__,
    description="What became of participants, asked with their consent.",
)
_LIST = "dual-certifications"
_NAME = f"{_LIST}/follow-ups"
_ONE_DAY = timedelta(days=1)


class FollowUpIn(Input):
    """What a participant answered so many months after the awards."""

    answered_on = DateField(past=True, load_default=None, allow_none=True)
    employed = YesNo(required=True)
    occupation = Code(longest=4, load_default=None, allow_none=True)
    same_sector = YesNo(load_default=None, allow_none=True)
    residence = Code(required=True, longest=16)


@blueprint.route(f"/{_LIST}/<uuid:track_id>/follow-ups/<int:months>", methods=["PUT"])
@requires(*KEEPERS)
@if_match()
@blueprint.arguments(
    FollowUpIn,
    example={
        "answered_on": "2026-10-20",
        "employed": True,
        "occupation": "3113",
        "same_sector": True,
        "residence": "BE-FL",
    },
)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=examples.load("dual_certification"))
def put_follow_up(body: Mapping[str, Any], track_id: UUID, months: int) -> Response:
    """Record what a participant answered 6, 12 or 24 months after the awards.

    Only the keeper records, only with the consent to a follow-up, and not before the
    time. An earlier answer is replaced. Whether the person stayed, moved or returned,
    and whether the job lies below the level of the awards, follows from the answer.
    """
    if months not in PERIODS:
        raise FollowUpNotFoundError("People are asked after 6, 12 and 24 months.")
    by, now = caller(), runtime().now()
    snapshot = runtime().edition(by.authority_id).compiled.snapshot
    new = NewFollowUp(track_id, months, FollowUpAnswer(**body))
    with runtime().database.transaction() as session:
        check_version(session, track_id)
        record_follow_up(session, by, new, snapshot=snapshot, now=now)
    return show_track(track_id)


@blueprint.route(f"/{_NAME}")
@requires(*KEEPERS)
@blueprint.doc(
    parameters=[
        query(
            "due_before",
            "Only those who can be asked before this day; else until today.",
            format="date",
        ),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200,
    page_of("Participants who are to be asked."),
    example=examples.load("follow_ups_due"),
)
def list_due_follow_ups() -> Response:
    """List the participants who consented and are to be asked.

    Of the tracks that the authority keeps, oldest first. What was answered is left
    out.
    """
    given = read_query(("due_before", "cursor", "limit"))
    by, limit = caller().authority_id, read_limit(given.get("limit"))
    name, filters = f"{by}/{_NAME}", {"due_before": given.get("due_before")}
    position = read_cursor(name, filters, given.get("cursor"), 1)
    with runtime().database.reading() as session:
        today = legal_day(get_authority(session, by), runtime().now())
        found = due_follow_ups(
            session,
            by,
            due_before=read_day(given, "due_before")
            if "due_before" in given
            else today + _ONE_DAY,
            after=UUID(str(position[0])) if position else None,
            limit=limit + 1,
        )
    shown, following = found[:limit], None
    if len(found) > limit:
        following = write_cursor(name, filters, [str(shown[-1].track_id)])
    items = [
        {
            "track": str(each.track_id),
            "programme": each.programme or None,
            "participant_ref": each.participant_ref,
            "due": [
                {"months": months, "due_on": due_on.isoformat()}
                for months, due_on in each.due
            ],
            "href": f"{runtime().public_url}/api/v1/{_LIST}/{each.track_id}",
        }
        for each in shown
    ]
    return json_answer(page(items, following))
