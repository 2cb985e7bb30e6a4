"""Checks that what a cell refers to is there."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from recognition_service.frameworks.files import RawRow, TableFile, rows_of
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.rules import RowRule
from recognition_service.frameworks.schema import ForeignKey, TableSchema


def reference_rules(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> Iterator[tuple[str, RowRule]]:
    """Yield what finds references to rows and levels that do not exist.

    The column `source` is left to `check_evidence`.
    """
    known = _Known(files)
    for name, table in schema.items():
        rules = [
            (
                key.column,
                _id_rule(name, key, known)
                if len(key.parts) == 1
                else _level_rule(name, key, known),
            )
            for key in table.foreign_keys
            if key.column != "source"
        ]
        if rules:
            yield name, partial(_check_cells, rules)


def _check_cells(
    rules: Iterable[tuple[str, RowRule]], row: RawRow
) -> Iterator[Finding]:
    for column, rule in rules:
        if column in row.cells:
            yield from rule(row)


class _Known:
    """What can be referred to; each table is gone through once for each of its keys."""

    def __init__(self, files: Mapping[str, TableFile]) -> None:
        self._files = files
        self._values: dict[tuple[str, str], set[str]] = {}
        self._pairs: dict[tuple[str, str, str], set[tuple[str, str]]] = {}

    def values(self, table: str, column: str) -> set[str]:
        key = (table, column)
        if key not in self._values:
            rows = rows_of(self._files, table)
            self._values[key] = {row.cell(column) for row in rows}
        return self._values[key]

    def pairs(self, table: str, scope: str, item: str) -> set[tuple[str, str]]:
        key = (table, scope, item)
        if key not in self._pairs:
            rows = rows_of(self._files, table)
            self._pairs[key] = {(row.cell(scope), row.cell(item)) for row in rows}
        return self._pairs[key]


def _id_rule(name: str, key: ForeignKey, known: _Known) -> RowRule:
    values, column = known.values(key.table, key.parts[0].field), key.column

    def check(row: RawRow) -> Iterable[Finding]:
        text = row.cell(column)
        if not text or (text in values and _is_single(key, text)):
            return ()
        return (
            found(name, row, column, "unknown_reference", value=value, table=key.table)
            for value in _values(key, text)
            if value not in values
        )

    return check


def _level_rule(name: str, key: ForeignKey, known: _Known) -> RowRule:
    """Return what checks a key of framework and level code.

    A framework that does not exist is found once, by the key of its own column.
    """
    scope, item = key.parts
    pairs = known.pairs(key.table, scope.field, item.field)
    frameworks = known.values("frameworks", "id")

    def check(row: RawRow) -> Iterable[Finding]:
        text = row.cell(key.column)
        if not text:
            return ()
        framework = scope.value or row.cell(scope.column or "")
        if framework and (framework, text) in pairs and _is_single(key, text):
            return ()
        return _unknown_levels(row, framework, _values(key, text))

    def _unknown_levels(
        row: RawRow, framework: str, levels: Iterable[str]
    ) -> Iterator[Finding]:
        for level in levels:
            if not framework:
                yield found(
                    name, row, key.column, "level_without_framework", level=level
                )
            elif (framework, level) not in pairs and (
                scope.value or framework in frameworks
            ):
                yield found(
                    name,
                    row,
                    key.column,
                    "level_of_another_framework",
                    framework=framework,
                    level=level,
                )

    return check


def _is_single(key: ForeignKey, text: str) -> bool:
    """Tell whether a cell is one value as it stands, as most are."""
    separator = key.separator
    return text == text.strip() and (separator is None or separator not in text)


def _values(key: ForeignKey, text: str) -> Iterable[str]:
    """Return what a cell refers to: nothing, one value, or those of a list.

    Blanks around a value are found by `check_shape`, not here once more.
    """
    items = text.split(key.separator) if key.separator else [text]
    return filter(None, map(str.strip, items))
