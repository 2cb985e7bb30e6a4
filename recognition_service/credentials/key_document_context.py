"""The published JSON-LD context of our key documents, version 1.

It names what we say about issuers and their keys beyond the published vocabularies.
Verifiers that accept no word without a meaning would refuse the documents otherwise.

Source: JSON-LD 1.1 section 4.1; Controlled Identifiers v1.0 section 4.2;
Decentralized Identifiers v1.0 section 6.3.1.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

_FILE = "key-document-context-v1.json"
_PREFIX = "keys"


def key_context_url(public_url: str) -> str:
    """Return where an installation publishes the context."""
    return f"{public_url}/ns/keys/v1"


def key_document_context(public_url: str) -> dict[str, Any]:
    """Return the context document of an installation.

    Its terms stand at the top, not within the types of keys: the contexts that define
    those types protect them. It is to be named after those contexts.
    """
    document: dict[str, Any] = json.loads(_text())
    document["@context"][_PREFIX] = f"{key_context_url(public_url)}#"
    return document


@cache
def _text() -> str:
    published = files("recognition_service.credentials") / "published"
    return (published / _FILE).read_text(encoding="utf-8")
