"""The operator's own keys: for the trust list, and for the shared editions.

They belong to no authority. One of each purpose signs at a time; what a retired one has
signed stays signed.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.models import TrustKey
from recognition_service.authorities.trust import key_id
from recognition_service.credentials import jwk
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.storage import audit
from recognition_service.storage.base import PLATFORM


def record_operator_key(
    session: Session,
    public_jwk: Mapping[str, str],
    purpose: KeyPurpose,
    *,
    actor: str,
    now: datetime,
) -> str:
    """Announce a key of the operator, retire the others; return its thumbprint.

    The caller owns the transaction.
    """
    key = jwk.public_key(public_jwk)
    for other in operator_keys(session, purpose):
        other.retired_at = other.retired_at or now
    session.add(
        TrustKey(
            thumbprint=key.thumbprint,
            purpose=purpose,
            algorithm=key.algorithm,
            public_jwk=dict(key.jwk),
            created_at=now,
        )
    )
    audit.append(
        session,
        PLATFORM,
        actor=actor,
        action=f"{purpose}_key.created",
        subject=f"{purpose}_key/{key.thumbprint}",
        content={},
        now=now,
    )
    return key.thumbprint


def active_operator_key(session: Session, purpose: KeyPurpose) -> TrustKey | None:
    """Return the key that signs for a purpose, or None before the first was made."""
    in_use = [key for key in operator_keys(session, purpose) if key.retired_at is None]
    return in_use[0] if in_use else None


def operator_keys(
    session: Session, purpose: KeyPurpose | None = None
) -> list[TrustKey]:
    """Return every key that the operator ever had, oldest first."""
    query = select(TrustKey).order_by(TrustKey.created_at, TrustKey.thumbprint)
    if purpose is not None:
        query = query.where(TrustKey.purpose == purpose)
    return list(session.scalars(query))


def published_operator_keys(
    session: Session, issuer: str, purpose: KeyPurpose
) -> tuple[IssuerKey, ...]:
    """Return every key of a purpose as a key document shows it."""
    return tuple(
        IssuerKey(
            kid=key_id(issuer, row.thumbprint),
            purpose=purpose,
            alg=row.algorithm,
            public_jwk=row.public_jwk,
            valid_from=row.created_at,
            retired_at=row.retired_at,
        )
        for row in operator_keys(session, purpose)
    )
