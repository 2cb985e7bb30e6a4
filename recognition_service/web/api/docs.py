"""The OpenAPI document, and a page to read and try it, without other hosts."""

from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, send_from_directory

from recognition_service.errors import NotFoundError
from recognition_service.web import openapi
from recognition_service.web.headers import for_any_origin, signed_document
from recognition_service.web.json_answers import json_bytes

blueprint = Blueprint("docs", __name__)
_FILES = frozenset({"swagger-ui.css", "swagger-ui-bundle.js"})
_DIRECTORY = Path(__file__).parent.parent / "static" / "swagger"
_A_DAY = 86_400


@blueprint.get("/openapi.json")
@for_any_origin
def get_document() -> Response:
    """Answer the OpenAPI document."""
    body = json_bytes(openapi.document(current_app))
    response = signed_document(body, "application/json", max_age_seconds=0)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@blueprint.get("/docs")
def show_docs() -> Response:
    """Show the interface for reading and trying."""
    return Response(render_template("docs.html"))


@blueprint.get("/docs/<name>")
def get_docs_file(name: str) -> Response:
    """Answer a file of that page."""
    if name not in _FILES:
        raise NotFoundError("Nothing is at this address.")
    return send_from_directory(_DIRECTORY, name, max_age=_A_DAY)
