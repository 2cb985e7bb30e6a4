"""Checks each file against its description, cell by cell."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from unicodedata import is_normalized

from recognition_service.frameworks.files import RawRow, TableFile
from recognition_service.frameworks.findings import Finding, file_of, found
from recognition_service.frameworks.schema import FieldSchema, FieldType, TableSchema

# The rule that is broken, and the parameters of its sentence.
Fault = tuple[str, Mapping[str, object]]

# `check_evidence` speaks about these, in better words.
_EVIDENCE_COLUMNS = frozenset({"evidence", "source"})

# Control characters, the marks that turn or hide text, and lost characters.
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]"
)
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_YEAR = re.compile(r"[0-9]{4}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+")
_REMEMBERED = 4096
_SLOT = re.compile(r"\{(\w+)(?:\|(\w+))?\}")


def check_shape(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> Iterator[Finding]:
    """Find missing tables and columns, and cells that do not fit their column.

    Source: Table Schema 1.0, types and constraints; Unicode Standard Annex 15 (NFC).
    """
    for name in files.keys() - schema.keys():
        yield Finding(file_of(name), 0, None, "unknown_table")
    for name, table in schema.items():
        if name not in files:
            yield Finding(table.path, 0, None, "missing_table")
            continue
        file = files[name]
        yield from check_header(table, file.header)
        shapes = RowShapes(table, file.header)
        for row in file.rows:
            yield from shapes.check(row)


def check_header(table: TableSchema, header: Sequence[str]) -> Iterator[Finding]:
    """Find columns that are missing, unknown or there twice."""
    times = Counter(header)
    for column in table.fields:
        if column not in times:
            yield Finding(table.path, 1, column, "missing_column")
    for column, count in times.items():
        if column not in table.fields:
            yield Finding(table.path, 1, column, "unknown_column")
        elif count > 1:
            yield Finding(table.path, 1, column, "column_twice")


class RowShapes:
    """Checks the rows of one table one after the other.

    It remembers which texts a column was found to allow, up to a limit, because most
    cells repeat. Of what must be unique it keeps a hash of 64 bits and a line, which
    saves some hundred megabytes in a million rows.
    """

    __slots__ = ("_columns", "_first_lines", "_table")

    def __init__(self, table: TableSchema, header: Sequence[str]) -> None:
        columns = [table.fields[name] for name in header if name in table.fields]
        self._table = table
        self._columns: tuple[tuple[FieldSchema, set[str]], ...] = tuple(
            (field, set()) for field in columns
        )
        self._first_lines: dict[int, int] = {}

    def check(self, row: RawRow) -> list[Finding]:
        """Return what does not fit in the next row."""
        name, cells = self._table.name, row.cells
        findings: list[Finding] = []
        if row.surplus:
            findings.append(found(name, row, None, "ragged_row", surplus=row.surplus))
        for field, sound in self._columns:
            text = cells.get(field.name) or ""
            if text in sound:
                continue
            faults = [
                found(name, row, field.name, rule, value=text, **params)
                for rule, params in _faults(field, text)
            ]
            if text and field.unique:
                faults += self._repeated(row, field, text)
            elif not faults and len(sound) < _REMEMBERED:
                sound.add(text)
            findings += faults
        findings += _check_composition(self._table, row)
        return findings

    def _repeated(self, row: RawRow, field: FieldSchema, text: str) -> list[Finding]:
        line = self._first_lines.setdefault(hash((field.name, text)), row.line)
        if line == row.line:
            return []
        rule = "id_twice" if field.name == "id" else "value_twice"
        return [
            found(self._table.name, row, field.name, rule, value=text, first_line=line)
        ]


def _faults(field: FieldSchema, text: str) -> Iterator[Fault]:
    """Yield the rules that one cell breaks, with their parameters."""
    is_evidence = field.name in _EVIDENCE_COLUMNS
    if not text:
        if field.required and not is_evidence:
            yield "value_missing", {}
        return
    yield from _text_faults(text)
    if text != text.strip():
        yield "outer_space", {}
        return
    if field.separator:
        yield from _list_faults(field.separator, text)
    if not is_evidence:
        yield from _value_faults(field, text)


def _text_faults(text: str) -> Iterator[Fault]:
    if text.isascii() and text.isprintable():
        return
    if sign := _FORBIDDEN.search(text):
        yield "forbidden_character", {"character": f"U+{ord(sign.group()):04X}"}
    if not is_normalized("NFC", text):
        yield "not_nfc", {}


def _list_faults(separator: str, text: str) -> Iterator[Fault]:
    items = text.split(separator)
    if any(not item or item != item.strip() for item in items):
        yield "empty_or_spaced_item", {"separator": separator}
    elif len(set(items)) < len(items):
        yield "item_twice", {}


def _value_faults(field: FieldSchema, text: str) -> Iterator[Fault]:
    if not _is_of_type(field, text):
        yield "wrong_type", {"type": field.type.value}
    elif field.words and text not in field.words:
        yield "unknown_word", {"allowed": field.words}
    elif field.pattern and not field.pattern.fullmatch(text):
        yield "pattern_not_met", {"pattern": field.pattern.pattern}
    elif field.is_uri and not _URI.fullmatch(text):
        yield "not_an_address", {}
    elif field.minimum is not None and int(text) < field.minimum:
        yield "too_small", {"minimum": field.minimum}


def _is_of_type(field: FieldSchema, text: str) -> bool:
    match field.type:
        case FieldType.STRING | FieldType.BOOLEAN:
            return True
        case FieldType.INTEGER:
            return _INTEGER.fullmatch(text) is not None
        case FieldType.YEAR:
            return _YEAR.fullmatch(text) is not None
        case FieldType.DATE:
            return _DATE.fullmatch(text) is not None and _is_day(text)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_composition(table: TableSchema, row: RawRow) -> Iterator[Finding]:
    """Find an id that is not composed of the cells of its row."""
    if table.id_template is None:
        return
    composed = _SLOT.sub(
        lambda slot: row.cell(slot[1]) or slot[2] or "", table.id_template
    )
    base, _, number = row.cell("id").rpartition(":")
    if row.cell("id") != composed and (base != composed or not number.isdigit()):
        yield found(table.name, row, "id", "id_not_composed", expected=composed)
