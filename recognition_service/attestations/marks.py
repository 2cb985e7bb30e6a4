"""Marking places in status lists: what the next publication must say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, bindparam, update
from sqlalchemy.orm import Session

from recognition_service.attestations.models import StatusEntry, StatusList
from recognition_service.storage import outbox
from recognition_service.storage.prepared import Prepared
from recognition_service.storage.upsert import insert_on

PUBLISH_STATUS = "status.publish"
_COLUMNS = ("authority_id", "number", "status_index", "value", "version")


def _mark(dialect: Dialect) -> Any:
    """Return the statement that gives a place its value, whatever it had."""
    inserted = insert_on(dialect, StatusEntry).values(
        {name: bindparam(name) for name in _COLUMNS}
    )
    return inserted.on_conflict_do_update(
        index_elements=["authority_id", "number", "status_index"],
        set_={
            "value": inserted.excluded.value,
            "version": inserted.excluded.version,
        },
    )


_MARK = Prepared(_mark)


def mark_places(
    session: Session,
    authority_id: str,
    values: Mapping[tuple[int, int], int],
    *,
    now: datetime,
) -> None:
    """Give places their new values, by number of the list and index in it.

    The caller owns the transaction and has the lists published afterwards; the
    outbox sees to it if the caller dies. However many places change, each list gets
    one new version. From here to the end of the transaction nobody else can change
    the same lists, so that versions are committed in their order.
    """
    versions = {
        number: _next_version(session, authority_id, number)
        for number in sorted({number for number, _ in values})
    }
    if not values:
        return
    _MARK.run_many(
        session,
        [
            {
                "authority_id": authority_id,
                "number": number,
                "status_index": index,
                "value": value,
                "version": versions[number],
            }
            for (number, index), value in values.items()
        ],
    )
    for number in versions:
        outbox.put(
            session,
            authority_id,
            kind=PUBLISH_STATUS,
            content={"number": number},
            now=now,
        )


def _next_version(session: Session, authority_id: str, number: int) -> int:
    return session.scalars(
        update(StatusList)
        .where(StatusList.authority_id == authority_id, StatusList.number == number)
        .values(wanted_version=StatusList.wanted_version + 1)
        .returning(StatusList.wanted_version)
    ).one()
