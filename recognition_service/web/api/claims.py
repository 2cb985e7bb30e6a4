"""Claims: what a person collects with a code and a birth date."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from recognition_service.clock import format_instant
from recognition_service.credentials import vc_jwt
from recognition_service.delivery.errors import ClaimTokenError
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import ClaimIn
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "claims", __name__, description="For the people whom attestations are about."
)


@blueprint.route("/claims", methods=["POST"])
@blueprint.arguments(
    ClaimIn, example={"claim_code": "7KQ2-M0XZ-4TRD", "birth_date": "1994-05-17"}
)
@blueprint.problems(404, 429)
@blueprint.response(
    200,
    {
        "type": "object",
        "required": ["token", "case", "attestations", "readings", "alerts"],
    },
    example=examples.load("claim"),
)
def open_claim(body: Mapping[str, Any]) -> Response:
    """Collect with a claim code and a birth date.

    Five wrong tries lock a code for a day. Which half was wrong is never said. The
    token in the answer opens the links of the attestations for thirty minutes.
    """
    found = runtime().claim(body["claim_code"], body["birth_date"])
    return json_answer(
        {
            "token": found.token,
            "expires_at": format_instant(found.expires_at),
            "case": found.case,
            "attestations": list(found.attestations),
            "readings": list(found.readings),
            "alerts": list(found.alerts),
        },
        headers={"Cache-Control": "no-store"},
    )


@blueprint.route("/claims/attestations/<uuid:attestation_id>.jwt")
@blueprint.doc(security=[{"bearer": []}])
@blueprint.problems(401, 404)
@blueprint.response(
    200,
    {"type": "string"},
    content_type="application/vc+jwt",
    example="eyJhbGciOiJFUzI1NiIs…",
)
def get_claimed_attestation(attestation_id: UUID) -> Response:
    """Fetch a signed attestation with the token of a claim."""
    content = runtime().claimed_token(claim_token(), attestation_id)
    return Response(
        content,
        headers={"Cache-Control": "no-store"},
        content_type=f"application/{vc_jwt.TYP}",
    )


def claim_token() -> str:
    """Return the token of a claim that the request carries.

    Raises:
        ClaimTokenError: It carries none.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ClaimTokenError("Send the token of the claim as Bearer.")
    return token.strip()
