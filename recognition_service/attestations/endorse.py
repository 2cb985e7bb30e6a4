"""An attestation in the form for wallets of badges: an endorsement with a proof.

The proof is complete but for its value until it is signed.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from recognition_service import wording
from recognition_service.attestations.issuer import Issuer
from recognition_service.attestations.places import credential_status_entries
from recognition_service.credentials import base64url, did_web
from recognition_service.credentials.attestation_claims import AttestationClaims
from recognition_service.credentials.data_integrity import Cryptosuite, draft_proof
from recognition_service.credentials.key_document import data_integrity_method
from recognition_service.credentials.open_badge import (
    PinnedToken,
    comment_parameters,
    endorsement_credential,
)
from recognition_service.credentials.vc_jwt import CopyClaims

_REVOCATION = "revocation"


def endorse(
    claims: AttestationClaims,
    copy: CopyClaims,
    issuer: Issuer,
    *,
    list_number: int,
    pinned: Sequence[PinnedToken] = (),
) -> dict[str, Any]:
    """Return the endorsement of one copy, with a proof that waits for its value.

    `pinned` are the tokens of other issuers that it stands beside. Open Badges allows
    one status entry: the one that tells what is final.
    """
    did = did_web.did_of(issuer.url)
    document = endorsement_credential(
        claims,
        credential_id=UUID(bytes=base64url.decode(copy.jti), version=4).urn,
        issuer=did,
        name=wording.text("open_badge.name"),
        comment=_comment(claims),
        status=_status(copy, issuer, list_number),
        pinned=pinned,
    )
    document["proof"] = draft_proof(
        document,
        suite=Cryptosuite.EDDSA_RDFC_2022,
        verification_method=data_integrity_method(did, issuer.key.public_jwk),
        created=copy.issued_at,
    )
    return document


def _status(copy: CopyClaims, issuer: Issuer, list_number: int) -> dict[str, Any]:
    for entry in credential_status_entries(
        issuer.public_url, issuer.authority_id, list_number, copy.status_index
    ):
        if entry["statusPurpose"] == _REVOCATION:
            place = f"{entry['statusListCredential']}#{copy.status_index}"
            return {"id": place, **entry}
    raise LookupError(_REVOCATION)


def _comment(claims: AttestationClaims) -> str:
    """Return the decision in plain words; restrictions are never left out."""
    told = comment_parameters(claims)
    for name, family in (("outcome", "outcome"), ("purpose", "purpose")):
        told[name] = wording.text(f"{family}.{told[name]}")
    told["does_not_allow"] = "; ".join(
        wording.text(f"does_not_allow.{code}").rstrip(".")
        for code in told["does_not_allow"]
    )
    sentences = [wording.text("open_badge.comment", told)]
    if told["restrictions"]:
        sentences.append(wording.text("open_badge.comment_restrictions", told))
    if told["does_not_allow"]:
        sentences.append(wording.text("open_badge.comment_does_not_allow", told))
    return " ".join(sentences)
