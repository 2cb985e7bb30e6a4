"""Agreements on equivalent titles: proposed, revised, signed by both, left again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.mutual_recognition.agreement import (
    AgreementState,
    allowed_acts,
    as_document,
    get_agreement,
    list_agreements,
    published_agreement,
    summary,
)
from recognition_service.mutual_recognition.ask import NewMutualRequest, ask
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.errors import AgreementNotFoundError
from recognition_service.mutual_recognition.negotiate_agreement import (
    abandon_agreement,
    revise_agreement,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.agreement_texts import AgreementTextIn
from recognition_service.web.api.casework_bodies import EmptyIn, as_json
from recognition_service.web.api.mutual_request_bodies import To
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.current import runtime
from recognition_service.web.etags import entity_tag, if_match, require_version
from recognition_service.web.headers import for_any_origin
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "agreements",
    __name__,
    description="Agreements on equivalent titles between two authorities.",
)
published = Blueprint(
    "published-agreements", __name__, description="Agreements that were signed."
)
_READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_ONE = "/agreements/<uuid:agreement_id>"
_SHAPE = {"type": "object", "required": ["id", "state", "revision", "digest"]}
_EXAMPLE = examples.load("agreement")


class AgreementIn(AgreementTextIn):
    """A first text, and to whom it is proposed."""

    to = To(required=True)


@blueprint.route("/agreements", methods=["POST"])
@requires(Role.OFFICER)
@idempotent
@blueprint.arguments(AgreementIn, example=examples.load("agreement_body"))
@blueprint.problems(403, 422)
@blueprint.response(201, _SHAPE, example=_EXAMPLE)
def post_agreement(body: Mapping[str, Any]) -> Response:
    """Propose an agreement to another authority.

    Either party may then lay another text on the table, until both have signed the
    same one. The other party finds the proposal in its inbox too, as a request of the
    same id (`agreement_proposal` at /mutual-requests).
    """
    by, to = caller(), body["to"]
    text = {name: value for name, value in body.items() if name != "to"}
    new = NewMutualRequest(
        kind=Kind.AGREEMENT_PROPOSAL,
        to=to.authority,
        installation=to.installation,
        agreement=as_json(text),
        agreement_at="",
    )
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        row = ask(session, by, new, edition=edition, now=runtime().now())
    answer = _answer(row.id, 201)
    answer.headers["Location"] = f"/api/v1/agreements/{row.id}"
    return answer


@blueprint.route("/agreements")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query("state", "Only agreements in this state.", enum=list(AgreementState)),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200, page_of("Agreements without their texts."), example={"items": [], "next": None}
)
def list_all_agreements() -> Response:
    """List the agreements that your authority is party to, newest first."""
    asked = read_own_page("agreements", "state", AgreementState)
    with runtime().database.reading() as session:
        found = list_agreements(
            session,
            asked.owner,
            state=asked.state,
            after=asked.after,
            limit=asked.limit + 1,
        )
        url = runtime().public_url
        items = [summary(session, row, public_url=url) for row in found[: asked.limit]]
    return asked.answer(items, found=len(found))


@blueprint.route(_ONE)
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def get_own_agreement(agreement_id: UUID) -> Response:
    """Show an agreement with its text, its revisions and signatures."""
    return _answer(agreement_id)


@blueprint.route(f"{_ONE}/revision", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(AgreementTextIn)
@blueprint.problems(403, 404, 409, 422)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_agreement_revision(body: Mapping[str, Any], agreement_id: UUID) -> Response:
    """Lay another text on the table; earlier signatures do not cover it."""
    by = caller()
    text = as_json(body)
    if runtime().revises_elsewhere(by, agreement_id, text, check=require_version):
        return _answer(agreement_id)
    tables = runtime().snapshot(by.authority_id).tables
    with runtime().database.transaction() as session:
        revise_agreement(
            session,
            by,
            agreement_id,
            text,
            tables=tables,
            check=require_version,
            now=runtime().now(),
        )
    return _answer(agreement_id)


@blueprint.route(f"{_ONE}/signature", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_agreement_signature(body: Mapping[str, Any], agreement_id: UUID) -> Response:
    """Sign the text on the table with the key of your authority.

    Once both have signed the same text, its titles are part of the tables of both; a
    rule decides by them when a standing order names the `instrument`.
    """
    del body
    runtime().sign_agreement(caller(), agreement_id, check=require_version)
    return _answer(agreement_id)


@blueprint.route(f"{_ONE}/abandonment", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_agreement_abandonment(body: Mapping[str, Any], agreement_id: UUID) -> Response:
    """End the negotiation without a result."""
    del body
    if runtime().abandons_elsewhere(caller(), agreement_id, check=require_version):
        return _answer(agreement_id)
    with runtime().database.transaction() as session:
        abandon_agreement(
            session, caller(), agreement_id, check=require_version, now=runtime().now()
        )
    return _answer(agreement_id)


@blueprint.route(f"{_ONE}/withdrawal", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_agreement_withdrawal(body: Mapping[str, Any], agreement_id: UUID) -> Response:
    """Leave a signed agreement: nothing new rests on it from now on.

    What was attested under it stays valid.
    """
    del body
    runtime().withdraw_from_agreement(caller(), agreement_id, check=require_version)
    return _answer(agreement_id)


@published.route(_ONE)
@for_any_origin
@published.problems(404)
@published.response(200, _SHAPE, example=_EXAMPLE)
def get_published_agreement(agreement_id: UUID) -> Response:
    """Show an agreement that all parties have signed, with their signatures.

    It holds only if the signature of every party is good and over `digest`, and
    `digest` is that of the text.
    """
    with runtime().database.reading() as session:
        row = published_agreement(session, agreement_id)
        if row is None:
            raise AgreementNotFoundError(f"There is no agreement {agreement_id}.")
        document = as_document(session, row, public_url=runtime().public_url)
    return json_answer(document, headers={"Cache-Control": "public, max-age=300"})


def _answer(agreement_id: UUID, status: int = 200) -> Response:
    with runtime().database.reading() as session:
        row = get_agreement(session, caller().authority_id, agreement_id)
        document = as_document(session, row, public_url=runtime().public_url)
    document["allowed"] = list(allowed_acts(row))
    return json_answer(document, status, {"ETag": entity_tag(row.version)})
