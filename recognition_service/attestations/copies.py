"""The copies of an attestation: finding them and handing out their exact text."""

import json
import zlib
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations import forms
from recognition_service.attestations.errors import (
    AttestationNotFoundError,
    AttestationPendingError,
)
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyFormat,
    TokenHeader,
)
from recognition_service.attestations.packing import unpack
from recognition_service.credentials import disclosures
from recognition_service.credentials.open_badge import decision_digest

_DIGEST = "decision_digest"


def issued_copies(session: Session, attestation: Attestation) -> list[Copy]:
    """Return the signed copies of an attestation, oldest first."""
    return list(
        session.scalars(
            select(Copy)
            .where(
                Copy.authority_id == attestation.authority_id,
                Copy.attestation_id == attestation.id,
                Copy.issued_at.is_not(None),
            )
            .order_by(Copy.id)
        )
    )


def first_copies(
    session: Session, authority_id: str, attestation_ids: Collection[UUID]
) -> dict[UUID, UUID]:
    """Return the id of the first copy of each attestation, signed or not."""
    if not attestation_ids:
        return {}
    rows = session.execute(
        select(Copy.attestation_id, Copy.id)
        .where(
            Copy.authority_id == authority_id,
            Copy.attestation_id.in_(attestation_ids),
        )
        .order_by(Copy.id.desc())
    )
    return {row.attestation_id: row.id for row in rows}


def get_copy(
    session: Session, authority_id: str, attestation_id: UUID, copy_id: UUID
) -> Copy:
    """Return a copy of an attestation.

    Raises:
        AttestationNotFoundError: The attestation has no such copy.
    """
    copy = session.get(Copy, (authority_id, copy_id))
    if copy is None or copy.attestation_id != attestation_id:
        raise AttestationNotFoundError(f"There is no copy {copy_id}.")
    return copy


def newest_text(session: Session, attestation: Attestation, kind: CopyFormat) -> str:
    """Return the newest copy of an attestation in a format, that no wallet holds.

    Raises:
        AttestationPendingError: There is none that is signed.
    """
    for copy in reversed(issued_copies(session, attestation)):
        if copy.format == kind and copy.holder_thumbprint is None:
            return copy_text(session, copy)
    raise AttestationPendingError(f"There is no signed {kind.value} of it yet.")


def copy_text(session: Session, copy: Copy) -> str:
    """Return the exact text of an issued copy."""
    if copy.header is None:
        header = forms.plain_header(CopyFormat(copy.format), copy.kid)
        return forms.text_of(copy, header)
    kept = session.get_one(TokenHeader, (copy.authority_id, copy.header))
    return forms.text_of(copy, kept.segment.encode())


def signed_digest(session: Session, attestation: Attestation) -> str | None:
    """Return the decision digest in the newest signed copy, None without one.

    The payload as it is stored is what was signed: a token whose payload was altered
    here would no longer verify.
    """
    for copy in reversed(issued_copies(session, attestation)):
        match CopyFormat(copy.format):
            case CopyFormat.VC_JWT:
                payload = json.loads(unpack(copy.payload))
                return str(
                    payload["credentialSubject"]["recognition"]["decisionDigest"]
                )
            case CopyFormat.ENDORSEMENT:
                endorsement = json.loads(unpack(copy.payload))
                return decision_digest(endorsement, str(attestation.decision_id))
            case CopyFormat.SD_JWT_VC:
                return _disclosed_digest(copy)
    return None


def _disclosed_digest(copy: Copy) -> str:
    """Return the digest that a disclosure holds."""
    for text in zlib.decompress(copy.disclosures or b"").split(b"~"):
        opened = disclosures.read(text)
        if opened.name == _DIGEST:
            return str(opened.value)
    raise AttestationPendingError("The copy discloses no digest.")
