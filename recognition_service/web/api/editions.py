"""Editions of the equivalence tables, whole and for ever."""

from flask import Response

from recognition_service.editions.errors import EditionNotFoundError
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
        "tables": {"levels": []},
    },
)
def get_edition(digest: str) -> Response:
    """Show an edition.

    Its content never changes: the digest in the address is made from it.
    """
    found = runtime().edition_document(digest)
    if found is None:
        raise EditionNotFoundError("There is no edition of this digest.")
    return signed_document(
        json_bytes(found),
        "application/json",
        max_age_seconds=_A_YEAR,
        is_immutable=True,
    )
