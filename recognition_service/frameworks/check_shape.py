"""Checks each file against its description, cell by cell."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from unicodedata import is_normalized

from recognition_service.frameworks.files import RawRow, TableFile
from recognition_service.frameworks.findings import Finding, file_of, found
from recognition_service.frameworks.rules import GroupRule, RowRule, anything
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
_NOTHING: frozenset[str] = frozenset()
_SLOT = re.compile(r"\{(\w+)(?:\|(\w+))?\}")


def check_files(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> Iterator[Finding]:
    """Find missing tables and columns."""
    for name in files.keys() - schema.keys():
        yield Finding(file_of(name), 0, None, "unknown_table")
    for name, table in schema.items():
        if name not in files:
            yield Finding(table.path, 0, None, "missing_table")
        else:
            yield from check_header(table, files[name].header)


def shape_rules(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> Iterator[tuple[str, RowRule]]:
    """Yield what finds cells that do not fit their column.

    Source: Table Schema 1.0, types and constraints; Unicode Standard Annex 15 (NFC).
    """
    for name, table in schema.items():
        if name in files:
            yield name, _RowShapes(table, files[name].header).check
            if table.id_template is not None:
                yield name, partial(_check_composition, name, table.id_template)


def unique_rules(schema: Mapping[str, TableSchema]) -> Iterator[GroupRule]:
    """Yield what finds a text that only one row of a table may have."""
    for name, table in schema.items():
        for column, field in table.fields.items():
            if field.unique:
                yield GroupRule(
                    name,
                    partial(_text_of, column),
                    anything,
                    (column,),
                    partial(_check_unique, name, column),
                )


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


class _RowShapes:
    """Checks the rows of one table one after the other.

    It remembers which texts a column was found to allow, up to a limit, because most
    cells repeat.
    """

    __slots__ = ("_fields", "_required", "_sound", "_table")

    def __init__(self, table: TableSchema, header: Sequence[str]) -> None:
        self._table = table.name
        self._fields = {
            name: table.fields[name] for name in header if name in table.fields
        }
        self._sound: dict[str, set[str]] = {name: set() for name in self._fields}
        self._required = frozenset(
            name
            for name, field in self._fields.items()
            if field.required and name not in _EVIDENCE_COLUMNS
        )

    def check(self, row: RawRow) -> list[Finding]:
        """Return what does not fit in the next row."""
        table, cells, sound = self._table, row.cells, self._sound
        findings: list[Finding] = []
        if row.surplus:
            findings.append(found(table, row, None, "ragged_row", surplus=row.surplus))
        if not self._required <= cells.keys():
            findings += map(partial(self._missing, row), self._required - cells.keys())
        for column, text in cells.items():
            if text in sound.get(column, _NOTHING):
                continue
            if text:
                findings += self._check_text(row, column, text)
            elif column in self._required:
                findings.append(self._missing(row, column))
        return findings

    def _missing(self, row: RawRow, column: str) -> Finding:
        return found(self._table, row, column, "value_missing", value="")

    def _check_text(self, row: RawRow, column: str, text: str) -> list[Finding]:
        field = self._fields.get(column)
        if field is None:
            return []
        findings = [
            found(self._table, row, column, rule, value=text, **params)
            for rule, params in _faults(field, text)
        ]
        sound = self._sound[column]
        if not findings and not field.unique and len(sound) < _REMEMBERED:
            sound.add(text)
        return findings


def _text_of(column: str, row: RawRow) -> tuple[str, ...] | None:
    text = row.cell(column)
    return (text,) if text else None


def _check_unique(table: str, column: str, rows: Iterable[RawRow]) -> Iterator[Finding]:
    again = iter(rows)
    line = next(again).line
    rule = "id_twice" if column == "id" else "value_twice"
    for row in again:
        yield found(table, row, column, rule, value=row.cell(column), first_line=line)


def _faults(field: FieldSchema, text: str) -> Iterator[Fault]:
    """Yield the rules that a cell with a text breaks, with their parameters."""
    yield from _text_faults(text)
    if text != text.strip():
        yield "outer_space", {}
        return
    if field.separator:
        yield from _list_faults(field.separator, text)
    if field.name not in _EVIDENCE_COLUMNS:
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


def _check_composition(table: str, template: str, row: RawRow) -> Iterator[Finding]:
    """Find an id that is not composed of the cells of its row."""
    composed = _SLOT.sub(lambda slot: row.cell(slot[1]) or slot[2] or "", template)
    base, _, number = row.cell("id").rpartition(":")
    if row.cell("id") != composed and (base != composed or not number.isdigit()):
        yield found(table, row, "id", "id_not_composed", expected=composed)
