"""The VC-API of an authority: what it signs beside its attestations.

Attestations themselves are issued over decisions only, never here.

Source: Verifiable Credential API for Lifecycle Management (VCALM).
"""

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.credentials.data_integrity import Cryptosuite
from recognition_service.errors import NotFoundError
from recognition_service.web.access import caller, requires
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.vc_api import acts, shapes
from recognition_service.web.vc_api.answers import verification_answer
from recognition_service.web.vc_api.reading import read_object

blueprint = Blueprint(
    "issuers-vc-api",
    __name__,
    description="The VC-API of an authority, for credentials that are no attestations.",
)
_OK = 200
_ONE = "/issuers/<authority_id>"


@blueprint.route(f"{_ONE}/credentials/issue", methods=["POST"])
@requires(Role.SIGNATORY)
@blueprint.doc(requestBody=shapes.ISSUE_BODY)
@blueprint.problems(400, 403, 404, 409, 413, 415, 503)
@blueprint.response(
    201,
    {"type": "object", "required": ["verifiableCredential"]},
    example={"verifiableCredential": shapes.CREDENTIAL},
)
def issue_issuer_credential(authority_id: str) -> Response:
    """Sign a credential as this authority.

    Not for recognition decisions, which are attested when they are signed.
    """
    _require_own(authority_id)
    secured = acts.issue(
        authority_id,
        frozenset(Cryptosuite),
        actor=caller().actor,
        refuses_attestations=True,
    )
    return json_answer({"verifiableCredential": secured}, 201)


@blueprint.route(f"{_ONE}/credentials/verify", methods=["POST"])
@requires(Role.OFFICER, Role.SIGNATORY)
@blueprint.doc(requestBody=shapes.CREDENTIAL_BODY)
@blueprint.problems(400, 403, 404, 413, 415, 503)
@blueprint.response(200, shapes.RESULT, example=shapes.VERIFIED)
def verify_issuer_credential(authority_id: str) -> Response:
    """Verify a credential of anybody.

    As at the root, but what is not verified is answered with 200, too.
    """
    _require_own(authority_id)
    faults, added = acts.verify_credential(read_object())
    return verification_answer(faults, failed_status=_OK, added=added)


@blueprint.route(f"{_ONE}/presentations/verify", methods=["POST"])
@requires(Role.OFFICER, Role.SIGNATORY)
@blueprint.doc(requestBody=shapes.PRESENTATION_BODY)
@blueprint.problems(400, 403, 404, 413, 415, 503)
@blueprint.response(200, shapes.RESULT, example=shapes.VERIFIED)
def verify_issuer_presentation(authority_id: str) -> Response:
    """Verify a presentation and the credentials in it.

    As at the root, but what is not verified is answered with 200, too.
    """
    _require_own(authority_id)
    faults, added = acts.verify_presentation(read_object())
    return verification_answer(faults, failed_status=_OK, added=added)


@blueprint.route(f"{_ONE}/credentials/status", methods=["POST"])
@requires(Role.OFFICER, Role.SIGNATORY)
@blueprint.doc(requestBody=shapes.STATUS_BODY)
@blueprint.problems(400, 403, 404, 409, 413, 415, 503)
@blueprint.response(200, shapes.STATUS, example=shapes.STATUS_CHANGE)
def change_issuer_credential_status(authority_id: str) -> Response:
    """Revoke or suspend a credential that this authority signed here.

    Revocation is final; a suspension can be lifted with `status` set to false.
    """
    _require_own(authority_id)
    return json_answer(acts.change_status(authority_id, actor=caller().actor))


def _require_own(authority_id: str) -> None:
    if authority_id != caller().authority_id:
        raise NotFoundError(f"There is no issuer {authority_id} for this caller.")
