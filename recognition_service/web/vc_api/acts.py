"""What both doors of the VC-API do, whoever is allowed in."""

from collections.abc import Mapping
from typing import Any

from recognition_service.credentials.attestation_credential import CREDENTIAL_TYPES
from recognition_service.credentials.data_integrity import Cryptosuite
from recognition_service.credentials.json_ld import canonicalize, contexts_of
from recognition_service.credentials.recognition_context import context_url
from recognition_service.verification.data_model.faults import Fault, malformed
from recognition_service.verification.data_model.identifiers import (
    identifier_of,
    types_of,
)
from recognition_service.verification.secured.credential import (
    check_before_issuing,
    check_credential,
)
from recognition_service.verification.secured.presentation import (
    check_presentation,
    check_unsecured_presentation,
)
from recognition_service.verification.secured.related import (
    pinned_tokens,
    tokens_by_id,
    with_tokens,
)
from recognition_service.web.current import runtime
from recognition_service.web.vc_api.answers import refusal
from recognition_service.web.vc_api.reading import (
    credential_to_issue,
    options_of,
    peers_in,
    read_object,
    refused,
    status_order,
    text_option,
    wanted_form,
)

# Claims of the token itself: who could set them could say more than the credential.
_CLAIMS_OF_TOKENS = frozenset(
    {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "status", "vc", "vp"}
)


def issue(
    authority_id: str,
    suites: frozenset[Cryptosuite],
    *,
    actor: str,
    always_with_status: bool = False,
    refuses_attestations: bool = False,
) -> dict[str, Any]:
    """Sign the credential of the request and return it secured.

    Raises:
        CredentialRefusedError: It breaks the data model, names another issuer, or is
            wanted in a form that is not offered.
    """
    body = read_object()
    issuer_ids = runtime().issuer_ids(authority_id)
    credential = credential_to_issue(body, issuer_ids)
    wanted = wanted_form(
        options_of(body), credential, suites, always_with_status=always_with_status
    )
    faults = check_before_issuing(credential, runtime().surroundings())
    if wanted.suite is None:
        faults += [
            malformed("claim_not_allowed", f"/{name}")
            for name in sorted(_CLAIMS_OF_TOKENS & credential.keys())
        ]
    if faults:
        raise refusal(faults)
    if refuses_attestations and _is_attestation(credential):
        raise refused(
            "/credential/type",
            "attestation_over_decision_only",
            "Recognitions are attested when their decision is signed, never here.",
        )
    if identifier_of(credential["issuer"]) not in issuer_ids:
        raise refused(
            "/credential/issuer",
            "issuer_not_of_this_address",
            f"Here {issuer_ids[0]} issues; leave the issuer out or name this one.",
        )
    return runtime().issue_credential(authority_id, credential, wanted, actor=actor)


def _is_attestation(credential: Mapping[str, Any]) -> bool:
    """Tell whether a credential says anything in the words of our attestations.

    As plain JSON, or as JSON-LD, where a word can be spelled in many ways.
    """
    if set(types_of(credential)) >= set(CREDENTIAL_TYPES):
        return True
    contexts = contexts_of(runtime().public_url)
    words = f"<{context_url(runtime().public_url)}#".encode()
    return words in canonicalize(credential, contexts=contexts)


def change_status(authority_id: str, *, actor: str) -> dict[str, Any]:
    """Revoke, suspend or reinstate the credential of the request.

    Raises:
        CredentialRefusedError: The body does not fit.
        NotFoundError: The authority signed no such credential with a status.
        StatusTransitionError: A revoked credential stays revoked.
    """
    order = status_order(read_object())
    runtime().set_credential_status(
        authority_id,
        order.credential_id,
        order.purpose,
        is_set=order.is_set,
        actor=actor,
    )
    return {
        "credentialId": order.credential_id,
        "credentialStatus": {
            "type": "BitstringStatusListEntry",
            "statusPurpose": order.purpose,
        },
        "status": order.is_set,
    }


def verify_credential(body: Mapping[str, Any]) -> tuple[list[Fault], dict[str, Any]]:
    """Return what speaks against a credential, and what the caller wants back.

    Of tokens that are presented beside it and that it pins, it is told whether the
    digest fits.

    Raises:
        CredentialRefusedError: The options do not fit.
    """
    options = options_of(body)
    if "verifiableCredential" not in body:
        return [malformed("credential_missing", "/verifiableCredential")], {}
    given, tokens = body["verifiableCredential"], tokens_by_id(peers_in(options))
    added: dict[str, Any] = {}
    if options.get("returnCredential") is True:
        added["credential"] = given
    if "peers" in options:
        added["pinned"] = pinned_tokens(given, tokens)
    at_hand = with_tokens(runtime().surroundings(), tokens)
    return check_credential(given, at_hand), added


def verify_presentation(body: Mapping[str, Any]) -> tuple[list[Fault], dict[str, Any]]:
    """Return what speaks against a presentation, and what the caller wants back.

    Raises:
        CredentialRefusedError: The options do not fit.
    """
    options = options_of(body)
    wants_back = options.get("returnPresentation") is True
    if "verifiablePresentation" in body:
        given = body["verifiablePresentation"]
        faults = check_presentation(
            given,
            runtime().surroundings(),
            challenge=text_option(options, "challenge"),
            domain=text_option(options, "domain"),
        )
        return faults, {"verifiablePresentation": given} if wants_back else {}
    if "presentation" in body:
        given = body["presentation"]
        faults = check_unsecured_presentation(given, runtime().surroundings())
        return faults, {"presentation": given} if wants_back else {}
    return [malformed("presentation_missing", "/verifiablePresentation")], {}
