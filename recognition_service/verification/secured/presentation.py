"""A presentation: the holder's proof, and each credential inside.

Source: Verifiable Credentials Data Model v2.0 sections 4.13 and 7.1; Verifiable
Credential API for Lifecycle Management (VCALM), "Verify Presentation".
"""

from collections.abc import Mapping
from typing import Any

from recognition_service.credentials.data_integrity import AUTHENTICATION
from recognition_service.credentials.errors import MalformedTokenError
from recognition_service.verification.data_model.envelopes import (
    Enveloped,
    envelope_faults,
    is_envelope,
    token_in,
)
from recognition_service.verification.data_model.faults import Fault, malformed
from recognition_service.verification.data_model.identifiers import identifier_of
from recognition_service.verification.data_model.presentation import (
    presentation_faults,
    presented,
)
from recognition_service.verification.secured.credential import (
    check_credential,
    check_self_asserted,
)
from recognition_service.verification.secured.proofs import (
    Expected,
    embedded_faults,
    envelope_proof_faults,
    open_envelope,
    proof_fault,
)
from recognition_service.verification.secured.related import (
    tokens_by_id,
    with_tokens,
)
from recognition_service.verification.secured.surroundings import Surroundings

MOST_CREDENTIALS = 32


def check_presentation(
    presentation: Any,
    surroundings: Surroundings,
    *,
    challenge: str | None = None,
    domain: str | None = None,
) -> list[Fault]:
    """Return everything that speaks against a secured presentation.

    Args:
        presentation: With an embedded proof, or an envelope.
        surroundings: What may be relied on.
        challenge: What the holder was asked to sign; None: not compared.
        domain: Whom the presentation must be meant for; None: not compared.
    """
    if not isinstance(presentation, Mapping):
        return [malformed("not_an_object", "")]
    if is_envelope(presentation):
        return _check_envelope(presentation, surroundings, challenge, domain)
    faults = _form_faults(presentation)
    if not faults:
        holder = _holder(presentation)
        expected = Expected(holder, AUTHENTICATION, challenge, domain)
        faults += embedded_faults(presentation, expected, surroundings)
        faults += _inner_faults(presentation, holder, surroundings)
    return faults


def check_unsecured_presentation(
    presentation: Any, surroundings: Surroundings
) -> list[Fault]:
    """Return what speaks against the credentials of a presentation without a proof.

    Nobody has shown that they hold them.
    """
    if not isinstance(presentation, Mapping):
        return [malformed("not_an_object", "")]
    faults = _form_faults(presentation)
    return faults or _inner_faults(presentation, None, surroundings)


def _check_envelope(
    envelope: Mapping[str, Any],
    surroundings: Surroundings,
    challenge: str | None,
    domain: str | None,
) -> list[Fault]:
    faults = [*envelope_faults(envelope, Enveloped.PRESENTATION)]
    if faults:
        return faults
    token = token_in(envelope, Enveloped.PRESENTATION) or ""
    try:
        opened = open_envelope(token, Enveloped.PRESENTATION)
    except MalformedTokenError as error:
        return [proof_fault(error, "/id")]
    faults += _form_faults(opened.document)
    if not faults:
        holder = _holder(opened.document)
        expected = Expected(holder, AUTHENTICATION, challenge, domain)
        faults += envelope_proof_faults(opened, expected, surroundings)
        faults += _inner_faults(opened.document, holder, surroundings)
    return faults


def _form_faults(presentation: Mapping[str, Any]) -> list[Fault]:
    faults = [*presentation_faults(presentation)]
    if len(presented(presentation)) > MOST_CREDENTIALS:
        faults.append(malformed("too_many_credentials", "/verifiableCredential"))
    return faults


def _holder(presentation: Mapping[str, Any]) -> str | None:
    return identifier_of(presentation.get("holder"))


def _inner_faults(
    presentation: Mapping[str, Any], holder: str | None, surroundings: Surroundings
) -> list[Fault]:
    """Return what speaks against each credential; one may pin another one's token."""
    found = presented(presentation)
    tokens = tokens_by_id(credential for _, credential in found)
    at_hand = with_tokens(surroundings, tokens)
    return [
        fault.below(pointer)
        for pointer, credential in found
        for fault in _credential_faults(credential, holder, at_hand)
    ]


def _credential_faults(
    credential: Mapping[str, Any], holder: str | None, surroundings: Surroundings
) -> list[Fault]:
    if "proof" in credential or is_envelope(credential):
        return check_credential(credential, surroundings)
    # What the holder says about itself, the proof of the presentation secures.
    if holder is not None and identifier_of(credential.get("issuer")) == holder:
        return check_self_asserted(credential, surroundings)
    return [malformed("credential_not_secured", "")]
