"""Credentials and presentations inside a `data:` URL.

Source: Verifiable Credentials Data Model v2.0 sections 4.13.1 and 4.13.2; Securing
Verifiable Credentials using JOSE and COSE section 3.1; RFC 2397 section 3.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from recognition_service.verification.data_model.contexts import (
    envelope_context_faults,
)
from recognition_service.verification.data_model.faults import Fault, malformed
from recognition_service.verification.data_model.identifiers import types_of


class Enveloped(StrEnum):
    """What an envelope may hold, by the type that says so."""

    CREDENTIAL = "EnvelopedVerifiableCredential"
    PRESENTATION = "EnvelopedVerifiablePresentation"

    @property
    def media_type(self) -> str:
        """The one media type that is read from such an envelope."""
        is_credential = self is Enveloped.CREDENTIAL
        return "application/vc+jwt" if is_credential else "application/vp+jwt"


def is_envelope(document: Mapping[str, Any]) -> bool:
    """Tell whether an object says of itself that it is an envelope."""
    return not set(Enveloped).isdisjoint(types_of(document))


def envelope_faults(document: Mapping[str, Any], kind: Enveloped) -> Iterator[Fault]:
    """Yield what is wrong with an envelope of one kind."""
    yield from envelope_context_faults(document)
    if types_of(document) != (kind.value,):
        yield malformed("not_the_envelope_type", "/type")
    locator = document.get("id")
    if not isinstance(locator, str) or not locator.startswith("data:"):
        yield malformed("not_a_data_url", "/id")
    elif token_in(document, kind) is None:
        yield malformed("media_type_not_supported", "/id")


def token_in(document: Mapping[str, Any], kind: Enveloped) -> str | None:
    """Return the token that an envelope carries; None without one that we read."""
    locator = document.get("id")
    if not isinstance(locator, str):
        return None
    head, comma, token = locator.partition(",")
    is_ours = head.lower() == f"data:{kind.media_type}"
    return token if comma and is_ours else None
