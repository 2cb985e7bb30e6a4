"""Statements of the hot paths, compiled once and afterwards only executed.

Building, compiling and unpacking a statement costs SQLAlchemy several times what the
database needs for one row. Here that work is done at the first use for each database;
types convert values exactly as everywhere else, and errors are SQLAlchemy's own.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

import orjson
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Dialect,
    Text,
    TypeDecorator,
    Uuid,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

_Convert = Callable[[Any], Any] | None
_Row = tuple[Any, ...]
_CONNECTION = "recognition.connection"


class Glance(NamedTuple):
    """A bare connection for single questions, far cheaper than a session.

    Attributes:
        info: What was found once and holds as long as the connection is used.
    """

    connection: PoolProxiedConnection
    dialect: Dialect
    info: dict[str, Any]


class _Compiled(NamedTuple):
    """A statement as one kind of database reads it.

    Attributes:
        names: Parameters in the order in which the database takes them.
        parameters: The same, each with how its values are converted.
        constants: Values that the statement itself contains, by parameter.
        results: How each column of a row is converted; None when none needs it.
    """

    sql: str
    names: tuple[str, ...]
    parameters: tuple[tuple[str, _Convert], ...]
    constants: Mapping[str, Any]
    results: tuple[_Convert, ...] | None
    is_positional: bool

    def row(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters of one execution."""
        given = {**self.constants, **values} if self.constants else values
        converted = [
            given[name] if convert is None else convert(given[name])
            for name, convert in self.parameters
        ]
        if self.is_positional:
            return converted
        return dict(zip(self.names, converted, strict=True))

    def rows(self, many: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Return the parameters of many executions, converted column by column."""
        columns: list[list[Any]] = []
        for name, convert in self.parameters:
            if name in self.constants:
                column = [self.constants[name]] * len(many)
            else:
                column = [values[name] for values in many]
            columns.append(
                column if convert is None else [convert(value) for value in column]
            )
        tuples = list(zip(*columns, strict=True))
        if self.is_positional:
            return tuples
        return [dict(zip(self.names, values, strict=True)) for values in tuples]


class Prepared:
    """A statement that is executed often; parameters are its `bindparam`s.

    A list of any length is one parameter: see `among`.
    """

    def __init__(self, write: Callable[[Dialect], Any]) -> None:
        """Take over how the statement is written for a database."""
        self._write = write
        self._compiled: dict[str, _Compiled] = {}
        self._lock = Lock()

    def all(self, session: Session | Glance, **values: Any) -> list[_Row]:
        """Execute the statement and return its rows."""
        connection = _connection(session)
        compiled = self._for(connection.dialect)
        with _Cursor(connection, compiled.sql) as cursor:
            cursor.execute(compiled.sql, compiled.row(values))
            rows: list[_Row] = cursor.fetchall()
        if compiled.results is None:
            return rows
        return [
            tuple(
                [
                    value if convert is None else convert(value)
                    for value, convert in zip(row, compiled.results, strict=True)
                ]
            )
            for row in rows
        ]

    def first(self, session: Session | Glance, **values: Any) -> _Row | None:
        """Execute the statement and return its first row, or None."""
        rows = self.all(session, **values)
        return rows[0] if rows else None

    def run(self, session: Session, **values: Any) -> None:
        """Execute a statement that returns nothing."""
        connection = _connection(session)
        compiled = self._for(connection.dialect)
        with _Cursor(connection, compiled.sql) as cursor:
            cursor.execute(compiled.sql, compiled.row(values))

    def run_many(self, session: Session, many: Sequence[Mapping[str, Any]]) -> None:
        """Execute a statement that returns nothing, once for each of many.

        What the session holds is written first, so that rows may refer to it.
        """
        if not many:
            return
        connection = _connection(session)
        compiled = self._for(connection.dialect)
        with _Cursor(connection, compiled.sql) as cursor:
            if len(many) == 1:
                cursor.execute(compiled.sql, compiled.row(many[0]))
            else:
                cursor.executemany(compiled.sql, compiled.rows(many))

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            with self._lock:
                found = _compile(self._write(dialect), dialect)
                self._compiled[dialect.name] = found
        return found


def _connection(session: Session | Glance) -> Connection | Glance:
    """Return the connection of a session's transaction, which it begins at need.

    What the session holds is written first, unless it is told not to.
    """
    if isinstance(session, Glance):
        return session
    if session.autoflush:
        session.flush()
    known: Connection | None = session.info.get(_CONNECTION)
    if known is None or not known.in_transaction():
        known = session.info[_CONNECTION] = session.connection()
    return known


class _Cursor:
    """Opens a cursor of the driver; its errors become those of SQLAlchemy.

    A class, because a generator costs more than some of the statements.
    """

    __slots__ = ("_cursor", "_dialect", "_sql")

    def __init__(self, connection: Connection | Glance, sql: str) -> None:
        self._dialect, self._sql = connection.dialect, sql
        self._cursor: Any = connection.connection.cursor()

    def __enter__(self) -> Any:
        return self._cursor

    def __exit__(
        self, kind: object, error: BaseException | None, trace: object
    ) -> None:
        self._cursor.close()
        if error is None:
            return
        base = self._dialect.loaded_dbapi.Error
        if isinstance(error, base):
            raise DBAPIError.instance(self._sql, None, error, base) from error


def among(column: Any, name: str, dialect: Dialect) -> ColumnElement[bool]:
    """Return the condition that a column is among the values of a list.

    The list is one parameter, so that the statement is the same for any length.
    """
    if dialect.name == "postgresql":
        listed = bindparam(name, type_=ARRAY(column.type))
        return cast("ColumnElement[bool]", column == any_(listed))
    values = func.json_each(bindparam(name, type_=_JSONList(column.type)))
    return cast(
        "ColumnElement[bool]",
        column.in_(select(values.table_valued("value").c.value)),
    )


class _JSONList(TypeDecorator[Collection[Any]]):
    """Values of a type as the text of a JSON list, for a database without arrays."""

    impl = Text
    cache_ok = True

    def __init__(self, item: "TypeEngine[Any]") -> None:
        super().__init__()
        self.item = item

    def process_bind_param(
        self, value: Collection[Any] | None, dialect: Dialect
    ) -> str | None:
        """Write the list."""
        convert = _to_database(self.item, dialect)
        values = value or ()
        return orjson.dumps(
            list(values if convert is None else map(convert, values))
        ).decode()


def insert_into(model: type[Any], columns: Sequence[str]) -> Prepared:
    """Return the statement that inserts a row with these columns."""
    table = cast("Table", model.__table__)
    values = {name: bindparam(name, type_=table.c[name].type) for name in columns}
    return Prepared(lambda _: table.insert().values(values))


def _compile(statement: Any, dialect: Dialect) -> _Compiled:
    compiled = cast("SQLCompiler", statement.compile(dialect=dialect))
    named = dict.fromkeys(compiled.bind_names.values())
    names = tuple(named if compiled.positiontup is None else compiled.positiontup)
    constants = {
        name: compiled.binds[name].value
        for name in names
        if not compiled.binds[name].required
    }
    columns = getattr(statement, "exported_columns", None) or ()
    results = tuple(_from_database(column.type, dialect) for column in columns)
    converts = [_to_database(compiled.binds[name].type, dialect) for name in names]
    return _Compiled(
        str(compiled),
        names,
        tuple(zip(names, converts, strict=True)),
        constants,
        results if any(results) else None,
        compiled.positiontup is not None,
    )


def _to_database(kind: "TypeEngine[Any]", dialect: Dialect) -> _Convert:
    return cast("_Convert", kind.dialect_impl(dialect).bind_processor(dialect))


def _from_database(kind: "TypeEngine[Any]", dialect: Dialect) -> _Convert:
    convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    if isinstance(kind, Uuid) and kind.as_uuid and convert is not None:
        return _uuid
    return cast("_Convert", convert)


@lru_cache(maxsize=8192)
def _uuid(text: str | None) -> UUID | None:
    """Return the id that a database keeps as text; rows repeat the same ones."""
    return None if text is None else UUID(text)
