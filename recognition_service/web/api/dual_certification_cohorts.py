"""Dual certification of whole cohorts: decide about awards, and sign jointly."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.attestations.batches import problem_of
from recognition_service.attestations.drafts import COMMON_COPIES, NewCopy
from recognition_service.authorities.models import Role
from recognition_service.clock import parse_day
from recognition_service.dual_certification.attest_cohort import unsigned_tracks
from recognition_service.dual_certification.award_rules import AwardDecision
from recognition_service.dual_certification.decide_many import WantedAward
from recognition_service.dual_certification.lifecycle import AwardStatus, How
from recognition_service.errors import RecognitionError
from recognition_service.runtime.cohort_desk import SignedTrack
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.cohorts import (
    LINES,
    MOST_ROWS,
    read_rows,
    row_value,
)
from recognition_service.web.api.dual_certification_bodies import (
    CohortAwardIn,
    JointSignaturesIn,
    TargetKey,
    award_decision,
)
from recognition_service.web.api.records import FORMATS_PARAMETER, read_formats
from recognition_service.web.api.shapes import page_of
from recognition_service.web.bodies import fit, read_query
from recognition_service.web.current import runtime
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page
from recognition_service.web.unchanged import compile_schema

blueprint = Blueprint(
    "dual-certification-cohorts",
    __name__,
    description="Many training paths at once: decided and attested row by row.",
)
_LIST = "dual-certifications"
_AWARD = CohortAwardIn()
_is_unchanged = compile_schema(_AWARD)
_AWARDS: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "array", "maxItems": MOST_ROWS, "items": CohortAwardIn},
            "example": examples.load("cohort_awards_body"),
        },
        LINES: {"schema": {"type": "string", "description": "One decision a line."}},
    },
}


@blueprint.route(f"/{_LIST}/awards", methods=["POST"])
@requires(Role.OFFICER)
@idempotent
@blueprint.doc(requestBody=_AWARDS)
@blueprint.problems(400, 403, 413, 415, 422, 503)
@blueprint.response(
    200,
    page_of("What became of each row, in their order."),
    example=examples.load("cohort_awards"),
)
def decide_many_awards() -> Response:
    """Decide about awards of up to 1,000 tracks.

    Each row is decided by the rules for a single award. Unlike an enrolment this is
    not all or nothing: a row that fails changes nothing, is told with its `problem`,
    and stops no other.
    """
    rows = read_rows()
    items: list[dict[str, Any]] = []
    wanted: dict[int, WantedAward] = {}
    for number, row in enumerate(rows):
        try:
            wanted[number] = _wanted(row_value(row))
        except RecognitionError as error:
            items.append(_told(number, None, error))
            continue
        items.append(_told(number, wanted[number], None))
    results = runtime().decide_cohort(caller(), list(wanted.values()))
    for (number, each), refusal in zip(wanted.items(), results, strict=True):
        if refusal is not None:
            items[number] = _told(number, each, refusal)
    return json_answer(page(items, None))


@blueprint.route(f"/{_LIST}/joint-signatures", methods=["POST"])
@requires(Role.SIGNATORY)
@idempotent
@blueprint.arguments(JointSignaturesIn, example=examples.load("joint_signatures_body"))
@blueprint.doc(parameters=[FORMATS_PARAMETER])
@blueprint.problems(400, 403, 409, 422, 503)
@blueprint.response(
    200,
    page_of("What was signed over each track, in their order."),
    example=examples.load("joint_signatures"),
)
def sign_many_joint_awards(body: Mapping[str, Any]) -> Response:
    """Sign the joint awards of up to 1,000 tracks for your authority.

    Each track is signed by the rules for a single one; one that fails stops no other.
    A `programme` stands for its tracks whose award your body has made and not signed:
    repeat it until no items come back. Whatever it is interrupted by, repeating it
    completes what is there and makes nothing twice.
    """
    copies: tuple[NewCopy, ...] = COMMON_COPIES
    formats = read_query(("formats",)).get("formats")
    if formats is not None:
        copies = tuple(NewCopy(kind) for kind in read_formats(formats))
    tracks = _tracks(body)
    results = runtime().sign_cohort(caller(), tracks, copies)
    items = [
        {"row": number, "track": str(track_id), **signed_document(results[track_id])}
        for number, track_id in enumerate(tracks, 1)
    ]
    return json_answer(page(items, None))


def _tracks(body: Mapping[str, Any]) -> list[UUID]:
    if "tracks" in body:
        return list(body["tracks"])
    with runtime().database.reading() as session:
        return unsigned_tracks(
            session, caller().authority_id, body["programme"], limit=MOST_ROWS
        )


def _wanted(value: Any) -> WantedAward:
    """Return the decision of a row.

    Raises:
        InvalidInputError: It does not fit; `errors` names each member.
    """
    if not _is_unchanged(value) or not TargetKey.form.match(value["target"]):
        body = fit(_AWARD, value)
        named = {name: body[name] for name in body if name not in {"track", "target"}}
        return WantedAward(body["track"], body["target"], award_decision(named))
    how, rests_on = value.get("how"), value.get("rests_on")
    decision = AwardDecision(
        status=AwardStatus(value["status"]),
        awarded_on=parse_day(value.get("awarded_on")),
        how=How(how) if how else None,
        rests_on=UUID(rests_on) if rests_on else None,
        reason=value.get("reason"),
    )
    return WantedAward(UUID(value["track"]), value["target"], decision)


def _told(
    number: int, wanted: WantedAward | None, refusal: RecognitionError | None
) -> dict[str, Any]:
    """Return what the caller is told of a row; rows are counted from 1."""
    told: dict[str, Any] = {
        "row": number + 1,
        "track": str(wanted.track_id) if wanted else None,
        "target": wanted.target if wanted else None,
    }
    if refusal is not None:
        return {**told, "problem": _problem(refusal)}
    return {**told, "status": wanted.decision.status if wanted else None}


def signed_document(found: SignedTrack | RecognitionError) -> dict[str, Any]:
    """Return what was attested over a track, or why nothing was."""
    if isinstance(found, RecognitionError):
        return {"problem": _problem(found)}
    return {
        "group": str(found.group),
        "attestation": str(found.attestation_id),
        "state": "complete" if found.is_complete else "held",
    }


def _problem(error: RecognitionError) -> dict[str, Any]:
    """Return what is wrong with a row, with what belongs to this kind of error."""
    return {**problem_of(error), **error.members()}
