"""The same request twice has the effect of one.

Source: draft-ietf-httpapi-idempotency-key-header-07.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from recognition_service.storage.errors import (
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
)
from recognition_service.storage.models import IdempotentRequest
from recognition_service.storage.upsert import insert_for

KEPT_FOR = timedelta(hours=24)
_ABANDONED_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What the first request was answered."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Return what makes two requests the same, apart from their key."""
    raw = hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).digest()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def begin(
    session: Session, authority_id: str, key: str, *, print_: str, now: datetime
) -> SavedAnswer | None:
    """Claim a key, or return the answer that was given under it.

    The caller owns the transaction and commits before doing the work. A claim
    whose work never ended (a crash) is free again after two minutes.

    Raises:
        IdempotencyKeyReusedError: The key was used for another request.
        IdempotencyInProgressError: The first request is still running.
    """
    session.execute(
        delete(IdempotentRequest).where(
            IdempotentRequest.authority_id == authority_id,
            IdempotentRequest.key == key,
            IdempotentRequest.expires_at <= now,
        )
    )
    claimed = session.scalar(
        insert_for(session, IdempotentRequest)
        .values(
            authority_id=authority_id,
            key=key,
            fingerprint=print_,
            created_at=now,
            expires_at=now + KEPT_FOR,
        )
        .on_conflict_do_nothing()
        .returning(IdempotentRequest.key)
    )
    if claimed is not None:
        return None
    row = session.get_one(IdempotentRequest, (authority_id, key), with_for_update=True)
    if row.fingerprint != print_:
        raise IdempotencyKeyReusedError(
            "This Idempotency-Key was sent with another request before.",
            ({"parameter": "Idempotency-Key", "code": "reused"},),
        )
    if row.status_code is not None:
        return SavedAnswer(row.status_code, row.headers or {}, row.body or b"")
    if row.created_at + _ABANDONED_AFTER > now:
        raise IdempotencyInProgressError("The first request is still running.")
    row.created_at = now
    return None


def save(session: Session, authority_id: str, key: str, answer: SavedAnswer) -> None:
    """Keep the answer for the next time. The caller commits."""
    row = session.get(IdempotentRequest, (authority_id, key))
    if row is not None:
        row.status_code = answer.status_code
        row.headers = dict(answer.headers)
        row.body = answer.body


def release(session: Session, authority_id: str, key: str) -> None:
    """Forget a claim whose request failed without an effect. The caller commits."""
    session.execute(
        delete(IdempotentRequest).where(
            IdempotentRequest.authority_id == authority_id,
            IdempotentRequest.key == key,
            IdempotentRequest.status_code.is_(None),
        )
    )


def forget_expired(session: Session, *, now: datetime) -> None:
    """Delete what need not be kept any longer. The caller commits."""
    session.execute(
        delete(IdempotentRequest).where(IdempotentRequest.expires_at <= now)
    )
