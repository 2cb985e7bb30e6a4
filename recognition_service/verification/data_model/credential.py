"""Credentials as the data model wants them.

Members that the model does not name are welcome: it describes an open world.

Source: Verifiable Credentials Data Model v2.0 sections 4 and 5.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from recognition_service.verification.data_model.contexts import context_faults
from recognition_service.verification.data_model.digests import (
    digest_form_faults,
    related_resource_faults,
)
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
from recognition_service.verification.data_model.periods import period_faults
from recognition_service.verification.data_model.status_entries import (
    bitstring_entry_faults,
)
from recognition_service.verification.data_model.texts import text_faults

CREDENTIAL = "VerifiableCredential"
_ItemFaults = Callable[[Mapping[str, Any], str], Iterator[Fault]]


def credential_faults(credential: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield everything that keeps an object from being a conforming credential.

    Proofs, the time, the status and the meaning of terms are looked at elsewhere.
    """
    yield from context_faults(credential)
    yield from id_faults(credential)
    yield from type_faults(credential, required=CREDENTIAL)
    yield from text_faults(credential)
    yield from _issuer_faults(credential)
    yield from _subject_faults(credential)
    yield from period_faults(credential)
    yield from _typed(credential, "credentialStatus", bitstring_entry_faults)
    yield from _typed(credential, "credentialSchema", _schema_faults)
    yield from shared_faults(credential)
    yield from related_resource_faults(credential)


def shared_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with members that presentations may have too."""
    for member in ("refreshService", "termsOfUse", "evidence"):
        yield from _typed(document, member)


def _issuer_faults(credential: Mapping[str, Any]) -> Iterator[Fault]:
    if "issuer" not in credential:
        yield malformed("issuer_missing", "/issuer")
        return
    issuer = credential["issuer"]
    yield from url_or_object_faults(issuer, "/issuer")
    if isinstance(issuer, Mapping):
        yield from text_faults(issuer, "/issuer")


def _subject_faults(credential: Mapping[str, Any]) -> Iterator[Fault]:
    if credential.get("credentialSubject", []) == []:
        yield malformed("subject_missing", "/credentialSubject")
        return
    for pointer, subject in items_of(credential, "credentialSubject"):
        if not isinstance(subject, Mapping):
            yield malformed("not_an_object", pointer)
        elif not subject:
            yield malformed("no_claims", pointer)
        else:
            yield from id_faults(subject, pointer)


def _typed(
    document: Mapping[str, Any], member: str, more: _ItemFaults | None = None
) -> Iterator[Fault]:
    """Yield what is wrong with objects that must have a type and may have an id."""
    if member not in document:
        return
    if document[member] == []:
        yield malformed("no_object", f"/{member}")
    for pointer, item in items_of(document, member):
        if not isinstance(item, Mapping):
            yield malformed("not_an_object", pointer)
            continue
        yield from type_faults(item, pointer)
        yield from id_faults(item, pointer)
        if more is not None:
            yield from more(item, pointer)


def _schema_faults(item: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    if "id" not in item:
        yield malformed("id_missing", f"{pointer}/id")
    yield from digest_form_faults(item, pointer)
