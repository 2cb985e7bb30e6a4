"""The public halves of an authority's keys, each with its whole life."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.errors import KeyNotFoundError, NoActiveKeyError
from recognition_service.authorities.models import KeyRecord
from recognition_service.credentials import jwk
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.storage import audit


def record_key(
    session: Session,
    authority_id: str,
    public_jwk: Mapping[str, str],
    *,
    purpose: KeyPurpose,
    actor: str,
    now: datetime,
) -> str:
    """Announce a key and return its thumbprint. The caller owns the transaction."""
    key = jwk.public_key(public_jwk)
    session.add(
        KeyRecord(
            authority_id=authority_id,
            thumbprint=key.thumbprint,
            purpose=purpose,
            algorithm=key.algorithm,
            public_jwk=dict(key.jwk),
            created_at=now,
            active_from=now,
        )
    )
    _note(session, authority_id, key.thumbprint, "key.created", actor=actor, now=now)
    return key.thumbprint


def active_key(
    session: Session, authority_id: str, purpose: KeyPurpose, now: datetime
) -> KeyRecord:
    """Return the newest key that may sign for a purpose now.

    Raises:
        NoActiveKeyError: All are retired or compromised, or there is none.
    """
    usable = [
        key
        for key in all_keys(session, authority_id)
        if key.purpose == purpose
        and key.active_from <= now
        and (key.retired_at is None or key.retired_at > now)
        and key.compromised_at is None
    ]
    if not usable:
        raise NoActiveKeyError(
            f"{authority_id} has no key for {purpose} that may sign now."
        )
    return usable[-1]


def retire_keys(
    session: Session,
    authority_id: str,
    purpose: KeyPurpose,
    *,
    except_for: str,
    actor: str,
    now: datetime,
) -> None:
    """Retire all keys of a purpose but one. The caller owns the transaction."""
    for key in all_keys(session, authority_id):
        if (
            key.purpose == purpose
            and key.thumbprint != except_for
            and key.retired_at is None
        ):
            key.retired_at = now
            _note(
                session,
                authority_id,
                key.thumbprint,
                "key.retired",
                actor=actor,
                now=now,
            )


def mark_compromised(
    session: Session,
    authority_id: str,
    thumbprint: str,
    *,
    at: datetime,
    actor: str,
    now: datetime,
) -> None:
    """State since when a key may have been in other hands.

    The caller owns the transaction. The earliest date that was ever stated holds.

    Raises:
        KeyNotFoundError: The authority has no such key.
    """
    key = session.get(KeyRecord, (authority_id, thumbprint), with_for_update=True)
    if key is None:
        raise KeyNotFoundError(f"{authority_id} has no key {thumbprint}.")
    key.compromised_at = min(at, key.compromised_at or at)
    key.retired_at = min(now, key.retired_at or now)
    _note(session, authority_id, thumbprint, "key.compromised", actor=actor, now=now)


def all_keys(session: Session, authority_id: str) -> list[KeyRecord]:
    """Return every key that the authority ever had, oldest first."""
    return list(
        session.scalars(
            select(KeyRecord)
            .where(KeyRecord.authority_id == authority_id)
            .order_by(KeyRecord.created_at, KeyRecord.thumbprint)
        )
    )


def _note(
    session: Session,
    authority_id: str,
    thumbprint: str,
    action: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    audit.append(
        session,
        authority_id,
        actor=actor,
        action=action,
        subject=f"key/{thumbprint}",
        content={},
        now=now,
    )
