"""Pieces of the OpenAPI document that several views share."""

from typing import Any

from recognition_service.web.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from recognition_service.wording import LANGUAGES

_ABSENT: Any = object()


def query(
    name: str,
    description: str,
    *,
    required: bool = False,
    example: Any = _ABSENT,
    **schema: Any,
) -> dict[str, Any]:
    """Return the description of a parameter in the query; it is a string."""
    parameter: dict[str, Any] = {
        "in": "query",
        "name": name,
        "required": required,
        "description": description,
        "schema": {"type": "string", **schema},
    }
    if example is not _ABSENT:
        parameter["example"] = example
    return parameter


def page_of(description: str) -> dict[str, Any]:
    """Return the schema of a page of a list."""
    return {
        "type": "object",
        "description": description,
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": {"type": "object"}},
            "next": {
                "type": ["string", "null"],
                "description": "Cursor of the next page; null on the last one.",
            },
        },
    }


LANGUAGE_PARAMETER = query(
    "lang",
    "Language of the sentences; `Accept-Language` is the second choice.",
    enum=list(LANGUAGES),
)
PAGE_PARAMETERS = (
    query("cursor", "`next` of the page before."),
    {
        **query("limit", "How many items to answer at most."),
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": LARGEST_LIMIT,
            "default": DEFAULT_LIMIT,
        },
    },
)
