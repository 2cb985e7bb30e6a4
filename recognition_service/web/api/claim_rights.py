"""What a person may demand with a claim: all that is held, a correction, erasure."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from recognition_service.delivery.own_rights import KEPT as KEPT_BY_LAW
from recognition_service.recognition.rectification import Correctable
from recognition_service.runtime.spoken import KEPT, with_texts
from recognition_service.web.api import examples
from recognition_service.web.api.claims import claim_token
from recognition_service.web.current import language, runtime
from recognition_service.web.fields import YesNo
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.schemas import Input
from recognition_service.web.text_fields import Choice, Text

blueprint = Blueprint(
    "claim-rights", __name__, description="What people may demand of their data."
)
_NOT_KEPT = {"Cache-Control": "no-store"}
_BEARER: list[dict[str, list[str]]] = [{"bearer": []}]


class RectificationIn(Input):
    """What is wrong about a person, and what is right."""

    member = Choice(Correctable, required=True)
    value = Text(longest=2000, required=True)


class ErasureIn(Input):
    """What becomes of the attestations, and whether a proof is wanted."""

    withdraw_attestations = YesNo(load_default=False)
    with_proof = YesNo(load_default=True)


@blueprint.route("/claims/export")
@blueprint.doc(security=_BEARER)
@blueprint.problems(401)
@blueprint.response(
    200,
    {"type": "object", "required": ["person", "request", "decisions", "readings"]},
    example=examples.load("claim_export"),
)
def get_claim_export() -> Response:
    """Take along everything that is held about the case, in one document.

    Who read it is told by role and authority. Each export is written down.
    """
    return json_answer(runtime().export_own_data(claim_token()), headers=_NOT_KEPT)


@blueprint.route("/claims/rectifications", methods=["POST"])
@blueprint.doc(security=_BEARER)
@blueprint.arguments(
    RectificationIn, example={"member": "family_name", "value": "Bērziņa"}
)
@blueprint.problems(401, 403)
@blueprint.response(
    202,
    {"type": "object", "required": ["rectifications"]},
    example={
        "rectifications": [
            {
                "id": "01a19b7c-a680-74c5-a673-56ae6fa57209",
                "member": "family_name",
                "value": "Bērziņa",
                "result": None,
                "answer": None,
            }
        ]
    },
)
def add_claim_rectification(body: Mapping[str, Any]) -> Response:
    """Ask for a correction; an officer answers by a step of the case."""
    token = claim_token()
    asked = runtime().ask_for_rectification(token, body["member"], body["value"])
    return json_answer({"rectifications": asked}, 202, _NOT_KEPT)


@blueprint.route("/claims/erasure", methods=["POST"])
@blueprint.doc(security=_BEARER)
@blueprint.arguments(
    ErasureIn, example={"withdraw_attestations": False, "with_proof": True}
)
@blueprint.problems(401, 403, 409)
@blueprint.response(
    200,
    {"type": "object", "required": ["erased", "kept", "attestations", "proof"]},
    example=examples.load("claim_erasure"),
)
def add_claim_erasure(body: Mapping[str, Any]) -> Response:
    """Demand erasure: papers, e-mail and other names go, the rest is blocked.

    Attestations stay valid unless their withdrawal is wanted. The proof holds the
    signed tokens and the records of the decisions, made before anything went.
    """
    done = runtime().erase_own_data(claim_token(), **body)
    kept = [{"code": what, "article": law} for what, law in KEPT_BY_LAW.items()]
    return json_answer(
        {
            "erased": {
                "papers": done.erased.papers,
                "members": list(done.erased.members),
            },
            "kept": with_texts(KEPT, kept, language()),
            "attestations": [dict(each) for each in done.attestations],
            "proof": done.proof,
        },
        headers=_NOT_KEPT,
    )
