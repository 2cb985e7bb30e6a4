"""Tokens that are presented beside a credential which pins them by their digest.

An endorsement of one body pins the exact token of another one. Whether the digest
fits can only be told when that token is at hand, which is the presenter's doing.

Source: Verifiable Credentials Data Model v2.0 section 5.3.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from recognition_service.credentials.errors import MalformedTokenError
from recognition_service.verification.data_model.digests import (
    digest_faults,
    related_resource_faults,
)
from recognition_service.verification.data_model.envelopes import Enveloped, token_in
from recognition_service.verification.data_model.faults import items_of
from recognition_service.verification.secured.proofs import open_envelope
from recognition_service.verification.secured.surroundings import Surroundings

Tokens = Mapping[str, bytes]
"""The exact text of tokens, by the id of the credential in each."""


def tokens_by_id(presented: Iterable[object]) -> dict[str, bytes]:
    """Return what can be pinned among credentials: tokens, bare or in an envelope.

    Nothing is verified: a digest fits the exact text or it does not. Of two tokens
    that claim one id the first counts.
    """
    found: dict[str, bytes] = {}
    for credential in presented:
        text = (
            token_in(credential, Enveloped.CREDENTIAL)
            if isinstance(credential, Mapping)
            else credential
        )
        if not isinstance(text, str):
            continue
        try:
            token_id = open_envelope(text, Enveloped.CREDENTIAL).document.get("id")
        except MalformedTokenError:
            continue
        if isinstance(token_id, str):
            found.setdefault(token_id, text.encode("ascii"))
    return found


def with_tokens(surroundings: Surroundings, tokens: Tokens) -> Surroundings:
    """Return surroundings in which some tokens are at hand as related resources."""
    if not tokens:
        return surroundings

    def resources(resource_id: str) -> bytes | None:
        return tokens.get(resource_id) or surroundings.resources(resource_id)

    return replace(surroundings, resources=resources)


def pinned_tokens(credential: object, tokens: Tokens) -> list[dict[str, Any]]:
    """Return which of some tokens a credential pins, and whether the digest fits."""
    if not isinstance(credential, Mapping) or "relatedResource" not in credential:
        return []
    return [
        {"id": item["id"], "fits": _fits(item, tokens)}
        for _, item in items_of(credential, "relatedResource")
        if isinstance(item, Mapping)
        and isinstance(item.get("id"), str)
        and item["id"] in tokens
    ]


def _fits(item: Mapping[str, Any], tokens: Tokens) -> bool:
    """Tell whether every digest of a resource is one of the token; none is not."""
    document = {"relatedResource": [item]}
    return not any(related_resource_faults(document)) and not any(
        digest_faults(document, tokens.get)
    )
