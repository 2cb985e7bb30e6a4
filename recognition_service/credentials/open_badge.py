"""An attestation as an Open Badges endorsement, for wallets that hold badges.

It endorses the attestation of one decision and pins that decision by its digest,
so that a verifier can tell that all copies say the same. It names no person and no
origin; whoever shows it shows no more than the decision itself.

Source: Open Badges Specification 3.0 section 3.11 and the classes
EndorsementCredential and EndorsementSubject of its data model; Verifiable
Credentials Data Model v2.0 section 5.3; Subresource Integrity section 3.5.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recognition_service.clock import format_instant
from recognition_service.credentials import base64url
from recognition_service.credentials.attestation_claims import AttestationClaims
from recognition_service.credentials.attestation_credential import VC_CONTEXT
from recognition_service.credentials.errors import (
    MalformedBase64Error,
    MalformedInputError,
)

OPEN_BADGES_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
ENDORSEMENT_CONTEXTS = (VC_CONTEXT, OPEN_BADGES_CONTEXT)  # The order is fixed.
ENDORSEMENT_TYPES = ("VerifiableCredential", "EndorsementCredential")
_DIGEST = "sha256-"
_PINNED = "sha384-"
_URN = "urn:uuid:"


@dataclass(frozen=True, slots=True)
class PinnedToken:
    """A token of another issuer that the endorsement stands beside.

    Attributes:
        id: URL of the token, or of what it says.
        integrity: Digest of its exact text, as Subresource Integrity writes it.
        media_type: Its format.
    """

    id: str
    integrity: str
    media_type: str = "application/vc+jwt"


def endorsement_credential(
    claims: AttestationClaims,
    *,
    credential_id: str,
    issuer: str,
    name: str,
    comment: str,
    status: Mapping[str, Any] | None = None,
    pinned: Sequence[PinnedToken] = (),
) -> dict[str, Any]:
    """Return the unsecured endorsement of an attestation.

    Args:
        claims: What the attestation says.
        credential_id: URL of this credential, another than the attestation's.
        issuer: URL or DID that the key of the proof belongs to.
        name: What wallets show in a list, in the holder's language.
        comment: The decision in plain words; see `comment_parameters`.
        status: The one status entry that Open Badges allows, with its `id`.
        pinned: Tokens of other issuers that the endorsement stands beside.

    Raises:
        MalformedInputError: The digest of the decision is none of ours.
    """
    credential: dict[str, Any] = {
        "@context": list(ENDORSEMENT_CONTEXTS),
        "id": credential_id,
        "type": list(ENDORSEMENT_TYPES),
        "name": name,
        "issuer": {"id": issuer, "type": ["Profile"], "name": claims.issuer_name},
        "validFrom": format_instant(claims.valid_from),
    }
    if claims.valid_until is not None:
        credential["validUntil"] = format_instant(claims.valid_until)
    credential["credentialSubject"] = {
        "id": _URN + claims.attestation_id,
        "type": ["EndorsementSubject"],
        "endorsementComment": comment,
    }
    if status is not None:
        credential["credentialStatus"] = dict(status)
    decision = {
        "id": _URN + claims.decision_id,
        "digestSRI": _integrity(claims.decision_digest),
    }
    credential["relatedResource"] = [decision, *map(_resource, pinned)]
    return credential


def pin(token_id: str, token: str) -> PinnedToken:
    """Return what pins the exact text of a token."""
    digest = hashlib.sha384(token.encode()).digest()
    return PinnedToken(token_id, _PINNED + base64.b64encode(digest).decode("ascii"))


def pinned_in(credential: Mapping[str, Any]) -> tuple[PinnedToken, ...]:
    """Return the tokens that an endorsement of ours pins, without the decision."""
    return tuple(
        PinnedToken(resource["id"], resource["digestSRI"], resource["mediaType"])
        for resource in credential["relatedResource"]
        if "mediaType" in resource
    )


def decision_digest(credential: Mapping[str, Any], decision_id: str) -> str | None:
    """Return the digest of the decision that an endorsement pins, spelt as ours.

    None: it pins no such decision, or not by a SHA-256 digest.
    """
    resources = credential.get("relatedResource")
    for resource in resources if isinstance(resources, list) else [resources]:
        if not isinstance(resource, dict) or resource.get("id") != _URN + decision_id:
            continue
        integrity = resource.get("digestSRI")
        if isinstance(integrity, str) and integrity.startswith(_DIGEST):
            standard = integrity.removeprefix(_DIGEST).rstrip("=")
            return _DIGEST + standard.replace("+", "-").replace("/", "_")
    return None


def comment_parameters(claims: AttestationClaims) -> dict[str, Any]:
    """Return what a comment in plain words says about a decision, by name.

    Codes stay codes. Restrictions are part of it: they must not be left out.
    """
    target = claims.target
    clauses = (*claims.limitations, *claims.conditions, *claims.compensation_measures)
    return {
        "issuer": claims.issuer_name,
        "number": claims.number,
        "decided_on": claims.decision_date.isoformat(),
        "decision_kind": claims.decision_kind,
        "outcome": claims.outcome,
        "purpose": claims.purpose,
        "jurisdictions": list(claims.jurisdictions),
        "title": target.title,
        "framework": target.framework,
        "level": target.level,
        "restrictions": [clause.code for clause in clauses],
        "does_not_allow": list(claims.does_not_allow),
    }


def _resource(pinned: PinnedToken) -> dict[str, str]:
    return {
        "id": pinned.id,
        "digestSRI": pinned.integrity,
        "mediaType": pinned.media_type,
    }


def _integrity(digest: str) -> str:
    """Return a digest of ours as Subresource Integrity writes it."""
    try:
        content = base64url.decode(digest.removeprefix(_DIGEST))
    except MalformedBase64Error as error:
        raise MalformedInputError("malformed_digest") from error
    if not digest.startswith(_DIGEST) or len(content) != hashlib.sha256().digest_size:
        raise MalformedInputError("malformed_digest")
    return _DIGEST + base64.b64encode(content).decode("ascii")
