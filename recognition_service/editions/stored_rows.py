"""The rows of stored editions as they come out of the database."""

import json
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from recognition_service.editions.errors import EditionNotFoundError
from recognition_service.editions.models import Edition, EditionRow, TableRow
from recognition_service.storage.base import PLATFORM

_DECODED_AT_ONCE = 1_000

Row = dict[str, Any]
OwnRows = dict[str, dict[str, Row | None]]
"""Rows of an overlay by table and id; `None` withdraws one."""


def stored_rows(
    session: Session, owner: str, digest: str
) -> Generator[tuple[str, Iterator[Row]], None, None]:
    """Yield the tables of an edition, each with its rows in the order of ids.

    Rows are fetched while they are read: those of a table must be taken before the
    next table is. A large edition never stands in memory as a whole. Who stops early
    closes the generator, and thereby the cursor of the database.
    """
    wanted = (
        select(TableRow.table_name, cast(TableRow.content, Text))
        .join(EditionRow, EditionRow.row_digest == TableRow.digest)
        .where(EditionRow.authority_id == owner, EditionRow.edition_digest == digest)
        .order_by(TableRow.table_name, TableRow.row_id)
        .execution_options(yield_per=_DECODED_AT_ONCE)
    )
    with session.execute(wanted) as found:
        for table, rows in groupby(found, itemgetter(0)):
            yield table, _decoded(content for _, content in rows)


def merged_rows(
    session: Session, base: str, overlay: str | None
) -> Generator[tuple[str, Iterator[Row]], None, None]:
    """Yield the tables of a base edition with an overlay, if any, laid over them.

    The rows of a table must be taken before the next table is, as for `stored_rows`.

    Raises:
        EditionNotFoundError: The overlay is not stored here.
    """
    own = {} if overlay is None else own_rows(session, overlay)
    with closing(stored_rows(session, PLATFORM, base)) as stored:
        for table, rows in stored:
            yield table, _merged(rows, own.pop(table, {}))
    for table, added in own.items():
        yield table, _merged((), added)


def own_rows(session: Session, overlay: str) -> OwnRows:
    """Return the rows of an overlay by table and id.

    Raises:
        EditionNotFoundError: It is not stored here.
    """
    stored = select(Edition.digest).where(
        Edition.digest == overlay, Edition.authority_id != PLATFORM
    )
    if session.scalars(stored).first() is None:
        raise EditionNotFoundError(f"No overlay {overlay} is stored here.")
    rows = session.execute(
        select(EditionRow.table_name, EditionRow.row_id, TableRow.content)
        .outerjoin(TableRow, TableRow.digest == EditionRow.row_digest)
        .where(
            EditionRow.edition_digest == overlay, EditionRow.authority_id != PLATFORM
        )
    )
    own: OwnRows = {}
    for table, row_id, content in rows:
        own.setdefault(table, {})[row_id] = content
    return own


def _merged(rows: Iterable[Row], own: Mapping[str, Row | None]) -> Iterator[Row]:
    """Yield the rows of a table as an overlay has them.

    A row that it replaces keeps its place, those that it withdraws are left out, and
    those that it adds come last.

    Args:
        rows: The rows of the base.
        own: Those of the overlay by id; `None` withdraws one.
    """
    left = dict(own)
    for row in rows:
        if row["id"] not in own:
            yield row
        else:
            replaced = left.pop(row["id"])
            if replaced is not None:
                yield replaced
    yield from (row for row in left.values() if row is not None)


def _decoded(texts: Iterator[str]) -> Iterator[Row]:
    """Yield rows from their texts.

    Many are decoded in one go: single calls of the decoder would take as long as all
    the rest, and one call for all would keep other threads waiting.
    """
    while part := ",".join(islice(texts, _DECODED_AT_ONCE)):
        yield from json.loads(f"[{part}]")
