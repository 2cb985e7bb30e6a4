"""Certificates of keys, for verifiers that know issuers by X.509 only."""

from datetime import datetime

from sqlalchemy.orm import Session

from recognition_service.authorities.errors import KeyRetiredError
from recognition_service.authorities.key_life import KeyState, state_of
from recognition_service.authorities.keys import all_keys, get_key, lock_keys, note
from recognition_service.clock import format_instant


def attach_certificates(
    session: Session,
    authority_id: str,
    thumbprint: str,
    certificates: tuple[str, ...],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Keep the chain of a key; tokens and published keys carry it from now on.

    The caller owns the transaction and has checked the chain. A chain that was kept
    before is replaced; tokens that carry it stay as they are.

    Args:
        session: Of the caller.
        authority_id: Whose key it is.
        thumbprint: Of the key.
        certificates: Base64 of DER, the key's own first, without the trust anchor.
        actor: Who does it.
        now: The present instant.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        KeyNotFoundError: The authority has no such key.
        KeyRetiredError: The key signs nothing any more.
    """
    lock_keys(session, authority_id)
    key = get_key(session, authority_id, thumbprint)
    if state_of(key, now) not in {KeyState.ANNOUNCED, KeyState.ACTIVE}:
        since = format_instant(key.retired_at or now)
        raise KeyRetiredError(f"The key {thumbprint} signs nothing since {since}.")
    key.certificates = list(certificates)
    content = {"certificates": len(certificates)}
    note(session, key, "key.certified", content, actor=actor, now=now)


def certificate_chains(
    session: Session, authority_id: str
) -> dict[str, tuple[str, ...]]:
    """Return the chains of those keys that have one, by thumbprint."""
    return {
        key.thumbprint: tuple(key.certificates)
        for key in all_keys(session, authority_id)
        if key.certificates
    }
