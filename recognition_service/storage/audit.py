"""The audit: who changed what, in the transaction of the change.

Entries are only ever inserted. A sealer links them into one chain per authority;
whatever was altered, removed or slipped in afterwards breaks the chain.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from recognition_service.clock import format_instant
from recognition_service.storage.ids import new_id
from recognition_service.storage.models import (
    AuditCheckpoint,
    AuditEntry,
    AuditPending,
    AuditSeal,
)
from recognition_service.storage.upsert import insert_rows

_BATCH = 1000
_FIRST = "sha256-" + "A" * 43


@dataclass(frozen=True, slots=True)
class ChainReport:
    """How an authority's chain stands.

    Attributes:
        length: Number of sealed entries.
        unsealed: Entries that the sealer has not reached yet.
        broken_at: First position that does not hold, or None.
        head: Chain digest of the last sealed entry.
    """

    authority_id: str
    length: int
    unsealed: int
    broken_at: int | None
    head: str


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """Where a chain ends now, to be signed."""

    authority_id: str
    position: int
    chain_digest: str

    def claims(self, now: datetime) -> dict[str, Any]:
        """Return what a checkpoint says."""
        return {
            "authority": self.authority_id,
            "position": self.position,
            "chain_digest": self.chain_digest,
            "at": format_instant(now),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """One of several changes that are written down together.

    Attributes:
        subject: What was changed, as "<kind>/<id>".
        content: No personal data: ids, codes and digests only.
    """

    action: str
    subject: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry that has its place in the chain of its authority.

    Attributes:
        position: Counted from 1 without gaps, in the order in which it was sealed.
    """

    position: int
    id: UUID
    at: datetime
    actor: str
    action: str
    subject: str
    content: Mapping[str, Any]


def append(
    session: Session,
    authority_id: str,
    *,
    actor: str,
    action: str,
    subject: str,
    content: Mapping[str, Any],
    now: datetime,
) -> None:
    """Write down a change. The caller owns the transaction.

    If this fails, the change fails with it. `content` holds no personal data: ids,
    codes and digests only.
    """
    change = Change(action, subject, content)
    append_many(session, authority_id, (change,), actor=actor, now=now)


def append_many(
    session: Session,
    authority_id: str,
    changes: Iterable[Change],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write down many changes in their order. The caller owns the transaction.

    If this fails, the changes fail with it.
    """
    entries = [
        {
            "authority_id": authority_id,
            "id": new_id(now),
            "at": now,
            "actor": actor,
            "action": change.action,
            "subject": change.subject,
            "content": dict(change.content),
        }
        for change in changes
    ]
    if not entries:
        return
    for entry in entries:
        entry["digest"] = _entry_digest(entry)
    insert_rows(session, AuditEntry, entries)
    insert_rows(
        session,
        AuditPending,
        [{"authority_id": authority_id, "id": entry["id"]} for entry in entries],
    )


def seal(session: Session, authority_id: str) -> int:
    """Link the unsealed entries of an authority into its chain.

    The caller owns the transaction. At most 1,000 entries are sealed at a time.

    Returns:
        How many entries were sealed.
    """
    last = session.execute(
        select(AuditSeal.position, AuditSeal.chain_digest)
        .where(AuditSeal.authority_id == authority_id)
        .order_by(AuditSeal.position.desc())
        .limit(1)
        .with_for_update()
    ).first()
    position, head = (last.position, last.chain_digest) if last else (0, _FIRST)
    entries = session.execute(
        select(AuditEntry.id, AuditEntry.digest)
        .join(
            AuditPending,
            and_(
                AuditPending.authority_id == AuditEntry.authority_id,
                AuditPending.id == AuditEntry.id,
            ),
        )
        .where(AuditPending.authority_id == authority_id)
        .order_by(AuditEntry.at, AuditEntry.id)
        .limit(_BATCH)
    ).all()
    links = []
    for entry in entries:
        position += 1
        head = _link(head, entry.digest)
        links.append(
            {
                "authority_id": authority_id,
                "position": position,
                "entry_id": entry.id,
                "chain_digest": head,
            }
        )
    if links:
        insert_rows(session, AuditSeal, links)
        session.execute(
            delete(AuditPending).where(
                AuditPending.authority_id == authority_id,
                AuditPending.id.in_([entry.id for entry in entries]),
            )
        )
    return len(entries)


def authorities_to_seal(session: Session) -> list[str]:
    """Return the authorities that have unsealed entries."""
    return list(session.scalars(select(AuditPending.authority_id).distinct()))


def chain_length(session: Session, authority_id: str) -> int:
    """Return how many entries of an authority are sealed."""
    length = session.scalar(
        select(func.max(AuditSeal.position)).where(
            AuditSeal.authority_id == authority_id
        )
    )
    return length or 0


def sealed_after(
    session: Session, authority_id: str, position: int, *, limit: int
) -> list[SealedEntry]:
    """Return the sealed entries of an authority after a position, in their order.

    Whoever reads on from the last one misses nothing: an entry that is committed later
    gets a later position, whatever its id and instant.
    """
    rows = session.execute(
        select(
            AuditSeal.position,
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.actor,
            AuditEntry.action,
            AuditEntry.subject,
            AuditEntry.content,
        )
        .join(AuditEntry, _same_entry())
        .where(AuditSeal.authority_id == authority_id, AuditSeal.position > position)
        .order_by(AuditSeal.position)
        .limit(limit)
    )
    return [SealedEntry(*row) for row in rows]


def count_actions(session: Session, actions: tuple[str, ...]) -> int:
    """Return how often one of these actions was written down, by anybody."""
    number = session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.action.in_(actions))
    )
    return number or 0


def unsigned_end(session: Session, authority_id: str) -> ChainEnd | None:
    """Return where an authority's chain ends, unless that was signed already."""
    end = session.scalars(
        select(AuditSeal)
        .where(AuditSeal.authority_id == authority_id)
        .order_by(AuditSeal.position.desc())
        .limit(1)
    ).first()
    if end is None:
        return None
    if session.get(AuditCheckpoint, (authority_id, end.position)) is not None:
        return None
    return ChainEnd(authority_id, end.position, end.chain_digest)


def keep_checkpoint(
    session: Session, end: ChainEnd, token: str, *, now: datetime
) -> None:
    """Keep the signature over an end of a chain. The caller owns the transaction."""
    session.add(
        AuditCheckpoint(
            authority_id=end.authority_id,
            position=end.position,
            chain_digest=end.chain_digest,
            at=now,
            token=token,
        )
    )


def verify_chain(session: Session, authority_id: str) -> ChainReport:
    """Recompute an authority's chain from its entries and its signed ends.

    A chain that was cut off at its end is found by a checkpoint beyond it.
    """
    head, expected, broken_at = _FIRST, 0, None
    signed = _signed_ends(session, authority_id)
    rows = session.execute(
        select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, _same_entry())
        .where(AuditSeal.authority_id == authority_id)
        .order_by(AuditSeal.position)
    )
    for row in rows:
        sealed: AuditSeal = row[0]
        entry: AuditEntry | None = row[1]
        expected += 1
        whole = entry is not None and _entry_digest(vars(entry)) == entry.digest
        head = _link(head, entry.digest if entry is not None else "")
        if broken_at is None and not (
            whole
            and sealed.position == expected
            and sealed.chain_digest == head
            and signed.get(expected, head) == head
        ):
            broken_at = sealed.position
    beyond = [position for position in signed if position > expected]
    if broken_at is None and beyond:
        broken_at = min(beyond)
    unsealed = session.scalar(
        select(func.count()).select_from(_unsealed(authority_id).subquery())
    )
    return ChainReport(authority_id, expected, unsealed or 0, broken_at, head)


def _signed_ends(session: Session, authority_id: str) -> dict[int, str]:
    """Return the chain digests that checkpoints have signed, by position."""
    rows = session.execute(
        select(AuditCheckpoint.position, AuditCheckpoint.chain_digest).where(
            AuditCheckpoint.authority_id == authority_id
        )
    )
    return {row.position: row.chain_digest for row in rows}


def _same_entry() -> Any:
    return and_(
        AuditSeal.authority_id == AuditEntry.authority_id,
        AuditSeal.entry_id == AuditEntry.id,
    )


def _unsealed(authority_id: str) -> Any:
    return (
        select(AuditEntry)
        .outerjoin(AuditSeal, _same_entry())
        .where(AuditEntry.authority_id == authority_id, AuditSeal.position.is_(None))
        .order_by(AuditEntry.at, AuditEntry.id)
    )


def _entry_digest(entry: Mapping[str, Any]) -> str:
    return _digest(
        orjson.dumps(
            [
                entry["authority_id"],
                str(entry["id"]),
                format_instant(entry["at"]),
                entry["actor"],
                entry["action"],
                entry["subject"],
                entry["content"],
            ],
            option=orjson.OPT_SORT_KEYS,
        )
    )


def _link(head: str, digest: str) -> str:
    return _digest(f"{head} {digest}".encode())


def _digest(content: bytes) -> str:
    raw = hashlib.sha256(content).digest()
    return "sha256-" + urlsafe_b64encode(raw).rstrip(b"=").decode()
