"""Programmes as JSON, with a sentence beside what the source says, or does not."""

from collections.abc import Sequence
from typing import Any

from recognition_service.equivalence import programme_document
from recognition_service.equivalence.programmes import Described
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.wording import text


def spoken_programme(
    snapshot: Snapshot, found: Described, language: str
) -> dict[str, Any]:
    """Return a programme in a language."""
    document = programme_document.document(snapshot, found)
    for value in (*document["elements"].values(), document["dual_certification"]):
        _speak(value, language)
    return {**document, "language": language}


def spoken_comparison(programmes: Sequence[Described], language: str) -> dict[str, Any]:
    """Return programmes side by side in a language."""
    document = programme_document.comparison(programmes)
    for element in document["elements"]:
        for value in element["values"].values():
            _speak(value, language)
    for value in document["dual_certification"].values():
        _speak(value, language)
    return {**document, "language": language}


def _speak(value: dict[str, Any], language: str) -> None:
    value["text"] = text(f"programme.value_{value['value']}", {}, language)
