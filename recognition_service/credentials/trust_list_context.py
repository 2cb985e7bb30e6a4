"""The published JSON-LD context of the signed trust list, version 1.

The names follow the draft on recognized entities, which has no vocabulary of its own
at a lasting address yet; the terms therefore lead into the installation's namespace.

Source: Recognized Entities v1.0 (W3C working draft of 2 August 2026), section 3;
JSON-LD 1.1 section 4.1.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from recognition_service.credentials.key_document_context import key_context_url

_FILE = "trust-list-context-v1.json"
_PREFIX = "trust"
_KEYS_PREFIX = "keys"


def trust_context_url(public_url: str) -> str:
    """Return where an installation publishes the context."""
    return f"{public_url}/ns/trust/v1"


def trust_list_context(public_url: str) -> dict[str, Any]:
    """Return the context document of an installation.

    What it says about keys means the same as in the key documents.
    """
    document: dict[str, Any] = json.loads(_text())
    document["@context"][_PREFIX] = f"{trust_context_url(public_url)}#"
    document["@context"][_KEYS_PREFIX] = f"{key_context_url(public_url)}#"
    return document


@cache
def _text() -> str:
    published = files("recognition_service.credentials") / "published"
    return (published / _FILE).read_text(encoding="utf-8")
