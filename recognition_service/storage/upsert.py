"""Inserting: `INSERT … ON CONFLICT` for the database at hand, and many rows at once."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from recognition_service.storage.prepared import Prepared, insert_into


def insert_for(session: Session, model: type[Any]) -> Any:
    """Return an insert statement that knows `on_conflict_do_…`."""
    return insert_on(session.get_bind().dialect, model)


def insert_on(dialect: Dialect, model: type[Any]) -> Any:
    """Return an insert statement of a kind of database, as `insert_for` does."""
    return (postgresql if dialect.name == "postgresql" else sqlite).insert(model)


def insert_rows(
    session: Session, model: Any, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows that all have the same columns, past the session's own rows.

    A small part of what the session needs for as many objects. What the session holds
    is written first, so that rows may refer to it.
    """
    if rows:
        _insert(model, tuple(rows[0])).run_many(session, rows)


@cache
def _insert(model: Any, columns: tuple[str, ...]) -> Prepared:
    return insert_into(model, columns)
