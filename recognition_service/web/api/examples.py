"""Examples for the OpenAPI document; they lie beside it as JSON files."""

import json
from importlib.resources import files
from typing import Any


def load(name: str) -> Any:
    """Return an example."""
    source = files("recognition_service.web.api") / "examples" / f"{name}.json"
    return json.loads(source.read_text(encoding="utf-8"))
