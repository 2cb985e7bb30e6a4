"""Dual certification: enrol, record results, decide about each award."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.dual_certification.choose import choose_course, give_consent
from recognition_service.dual_certification.decide_award import decide_award
from recognition_service.dual_certification.held_against import gaps_of
from recognition_service.dual_certification.interrupt import come_back, interrupt
from recognition_service.dual_certification.lifecycle import AwardStatus, TrackStatus
from recognition_service.dual_certification.open_track import open_cohort, open_track
from recognition_service.dual_certification.read import (
    as_document,
    gap_documents,
    summary,
)
from recognition_service.dual_certification.record_result import (
    record_result,
    withdraw_result,
)
from recognition_service.dual_certification.track_file import (
    get_track,
    list_tracks,
    open_file,
)
from recognition_service.equivalence.standards import Result
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import EmptyIn, as_json
from recognition_service.web.api.cohorts import ENROLMENT, read_enrolment
from recognition_service.web.api.dual_certification_bodies import (
    AwardIn,
    ConsentIn,
    CourseIn,
    InterruptionIn,
    ReturnIn,
    UnitResultIn,
    award_decision,
)
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.bodies import bad_parameter, read_query
from recognition_service.web.current import runtime
from recognition_service.web.etags import entity_tag, if_match, require_version
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page

blueprint = Blueprint(
    "dual-certifications",
    __name__,
    description="Training paths to several awards, each of its own body.",
)
_LIST = "dual-certifications"
_ONE = f"/{_LIST}/<uuid:track_id>"
KEEPERS = (Role.CLERK, Role.OFFICER, Role.PROVIDER)
_READERS = (*KEEPERS, Role.SIGNATORY, Role.AUDITOR)
SHAPE = {
    "type": "object",
    "required": ["id", "status", "targets", "units", "missing", "awards", "joint"],
}
_track = examples.load("dual_certification")


@blueprint.route(f"/{_LIST}", methods=["POST"])
@requires(*KEEPERS)
@idempotent
@blueprint.doc(requestBody=ENROLMENT)
@blueprint.problems(400, 403, 413, 415, 422)
@blueprint.response(201, SHAPE, example=_track)
def open_dual_certification() -> Response:
    """Enrol a participant, or a whole cohort.

    The caller's authority keeps the track: it records what happens. Every authority
    of an award takes part and decides about its own. A list, as a JSON array or as
    lines of JSON, is enrolled whole or not at all; its answer is a list of ids.
    """
    by, now = caller(), runtime().now()
    wanted = read_enrolment()
    edition = runtime().edition(by.authority_id)
    if isinstance(wanted, list):
        with runtime().database.transaction() as session:
            ids = open_cohort(session, by, wanted, edition=edition, now=now)
        items = [
            {
                "row": number,
                "id": str(track_id),
                "participant_ref": new.participant_ref,
                "href": f"{runtime().public_url}/api/v1/{_LIST}/{track_id}",
            }
            for number, (track_id, new) in enumerate(zip(ids, wanted, strict=True), 1)
        ]
        return json_answer(page(items, None), 201)
    with runtime().database.transaction() as session:
        track_id = open_track(session, by, wanted, edition=edition, now=now)
    answer = show_track(track_id, 201)
    answer.headers["Location"] = f"/api/v1/{_LIST}/{track_id}"
    return answer


@blueprint.route(f"/{_LIST}")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query("status", "Only tracks in this state.", enum=list(TrackStatus)),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200,
    page_of("Tracks without personal data."),
    example=examples.load("dual_certifications"),
)
def list_dual_certifications() -> Response:
    """List the tracks in which the authority takes part, oldest first."""
    asked, url = read_own_page(_LIST, "status", TrackStatus), runtime().public_url
    with runtime().database.reading() as session:
        found = list_tracks(
            session,
            asked.owner,
            status=asked.state,
            after=asked.after,
            limit=asked.limit + 1,
        )
    items = [summary(*each, public_url=url) for each in found[: asked.limit]]
    return asked.answer(items, found=len(found))


@blueprint.route(_ONE)
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, SHAPE, example=_track)
def get_dual_certification(track_id: UUID) -> Response:
    """Show a track whole, with what is missing for each award.

    `shortest_rest` is the least work that completes all awards that are open; it is
    empty when nothing is missing, and null when no open units can.
    """
    return show_track(track_id)


@blueprint.route(f"{_ONE}/units/<unit_id>/result", methods=["PUT"])
@requires(*KEEPERS)
@if_match()
@blueprint.arguments(UnitResultIn, example=examples.load("unit_result"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=_track)
def put_unit_result(body: Mapping[str, Any], track_id: UUID, unit_id: str) -> Response:
    """Record that a unit was achieved, or correct how it was.

    Only the keeper records. A result with which an award was earned stays as it is.
    """
    with runtime().database.transaction() as session:
        check_version(session, track_id)
        record_result(
            session, caller(), track_id, unit_id, Result(**body), now=runtime().now()
        )
    return show_track(track_id)


@blueprint.route(f"{_ONE}/units/<unit_id>/result", methods=["DELETE"])
@requires(*KEEPERS)
@if_match()
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=_track)
def delete_unit_result(track_id: UUID, unit_id: str) -> Response:
    """Take back that a unit was achieved, as after a mistake: it is open again.

    Only the keeper does. A result with which an award was earned stays as it is.
    """
    with runtime().database.transaction() as session:
        check_version(session, track_id)
        withdraw_result(session, caller(), track_id, unit_id, now=runtime().now())
    return show_track(track_id)


@blueprint.route(f"{_ONE}/awards/<target>", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(AwardIn, example=examples.load("award_decision"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=_track)
def put_award(body: Mapping[str, Any], track_id: UUID, target: str) -> Response:
    """Award, refuse or revoke one award of a track.

    Only an officer of the body that makes the award decides about it. `earned` needs
    every requirement met on the day of the award; `recognised` rests on the
    attestation of the other award and never counts as dual certification. What
    depends on a revoked award, or was made by recognising it, is revoked with it.
    """
    decision = award_decision(body)
    with runtime().database.transaction() as session:
        check_version(session, track_id)
        decide_award(session, caller(), track_id, target, decision, now=runtime().now())
    if decision.status is AwardStatus.REVOKED:
        runtime().publish_track(caller(), track_id)
    return show_track(track_id)


@blueprint.route(f"{_ONE}/awards/<target>/attestation", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, SHAPE, example=_track)
def put_award_attestation(
    body: Mapping[str, Any], track_id: UUID, target: str
) -> Response:
    """Attest one award alone, as the holder asked.

    Nothing in it tells of another award. Another person than the one who decided
    about the award signs.
    """
    del body
    runtime().attest_award(caller(), track_id, target, check=require_version)
    return show_track(track_id)


@blueprint.route(f"{_ONE}/joint/signature", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, SHAPE, example=_track)
def put_joint_signature(body: Mapping[str, Any], track_id: UUID) -> Response:
    """Sign the joint award of a track for your authority.

    All awards must be earned. The first signature freezes what everybody attests; what
    is signed is held, suspended in every list, until the last body has signed, and
    then all become valid together. Another person than the one who decided signs.
    """
    del body
    runtime().sign_track(caller(), track_id, check=require_version)
    return show_track(track_id)


@blueprint.route(f"{_ONE}/joint/cancellation", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, SHAPE, example=_track)
def put_joint_cancellation(body: Mapping[str, Any], track_id: UUID) -> Response:
    """Give up a joint award that not everybody has signed.

    What was signed is revoked. Another one may be opened afterwards.
    """
    del body
    runtime().cancel_track(caller(), track_id, check=require_version)
    return show_track(track_id)


@blueprint.route(f"{_ONE}/interruption", methods=["PUT"])
@requires(*KEEPERS)
@if_match()
@blueprint.arguments(InterruptionIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=_track)
def put_interruption(body: Mapping[str, Any], track_id: UUID) -> Response:
    """Record that a participant interrupts the programme.

    Results and awards stay as they are.
    """
    with runtime().database.transaction() as session:
        check_version(session, track_id)
        interrupt(session, caller(), track_id, **body, now=runtime().now())
    return show_track(track_id)


@blueprint.route(f"{_ONE}/return", methods=["PUT"])
@requires(*KEEPERS)
@if_match()
@blueprint.arguments(ReturnIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=_track)
def put_return(body: Mapping[str, Any], track_id: UUID) -> Response:
    """Record that a participant came back, to the programme or to the origin.

    Without `to` it is the programme if the track is interrupted, else the origin.
    """
    with runtime().database.transaction() as session:
        check_version(session, track_id)
        come_back(
            session,
            caller(),
            track_id,
            returned_on=body["returned_on"],
            to=body["to"],
            experience=as_json(body["experience"]),
            now=runtime().now(),
        )
    return show_track(track_id)


@blueprint.route(f"{_ONE}/track", methods=["PUT"])
@requires(*KEEPERS)
@if_match()
@blueprint.arguments(CourseIn)
@blueprint.problems(403, 404)
@blueprint.response(200, SHAPE, example=_track)
def put_track(body: Mapping[str, Any], track_id: UUID) -> Response:
    """Record whether a participant goes on at home or away."""
    with runtime().database.transaction() as session:
        check_version(session, track_id)
        choose_course(session, caller(), track_id, body["track"], now=runtime().now())
    return show_track(track_id)


@blueprint.route(f"{_ONE}/consent", methods=["PUT"])
@requires(*KEEPERS)
@if_match()
@blueprint.arguments(ConsentIn)
@blueprint.problems(403, 404)
@blueprint.response(200, SHAPE, example=_track)
def put_consent(body: Mapping[str, Any], track_id: UUID) -> Response:
    """Record what the participant consents to from now on, or no longer."""
    with runtime().database.transaction() as session:
        check_version(session, track_id)
        give_consent(session, caller(), track_id, as_json(body), now=runtime().now())
    return show_track(track_id)


@blueprint.route(f"{_ONE}/gap")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query(
            "destination",
            "Only this one: a jurisdiction, or the key of an award of the track.",
            example="NL",
        )
    ]
)
@blueprint.problems(403, 404, 422)
@blueprint.response(
    200,
    page_of("What stands between the path and each standard."),
    example=examples.load("dual_certification_gap"),
)
def get_gap(track_id: UUID) -> Response:
    """Hold the curriculum against the standards of destinations.

    `missing` is what the achieved units do not meet, `missing_in_the_end` what the
    whole curriculum does not. This is information and decides nothing.
    """
    destination = read_query(("destination",)).get("destination")
    by = caller().authority_id
    tables = runtime().edition(by).compiled.snapshot.tables
    with runtime().database.reading() as session:
        gaps = gaps_of(open_file(session, by, track_id), tables, destination)
    if destination is not None and not gaps:
        raise bad_parameter(
            "destination", "unknown_destination", "The track names no such standard."
        )
    return json_answer(page(gap_documents(gaps), None))


def check_version(session: Any, track_id: UUID) -> None:
    """Refuse the change unless `If-Match` names the version of the track.

    Raises:
        TrackNotFoundError: The caller's authority takes part in no such track.
        PreconditionFailedError: The track is at another version.
    """
    track = get_track(session, caller().authority_id, track_id, to_change=True)
    require_version(track.version)


def show_track(track_id: UUID, status: int = 200) -> Response:
    """Answer with a track whole, as its bodies see it.

    Raises:
        TrackNotFoundError: The caller's authority takes part in no such track.
    """
    viewer, url = caller().authority_id, runtime().public_url
    with runtime().database.reading() as session:
        file = open_file(session, viewer, track_id)
        document = as_document(session, file, viewer=viewer, public_url=url)
        version = file.track.version
    return json_answer(document, status, {"ETag": entity_tag(version)})
