"""Issuers: their keys with their whole life, and what they may decide.

Source: Controlled Identifiers v1.0 section 2; did:web Method Specification; RFC 7517
section 5; SD-JWT VC draft-25, "JWT VC Issuer Metadata".
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
_ISSUER = "https://recognition.example/issuers/be-fl-demo"
_DID = "did:web:recognition.example:issuers:be-fl-demo"
_JWK = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "kid": "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
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
        "id": _ISSUER,
        "alsoKnownAs": [_DID],
        "verificationMethod": [
            {
                "id": f"{_ISSUER}#{_JWK['kid']}",
                "type": "JsonWebKey",
                "controller": _ISSUER,
                "publicKeyJwk": _JWK,
                "purpose": "attestations",
                "validFrom": "2026-11-02T09:00:00Z",
            }
        ],
        "assertionMethod": [f"{_ISSUER}#{_JWK['kid']}"],
    },
)
def get_issuer(authority_id: str) -> Response:
    """Show an issuer.

    With every key that it ever had, each with the dates of its life.
    """
    return _published(runtime().issuer_document(authority_id))


@blueprint.route("/issuers/<authority_id>/did.json")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200,
    {"type": "object", "description": "The DID document."},
    example={
        "id": _DID,
        "alsoKnownAs": [_ISSUER],
        "verificationMethod": [
            {
                "id": f"{_DID}#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
                "type": "Multikey",
                "controller": _DID,
                "publicKeyMultibase": (
                    "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
                ),
                "purpose": "attestations",
                "validFrom": "2026-11-02T09:00:00Z",
            }
        ],
    },
)
def get_issuer_did(authority_id: str) -> Response:
    """Show an issuer as a DID.

    The same keys for software that resolves issuers by `did:web`.
    """
    return _published(runtime().issuer_did_document(authority_id))


@blueprint.route("/issuers/<authority_id>/jwks.json")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200, {"type": "object", "required": ["keys"]}, example={"keys": [_JWK]}
)
def get_issuer_keys(authority_id: str) -> Response:
    """Show the keys of an issuer.

    As a JWK set: those in use, those announced, and retired ones, because
    attestations rest on them.
    """
    return _published(runtime().issuer_jwks(authority_id))


@blueprint.route("/issuers/<authority_id>/competence/<int(min=1900, max=9999):year>")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200,
    {"type": "object", "description": "Mandates in force in that year."},
    example={
        "issuer": _ISSUER,
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
    example={"issuer": _ISSUER, "jwks": {"keys": [_JWK]}},
)
def get_issuer_metadata(authority_id: str) -> Response:
    """Show the metadata of an issuer.

    For verifiers of SD-JWT credentials: the issuer's id, and its keys for
    attestations and for their status.
    """
    return _published(runtime().issuer_metadata(authority_id))


def _published(document: dict[str, Any]) -> Response:
    return signed_document(json_bytes(document), _JSON, max_age_seconds=_MINUTES_5)
