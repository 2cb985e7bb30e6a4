"""Contexts and schemas of our credentials, byte for byte as they are hashed."""

from flask import Response

from recognition_service.errors import NotFoundError
from recognition_service.web.current import runtime
from recognition_service.web.headers import for_any_origin, signed_document
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "published", __name__, description="Vocabulary and schemas of the credentials."
)
_A_DAY = 86_400
CONTEXT = "ns/recognition/v1"
SCHEMA = "schemas/recognition/v1.json"


@blueprint.route(f"/{CONTEXT}")
@for_any_origin
@blueprint.problems(404)
@blueprint.response(
    200,
    {"type": "object"},
    content_type="application/ld+json",
    example={"@context": {"@protected": True}},
)
def get_context() -> Response:
    """Show the JSON-LD context.

    It names the members of our credentials; verifiers keep a copy of their own.
    """
    return _published(CONTEXT)


@blueprint.route(f"/{SCHEMA}")
@for_any_origin
@blueprint.problems(404)
@blueprint.response(
    200,
    {"type": "object"},
    content_type="application/schema+json",
    example={"$schema": "https://json-schema.org/draft/2020-12/schema"},
)
def get_schema() -> Response:
    """Show the JSON schema.

    What a credential of this version must contain.
    """
    return _published(SCHEMA)


def _published(path: str) -> Response:
    found = runtime().published(path)
    if found is None:
        raise NotFoundError("Nothing is published at this address.")
    body, media_type = found
    return signed_document(body, media_type, max_age_seconds=_A_DAY)
