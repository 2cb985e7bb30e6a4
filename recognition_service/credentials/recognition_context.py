"""The published JSON-LD context of our credential type, version 1.

Source: JSON-LD 1.1 section 4.1; Verifiable Credentials Data Model v2.0 section 4.3.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

_FILE = "recognition-context-v1.json"
_PREFIX = "rec"


def context_url(public_url: str) -> str:
    """Return where an installation publishes the context."""
    return f"{public_url}/ns/recognition/v1"


def recognition_context(public_url: str) -> dict[str, Any]:
    """Return the context document of an installation.

    Terms lead into the namespace of the installation, so that they can be looked
    up where the credential was issued.
    """
    document: dict[str, Any] = json.loads(_text())
    document["@context"][_PREFIX] = f"{context_url(public_url)}#"
    return document


@cache
def _text() -> str:
    published = files("recognition_service.credentials") / "published"
    return (published / _FILE).read_text(encoding="utf-8")
