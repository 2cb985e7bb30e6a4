"""What rests on one key: the attestations that a compromise leaves without proof."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from recognition_service.attestations.models import Copy, CopyState
from recognition_service.authorities.keys import get_key
from recognition_service.credentials import multikey
from recognition_service.credentials.jwk import public_key


def keys_affected(session: Session, authority_id: str, thumbprint: str) -> int:
    """Return how many attestations have a newest copy that a key has signed.

    Copies of one format for one holder replace each other; an attestation counts when
    the newest of one such series is signed by the key.

    Raises:
        KeyNotFoundError: The authority has no such key.
    """
    found = affected_attestations(session, authority_id, thumbprint).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def affected_attestations(
    session: Session, authority_id: str, thumbprint: str
) -> Select[tuple[UUID]]:
    """Return the query for the ids of the attestations that `keys_affected` counts.

    Raises:
        KeyNotFoundError: The authority has no such key.
    """
    newest = (
        select(
            Copy.attestation_id,
            Copy.kid,
            func.row_number()
            .over(
                partition_by=(
                    Copy.attestation_id,
                    Copy.format,
                    Copy.holder_thumbprint,
                ),
                order_by=Copy.id.desc(),
            )
            .label("age"),
        )
        .where(Copy.authority_id == authority_id, Copy.state == CopyState.ISSUED)
        .subquery()
    )
    is_newest: ColumnElement[bool] = newest.c.age == 1
    names = _names(session, authority_id, thumbprint)
    return (
        select(newest.c.attestation_id)
        .where(is_newest, newest.c.kid.in_(names))
        .distinct()
        .order_by(newest.c.attestation_id)
    )


def _names(session: Session, authority_id: str, thumbprint: str) -> list[str]:
    """Return the names under which copies bear a key: bare, as URL, or as DID URL."""
    key = public_key(get_key(session, authority_id, thumbprint).public_jwk)
    fragments = {key.thumbprint, multikey.encode(key)}
    kids = session.scalars(
        select(Copy.kid).where(Copy.authority_id == authority_id).distinct()
    )
    return [kid for kid in kids if kid.rpartition("#")[2] in fragments]
