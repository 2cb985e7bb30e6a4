"""Reads a table out of a CSV file row by row, however many rows it has.

Files come from spreadsheets: with a byte order mark, as UTF-16, with the line ends of
Windows, with line breaks inside quotation marks. What could be mistaken for something
else is a finding and never repaired: bytes that are no text, a formula, a row that has
no end.

Source: RFC 4180 section 2; Unicode Standard section 23.8 (byte order marks); OWASP,
CSV Injection (signs that spreadsheets take for the beginning of a formula).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import BinaryIO

from recognition_service.frameworks.check_shape import check_header
from recognition_service.frameworks.files import RawRow, filled_cells
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.schema import FieldType, TableSchema

LONGEST_RECORD = 1_000_000
"""How many characters one row may have, so that a row without end is found early."""

FORMULA_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet program may take for the beginning of a formula."""

_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NOT_COMMAS = re.compile("[;\t|]")
# Bytes that are no UTF-8 are read as these, so that their cell can be named.
_LOST = re.compile("[\udc80-\udcff]")
_FIRST = itemgetter(0)


class _RecordTooLongError(Exception):
    """A row did not end in time; never leaves this module."""


class _Lines(Iterator[str]):
    """The lines of a text, counted in characters since the record began.

    Attributes:
        holds_lost_bytes: Whether a line of this record had bytes that are no text.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._left = LONGEST_RECORD
        self.holds_lost_bytes = False

    def begin_record(self) -> None:
        self._left = LONGEST_RECORD
        self.holds_lost_bytes = False

    def __next__(self) -> str:
        line = self._text.readline(self._left)
        if not line:
            raise StopIteration
        self._left -= len(line)
        if self._left <= 0:
            raise _RecordTooLongError
        if not line.isascii():
            try:
                line.encode()
            except UnicodeEncodeError:
                self.holds_lost_bytes = True
        return line


def read_rows(stream: BinaryIO, table: TableSchema) -> Iterator[RawRow | Finding]:
    """Yield the rows of a file in order, and what keeps it from being read.

    A caller that meets a finding should take nothing from the file. Values are not
    checked here (`checks.find_in_tables`). All columns must be there: a row is
    replaced as a whole, and a column that is absent would empty its cells.

    Args:
        stream: The bytes from their beginning; must allow `seek`. Stays open.
        table: The table that the file is said to hold.
    """
    mark = stream.read(2)
    stream.seek(0)
    text = (
        io.TextIOWrapper(stream, "utf-16", "replace", newline="")
        if mark in _UTF_16_MARKS
        else io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="")
    )
    try:
        yield from _read(_Lines(text), table)
    finally:
        text.detach()


def _read(lines: _Lines, table: TableSchema) -> Iterator[RawRow | Finding]:
    reader = csv.reader(lines, strict=True)
    header: Sequence[str] | None = None
    while True:
        begins = reader.line_num + 1
        lines.begin_record()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except _RecordTooLongError:
            yield _finding(table, begins, "record_too_long", most=LONGEST_RECORD)
            return
        except csv.Error as error:
            yield _finding(table, begins, "csv_unreadable", problem=str(error))
            return
        if header is None:
            header = cells
            faults = _header_faults(table, header)
            yield from faults
            if faults:
                return
        elif cells:
            filled = filled_cells(header, cells)
            row = RawRow(begins, filled, len(cells) - len(header))
            yield from _entries(table, row, lost=lines.holds_lost_bytes)
    if header is None:
        yield _finding(table, 1, "header_missing")


def _header_faults(table: TableSchema, header: Sequence[str]) -> list[Finding]:
    if not header:
        return [_finding(table, 1, "header_missing")]
    if len(header) == 1 and _NOT_COMMAS.search(header[0]):
        return [_finding(table, 1, "not_separated_by_commas")]
    return list(check_header(table, header))


def _entries(
    table: TableSchema, row: RawRow, *, lost: bool
) -> Iterable[RawRow | Finding]:
    if lost:
        return _lost_cells(table, row)
    if FORMULA_SIGNS.isdisjoint(map(_FIRST, row.cells.values())):
        return (row,)
    return (*_formulas(table, row), row)


def _lost_cells(table: TableSchema, row: RawRow) -> Iterator[Finding]:
    whole = {column: _LOST.sub("\ufffd", cell) for column, cell in row.cells.items()}
    told = RawRow(row.line, whole, row.surplus)
    for column, cell in row.cells.items():
        if whole[column] != cell:
            yield found(table.name, told, column, "not_utf8")


def _formulas(table: TableSchema, row: RawRow) -> Iterator[Finding]:
    for column, cell in row.cells.items():
        if cell[0] in FORMULA_SIGNS and table.fields[column].type is FieldType.STRING:
            yield found(table.name, row, column, "formula", value=cell, sign=cell[0])


def _finding(table: TableSchema, line: int, rule: str, **params: object) -> Finding:
    return Finding(table.path, line, None, rule, params)
