"""Making a key the next of its line: announced first, then it takes over.

A verifier that fetched the issuer's keys a moment ago must not meet one that it does
not know. So a new key is published some minutes before it signs, and the one before it
signs until that very instant.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from recognition_service.authorities.errors import KeyInUseError
from recognition_service.authorities.key_life import living
from recognition_service.authorities.keys import (
    keys_in_line,
    lock_keys,
    note,
    record_key,
)
from recognition_service.authorities.models import KeyRecord
from recognition_service.clock import format_instant
from recognition_service.credentials.jwk import Algorithm, public_key
from recognition_service.credentials.signer import KeyPurpose


def create_key(
    session: Session,
    authority_id: str,
    public_jwk: Mapping[str, str],
    *,
    purpose: KeyPurpose,
    active_from: datetime | None,
    actor: str,
    now: datetime,
) -> KeyRecord:
    """Give an authority its first key of a line, or its next from an instant on.

    The caller owns the transaction. With `active_from` None the key signs at once.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        KeyInUseError: Another key signs, and no instant was given to take over.
    """
    lock_keys(session, authority_id)
    algorithm = public_key(public_jwk).algorithm
    if active_from is None:
        require_no_key(session, authority_id, purpose, algorithm, now)
    return _introduce(
        session,
        authority_id,
        public_jwk,
        purpose=purpose,
        active_from=max(active_from or now, now),
        actor=actor,
        now=now,
    )


def require_no_key(
    session: Session,
    authority_id: str,
    purpose: KeyPurpose,
    algorithm: Algorithm,
    now: datetime,
) -> None:
    """Make sure that no key of a line signs or is announced.

    Raises:
        KeyInUseError: One does or is.
    """
    line = keys_in_line(session, authority_id, purpose, algorithm)
    for key in living(line, now):
        raise KeyInUseError(
            f"{authority_id} has the key {key.thumbprint} for {purpose}; rotate it, "
            "or say from when on the new one signs."
        )


def rotate_key(
    session: Session,
    authority_id: str,
    public_jwk: Mapping[str, str],
    *,
    purpose: KeyPurpose,
    overlap: timedelta,
    actor: str,
    now: datetime,
) -> KeyRecord:
    """Let a new key take over after an overlap. The caller owns the transaction.

    Where no key signs now there is nobody to wait for, and it signs at once. A key
    that was announced for later than the new one is given up.

    Raises:
        AuthorityNotFoundError: There is no such authority.
    """
    lock_keys(session, authority_id)
    algorithm = public_key(public_jwk).algorithm
    line = keys_in_line(session, authority_id, purpose, algorithm)
    first = next(iter(living(line, now)), None)
    has_predecessor = first is not None and first.active_from <= now
    return _introduce(
        session,
        authority_id,
        public_jwk,
        purpose=purpose,
        active_from=now + overlap if has_predecessor else now,
        actor=actor,
        now=now,
    )


def bring_forward(
    session: Session,
    authority_id: str,
    purpose: KeyPurpose,
    algorithm: Algorithm,
    *,
    actor: str,
    now: datetime,
) -> bool:
    """Close the gap that the end of a key leaves in its line.

    The caller owns the transaction. An announced key signs at once if no other does;
    a key that waited for one that was given up stays in use.

    Returns:
        Whether a key signs now.
    """
    line = keys_in_line(session, authority_id, purpose, algorithm)
    first = next(iter(living(line, now)), None)
    if first is None:
        return False
    if first.active_from > now:
        first.active_from = now
        content = {"active_from": format_instant(now)}
        note(session, first, "key.brought_forward", content, actor=actor, now=now)
    _link(session, line, actor=actor, now=now)
    return True


def _introduce(
    session: Session,
    authority_id: str,
    public_jwk: Mapping[str, str],
    *,
    purpose: KeyPurpose,
    active_from: datetime,
    actor: str,
    now: datetime,
) -> KeyRecord:
    algorithm = public_key(public_jwk).algorithm
    line = keys_in_line(session, authority_id, purpose, algorithm)
    for key in living(line, now):
        if key.active_from >= active_from:
            _end(session, key, now, actor=actor, now=now)
    new = record_key(
        session,
        authority_id,
        public_jwk,
        purpose=purpose,
        active_from=active_from,
        actor=actor,
        now=now,
    )
    _link(session, [*line, new], actor=actor, now=now)
    return new


def _link(
    session: Session, line: list[KeyRecord], *, actor: str, now: datetime
) -> None:
    """Let each living key of a line end when the next begins, the last one never."""
    chain = living(line, now)
    for key, successor in pairwise(chain):
        # Never before now: what it has signed until now stays good.
        ends_at = max(successor.active_from, now)
        if key.retired_at != ends_at:
            _end(session, key, ends_at, actor=actor, now=now)
    if chain and chain[-1].retired_at is not None:
        chain[-1].retired_at = None
        note(session, chain[-1], "key.kept_in_use", {}, actor=actor, now=now)


def _end(
    session: Session, key: KeyRecord, at: datetime, *, actor: str, now: datetime
) -> None:
    key.retired_at = at
    content = {"retired_at": format_instant(at)}
    note(session, key, "key.retired", content, actor=actor, now=now)
