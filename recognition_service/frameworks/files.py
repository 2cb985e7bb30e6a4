"""A table as a reader found it on paper, before anybody trusts it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a file.

    Attributes:
        line: Line of the file on which the row begins; the header is line 1.
        cells: The cells by column; an empty cell is "" or absent.
        surplus: How many cells the row has beyond the header; negative if it is
            short.
    """

    line: int
    cells: Mapping[str, str]
    surplus: int = 0

    def cell(self, column: str) -> str:
        """Return the text of a cell, "" if it is empty or absent."""
        return self.cells.get(column) or ""


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file: its header and its rows in order.

    Attributes:
        name: Name of the table, the file name without its ending.
        header: The columns as the file orders them, repeated ones included.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[RawRow, ...]


def rows_of(files: Mapping[str, TableFile], table: str) -> tuple[RawRow, ...]:
    """Return the rows of a table, none if there is no such file."""
    file = files.get(table)
    return file.rows if file else ()
