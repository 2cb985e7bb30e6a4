"""Answers in JSON, spelled compactly and without escaping letters."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_answer(
    document: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON document as it stands; no schema is asked."""
    return Response(json_bytes(document), status, headers, mimetype="application/json")


def json_bytes(document: Any) -> bytes:
    """Return the JSON text of a document in UTF-8."""
    return _ENCODER.encode(document).encode()
