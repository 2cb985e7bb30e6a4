"""The public halves of an authority's keys: recorded, and found again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from recognition_service.authorities.errors import (
    AuthorityNotFoundError,
    KeyNotFoundError,
    NoActiveKeyError,
)
from recognition_service.authorities.key_life import signing
from recognition_service.authorities.models import Authority, KeyRecord
from recognition_service.clock import format_instant
from recognition_service.credentials import jwk
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.storage import audit
from recognition_service.storage.prepared import Glance, Prepared

OVERLAP = timedelta(minutes=10)
"""How long a key is published before it signs: twice as long as the published keys
of an issuer may be kept by who fetched them."""


class ActiveKey(NamedTuple):
    """A key that may sign now, as `KeyRecord` explains its members."""

    thumbprint: str
    algorithm: str
    public_jwk: dict[str, Any]
    certificates: list[str] | None
    created_at: datetime
    active_from: datetime
    retired_at: datetime | None
    compromised_at: datetime | None


_LINE = Prepared(
    lambda _: select(*(getattr(KeyRecord, name) for name in ActiveKey._fields)).where(
        KeyRecord.authority_id == bindparam("authority_id"),
        KeyRecord.purpose == bindparam("purpose"),
        KeyRecord.algorithm == bindparam("algorithm"),
    )
)


def record_key(
    session: Session,
    authority_id: str,
    public_jwk: Mapping[str, str],
    *,
    purpose: KeyPurpose,
    active_from: datetime,
    actor: str,
    now: datetime,
) -> KeyRecord:
    """Publish a key that will sign from an instant on. The caller owns the transaction.

    What that means for the other keys of its line is decided by `rotate_keys`.
    """
    key = jwk.public_key(public_jwk)
    record = KeyRecord(
        authority_id=authority_id,
        thumbprint=key.thumbprint,
        purpose=purpose,
        algorithm=key.algorithm,
        public_jwk=dict(key.jwk),
        created_at=now,
        active_from=active_from,
    )
    session.add(record)
    session.flush()
    content = {
        "purpose": purpose.value,
        "algorithm": key.algorithm.value,
        "active_from": format_instant(active_from),
    }
    note(session, record, "key.created", content, actor=actor, now=now)
    return record


def active_key(
    session: Session | Glance,
    authority_id: str,
    purpose: KeyPurpose,
    now: datetime,
    algorithm: Algorithm = Algorithm.ES256,
) -> ActiveKey:
    """Return the one key that may sign for a purpose now.

    Raises:
        NoActiveKeyError: All are retired, compromised or only announced, or there is
            none.
    """
    line = _LINE.all(
        session,
        authority_id=authority_id,
        purpose=purpose.value,
        algorithm=algorithm.value,
    )
    key = signing((ActiveKey(*row) for row in line), now)
    if key is None:
        kind = "" if algorithm is Algorithm.ES256 else f"{algorithm} "
        raise NoActiveKeyError(
            f"{authority_id} has no {kind}key for {purpose} that may sign now."
        )
    return key


def may_seal(session: Session, authority_id: str, thumbprint: str) -> bool:
    """Tell whether a key may still sign what was reserved for it while it was active.

    It may after its retirement too, as the token bears the earlier instant; a
    compromised key signs nothing any more.
    """
    key = session.get(KeyRecord, (authority_id, thumbprint))
    return key is not None and key.compromised_at is None


def all_keys(session: Session, authority_id: str) -> list[KeyRecord]:
    """Return every key that the authority ever had, oldest first."""
    return list(
        session.scalars(
            select(KeyRecord)
            .where(KeyRecord.authority_id == authority_id)
            .order_by(KeyRecord.created_at, KeyRecord.active_from, KeyRecord.thumbprint)
        )
    )


def keys_in_line(
    session: Session, authority_id: str, purpose: KeyPurpose, algorithm: Algorithm
) -> list[KeyRecord]:
    """Return every key that the authority ever had for one purpose and algorithm."""
    return [
        key
        for key in all_keys(session, authority_id)
        if (key.purpose, key.algorithm) == (purpose, algorithm)
    ]


def get_key(session: Session, authority_id: str, thumbprint: str) -> KeyRecord:
    """Return a key of an authority.

    Raises:
        KeyNotFoundError: The authority has no such key.
    """
    key = session.get(KeyRecord, (authority_id, thumbprint))
    if key is None:
        raise KeyNotFoundError(f"{authority_id} has no key {thumbprint}.")
    return key


def lock_keys(session: Session, authority_id: str) -> None:
    """Let nobody else change keys of an authority until the transaction ends.

    Raises:
        AuthorityNotFoundError: There is no such authority.
    """
    if session.get(Authority, authority_id, with_for_update=True) is None:
        raise AuthorityNotFoundError(f"There is no authority {authority_id}.")


def note(
    session: Session,
    key: KeyRecord,
    action: str,
    content: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write a change of a key down in the audit."""
    audit.append(
        session,
        key.authority_id,
        actor=actor,
        action=action,
        subject=f"key/{key.thumbprint}",
        content=content,
        now=now,
    )
