"""The `@context` of credentials, presentations and envelopes.

Source: Verifiable Credentials Data Model v2.0 sections 4.3 and 4.13.1.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from recognition_service.verification.data_model.faults import Fault, malformed
from recognition_service.verification.data_model.identifiers import is_url

BASE_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_MEMBER = "@context"


def context_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with an ordered set that begins with the base context."""
    if _MEMBER not in document:
        yield malformed("context_missing", f"/{_MEMBER}")
        return
    found = document[_MEMBER]
    if not isinstance(found, list):
        yield malformed("context_not_a_set", f"/{_MEMBER}")
        return
    if not found or found[0] != BASE_CONTEXT:
        yield malformed("base_context_not_first", f"/{_MEMBER}")
    urls: set[str] = set()
    for position, item in enumerate(found):
        if isinstance(item, str) and item in urls:
            yield malformed("context_repeated", f"/{_MEMBER}/{position}")
        elif is_url(item):
            urls.add(item)
        elif not isinstance(item, Mapping):
            yield malformed("not_a_context", f"/{_MEMBER}/{position}")


def envelope_context_faults(envelope: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault if an envelope does not name the base context.

    Unlike a credential, an envelope may name it without an array around it.
    """
    found = envelope.get(_MEMBER)
    if BASE_CONTEXT not in (found if isinstance(found, list) else [found]):
        yield malformed("base_context_missing", f"/{_MEMBER}")
