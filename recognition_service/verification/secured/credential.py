"""One credential of anybody, embedded proof or envelope.

Source: Verifiable Credentials Data Model v2.0 sections 4, 5 and 7.1; Verifiable
Credentials JSON Schema Specification section 2.1.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from recognition_service.credentials.data_integrity import Cryptosuite
from recognition_service.credentials.errors import (
    MalformedDocumentError,
    MalformedTokenError,
)
from recognition_service.credentials.json_ld import check_terms
from recognition_service.verification.data_model.credential import credential_faults
from recognition_service.verification.data_model.digests import digest_faults
from recognition_service.verification.data_model.envelopes import (
    Enveloped,
    envelope_faults,
    is_envelope,
    token_in,
)
from recognition_service.verification.data_model.faults import (
    Fault,
    ProblemType,
    items_of,
    malformed,
)
from recognition_service.verification.data_model.identifiers import (
    identifier_of,
    types_of,
)
from recognition_service.verification.data_model.periods import time_faults
from recognition_service.verification.secured.proofs import (
    Expected,
    embedded_faults,
    envelope_proof_faults,
    open_envelope,
    proof_fault,
)
from recognition_service.verification.secured.status import (
    status_faults,
    token_status_faults,
)
from recognition_service.verification.secured.surroundings import Surroundings

JSON_SCHEMA = "JsonSchema"
# Signed as JSON, such a document says what it says even where a term has no meaning
# in JSON-LD, or one that is not known here.
_MEANING_OPEN = frozenset({"context_unknown", "term_undefined"})
_SIGNED_AS_RDF = frozenset({Cryptosuite.EDDSA_RDFC_2022, Cryptosuite.ECDSA_RDFC_2019})


def check_credential(credential: Any, surroundings: Surroundings) -> list[Fault]:
    """Return everything that speaks against a credential; nothing: it is verified."""
    if not isinstance(credential, Mapping):
        return [malformed("not_an_object", "")]
    if is_envelope(credential):
        return _check_envelope(credential, surroundings)
    faults = [*credential_faults(credential)]
    if faults:
        return faults
    expected = Expected(identifier_of(credential["issuer"]))
    faults += embedded_faults(credential, expected, surroundings)
    if not faults and not _is_signed_as_rdf(credential):
        faults += meaning_faults(credential, surroundings, tolerated=_MEANING_OPEN)
    return faults or [*state_faults(credential, surroundings)]


def check_self_asserted(
    credential: Mapping[str, Any], surroundings: Surroundings
) -> list[Fault]:
    """Return what speaks against a credential that the presentation secures.

    Source: Verifiable Credentials Data Model v2.0 section 4.13.4.
    """
    faults = [*credential_faults(credential)]
    return faults or [*state_faults(credential, surroundings)]


def check_before_issuing(
    credential: Mapping[str, Any], surroundings: Surroundings
) -> list[Fault]:
    """Return what speaks against signing a credential; its time may be any."""
    faults = [*credential_faults(credential)]
    if "proof" in credential:
        faults.append(malformed("proof_present", "/proof"))
    if faults:
        return faults
    faults += meaning_faults(credential, surroundings, tolerated=frozenset())
    faults += _content_faults(credential, surroundings)
    return faults


def meaning_faults(
    document: Mapping[str, Any],
    surroundings: Surroundings,
    *,
    tolerated: frozenset[str],
) -> list[Fault]:
    """Return a fault if a term or type of a document has no meaning."""
    unsecured = {name: each for name, each in document.items() if name != "proof"}
    try:
        check_terms(unsecured, contexts=surroundings.contexts)
    except MalformedDocumentError as error:
        if error.reason not in tolerated:
            return [malformed(error.reason, "")]
    return []


def state_faults(
    credential: Mapping[str, Any], surroundings: Surroundings
) -> Iterator[Fault]:
    """Yield what speaks against relying on a conforming credential now."""
    yield from time_faults(credential, surroundings.now)
    issuer = identifier_of(credential["issuer"])
    yield from status_faults(credential, issuer, surroundings)
    yield from _content_faults(credential, surroundings)


def _content_faults(
    credential: Mapping[str, Any], surroundings: Surroundings
) -> Iterator[Fault]:
    yield from digest_faults(credential, surroundings.resources)
    if "credentialSchema" in credential:
        for pointer, item in items_of(credential, "credentialSchema"):
            schema = surroundings.schemas.get(item["id"])
            if schema is not None and JSON_SCHEMA in types_of(item):
                place = schema(credential)
                if place is not None:
                    kind = ProblemType.MALFORMED_VALUE_ERROR
                    yield Fault(kind, "schema_mismatch", place or pointer)


def _check_envelope(
    envelope: Mapping[str, Any], surroundings: Surroundings
) -> list[Fault]:
    faults = [*envelope_faults(envelope, Enveloped.CREDENTIAL)]
    if faults:
        return faults
    token = token_in(envelope, Enveloped.CREDENTIAL) or ""
    try:
        opened = open_envelope(token, Enveloped.CREDENTIAL)
    except MalformedTokenError as error:
        return [proof_fault(error, "/id")]
    credential = opened.document
    faults += credential_faults(credential)
    if faults:
        return faults
    issuer = identifier_of(credential["issuer"])
    faults += envelope_proof_faults(opened, Expected(issuer), surroundings)
    faults += meaning_faults(credential, surroundings, tolerated=_MEANING_OPEN)
    if not faults:
        faults += state_faults(credential, surroundings)
        faults += token_status_faults(credential, issuer, surroundings)
    return faults


def _is_signed_as_rdf(document: Mapping[str, Any]) -> bool:
    found = document["proof"]
    proofs = found if isinstance(found, list) else [found]
    return any(proof["cryptosuite"] in _SIGNED_AS_RDF for proof in proofs)
