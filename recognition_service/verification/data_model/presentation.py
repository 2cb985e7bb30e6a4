"""Presentations as the data model wants them, without the credentials inside.

Source: Verifiable Credentials Data Model v2.0 section 4.13.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from recognition_service.verification.data_model.contexts import context_faults
from recognition_service.verification.data_model.credential import shared_faults
from recognition_service.verification.data_model.faults import (
    Fault,
    items_of,
    malformed,
)
from recognition_service.verification.data_model.identifiers import (
    id_faults,
    type_faults,
    url_or_object_faults,
)

PRESENTATION = "VerifiablePresentation"
MEMBER = "verifiableCredential"


def presentation_faults(presentation: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield everything that keeps an object from being a conforming presentation."""
    yield from context_faults(presentation)
    yield from id_faults(presentation)
    yield from type_faults(presentation, required=PRESENTATION)
    if "holder" in presentation:
        yield from url_or_object_faults(presentation["holder"], "/holder")
    yield from shared_faults(presentation)
    for pointer, item in presented(presentation):
        if not isinstance(item, Mapping):
            yield malformed("not_an_object", pointer)


def presented(presentation: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the credentials of a presentation, each with its pointer."""
    return list(items_of(presentation, MEMBER)) if MEMBER in presentation else []
