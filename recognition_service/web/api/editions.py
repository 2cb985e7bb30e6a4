"""Editions of the equivalence tables, whole and for ever."""

from flask import Response

from recognition_service.editions.errors import EditionNotFoundError
from recognition_service.editions.signatures import editions_issuer
from recognition_service.verification.recognized_entities import operator_document
from recognition_service.web.current import runtime
from recognition_service.web.headers import for_any_origin, signed_document
from recognition_service.web.json_answers import json_bytes
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "editions",
    __name__,
    description="Every edition that ever answered, by its digest.",
)
_A_YEAR = 31_536_000
_MINUTES = 300


@blueprint.route("/editions/keys")
@for_any_origin
@blueprint.response(
    200,
    {"type": "object", "required": ["id", "verificationMethod"]},
    example={"id": "https://recognition.example/api/v1/editions/keys"},
)
def get_edition_keys() -> Response:
    """Show the operator's keys for editions, past ones included.

    An edition of an authority's own rows is signed with a key of that authority, which
    /issuers/{id} lists.
    """
    issuer = editions_issuer(runtime().public_url)
    document = operator_document(issuer, runtime().edition_keys())
    return signed_document(
        json_bytes(document), "application/json", max_age_seconds=_MINUTES
    )


@blueprint.route("/editions/<digest>")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200,
    {"type": "object", "description": "Description, rows and digests."},
    example={
        "digest": "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "id": "2026-11-20",
        "date": "2026-11-20",
        "owner": "platform",
        "tables": {"levels": []},
        "signature": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImVkaXRpb24rand0In0.e30.c2ln",
    },
)
def get_edition(digest: str) -> Response:
    """Show an edition, shared or of an authority's own rows, with its signature.

    Its content never changes: the digest in the address is made from it, and
    `signature` is over that digest.
    """
    found = runtime().edition_document(digest)
    if found is None:
        raise EditionNotFoundError("There is no edition of this digest.")
    return signed_document(
        json_bytes(found),
        "application/json",
        max_age_seconds=_A_YEAR if found["signature"] else _MINUTES,
        is_immutable=found["signature"] is not None,
    )
