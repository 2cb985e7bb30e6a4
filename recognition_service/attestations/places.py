"""Places in status lists: taken at random, never given twice.

A list belongs to one authority and has a million places, so that a place tells
nothing about a person or about the order of issuing.

Source: Token Status List draft-20, section 13.2 (random index allocation) and
section 12.5.1 (herd privacy).
"""

import secrets
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import StatusListFullError
from recognition_service.attestations.models import (
    Copy,
    IssuedCredential,
    ListPurpose,
    StatusList,
)
from recognition_service.credentials.bitstring_status_list import (
    REVOCATION,
    SUSPENSION,
    Entry,
    status_entry,
)
from recognition_service.storage.prepared import Prepared, among
from recognition_service.storage.upsert import insert_for

LIST_SIZE = 1 << 20
PURPOSES = (REVOCATION, SUSPENSION)
_TRIES = 50
_DRAWN_BYTES = 4
_FULL_AT = LIST_SIZE // 2

_LAST = Prepared(
    lambda _: (
        select(StatusList.number, StatusList.taken)
        .where(
            StatusList.authority_id == bindparam("authority_id"),
            StatusList.purpose == bindparam("purpose"),
        )
        .order_by(StatusList.number.desc())
        .limit(1)
    )
)
_TAKE = Prepared(
    lambda _: (
        update(StatusList)
        .where(
            StatusList.authority_id == bindparam("_authority"),
            StatusList.number == bindparam("_number"),
        )
        .values(taken=StatusList.taken + bindparam("_count"))
    )
)


def _used(holder: type[Copy | IssuedCredential]) -> Prepared:
    """Return the question which of some drawn places are taken already."""
    return Prepared(
        lambda dialect: select(holder.status_index).where(
            holder.authority_id == bindparam("authority_id"),
            holder.list_number == bindparam("number"),
            among(holder.status_index, "drawn", dialect),
        )
    )


_USED = {
    ListPurpose.ATTESTATIONS: _used(Copy),
    ListPurpose.CREDENTIALS: _used(IssuedCredential),
}


def status_uri(public_url: str, authority_id: str, number: int) -> str:
    """Return where a status list is published."""
    return f"{public_url}/status/tsl/{authority_id}/{number}"


def bitstring_uri(public_url: str, authority_id: str, number: int, purpose: str) -> str:
    """Return where the bitstring list for a purpose is published."""
    return f"{public_url}/status/bsl/{authority_id}/{number}/{purpose}"


def aggregation_uri(public_url: str, authority_id: str) -> str:
    """Return where the addresses of an authority's status lists are published."""
    return f"{public_url}/status/aggregation/{authority_id}"


def credential_status_entries(
    public_url: str, authority_id: str, number: int, index: int
) -> list[dict[str, Any]]:
    """Return the `credentialStatus` of a copy at a place.

    Superseded counts as revoked there. Nothing in the entry says by what it was
    replaced: an entry is signed with the copy and cannot change afterwards.

    Source: Bitstring Status List v1.0 section 2.1.
    """
    return [
        status_entry(
            Entry(
                purpose, index, bitstring_uri(public_url, authority_id, number, purpose)
            )
        )
        for purpose in PURPOSES
    ]


def take_places(
    session: Session,
    authority_id: str,
    count: int,
    purpose: ListPurpose = ListPurpose.ATTESTATIONS,
) -> list[tuple[int, int]]:
    """Take free random places for what the caller inserts at once.

    The caller owns the transaction. Taking locks the list of places, so that nobody
    else can take the same ones before the copies are there.

    Returns:
        For each place the number of the list and the index in it.

    Raises:
        StatusListFullError: Fifty draws did not find enough free places.
    """
    if not count:
        return []
    number = _open_list(session, authority_id, purpose)
    _TAKE.run(session, _authority=authority_id, _number=number, _count=count)
    free: dict[int, None] = {}
    for _ in range(_TRIES):
        drawn = dict.fromkeys(_draw(count - len(free)))
        used = {
            index
            for (index,) in _USED[purpose].all(
                session, authority_id=authority_id, number=number, drawn=list(drawn)
            )
        }
        free |= {index: None for index in drawn if index not in used}
        if len(free) == count:
            return [(number, index) for index in free]
    raise StatusListFullError("No free place was found in the status list.")


def _draw(count: int) -> list[int]:
    """Return random places of a list; the size of a list is a power of two."""
    drawn = memoryview(secrets.token_bytes(_DRAWN_BYTES * count)).cast("I")
    return [place % LIST_SIZE for place in drawn]


def _open_list(session: Session, authority_id: str, purpose: ListPurpose) -> int:
    """Return the list to allocate from; a new one when the last is half full."""
    for _ in range(_TRIES):
        last = _LAST.first(session, authority_id=authority_id, purpose=purpose.value)
        if last is not None and last[1] < _FULL_AT:
            return int(last[0])
        # Somebody else may take the number meanwhile, even for another purpose.
        _begin_list(session, authority_id, purpose)
    raise StatusListFullError("No new status list could be begun.")


def _begin_list(session: Session, authority_id: str, purpose: ListPurpose) -> None:
    highest = session.scalar(
        select(func.max(StatusList.number)).where(
            StatusList.authority_id == authority_id
        )
    )
    session.execute(
        insert_for(session, StatusList)
        .values(
            authority_id=authority_id,
            number=(highest or 0) + 1,
            purpose=purpose,
            size=LIST_SIZE,
            taken=0,
            wanted_version=1,
            published_version=0,
            publications=0,
        )
        .on_conflict_do_nothing()
    )
