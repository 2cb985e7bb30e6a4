"""Ending the life of a key: retired as planned, or because it was compromised."""

from datetime import datetime

from sqlalchemy.orm import Session

from recognition_service.authorities.errors import KeyRetiredError
from recognition_service.authorities.key_life import KeyState, state_of
from recognition_service.authorities.keys import get_key, lock_keys, note
from recognition_service.authorities.models import KeyRecord
from recognition_service.authorities.rotate_keys import bring_forward
from recognition_service.clock import format_instant
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import KeyPurpose

_LIVING = frozenset({KeyState.ANNOUNCED, KeyState.ACTIVE})


def retire_key(
    session: Session, authority_id: str, thumbprint: str, *, actor: str, now: datetime
) -> bool:
    """Let a key sign nothing from now on. The caller owns the transaction.

    What it signed before stays good. A key that was announced takes over at once.

    Returns:
        Whether another key signs in its place.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        KeyNotFoundError: The authority has no such key.
        KeyRetiredError: It signs nothing already.
    """
    lock_keys(session, authority_id)
    key = get_key(session, authority_id, thumbprint)
    if state_of(key, now) not in _LIVING:
        since = format_instant(key.retired_at or now)
        raise KeyRetiredError(f"The key {thumbprint} signs nothing since {since}.")
    key.retired_at = now
    content = {"retired_at": format_instant(now)}
    note(session, key, "key.retired", content, actor=actor, now=now)
    return _succeeded(session, key, actor=actor, now=now)


def mark_compromised(
    session: Session,
    authority_id: str,
    thumbprint: str,
    *,
    at: datetime,
    actor: str,
    now: datetime,
) -> bool:
    """State since when a key may have been in other hands; it stops signing now.

    The caller owns the transaction. The earliest date that was ever stated holds. A
    key that was announced takes over at once.

    Returns:
        Whether a new key must be made, because this one was in use and none follows.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        KeyNotFoundError: The authority has no such key.
    """
    lock_keys(session, authority_id)
    key = get_key(session, authority_id, thumbprint)
    was_living = state_of(key, now) in _LIVING
    key.compromised_at = min(at, key.compromised_at or at)
    key.retired_at = min(now, key.retired_at or now)
    content = {"compromised_at": format_instant(key.compromised_at)}
    note(session, key, "key.compromised", content, actor=actor, now=now)
    return was_living and not _succeeded(session, key, actor=actor, now=now)


def _succeeded(session: Session, key: KeyRecord, *, actor: str, now: datetime) -> bool:
    return bring_forward(
        session,
        key.authority_id,
        KeyPurpose(key.purpose),
        Algorithm(key.algorithm),
        actor=actor,
        now=now,
    )
