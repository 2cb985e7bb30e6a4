"""Inserting: `INSERT … ON CONFLICT` for the database at hand, and many rows at once."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy import Table


def insert_for(session: Session, model: type[Any]) -> Any:
    """Return an insert statement that knows `on_conflict_do_…`."""
    dialect = session.get_bind().dialect.name
    return (postgresql if dialect == "postgresql" else sqlite).insert(model)


def insert_rows(
    session: Session, model: type[Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows that all have the same columns, past the session's own rows.

    A tenth of what the session needs for as many objects. What the session holds is
    written first, so that rows may refer to it.
    """
    if rows:
        session.flush()
        table = cast("Table", model.__table__)
        session.connection().execute(table.insert(), list(rows))
