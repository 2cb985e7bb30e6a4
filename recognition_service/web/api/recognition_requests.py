"""Requests for recognition: submit, add evidence, decide, sign."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from flask import request as asked_for

from recognition_service.authorities.models import Role
from recognition_service.clock import format_instant
from recognition_service.delivery.claim import issue_claim_code
from recognition_service.recognition.case_file import list_requests
from recognition_service.recognition.decide import prepare_decision, sign_decision
from recognition_service.recognition.read import summary
from recognition_service.recognition.submit import add_evidence, submit, withdraw
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.case_answers import (
    answer,
    check_version,
    finish,
    note_look_of_caller,
    reserve_signed,
)
from recognition_service.web.api.casework_bodies import (
    DecisionIn,
    EmptyIn,
    EvidenceIn,
    RecognitionRequestIn,
    as_json,
    new_request,
)
from recognition_service.web.api.due_requests import list_due_requests
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.re_examinations import (
    PARAMETER,
    list_re_examined_requests,
)
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.current import runtime
from recognition_service.web.etags import if_match
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "recognition-requests", __name__, description="Cases of an authority."
)
_ONE = "/recognition-requests/<uuid:request_id>"
_LIST = "recognition-requests"
_READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_SHAPE = {"type": "object", "required": ["id", "status", "procedure", "links"]}


@blueprint.route("/recognition-requests", methods=["POST"])
@requires(Role.CLERK, Role.OFFICER, Role.PROVIDER)
@idempotent
@blueprint.arguments(
    RecognitionRequestIn, example=examples.load("recognition_request_body")
)
@blueprint.problems(403)
@blueprint.response(201, _SHAPE, example=examples.load("recognition_request"))
def submit_recognition_request(body: Mapping[str, Any]) -> Response:
    """Submit a request for recognition.

    It is routed at once. Where a treaty or a legal act decides and everything about
    the person is established, the answer carries the decision and the attestation;
    else a case is opened.
    """
    now, by = runtime().now(), caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        request, signed = submit(
            session, by, new_request(body), edition=edition, now=now
        )
        intents = reserve_signed(session, signed)
    finish(intents)
    answered = answer(request.id, 201)
    answered.headers["Location"] = f"/api/v1/recognition-requests/{request.id}"
    return answered


@blueprint.route("/recognition-requests")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query("status", "Only requests in this state.", enum=list(CaseState)),
        query("due_before", "Only requests that are due before this day."),
        query(
            "re_examined",
            "Only requests that were examined though nothing had to be.",
            enum=["true"],
        ),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200,
    page_of("Requests without personal data."),
    example=examples.load("recognition_requests"),
)
def list_recognition_requests() -> Response:
    """List the authority's requests, oldest first, without personal data.

    With `due_before` they come by the day on which they are due, the earliest first;
    with today's date these are the overdue ones. One filter can be given at a time.
    """
    if "due_before" in asked_for.args:
        return list_due_requests()
    if PARAMETER in asked_for.args:
        return list_re_examined_requests()
    asked, url = read_own_page(_LIST, "status", CaseState), runtime().public_url
    with runtime().database.reading() as session:
        found = list_requests(
            session,
            asked.owner,
            status=asked.state,
            after=asked.after,
            limit=asked.limit + 1,
        )
    items = [summary(row, public_url=url) for row in found[: asked.limit]]
    return asked.answer(items, found=len(found))


@blueprint.route(_ONE)
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def get_recognition_request(request_id: UUID) -> Response:
    """Show a request whole, with what happened to it.

    That a person reads it is written down once an hour, for the applicant to see. A
    blocked request is shown to auditors only.
    """
    shown = answer(request_id)
    note_look_of_caller(request_id)
    return shown


@blueprint.route(f"{_ONE}/evidence", methods=["POST"])
@requires(Role.CLERK, Role.OFFICER)
@idempotent
@blueprint.arguments(EvidenceIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def add_request_evidence(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Record what was established about a held qualification.

    The tables are asked again; where nothing is missing any more and a rule may
    decide, it does.
    """
    by = caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        _, signed = add_evidence(
            session,
            by,
            request_id,
            position=body["held_qualification"],
            authenticity=as_json(body["authenticity"]),
            institution_status=as_json(body["institution_status"]),
            training_started_on=body["training_started_on"],
            facts=body["facts"],
            edition=edition,
            now=runtime().now(),
        )
        intents = reserve_signed(session, signed)
    finish(intents)
    return answer(request_id)


@blueprint.route(f"{_ONE}/decision", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(DecisionIn, example=examples.load("decision"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def put_decision(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Write a decision, to be signed by another person.

    Every content that the regime demands for the outcome must be there; what is
    missing is named. `elements`, `differences`, `level_held` and `level_required` that
    are left out are taken from the assessment; what is sent wins, null too.
    """
    by = caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        prepare_decision(
            session,
            by,
            request_id,
            as_json(body),
            edition=edition,
            now=runtime().now(),
        )
    return answer(request_id)


@blueprint.route(f"{_ONE}/decision/signature", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def put_decision_signature(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Sign a prepared decision as the second person; the attestation is issued."""
    del body
    by = caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        _, signed = sign_decision(
            session, by, request_id, edition=edition, now=runtime().now()
        )
        intents = reserve_signed(session, signed)
    finish(intents)
    if signed.attestation is None:
        # A refusal takes back what an earlier decision attested: at once.
        runtime().publish_lists(by.authority_id)
    return answer(request_id)


@blueprint.route(f"{_ONE}/withdrawal", methods=["PUT"])
@requires(Role.CLERK, Role.OFFICER)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=examples.load("recognition_request"))
def put_withdrawal(body: Mapping[str, Any], request_id: UUID) -> Response:
    """End a request that the applicant no longer pursues."""
    del body
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        withdraw(session, caller(), request_id, now=runtime().now())
    return answer(request_id)


@blueprint.route(f"{_ONE}/claim-codes", methods=["POST"])
@requires(Role.CLERK, Role.OFFICER)
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404)
@blueprint.response(
    201,
    {"type": "object", "required": ["claim_code", "claim_url", "expires_at"]},
    example={
        "claim_code": "7KQ2-M0XZ-4TRD",
        "claim_url": "https://recognition.example/claim",
        "expires_at": "2027-05-01T09:00:00Z",
    },
)
def create_claim_code(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Make a code by which the applicant collects; it is shown this once."""
    del body
    with runtime().database.transaction() as session:
        code, expires_at = issue_claim_code(
            session, caller(), request_id, now=runtime().now()
        )
    return json_answer(
        {
            "claim_code": code,
            "claim_url": f"{runtime().public_url}/claim",
            "expires_at": format_instant(expires_at),
        },
        201,
    )
