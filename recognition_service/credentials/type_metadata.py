"""The published description of our credential type for wallets, version 1.

What was published is never altered: tokens carry its digest. A change of the type is
another version under another address.

Source: SD-JWT VC draft-25 sections 5 (Type Metadata) and 6 (integrity).
"""

import base64
import hashlib
import json
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_FILE = "recognition-type-metadata-v1.json"
_CACHED_INSTALLATIONS = 64


def vct_url(public_url: str) -> str:
    """Return the name of the type, where its description is published too."""
    return f"{public_url}/vct/recognition/1"


@lru_cache(maxsize=_CACHED_INSTALLATIONS)
def type_metadata(public_url: str) -> bytes:
    """Return the exact bytes of the description, as an installation publishes it."""
    document: dict[str, Any] = {"vct": vct_url(public_url)} | json.loads(_text())
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


@lru_cache(maxsize=_CACHED_INSTALLATIONS)
def type_integrity(public_url: str) -> str:
    """Return the `vct#integrity` of the description: SRI with SHA-256."""
    hashed = hashlib.sha256(type_metadata(public_url)).digest()
    return "sha256-" + base64.b64encode(hashed).decode("ascii")


@cache
def _text() -> str:
    published = files("recognition_service.credentials") / "published"
    return (published / _FILE).read_text(encoding="utf-8")
