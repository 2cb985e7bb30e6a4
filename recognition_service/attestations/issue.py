"""Issuing in three steps: reserve, seal, record.

`reserve` and `record` are short transactions; between them `seal` uses the key and
no transaction is open. What was reserved and never recorded (somebody pulled the
plug) is finished later from the very same payload, or given up.
"""

import hashlib
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.claims import claims_of
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.errors import AlreadyAttestedError
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyState,
    Status,
)
from recognition_service.attestations.places import status_uri, take_place
from recognition_service.attestations.status import supersede
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.keys import active_key
from recognition_service.authorities.mandates import mandates_of, require_mandate
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.credentials import base64url, jws, vc_jwt
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.errors import SignerFaultError
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.signer import KeyPurpose, Signer
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.numbering import next_number

FORMAT = vc_jwt.TYP
_JTI_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAttestation:
    """What is to be attested.

    Attributes:
        supersedes: An older attestation that this one will replace, or None.
        copy_expires_at: When the copy should be fetched afresh; None: never.
    """

    decision_id: UUID
    request_id: UUID | None
    record: DecisionRecord
    supersedes: UUID | None = None
    copy_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """A reserved copy that waits for its signature.

    Attributes:
        thumbprint: Names the key in the key store.
        kid: Names the key in the token's header.
        payload: The exact bytes to sign.
    """

    authority_id: str
    attestation_id: UUID
    copy_id: UUID
    thumbprint: str
    kid: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """A signed copy; `signature` was verified with the public key."""

    text: str
    signature: bytes


def reserve(
    session: Session,
    authority_id: str,
    new: NewAttestation,
    *,
    public_url: str,
    actor: str,
    now: datetime,
) -> Intent:
    """Reserve a number, a place in a status list and the payload.

    The caller owns the transaction. Where all copies of an earlier reservation were
    given up, the attestation keeps its number and gets another copy.

    Raises:
        AlreadyAttestedError: The decision has an attestation, issued or under way.
        MandateMissingError: No mandate covers the decision.
        NoActiveKeyError: The authority has no key to sign with.
        StatusListFullError: No place was found.
    """
    issuer = issuer_url(public_url, authority_id)
    key = active_key(session, authority_id, KeyPurpose.ATTESTATIONS, now)
    attestation, credential = _draft(session, authority_id, new, public_url, now)
    session.add(attestation)
    session.flush()
    copy = Copy(
        authority_id=authority_id,
        id=new_id(now),
        attestation_id=attestation.id,
        format=FORMAT,
        jti=base64url.encode_text(secrets.token_bytes(_JTI_BYTES)),
        kid=key_id(issuer, key.thumbprint),
        algorithm=key.algorithm,
        state=CopyState.RESERVED,
        reserved_at=now,
        expires_at=new.copy_expires_at,
    )
    list_number, index = take_place(session, copy)
    payload = vc_jwt.payload_bytes(
        credential,
        vc_jwt.CopyClaims(
            jti=copy.jti,
            issued_at=now,
            expires_at=new.copy_expires_at,
            status_uri=status_uri(public_url, authority_id, list_number),
            status_index=index,
        ),
    )
    copy = session.get_one(Copy, (authority_id, copy.id))
    copy.payload, copy.payload_digest = zlib.compress(payload), _digest(payload)
    content = {
        "decision_digest": attestation.decision_digest,
        "payload_digest": copy.payload_digest,
    }
    _note(session, attestation, "attestation.reserved", content, actor=actor, now=now)
    return Intent(
        authority_id, attestation.id, copy.id, key.thumbprint, copy.kid, payload
    )


def seal(intent: Intent, signer: Signer) -> Token:
    """Sign a reserved payload; uses the key and touches no database.

    Raises:
        SignerFaultError: The key made something that its public half does not
            verify, or it is another key than the reserved one.
    """
    if signer.kid != intent.kid:
        raise SignerFaultError("another_key")
    text = vc_jwt.encode_payload(intent.payload, signer)
    parts = jws.split(text.encode())
    if not jws.verify_signature(parts, public_key(signer.public_jwk)):
        raise SignerFaultError("not_verified")
    return Token(text, parts.signature)


def record(
    session: Session, intent: Intent, token: Token, *, actor: str, now: datetime
) -> Attestation:
    """Keep the signature and count the attestation as issued.

    The caller owns the transaction. Recording the same intent twice keeps the
    first signature. An attestation that supersedes another does so now.
    """
    attestation = session.get_one(
        Attestation, (intent.authority_id, intent.attestation_id), with_for_update=True
    )
    copy = session.get_one(Copy, (intent.authority_id, intent.copy_id))
    if copy.state != CopyState.RESERVED:
        return attestation
    copy.signature, copy.state, copy.issued_at = token.signature, CopyState.ISSUED, now
    if attestation.issued_at is None:
        attestation.issued_at = now
    content = {"copy": str(copy.id), "payload_digest": copy.payload_digest}
    _note(session, attestation, "attestation.issued", content, actor=actor, now=now)
    if attestation.supersedes is not None:
        supersede(session, attestation, actor=actor, now=now)
    return attestation


def unfinished(session: Session, *, before: datetime) -> list[Intent]:
    """Return what was reserved before an instant and never recorded."""
    copies = session.scalars(
        select(Copy)
        .where(Copy.state == CopyState.RESERVED, Copy.reserved_at < before)
        .order_by(Copy.reserved_at)
    )
    return [
        Intent(
            copy.authority_id,
            copy.attestation_id,
            copy.id,
            copy.kid.rpartition("#")[2],
            copy.kid,
            zlib.decompress(copy.payload),
        )
        for copy in copies
    ]


def void(session: Session, intent: Intent, *, now: datetime) -> None:
    """Give up a reserved copy whose key can no longer be used.

    The caller owns the transaction. Its place in the list is never used again.
    """
    attestation = session.get_one(
        Attestation, (intent.authority_id, intent.attestation_id), with_for_update=True
    )
    copy = session.get_one(Copy, (intent.authority_id, intent.copy_id))
    if copy.state == CopyState.RESERVED:
        copy.state = CopyState.VOID
        content = {"copy": str(copy.id)}
        _note(
            session,
            attestation,
            "attestation.voided",
            content,
            actor="service",
            now=now,
        )


def signed_digest(session: Session, attestation: Attestation) -> str | None:
    """Return the decision digest in the newest signed payload, None without one.

    The payload as it is stored is what was signed: a token whose payload was altered
    here would no longer verify.
    """
    copy = session.scalars(
        select(Copy)
        .where(
            Copy.authority_id == attestation.authority_id,
            Copy.attestation_id == attestation.id,
            Copy.state == CopyState.ISSUED,
        )
        .order_by(Copy.id.desc())
        .limit(1)
    ).first()
    if copy is None:
        return None
    payload = json.loads(zlib.decompress(copy.payload))
    return str(payload["credentialSubject"]["recognition"]["decisionDigest"])


def token_text(copy: Copy) -> str:
    """Return the exact token of an issued copy."""
    header = jws.protected_header(
        alg=copy.algorithm, typ=vc_jwt.TYP, cty=vc_jwt.CTY, kid=copy.kid
    )
    payload = base64url.encode(zlib.decompress(copy.payload))
    signature = base64url.encode(copy.signature or b"")
    return b".".join((header, payload, signature)).decode()


def _draft(
    session: Session,
    authority_id: str,
    new: NewAttestation,
    public_url: str,
    now: datetime,
) -> tuple[Attestation, dict[str, Any]]:
    """Return the row and its credential, after the mandate was found."""
    authority = get_authority(session, authority_id)
    issuer = issuer_url(public_url, authority_id)
    attestation = _given_up(session, authority_id, new.decision_id) or Attestation(
        authority_id=authority_id,
        id=new_id(now),
        number=next_number(session, authority_id, "ATT", now.year),
        decision_id=new.decision_id,
        request_id=new.request_id,
        record=new.record.as_value(),
        decision_digest=new.record.digest,
        status=Status.VALID,
        status_since=now,
        supersedes=new.supersedes,
        reserved_at=now,
        version=1,
    )

    def credential(mandate: str) -> dict[str, Any]:
        claims = claims_of(
            new.record,
            attestation_id=attestation.id,
            number=attestation.number,
            decision_id=new.decision_id,
            issuer_id=issuer,
            issuer_name=authority.name,
            mandate=mandate,
            time_zone=authority.time_zone,
        )
        attestation.validity_from = claims.validity_from
        attestation.validity_until = claims.validity_until
        return attestation_credential(claims, public_url=public_url)

    # (1) What will be said decides which mandate is needed, (2) the mandate is said.
    recognition = credential(issuer)["credentialSubject"]["recognition"]
    found = require_mandate(
        mandates_of(session, authority_id, issuer),
        recognition,
        attestation.validity_from,
    )
    attestation.mandate = found.href
    return attestation, credential(found.href)


def _given_up(
    session: Session, authority_id: str, decision_id: UUID
) -> Attestation | None:
    """Return the attestation over a decision if all its copies were given up."""
    attestation = session.scalars(
        select(Attestation)
        .where(
            Attestation.authority_id == authority_id,
            Attestation.decision_id == decision_id,
        )
        .with_for_update()
    ).first()
    if attestation is None:
        return None
    in_use = session.scalars(
        select(Copy.id).where(
            Copy.authority_id == authority_id,
            Copy.attestation_id == attestation.id,
            Copy.state != CopyState.VOID,
        )
    ).first()
    if in_use is not None:
        raise AlreadyAttestedError(f"{attestation.number} attests this decision.")
    return attestation


def _note(
    session: Session,
    attestation: Attestation,
    action: str,
    content: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> None:
    audit.append(
        session,
        attestation.authority_id,
        actor=actor,
        action=action,
        subject=f"attestation/{attestation.id}",
        content=content,
        now=now,
    )


def _digest(payload: bytes) -> str:
    return "sha256-" + base64url.encode_text(hashlib.sha256(payload).digest())
