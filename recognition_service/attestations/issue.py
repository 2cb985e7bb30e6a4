"""Issuing in three steps: reserve, seal, record.

`reserve` and `record` are short transactions; between them `seal` uses the key and
no transaction is open. What was reserved and never recorded (somebody pulled the
plug) is finished later from the very same payload, or given up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.forms import message_of, plain_header
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyFormat,
    CopyState,
    TokenHeader,
)
from recognition_service.attestations.packing import unpack
from recognition_service.attestations.status import supersede
from recognition_service.credentials.errors import SignerFaultError
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.jws import is_signature
from recognition_service.credentials.signer import Signer
from recognition_service.storage import audit
from recognition_service.storage.audit import Change
from recognition_service.storage.prepared import Prepared, among

SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Intent:
    """A reserved copy that waits for its signature.

    Attributes:
        thumbprint: Names the key in the key store.
        kid: Names the key in the world: "{issuer}#{thumbprint}".
        message: The exact bytes to sign.
        payload_digest: Digest of the payload, for the audit.
    """

    authority_id: str
    attestation_id: UUID
    copy_id: UUID
    thumbprint: str
    kid: str
    message: bytes
    payload_digest: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A copy with its signature, which its public key has verified."""

    intent: Intent
    signature: bytes


def seal(intent: Intent, signer: Signer) -> Sealed:
    """Sign a reserved copy; uses the key and touches no database.

    Raises:
        SignerFaultError: The key made something that its public half does not
            verify, or it is another key than the reserved one.
    """
    if signer.kid != intent.kid:
        raise SignerFaultError("another_key")
    signature = signer.sign(intent.message)
    if not is_signature(signature, intent.message, public_key(signer.public_jwk)):
        raise SignerFaultError("not_verified")
    return Sealed(intent, signature)


def record(
    session: Session, sealed: Sequence[Sealed], *, actor: str, now: datetime
) -> list[UUID]:
    """Keep signatures of one authority and count its attestations as issued.

    The caller owns the transaction. Recording the same intent twice keeps the
    first signature. An attestation that supersedes another does so now.

    Returns:
        The attestations that were issued by this, without those that were before.
    """
    if not sealed:
        return []
    authority_id = sealed[0].intent.authority_id
    waiting = _still_reserved(session, authority_id, sealed)
    fresh = [each for each in sealed if each.intent.copy_id in waiting]
    if not fresh:
        return []
    _KEEP_SIGNATURE.run_many(
        session,
        [
            {
                "_authority": authority_id,
                "_copy": each.intent.copy_id,
                "_signature": each.signature,
                "_now": now,
            }
            for each in fresh
        ],
    )
    issued = _count_as_issued(session, authority_id, fresh, now)
    audit.append_many(
        session,
        authority_id,
        (
            Change(
                "attestation.issued",
                f"attestation/{each.intent.attestation_id}",
                {
                    "copy": str(each.intent.copy_id),
                    "payload_digest": each.intent.payload_digest,
                },
            )
            for each in fresh
        ),
        actor=actor,
        now=now,
    )
    for attestation_id in issued:
        if issued[attestation_id] is not None:
            attestation = session.get_one(Attestation, (authority_id, attestation_id))
            supersede(session, attestation, actor=actor, now=now)
    return list(issued)


def unfinished(
    session: Session, *, before: datetime, limit: int = 1000
) -> list[Intent]:
    """Return what was reserved before an instant and never recorded."""
    rows = session.execute(
        _reserved_copies()
        .where(Copy.reserved_at < before)
        .order_by(Copy.reserved_at, Copy.id)
        .limit(limit)
    )
    return [_intent(row) for row in rows]


def intents_of(
    session: Session, authority_id: str, attestations: Sequence[UUID]
) -> list[Intent]:
    """Return the copies of some attestations that still wait for a signature."""
    rows = session.execute(
        _reserved_copies()
        .where(Copy.authority_id == authority_id, Copy.attestation_id.in_(attestations))
        .order_by(Copy.id)
    )
    return [_intent(row) for row in rows]


def void(session: Session, intent: Intent, *, now: datetime) -> None:
    """Give up a reserved copy whose key can no longer be used.

    The caller owns the transaction. Its place in the list is never used again.
    """
    copy = session.get_one(
        Copy, (intent.authority_id, intent.copy_id), with_for_update=True
    )
    if copy.state == CopyState.RESERVED:
        copy.state = CopyState.VOID
        audit.append(
            session,
            intent.authority_id,
            actor=SERVICE,
            action="attestation.voided",
            subject=f"attestation/{intent.attestation_id}",
            content={"copy": str(copy.id)},
            now=now,
        )


_KEEP_SIGNATURE = Prepared(
    lambda _: (
        update(Copy)
        .where(
            Copy.authority_id == bindparam("_authority"), Copy.id == bindparam("_copy")
        )
        .values(
            signature=bindparam("_signature"),
            state=CopyState.ISSUED.value,
            issued_at=bindparam("_now"),
        )
    )
)
_STILL_RESERVED = Prepared(
    lambda dialect: (
        select(Copy.id)
        .where(
            Copy.authority_id == bindparam("authority_id"),
            among(Copy.id, "copies", dialect),
            Copy.state == CopyState.RESERVED.value,
        )
        .with_for_update()
    )
)
_COUNT_AS_ISSUED = Prepared(
    lambda dialect: (
        update(Attestation)
        .where(
            Attestation.authority_id == bindparam("_authority"),
            among(Attestation.id, "_attestations", dialect),
            Attestation.issued_at.is_(None),
        )
        .values(issued_at=bindparam("_now"))
        .returning(Attestation.id, Attestation.supersedes)
    )
)


def _still_reserved(
    session: Session, authority_id: str, sealed: Sequence[Sealed]
) -> set[UUID]:
    copies = [each.intent.copy_id for each in sealed]
    rows = _STILL_RESERVED.all(session, authority_id=authority_id, copies=copies)
    return {copy_id for (copy_id,) in rows}


def _count_as_issued(
    session: Session, authority_id: str, sealed: Sequence[Sealed], now: datetime
) -> dict[UUID, UUID | None]:
    """Return the attestations that were issued now, each with what it supersedes."""
    rows = _COUNT_AS_ISSUED.all(
        session,
        _authority=authority_id,
        _attestations={each.intent.attestation_id for each in sealed},
        _now=now,
    )
    return dict(rows)


def _reserved_copies() -> Select[str, UUID, UUID, str, str, bytes, str, str | None]:
    return (
        select(
            Copy.authority_id,
            Copy.attestation_id,
            Copy.id,
            Copy.format,
            Copy.kid,
            Copy.payload,
            Copy.payload_digest,
            TokenHeader.segment,
        )
        .outerjoin(
            TokenHeader,
            and_(
                TokenHeader.authority_id == Copy.authority_id,
                TokenHeader.digest == Copy.header,
            ),
        )
        .where(Copy.state == CopyState.RESERVED)
    )


def _intent(stored: Row[str, UUID, UUID, str, str, bytes, str, str | None]) -> Intent:
    authority_id, attestation_id, copy_id, kind, kid, payload, digest, segment = stored
    header = (segment or "").encode() or plain_header(CopyFormat(kind), kid)
    return Intent(
        authority_id,
        attestation_id,
        copy_id,
        kid.rpartition("#")[2],
        kid,
        message_of(CopyFormat(kind), header, unpack(payload)),
        digest,
    )
