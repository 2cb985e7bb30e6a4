"""Answers in JSON, spelled compactly and without escaping letters."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

# What is no JSON by itself is spelled by whoever knows what it means, not here.
_JSON_ALONE = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def json_answer(
    document: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON document as it stands; no schema is asked."""
    return Response(json_bytes(document), status, headers, mimetype="application/json")


def json_bytes(document: Any) -> bytes:
    """Return the JSON text of a document in UTF-8."""
    return orjson.dumps(document, None, _JSON_ALONE)
