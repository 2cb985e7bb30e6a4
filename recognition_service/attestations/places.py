"""Places in status lists: taken at random, never given twice.

A list belongs to one authority and has a million places, so that a place tells
nothing about a person or about the order of issuing.

Source: Token Status List draft-20, section 13.2 (random index allocation) and
section 12.5.1 (herd privacy).
"""

import secrets

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import StatusListFullError
from recognition_service.attestations.models import Copy, ListPurpose, StatusList
from recognition_service.storage.upsert import insert_for

LIST_SIZE = 1 << 20
_TRIES = 50
_FULL_AT = LIST_SIZE // 2


def status_uri(public_url: str, authority_id: str, number: int) -> str:
    """Return where a status list is published."""
    return f"{public_url}/status/tsl/{authority_id}/{number}"


def take_place(session: Session, copy: Copy) -> tuple[int, int]:
    """Insert a reserved copy at a free random place.

    The caller owns the transaction. `copy` is not added to the session: its values
    are inserted, so that a place that is taken can be tried again.

    Returns:
        The number of the list and the index in it.

    Raises:
        StatusListFullError: Fifty random places were all taken.
    """
    number = _open_list(session, copy.authority_id)
    values = {
        column.key: getattr(copy, column.key)
        for column in Copy.__mapper__.column_attrs
        if getattr(copy, column.key) is not None
    }
    for _ in range(_TRIES):
        index = secrets.randbelow(LIST_SIZE)
        inserted = session.scalar(
            insert_for(session, Copy)
            .values(
                **values,
                list_number=number,
                status_index=index,
                payload=b"",
                payload_digest="",
            )
            .on_conflict_do_nothing(
                index_elements=["authority_id", "list_number", "status_index"]
            )
            .returning(Copy.id)
        )
        if inserted is not None:
            _count_taken(session, copy.authority_id, number)
            return number, index
    raise StatusListFullError("No free place was found in the status list.")


def _open_list(session: Session, authority_id: str) -> int:
    """Return the list to allocate from; a new one when the last is half full."""
    last = session.execute(
        select(StatusList.number, StatusList.taken)
        .where(
            StatusList.authority_id == authority_id,
            StatusList.purpose == ListPurpose.ATTESTATIONS,
        )
        .order_by(StatusList.number.desc())
        .limit(1)
    ).first()
    if last is not None and last.taken < _FULL_AT:
        return int(last.number)
    highest = session.scalar(
        select(func.max(StatusList.number)).where(
            StatusList.authority_id == authority_id
        )
    )
    following = (highest or 0) + 1
    session.execute(
        insert_for(session, StatusList)
        .values(
            authority_id=authority_id,
            number=following,
            purpose=ListPurpose.ATTESTATIONS,
            size=LIST_SIZE,
            taken=0,
            wanted_version=1,
            published_version=0,
            publications=0,
        )
        .on_conflict_do_nothing()
    )
    return following


def _count_taken(session: Session, authority_id: str, number: int) -> None:
    session.execute(
        update(StatusList)
        .where(StatusList.authority_id == authority_id, StatusList.number == number)
        .values(taken=StatusList.taken + 1)
    )
