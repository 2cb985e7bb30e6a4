"""Attestations: read, hand out, change their status, replay."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.attestations import replay as replaying
from recognition_service.attestations.copies import copy_text, get_copy
from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.errors import RefusalNotAttestedError
from recognition_service.attestations.models import Attestation, CopyFormat, Status
from recognition_service.attestations.read import (
    Filters,
    as_document,
    copy_document,
    find_by_decision,
    get_attestation,
    list_attestations,
    token_of,
)
from recognition_service.attestations.status import change_status, history
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import Role
from recognition_service.clock import format_instant
from recognition_service.credentials import sd_jwt_vc, vc_jwt
from recognition_service.recognition.decide import signed_decision
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import StatusIn
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.records import (
    FORMATS_PARAMETER,
    AttestationIn,
    CopyIn,
    read_formats,
    read_what_to_attest,
)
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.bodies import read_json, read_query
from recognition_service.web.current import runtime
from recognition_service.web.etags import entity_tag, if_match, require_version
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "attestations", __name__, description="Signed attestations of an authority."
)
_ONE = "/attestations/<uuid:attestation_id>"
_READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_SHAPE = {"type": "object", "required": ["id", "number", "status", "decision_digest"]}
_COPY_SHAPE = {"type": "object", "required": ["format", "jti", "credential"]}
_COPY = {
    "format": "dc+sd-jwt",
    "jti": "3q2-7w8Zc1mD0fX4gR5tHk",
    "issued_at": "2026-11-02T09:00:03Z",
    "expires_at": None,
    "credential": "eyJhbGciOiJFUzI1NiIs…~WyI2SWo3dE0t…~",
}


@blueprint.route("/attestations", methods=["POST"])
@requires(Role.OFFICER, Role.SIGNATORY)
@idempotent
@blueprint.doc(parameters=[FORMATS_PARAMETER])
@blueprint.reads(AttestationIn)
@blueprint.problems(400, 403, 404, 409, 503)
@blueprint.response(201, _SHAPE, example=examples.load("attestation"))
def issue_attestation() -> Response:
    """Issue the attestation over a decision.

    With `decision`: over one that was signed here. Signing it issues its attestation
    already; this serves where the key was not available then, and an attestation that
    exists is answered with 200. With `record`: over a decision of another case
    system, by a signatory who did not prepare it; `formats` says as what, and without
    it it is issued as both.
    """
    given = read_query(("formats",))
    by, asked = caller(), read_what_to_attest(read_json())
    if isinstance(asked, Mapping):
        formats = read_formats(given.get("formats", "vc_jwt,sd_jwt"))
        copies = tuple(NewCopy(kind) for kind in formats)
        document = runtime().attest_record(by, asked, copies)
        location = f"/api/v1/attestations/{document['id']}"
        headers = {"ETag": entity_tag(1), "Location": location}
        return json_answer(document, 201, headers)
    with runtime().database.reading() as session:
        found = find_by_decision(session, by.authority_id, asked)
        signed = signed_decision(session, by.authority_id, asked)
    if found is not None and found.issued_at is not None:
        return _answer(found.id)
    attestation_id = runtime().issue(by.authority_id, signed, actor=by.actor)
    if attestation_id is None:
        raise RefusalNotAttestedError("Nothing is attested over a refusal.")
    answer = _answer(attestation_id, 201)
    answer.headers["Location"] = f"/api/v1/attestations/{attestation_id}"
    return answer


@blueprint.route("/attestations")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query("status", "Only attestations of this status.", enum=list(Status)),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200, page_of("Attestations."), example=examples.load("attestations")
)
def list_all_attestations() -> Response:
    """List the authority's attestations, oldest first."""
    asked = read_own_page("attestations", "status", Status)
    with runtime().database.reading() as session:
        found = list_attestations(
            session,
            asked.owner,
            filters=Filters(status=asked.state),
            after=asked.after,
            limit=asked.limit + 1,
        )
        items = [_document(session, row) for row in found[: asked.limit]]
    return asked.answer(items, found=len(found))


@blueprint.route(_ONE)
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=examples.load("attestation"))
def get_one_attestation(attestation_id: UUID) -> Response:
    """Show an attestation, its copies and its history."""
    return _answer(attestation_id)


@blueprint.route(f"{_ONE}.jwt")
@requires(*_READERS)
@blueprint.problems(403, 404, 409)
@blueprint.response(
    200,
    {"type": "string"},
    content_type="application/vc+jwt",
    example="eyJhbGciOiJFUzI1NiIs…",
)
def get_attestation_token(attestation_id: UUID) -> Response:
    """Hand out the signed token, as the holder would get it."""
    with runtime().database.reading() as session:
        token = token_of(session, caller().authority_id, attestation_id)
    return Response(token, content_type=f"application/{vc_jwt.TYP}")


@blueprint.route(f"{_ONE}.sd-jwt")
@requires(*_READERS)
@blueprint.problems(403, 404, 409)
@blueprint.response(
    200,
    {"type": "string"},
    content_type="application/dc+sd-jwt",
    example="eyJhbGciOiJFUzI1NiIs…~WyI2SWo3dE0t…~",
)
def get_attestation_sd_jwt(attestation_id: UUID) -> Response:
    """Hand out the form for wallets, with everything that can be disclosed.

    It is bound to no key; a wallet gets a copy of its own.
    """
    with runtime().database.reading() as session:
        token = token_of(
            session, caller().authority_id, attestation_id, CopyFormat.SD_JWT_VC
        )
    return Response(token, content_type=f"application/{sd_jwt_vc.TYP}")


@blueprint.route(f"{_ONE}/copies", methods=["POST"])
@requires(Role.OFFICER, Role.SIGNATORY)
@idempotent
@blueprint.arguments(CopyIn, example={"format": "dc+sd-jwt", "holder_key": None})
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(201, _COPY_SHAPE, example=_COPY)
def post_attestation_copy(body: Mapping[str, Any], attestation_id: UUID) -> Response:
    """Issue a further copy of an attestation.

    It says the same as the first one, with an id and a place in the status list of
    its own: for a wallet's key, for another format, or because the key of the
    earlier copies was compromised.
    """
    by, key = caller(), body["holder_key"]
    wanted = NewCopy(body["format"], holder_jwk=key and dict(key))
    copy_id = runtime().issue_copy(
        by.authority_id, attestation_id, wanted, actor=by.actor
    )
    with runtime().database.reading() as session:
        copy = get_copy(session, by.authority_id, attestation_id, copy_id)
        document = {**copy_document(copy), "credential": copy_text(session, copy)}
    return json_answer(document, 201)


@blueprint.route(f"{_ONE}/status", methods=["PUT"])
@requires(Role.OFFICER, Role.SIGNATORY)
@if_match(required=False)
@blueprint.arguments(
    StatusIn, example={"status": "revoked", "reason": "award_withdrawn", "note": None}
)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=examples.load("attestation"))
def put_attestation_status(body: Mapping[str, Any], attestation_id: UUID) -> Response:
    """Suspend, reinstate, revoke or supersede an attestation.

    Every copy changes, and the status list is published before the answer. Asking
    for the status that holds already changes nothing. Who revokes or supersedes one
    of a joint award leaves the award: the attestations of the others are suspended.
    """
    by = caller()
    with runtime().database.transaction() as session:
        row = get_attestation(session, by.authority_id, attestation_id)
        require_version(row.version)
        change_status(
            session,
            by.authority_id,
            attestation_id,
            status=body["status"],
            reason=body["reason"],
            note=body["note"],
            superseded_by=body["superseded_by"],
            actor=by.actor,
            now=runtime().now(),
        )
    runtime().publish_change(by.authority_id, attestation_id)
    return _answer(attestation_id)


@blueprint.route(f"{_ONE}/replay")
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(
    200,
    {"type": "object", "required": ["match", "decision_digest", "differences"]},
    example=examples.load("replay"),
)
def replay_attestation(attestation_id: UUID) -> Response:
    """Compute the decision's findings again from its inputs and its edition.

    Whatever edition is in force today, the one that was used then is taken. What
    differs is named.
    """
    with runtime().database.reading() as session:
        row = get_attestation(session, caller().authority_id, attestation_id)
        return json_answer(replaying.replay(session, row).as_document())


def _answer(attestation_id: UUID, status: int = 200) -> Response:
    with runtime().database.reading() as session:
        row = get_attestation(session, caller().authority_id, attestation_id)
        document = _document(session, row)
        document["history"] = [
            {
                "at": format_instant(change.at),
                "by": change.actor,
                "status": change.status,
                "reason": change.reason,
                "note": change.note,
            }
            for change in history(session, row.authority_id, row.id)
        ]
        version = row.version
    return json_answer(document, status, {"ETag": entity_tag(version)})


def _document(session: Any, row: Attestation) -> dict[str, Any]:
    authority = get_authority(session, row.authority_id)
    return as_document(
        session,
        row,
        public_url=runtime().public_url,
        today=legal_day(authority, runtime().now()),
    )
