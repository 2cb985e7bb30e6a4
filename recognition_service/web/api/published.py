"""Contexts, schemas and types of our credentials, byte for byte as they are hashed.

Whoever asks for `text/html` gets a page that explains the same.

Source: SD-JWT VC draft-25, "Retrieving Type Metadata" and "Serving Documents and
Rendering Resources"; JSON-LD 1.1 section 4.1; JSON Schema 2020-12 core section 8.2.1.
"""

from flask import Response

from recognition_service.errors import NotFoundError
from recognition_service.runtime.published_documents import (
    CONTEXT,
    KEYS_CONTEXT,
    SCHEMA,
    TRUST_CONTEXT,
    TYPE,
)
from recognition_service.web.current import runtime
from recognition_service.web.headers import for_any_origin, signed_document
from recognition_service.web.openapi import Blueprint
from recognition_service.web.pages import types

blueprint = Blueprint(
    "published", __name__, description="Vocabulary and schemas of the credentials."
)
_A_YEAR = 31_536_000
_NOTHING_ACTIVE = "default-src 'none'; frame-ancestors 'none'"


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


@blueprint.route(f"/{TRUST_CONTEXT}")
@for_any_origin
@blueprint.problems(404)
@blueprint.response(
    200,
    {"type": "object"},
    content_type="application/ld+json",
    example={"@context": {"@protected": True}},
)
def get_trust_context() -> Response:
    """Show the JSON-LD context of the trust list.

    It names what the signed trust list says about issuers.
    """
    return _published(TRUST_CONTEXT)


@blueprint.route(f"/{KEYS_CONTEXT}")
@for_any_origin
@blueprint.problems(404)
@blueprint.response(
    200,
    {"type": "object"},
    content_type="application/ld+json",
    example={"@context": {"@protected": True}},
)
def get_keys_context() -> Response:
    """Show the JSON-LD context of the key documents.

    It names what the documents of issuers say about keys beyond the published
    vocabularies: what each signs, and the dates of its life.
    """
    return _published(KEYS_CONTEXT)


@blueprint.route(f"/{TYPE}")
@for_any_origin
@blueprint.problems(404)
@blueprint.response(
    200,
    {"type": "object", "required": ["vct"]},
    example={
        "vct": f"https://recognition.example/{TYPE}",
        "name": "Recognition of a qualification, version 1",
        "claims": [{"path": ["recognition", "outcome"], "sd": "never"}],
    },
)
def get_type() -> Response:
    """Show the type of the credentials for wallets.

    Its members, how they are named to people, and which of them a holder may keep
    back. Tokens carry the digest of exactly these bytes.
    """
    return _published(TYPE)


def _published(path: str) -> Response:
    found = runtime().published(path)
    if found is None:
        raise NotFoundError("Nothing is published at this address.")
    body, media_type = found
    if types.wants_page(media_type):
        response = types.explain(path)
    else:
        response = signed_document(
            body, media_type, max_age_seconds=_A_YEAR, is_immutable=True
        )
        response.headers["Content-Security-Policy"] = _NOTHING_ACTIVE
    response.vary.add("Accept")
    return response
