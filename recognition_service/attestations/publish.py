"""Publishing status lists: ready bytes, signed, with a short life.

Like issuing, in three steps: what to say is read, signed without a transaction,
and kept unless a newer version has been kept meanwhile.

Source: Token Status List draft-20, sections 5.1 and 13.7.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.models import (
    StatusEntry,
    StatusList,
    StatusPublication,
)
from recognition_service.attestations.places import status_uri
from recognition_service.authorities.keys import active_key
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.credentials import token_status_list as tsl
from recognition_service.credentials.signer import KeyPurpose, Signer
from recognition_service.storage import audit
from recognition_service.verification.trust import StatusInput

TSL = "tsl"
LIFE = timedelta(hours=24)
RENEWED_EVERY = timedelta(hours=6)
TTL_SECONDS = 600
_PER_BYTE = 8 // tsl.BITS
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Draft:
    """A list that is to be signed.

    Attributes:
        version: The changes it contains.
        values: Index to value, for entries that are not valid.
    """

    authority_id: str
    number: int
    version: int
    size: int
    values: tuple[tuple[int, int], ...]
    uri: str
    thumbprint: str
    kid: str


def demand_publication(session: Session, authority_id: str) -> None:
    """Have all lists of an authority signed anew, though no status changed.

    The caller owns the transaction.
    """
    session.execute(
        update(StatusList)
        .where(StatusList.authority_id == authority_id)
        .values(wanted_version=StatusList.wanted_version + 1)
    )


def lists_due(session: Session, *, now: datetime) -> list[tuple[str, int]]:
    """Return the lists that must be published: changed, or soon to go stale."""
    rows = session.execute(
        select(StatusList.authority_id, StatusList.number).where(
            StatusList.paused_at.is_(None),
            or_(
                StatusList.published_version < StatusList.wanted_version,
                StatusList.published_at < now - RENEWED_EVERY,
            ),
        )
    )
    return [(authority_id, number) for authority_id, number in rows]


def draft_list(
    session: Session,
    authority_id: str,
    number: int,
    *,
    public_url: str,
    now: datetime,
) -> Draft | None:
    """Read what a list must say now; None if its publication is paused.

    Raises:
        NoActiveKeyError: The authority has no key for status lists.
    """
    row = session.get_one(StatusList, (authority_id, number))
    if row.paused_at is not None:
        return None
    key = active_key(session, authority_id, KeyPurpose.STATUS, now)
    entries = session.execute(
        select(StatusEntry.status_index, StatusEntry.value).where(
            StatusEntry.authority_id == authority_id, StatusEntry.number == number
        )
    )
    return Draft(
        authority_id,
        number,
        row.wanted_version,
        row.size,
        tuple((index, value) for index, value in entries),
        status_uri(public_url, authority_id, number),
        key.thumbprint,
        key_id(issuer_url(public_url, authority_id), key.thumbprint),
    )


def sign_list(draft: Draft, signer: Signer, *, now: datetime) -> str:
    """Return the signed list; uses the key and touches no database.

    Raises:
        SignerFaultError: The key made no signature.
    """
    packed = bytearray(draft.size // _PER_BYTE)
    for index, value in draft.values:
        packed[index // _PER_BYTE] |= value << (index % _PER_BYTE * tsl.BITS)
    claims = tsl.status_list_token(
        uri=draft.uri,
        issued_at=now,
        expires_at=now + LIFE,
        ttl_seconds=TTL_SECONDS,
        bits=tsl.BITS,
        lst=tsl.compress(bytes(packed), _LEVEL),
    )
    return tsl.sign(claims, signer)


def keep_list(session: Session, draft: Draft, token: str, *, now: datetime) -> None:
    """Serve a signed list from now on, unless a newer one is served already.

    The caller owns the transaction.
    """
    row = session.get_one(
        StatusList, (draft.authority_id, draft.number), with_for_update=True
    )
    if row.published_version > draft.version:
        return
    row.published_version, row.published_at = draft.version, now
    row.publications += 1
    session.add(
        StatusPublication(
            authority_id=draft.authority_id,
            number=draft.number,
            form=TSL,
            sequence=row.publications,
            version=draft.version,
            issued_at=now,
            expires_at=now + LIFE,
            token=token,
        )
    )


def pause_publication(
    session: Session, authority_id: str, *, now: datetime, actor: str = "service"
) -> None:
    """Stop publishing an authority's lists; they go stale by themselves.

    The caller owns the transaction.
    """
    session.execute(
        update(StatusList)
        .where(StatusList.authority_id == authority_id)
        .values(paused_at=now)
    )
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="status_lists.paused",
        subject=f"authority/{authority_id}",
        content={},
        now=now,
    )


def status_inputs(
    session: Session, *, public_url: str, now: datetime
) -> dict[str, StatusInput]:
    """Return all published lists as a verification takes them, by address.

    A list that is still published is as fresh as its reading; one whose publication
    is paused is as old as its last publication.
    """
    found = {}
    for row, token in published_lists(session):
        uri = status_uri(public_url, row.authority_id, row.number)
        fetched_at = now if row.paused_at is None else row.published_at or now
        found[uri] = StatusInput(uri, token, fetched_at)
    return found


def published_lists(session: Session) -> list[tuple[StatusList, str]]:
    """Return all lists that have been published, with their newest tokens."""
    rows = session.execute(
        select(StatusList, StatusPublication.token).join(
            StatusPublication, _is_newest()
        )
    )
    return [(row, token) for row, token in rows]


def _is_newest() -> ColumnElement[bool]:
    return and_(
        StatusPublication.authority_id == StatusList.authority_id,
        StatusPublication.number == StatusList.number,
        StatusPublication.sequence == StatusList.publications,
        StatusPublication.form == TSL,
    )


def list_versions(
    session: Session,
) -> tuple[tuple[str, int, int, datetime | None], ...]:
    """Return which version of each list is served, without the lists."""
    rows = session.execute(
        select(
            StatusList.authority_id,
            StatusList.number,
            StatusList.published_version,
            StatusList.published_at,
        ).order_by(StatusList.authority_id, StatusList.number)
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in rows)


def published_list(session: Session, authority_id: str, number: int) -> str | None:
    """Return a list as it is served, or None if there is none."""
    return session.scalar(
        select(StatusPublication.token)
        .join(StatusList, _is_newest())
        .where(StatusList.authority_id == authority_id, StatusList.number == number)
    )
