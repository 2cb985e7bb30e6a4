"""Which copies have to be issued anew because a key was compromised."""

import json
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.affected import affected_attestations
from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyFormat,
    CopyState,
    Status,
)
from recognition_service.attestations.packing import unpack
from recognition_service.credentials.open_badge import PinnedToken, pinned_in

Wanted = list[tuple[Attestation, tuple[NewCopy, ...]]]


def fresh_copies_wanted(
    session: Session, authority_id: str, thumbprint: str, *, limit: int
) -> Wanted:
    """Return valid attestations whose newest copies a key signed, and these copies.

    Copies of one format for one holder replace each other; each such series whose
    newest copy the key signed wants a fresh one.

    Raises:
        KeyNotFoundError: The authority has no such key.
    """
    affected = affected_attestations(session, authority_id, thumbprint).subquery()
    found = session.scalars(
        select(Attestation)
        .where(
            Attestation.authority_id == authority_id,
            Attestation.id.in_(select(affected.c.attestation_id)),
            Attestation.status == Status.VALID,
        )
        .order_by(Attestation.id)
        .limit(limit)
        .with_for_update()
    ).all()
    copies = _newest_copies(session, authority_id, [each.id for each in found])
    return [
        (
            attestation,
            tuple(
                _again(copy)
                for copy in copies[attestation.id].values()
                if copy.kid.rpartition("#")[2] == thumbprint
            ),
        )
        for attestation in found
    ]


def _newest_copies(
    session: Session, authority_id: str, attestations: list[UUID]
) -> dict[UUID, dict[tuple[str, str | None], Copy]]:
    """Return the newest issued copy of each series, by attestation."""
    newest: dict[UUID, dict[tuple[str, str | None], Copy]] = {}
    for copy in session.scalars(
        select(Copy)
        .where(
            Copy.authority_id == authority_id,
            Copy.attestation_id.in_(attestations),
            Copy.state == CopyState.ISSUED,
        )
        .order_by(Copy.id)
    ):
        series = (copy.format, copy.holder_thumbprint)
        newest.setdefault(copy.attestation_id, {})[series] = copy
    return newest


def _again(copy: Copy) -> NewCopy:
    kind, holder_jwk = CopyFormat(copy.format), None
    pinned: tuple[PinnedToken, ...] = ()
    if copy.holder_thumbprint is not None:
        holder_jwk = json.loads(unpack(copy.payload))["cnf"]["jwk"]
    if kind is CopyFormat.ENDORSEMENT:
        pinned = pinned_in(json.loads(unpack(copy.payload)))
    return NewCopy(kind, holder_jwk, copy.expires_at, pinned)
