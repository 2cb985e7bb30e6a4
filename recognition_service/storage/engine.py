"""Opening the database, and the two kinds of transactions.

SQLite is opened so that it neither loses a write nor a schema change: the driver's
own transaction handling is switched off, a writing transaction takes the write
lock at its beginning (`BEGIN IMMEDIATE`) and waits for its turn.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from recognition_service.storage.errors import (
    DatabaseUnavailableError,
    DatabaseURLError,
)
from recognition_service.storage.prepared import Glance

_SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
)


def _json_text(value: Any) -> str:
    return orjson.dumps(value).decode()


# One for each thread that serves: a connection above the size is made anew each time.
_SQLITE_POOL: dict[str, Any] = {"pool_size": 32, "max_overflow": 32}
_JSON: dict[str, Any] = {
    "json_serializer": _json_text,
    "json_deserializer": orjson.loads,
}


class Database:
    """One database and its pool of connections.

    Attributes:
        engine: The SQLAlchemy engine, for migrations and bulk reading.
    """

    def __init__(self, url: str) -> None:
        """Prepare to use a database; nothing is connected yet.

        Args:
            url: "sqlite:///path" or "postgresql://user@host/name".

        Raises:
            DatabaseURLError: Neither SQLite nor PostgreSQL, or not a URL.
        """
        self.engine = _create_engine(_read_url(url))
        self._reader = self.engine.execution_options(read_only=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a writing transaction; commit at the end, roll back on any error.

        Raises:
            DatabaseUnavailableError: No connection, or no turn in time.
        """
        with (
            _translated(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that sees one state and changes nothing.

        Raises:
            DatabaseUnavailableError: No connection.
        """
        with _translated(), Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def glance(self) -> Iterator[Glance]:
        """Open a connection for single questions, each of which sees its own state.

        Raises:
            DatabaseUnavailableError: No connection.
        """
        with _translated():
            connection = self.engine.raw_connection()
            try:
                yield Glance(connection, self.engine.dialect, {})
            finally:
                connection.close()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        fault = getattr(error, "orig", error)
        if "no such" in str(fault):  # A schema fault of SQLite, not an outage.
            raise
        raise DatabaseUnavailableError("The database does not answer.") from error


def _read_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseURLError("DATABASE_URL is not a database URL.") from error
    if parsed.get_backend_name() == "sqlite":
        return parsed
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise DatabaseURLError(
        f"DATABASE_URL begins with {parsed.drivername}; use sqlite:/// or postgresql://"
    )


def _create_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(
            url, **_JSON, pool_pre_ping=True, pool_size=10, max_overflow=10
        )
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    in_memory = url.database in {None, "", ":memory:"}
    engine = create_engine(url, **_JSON, **({} if in_memory else _SQLITE_POOL))
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, record: Any) -> None:
    del record
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    cursor = connection.connection.cursor()
    try:
        cursor.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")
    finally:
        cursor.close()
