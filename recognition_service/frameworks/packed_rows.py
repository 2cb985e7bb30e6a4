"""A large table kept column by column; its rows are made when they are asked for.

Half a million rows as values take 200 MB, because every row repeats what most rows
say and points to each of it in eight bytes. Kept by columns they take a tenth.

Rows are compared by what they say, never by identity: a row that is asked for twice
is made twice.
"""

from collections.abc import (
    Container,
    ItemsView,
    Iterator,
    Mapping,
    ValuesView,
)
from operator import attrgetter
from typing import Any, TypeVar

from recognition_service.frameworks.columns import Column
from recognition_service.frameworks.hashed import HashedPositions

_Row = TypeVar("_Row")


class PackedRows(Mapping[str, _Row]):
    """The rows of one table by id, in the order of the file."""

    __slots__ = (
        "_columns",
        "_common",
        "_ids",
        "_positions",
        "_row_class",
        "_varying",
    )

    def __init__(self, row_class: type[_Row], columns: Mapping[str, Column]) -> None:
        """Keep columns as a table.

        Args:
            row_class: A frozen class with slots.
            columns: A column of equal length for every attribute of the class.

        Raises:
            KeyError: Two rows have the same id.
        """
        self._row_class = row_class
        self._columns = columns
        self._ids = columns["id"]
        self._positions = HashedPositions(
            self._ids, len(self._ids), self._ids.__getitem__
        )
        puts = {name: getattr(row_class, name).__set__ for name in columns}
        self._common = tuple(
            (puts[name], column.values[0])
            for name, column in columns.items()
            if len(column.values) == 1
        )
        self._varying = tuple(
            (puts[name], column.codes, column.values)
            for name, column in columns.items()
            if len(column.values) > 1
        )

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __contains__(self, row_id: object) -> bool:
        return self._positions.find(row_id, self._ids.__getitem__) is not None

    def __getitem__(self, row_id: str) -> _Row:
        position = self._positions.find(row_id, self._ids.__getitem__)
        if position is None:
            raise KeyError(row_id)
        return self.row_at(position)

    def values(self) -> ValuesView[_Row]:
        """Return the rows, each made when its turn comes."""
        return _Values(self)

    def items(self) -> ItemsView[str, _Row]:
        """Return the rows with their ids, each made when its turn comes."""
        return _Items(self)

    def column(self, name: str) -> Column:
        """Return what all rows say in one column."""
        return self._columns[name]

    def row_at(self, position: int) -> _Row:
        """Make the row at a position, counted from 0."""
        row: _Row = object.__new__(self._row_class)
        for put, value in self._common:
            put(row, value)
        for put, codes, values in self._varying:
            put(row, values[codes[position]])
        return row

    def rows(self) -> Iterator[_Row]:
        """Make all rows, one after the other."""
        return map(self.row_at, range(len(self)))


class _Values(ValuesView[_Row]):
    """The rows of a table; to look each up by its id would take longer."""

    def __init__(self, rows: PackedRows[_Row]) -> None:
        super().__init__(rows)
        self._rows = rows

    def __iter__(self) -> Iterator[_Row]:
        return self._rows.rows()


class _Items(ItemsView[str, _Row]):
    """The ids and rows of a table; as for its values."""

    def __init__(self, rows: PackedRows[_Row]) -> None:
        super().__init__(rows)
        self._rows = rows

    def __iter__(self) -> Iterator[tuple[str, _Row]]:
        return zip(self._rows, self._rows.rows(), strict=True)


def cells(rows: Mapping[str, Any], *names: str) -> Iterator[tuple[Any, ...]]:
    """Yield what the rows of a table say in some columns, without making them."""
    if isinstance(rows, PackedRows):
        return zip(*map(rows.column, names), strict=True)
    return zip(*(map(attrgetter(name), rows.values()) for name in names), strict=True)


def rows_with(
    rows: Mapping[str, _Row], name: str, wanted: Container[Any]
) -> Iterator[_Row]:
    """Yield the rows of a table that have one of some values in a column."""
    if isinstance(rows, PackedRows):
        return (
            rows.row_at(position)
            for position, value in enumerate(rows.column(name))
            if value in wanted
        )
    return (row for row in rows.values() if getattr(row, name) in wanted)
