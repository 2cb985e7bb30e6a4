"""After the decision: revoking it, and keeping the case for a legal claim."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.recognition.legal_hold import put_legal_hold
from recognition_service.recognition.revoke import (
    RevocationGround,
    prepare_revocation,
    sign_revocation,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.case_answers import answer, check_version
from recognition_service.web.api.casework_bodies import EmptyIn, RemedyIn, as_json
from recognition_service.web.current import runtime
from recognition_service.web.etags import if_match
from recognition_service.web.fields import Items, Part
from recognition_service.web.openapi import Blueprint
from recognition_service.web.schemas import Input
from recognition_service.web.text_fields import Choice, LanguageMap, Text

blueprint = Blueprint(
    "case-keeping", __name__, description="Revocation and legal holds."
)
_ONE = "/recognition-requests/<uuid:request_id>"
_SHAPE = {"type": "object", "required": ["id", "status", "revocation", "legal_hold"]}
_EXAMPLE = examples.load("recognition_request")
_REVOCATION = {
    "ground": "award_withdrawn",
    "legal_basis": ["Decree of 28 June 2013, article 15"],
    "remedy": {"body": "Council for disputes", "within_days": 30},
    "text": {"en": "The university has withdrawn the degree."},
}


class RevocationIn(Input):
    """A decision that takes the decision of the case back."""

    ground = Choice(RevocationGround, required=True)
    legal_basis = Items(Text(longest=120, lines=False), least=1, most=20, required=True)
    remedy = Part(RemedyIn, required=True)
    text = LanguageMap(required=True)


class LegalHoldIn(Input):
    """Why nothing of the case may be erased; null: it may again."""

    reason = Text(longest=2000, required=True, allow_none=True)


@blueprint.route(f"{_ONE}/revocation", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(RevocationIn, example=_REVOCATION)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_revocation(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Write a revocation, to be signed by another person.

    A wish of the applicant is no ground for it, and a suspicion is none.
    """
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        prepare_revocation(
            session, caller(), request_id, as_json(body), now=runtime().now()
        )
    return answer(request_id)


@blueprint.route(f"{_ONE}/revocation/signature", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 503)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_revocation_signature(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Sign a revocation as the second person; the attestations are revoked at once."""
    del body
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        sign_revocation(session, caller(), request_id, now=runtime().now())
    runtime().publish_lists(caller().authority_id)
    return answer(request_id)


@blueprint.route(f"{_ONE}/legal-hold", methods=["PUT"])
@requires(Role.OFFICER, Role.SIGNATORY)
@if_match()
@blueprint.arguments(LegalHoldIn, example={"reason": "An appeal has been announced."})
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_request_legal_hold(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Order that nothing of the case is erased or blocked, or lift that order."""
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        put_legal_hold(session, caller(), request_id, **body, now=runtime().now())
    return answer(request_id)
