"""Turns the canonical rows of an edition into values, quickly.

A canonical row is a mapping of column to text in which empty cells are left out.

A table is read column by column: each distinct text of a column is converted once,
and the values are put into the slots of the rows directly. The constructor of a
frozen class, called row by row, takes three times as long for the same result.

A large table stays as columns and makes its rows when they are asked for.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import chain, islice, repeat
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from recognition_service.frameworks.columns import Converter
from recognition_service.frameworks.errors import UnreadableRowError
from recognition_service.frameworks.growing import (
    TAKEN_AT_ONCE,
    GrowingColumn,
    GrowingIds,
)
from recognition_service.frameworks.packed_rows import PackedRows
from recognition_service.frameworks.tables import Tables

LIST_SEPARATOR = ";"

PACKED_FROM = 20_000
"""From how many rows on a table is kept column by column.

Below, the rows as values take less than 10 MB, and are at hand without being made.
"""

_TWICE = "the id occurs twice"


@dataclass(frozen=True, slots=True)
class _Column:
    """How one attribute of a row class is read.

    Attributes:
        convert: From a cell that is not empty; `None` keeps the text.
        absent: The value of an empty cell, or `MISSING` if there must be one.
        put: Writes the value into the slot of a row.
    """

    name: str
    convert: Converter | None
    absent: Any
    put: Callable[[Any, Any], None]


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split(LIST_SEPARATOR))


_SIMPLE: dict[Any, Converter | None] = {
    str: None,
    int: int,
    date: date.fromisoformat,
    bool: {"yes": True, "no": False}.__getitem__,
}


def _converter(hint: Any) -> Converter | None:
    """Return what turns a non-empty cell into a value of this type."""
    if isinstance(hint, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return _list
    if issubclass(hint, StrEnum):
        return {member.value: member for member in hint}.__getitem__
    return _SIMPLE[hint]


def _columns(row_class: Any) -> tuple[_Column, ...]:
    hints = get_type_hints(row_class)
    return tuple(
        _Column(
            name=field.name,
            convert=_converter(hints[field.name]),
            absent=field.default,
            put=getattr(row_class, field.name).__set__,
        )
        for field in fields(row_class)
    )


_ROW_CLASSES: dict[str, Any] = {
    table: get_args(hint)[1] for table, hint in get_type_hints(Tables).items()
}
_COLUMNS = {table: _columns(cls) for table, cls in _ROW_CLASSES.items()}


def parse_tables(
    raw: Mapping[str, Iterable[Mapping[str, str]]], *, packed_from: int = PACKED_FROM
) -> Tables:
    """Return the rows of an edition as values.

    Args:
        raw: The canonical rows by table; a table that is absent is empty.
        packed_from: From how many rows on a table is kept column by column.

    Raises:
        UnreadableRowError: As for `parse_table`.
    """
    return Tables(
        **{
            table: parse_table(table, rows, packed_from=packed_from)
            for table, rows in raw.items()
        }
    )


def parse_table(
    table: str, rows: Iterable[Mapping[str, str]], *, packed_from: int = PACKED_FROM
) -> Mapping[str, Any]:
    """Return the rows of one table as values, in their order.

    The rows must have passed `checks.check_tables`; here they are only read. What
    does not fit is refused, never dropped, so that a replay fails visibly.

    Args:
        table: The name of the table.
        rows: The canonical rows; those of a large table are not kept, and may be
            fetched while they are read.
        packed_from: From how many rows on a table is kept column by column.

    Raises:
        UnreadableRowError: The table, a column or a value is unknown, a value that a
            row must have is missing, or an id occurs twice.
    """
    if table not in _ROW_CLASSES:
        raise UnreadableRowError(table, "", None, "there is no such table")
    source = iter(rows)
    first = list(islice(source, packed_from))
    if len(first) < packed_from:
        return _by_id(table, first)
    source = chain(first, source)
    del first  # Else these rows would be kept until the last one was read.
    return _packed(table, source)


def _by_id(table: str, rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    values = list(map(object.__new__, repeat(_ROW_CLASSES[table], len(rows))))
    try:
        for column, texts in _texts(table, rows):
            deque(map(column.put, values, _convert(column, texts)), maxlen=0)
    except (KeyError, ValueError) as error:
        raise _diagnosis(table, rows) from error
    parsed = {value.id: value for value in values}
    if len(parsed) < len(rows):
        raise _diagnosis(table, rows)
    return parsed


def _packed(table: str, rows: Iterator[Mapping[str, str]]) -> PackedRows[Any]:
    growing = {
        column.name: GrowingIds()
        if column.name == "id"
        else GrowingColumn(column.convert, column.absent)
        for column in _COLUMNS[table]
    }
    while part := list(islice(rows, TAKEN_AT_ONCE)):
        try:
            for column, texts in _texts(table, part):
                growing[column.name].extend(texts)
        except (KeyError, ValueError) as error:
            raise _diagnosis(table, part) from error
    columns = {name: growing.pop(name).finished() for name in tuple(growing)}
    try:
        return PackedRows(_ROW_CLASSES[table], columns)
    except KeyError as error:
        (row_id,) = error.args
        raise UnreadableRowError(table, row_id, "id", _TWICE) from error


def _texts(
    table: str, rows: Sequence[Mapping[str, str]]
) -> Iterator[tuple[_Column, list[str | None]]]:
    """Yield the columns of a table with their texts in the order of the rows.

    Raises:
        KeyError: A row has a cell in a column that is not known.
    """
    cells_left = sum(map(len, rows))
    for column in _COLUMNS[table]:
        texts = [row.get(column.name) for row in rows]
        cells_left -= len(texts) - texts.count(None)
        yield column, texts
    if cells_left:
        raise KeyError(cells_left)


def _convert(column: _Column, texts: Sequence[str | None]) -> Iterable[Any]:
    """Return the values of a column in order.

    Raises:
        KeyError: A text is not one of the known words, or is missing.
        ValueError: A text is not a number or a date.
    """
    if column.convert is None:
        if column.absent is MISSING and None in texts:
            raise KeyError(None)
        return texts
    known: dict[str | None, Any] = {
        text: column.convert(text) for text in set(texts) if text is not None
    }
    if column.absent is not MISSING:
        known[None] = column.absent
    return map(known.__getitem__, texts)


def _diagnosis(table: str, rows: Sequence[Mapping[str, str]]) -> UnreadableRowError:
    """Find out, slowly, which row and column could not be read."""
    columns = {column.name: column for column in _COLUMNS[table]}
    seen = set()
    for row in rows:
        identifier = row.get("id", "")
        for name in row.keys() - columns.keys():
            return UnreadableRowError(table, identifier, name, "unknown column")
        for name, column in columns.items():
            try:
                deque(_convert(column, [row.get(name)]), maxlen=0)
            except (KeyError, ValueError):
                reason = (
                    f"{row[name]!r} is not a value of this column"
                    if name in row
                    else "a value is missing"
                )
                return UnreadableRowError(table, identifier, name, reason)
        if identifier in seen:
            return UnreadableRowError(table, identifier, "id", _TWICE)
        seen.add(identifier)
    return UnreadableRowError(table, "", None, "the rows do not fit the table")
