"""What is published once and never altered: contexts, the schema, the type for wallets.

Tokens name these documents by address, some by digest too. Another content is another
version under another address.
"""

import json
from functools import lru_cache
from typing import Any

from recognition_service.credentials.key_document_context import key_document_context
from recognition_service.credentials.recognition_context import recognition_context
from recognition_service.credentials.recognition_schema import recognition_schema
from recognition_service.credentials.trust_list_context import trust_list_context
from recognition_service.credentials.type_metadata import type_metadata

CONTEXT = "ns/recognition/v1"
KEYS_CONTEXT = "ns/keys/v1"
SCHEMA = "schemas/recognition/v1.json"
TRUST_CONTEXT = "ns/trust/v1"
TYPE = "vct/recognition/1"
_LD_JSON = "application/ld+json"
_CACHED = 64


@lru_cache(maxsize=_CACHED)
def published_document(path: str, public_url: str) -> tuple[bytes, str] | None:
    """Return the exact bytes of a document and its media type, or None."""
    match path:
        case "ns/recognition/v1":
            return _written(recognition_context(public_url)), _LD_JSON
        case "ns/keys/v1":
            return _written(key_document_context(public_url)), _LD_JSON
        case "ns/trust/v1":
            return _written(trust_list_context(public_url)), _LD_JSON
        case "schemas/recognition/v1.json":
            return _written(recognition_schema(public_url)), "application/schema+json"
        case "vct/recognition/1":
            return type_metadata(public_url), "application/json"
        case _:
            return None


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=1, ensure_ascii=False).encode()
