"""An equivalence answer as JSON, with a sentence beside each of its codes."""

from typing import Any

from recognition_service.equivalence.answer import Answer
from recognition_service.equivalence.document import as_document
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.runtime.explanation import explanation
from recognition_service.runtime.spoken import REASON, with_condition_texts, with_texts


def equivalence_document(
    answer: Answer, snapshot: Snapshot, language: str
) -> dict[str, Any]:
    """Return the answer of an edition in a language."""
    document = as_document(answer, edition=snapshot.edition, language=language)
    document["reasons"] = with_texts(REASON, document["reasons"], language)
    document["conditions"] = with_condition_texts(document["conditions"], language)
    document["explanation"] = explanation(answer, snapshot, language)
    return document
