"""Issuers: their keys with their whole life, and what they may decide.

Source: Controlled Identifiers v1.0 section 2; RFC 7517 section 5; SD-JWT VC
draft-25 section 5 (issuer metadata).
"""

from typing import Any

from flask import Response

from recognition_service.web.current import runtime
from recognition_service.web.headers import for_any_origin, signed_document
from recognition_service.web.json_answers import json_bytes
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "issuers", __name__, description="Who signs attestations, with which keys."
)
_MINUTES_5 = 300
_JSON = "application/json"
_JWK = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "kid": "https://recognition.example/issuers/be-fl-demo#oKIywvGUpTVTyxMQ3bwIIeQUudfr",
    "alg": "ES256",
    "use": "sig",
}


@blueprint.route("/issuers/<authority_id>")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200,
    {"type": "object", "description": "The controlled identifier document."},
    example={
        "id": "https://recognition.example/issuers/be-fl-demo",
        "verificationMethod": [
            {
                "id": _JWK["kid"],
                "type": "JsonWebKey",
                "controller": "https://recognition.example/issuers/be-fl-demo",
                "publicKeyJwk": _JWK,
            }
        ],
    },
)
def get_issuer(authority_id: str) -> Response:
    """Show an issuer.

    With every key that it ever had, each with the dates of its life.
    """
    return _published(runtime().issuer_document(authority_id))


@blueprint.route("/issuers/<authority_id>/jwks.json")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200, {"type": "object", "required": ["keys"]}, example={"keys": [_JWK]}
)
def get_issuer_keys(authority_id: str) -> Response:
    """Show the keys of an issuer.

    As a JWK set: those in use, and retired ones while attestations rest on them.
    """
    return _published(runtime().issuer_jwks(authority_id))


@blueprint.route("/issuers/<authority_id>/competence/<int(min=1900, max=9999):year>")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200,
    {"type": "object", "description": "Mandates in force in that year."},
    example={
        "issuer": "https://recognition.example/issuers/be-fl-demo",
        "year": 2026,
        "mandates": [{"decision_kinds": ["level_comparability"]}],
    },
)
def get_issuer_competence(authority_id: str, year: int) -> Response:
    """Show what an issuer may decide.

    The mandates of one year: kinds of decisions, levels, fields, professions.
    """
    return _published(runtime().competence(authority_id, year))


@blueprint.route("/.well-known/jwt-vc-issuer/issuers/<authority_id>")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200,
    {"type": "object", "required": ["issuer", "jwks"]},
    example={
        "issuer": "https://recognition.example/issuers/be-fl-demo",
        "jwks": {"keys": [_JWK]},
    },
)
def get_issuer_metadata(authority_id: str) -> Response:
    """Show the metadata of an issuer.

    For verifiers of SD-JWT credentials: the issuer's id and its keys.
    """
    keys = runtime().issuer_jwks(authority_id)
    issuer = f"{runtime().public_url}/issuers/{authority_id}"
    return _published({"issuer": issuer, "jwks": keys})


def _published(document: dict[str, Any]) -> Response:
    return signed_document(json_bytes(document), _JSON, max_age_seconds=_MINUTES_5)
