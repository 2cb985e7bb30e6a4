"""Signatures of editions: who vouches for which rows.

A signature is a token of its own over the digest of an edition, made with a key for
`tables`: of the operator for the shared base, of an authority for its own rows. It is
made after the edition was stored, without a transaction, like every signature.

Source: RFC 7515; RFC 8785 for the digest that is signed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from recognition_service.credentials import jws
from recognition_service.credentials.errors import (
    MalformedTokenError,
    SignerFaultError,
)
from recognition_service.credentials.jwk import PublicKey, public_key
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import Signer
from recognition_service.credentials.strict_json import parse_object
from recognition_service.editions.errors import EditionSignatureError
from recognition_service.editions.models import Edition
from recognition_service.editions.package import Description

EDITION_TYPE = "edition+jwt"
_EDITIONS_PATH = "/api/v1/editions"


@dataclass(frozen=True, slots=True)
class UnsignedEdition:
    """An edition for which nobody vouches yet.

    Attributes:
        owner: "platform" or an authority.
        base: The digest of the base of an overlay, else None.
    """

    owner: str
    digest: str
    base: str | None
    description: Description


def editions_issuer(public_url: str) -> str:
    """Return the id under which an operator signs the shared editions."""
    return f"{public_url}{_EDITIONS_PATH}/keys"


def unsigned_editions(session: Session, owners: Iterable[str]) -> list[UnsignedEdition]:
    """Return the editions of owners that nobody has signed, oldest first."""
    rows = session.scalars(
        select(Edition)
        .where(Edition.authority_id.in_(list(owners)), Edition.signature.is_(None))
        .order_by(Edition.loaded_at, Edition.digest)
    )
    return [
        UnsignedEdition(
            row.authority_id,
            row.digest,
            row.base_digest,
            Description(row.label, row.dated, row.title, tuple(row.changes)),
        )
        for row in rows
    ]


def signed_claims(
    digest: str,
    description: Description,
    *,
    base: str | None,
    issuer: str,
    now: datetime,
) -> dict[str, Any]:
    """Return what the signature of an edition says."""
    return {
        "iss": issuer,
        "iat": int(now.timestamp()),
        "digest": digest,
        "base": base,
        "id": description.label,
        "date": description.dated.isoformat(),
    }


def sign_edition(claims: Mapping[str, Any], signer: Signer) -> str:
    """Return the signature of an edition; uses the key and touches no database.

    Raises:
        SignerFaultError: The signer returned no signature of its key.
    """
    header = jws.protected_header(alg=signer.alg, typ=EDITION_TYPE, kid=signer.kid)
    token = jws.sign(header, json.dumps(claims).encode(), signer)
    key = public_key(signer.public_jwk)
    if not jws.verify_signature(jws.split(token.encode()), key):
        raise SignerFaultError(f"{signer.kid} did not sign with its key.")
    return token


def keep_signature(session: Session, owner: str, digest: str, token: str) -> None:
    """Keep the first signature of an edition. The caller owns the transaction."""
    session.execute(
        update(Edition)
        .where(
            Edition.authority_id == owner,
            Edition.digest == digest,
            Edition.signature.is_(None),
        )
        .values(signature=token)
    )


def require_signature(
    token: str, digest: str, keys: Iterable[IssuerKey | PublicKey]
) -> None:
    """Refuse a signature that is not over this edition by one of these keys.

    Args:
        token: The signature.
        digest: Of the edition, computed from its rows.
        keys: Of who may vouch for it.

    Raises:
        EditionSignatureError: It is no such signature.
    """
    try:
        signature = jws.split(token.strip().encode())
        claims = parse_object(signature.payload)
    except (MalformedTokenError, ValueError) as error:
        raise EditionSignatureError("This is no signature of an edition.") from error
    if signature.header.get("typ") != EDITION_TYPE:
        raise EditionSignatureError("The token is not the signature of an edition.")
    if claims.get("digest") != digest:
        raise EditionSignatureError(
            f"The signature is over {claims.get('digest')}, and the rows have {digest}."
        )
    named = str(signature.header.get("kid", "")).rpartition("#")[2]
    for key in keys:
        material = public_key(key.public_jwk) if isinstance(key, IssuerKey) else key
        if material.thumbprint == named and jws.verify_signature(signature, material):
            return
    raise EditionSignatureError(
        f"It is signed by {signature.header.get('kid')}, a key that is not known here."
    )
