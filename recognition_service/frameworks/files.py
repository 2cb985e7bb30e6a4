"""A table as a reader found it on paper, before anybody trusts it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a file.

    Attributes:
        line: Line of the file on which the row begins; the header is line 1.
        cells: The cells by column; an empty cell is "" or absent.
        surplus: How many cells the row has beyond the header; negative if it is
            short.
        file: Name of the file, "" if it is the one of the table.
    """

    line: int
    cells: Mapping[str, str]
    surplus: int = 0
    file: str = ""

    def cell(self, column: str) -> str:
        """Return the text of a cell, "" if it is empty or absent."""
        return self.cells.get(column) or ""


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file: its header and its rows in order.

    Attributes:
        name: Name of the table, the file name without its ending.
        header: The columns as the file orders them, repeated ones included.
        rows: Can be gone through any number of times. They need not be in memory: a
            rule goes through them and keeps as little of each as it can.
    """

    name: str
    header: tuple[str, ...]
    rows: Iterable[RawRow]


def filled_cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return the cells of a row that are not empty, by column."""
    return dict(compress(zip(header, cells, strict=False), cells))


def rows_of(files: Mapping[str, TableFile], table: str) -> Iterable[RawRow]:
    """Return the rows of a table, none if there is no such file."""
    file = files.get(table)
    return file.rows if file else ()
