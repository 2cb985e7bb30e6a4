"""The published JSON Schema of our credential type, version 1, and its check.

The schema file is the only statement of the shape. Published credentials are
checked against it by `first_fault`, compiled from it once; tests hold it against a full
JSON Schema implementation, which would be slow to load and to run.

Source: JSON Schema 2020-12; Verifiable Credentials JSON Schema Specification
section 2.1.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from recognition_service.credentials.shape import Shape

_FILE = "recognition-schema-v1.json"


def schema_url(public_url: str) -> str:
    """Return where an installation publishes the schema."""
    return f"{public_url}/schemas/recognition/v1.json"


def recognition_schema(public_url: str) -> dict[str, Any]:
    """Return the schema document of an installation."""
    document: dict[str, Any] = json.loads(_text())
    return {"$id": schema_url(public_url)} | document


def first_fault(credential: object) -> str | None:
    """Return where a credential breaks the schema, or None when it fits.

    The answer is a JSON Pointer (RFC 6901) to the first offending value.
    """
    return _SHAPE.first_fault(credential)


@cache
def _text() -> str:
    published = files("recognition_service.credentials") / "published"
    return (published / _FILE).read_text(encoding="utf-8")


_SHAPE = Shape(json.loads(_text()))
