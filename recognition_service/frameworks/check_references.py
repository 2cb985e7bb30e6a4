"""Checks that what a cell refers to is there."""

from collections.abc import Iterable, Iterator, Mapping

from recognition_service.frameworks.files import RawRow, TableFile, rows_of
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.schema import ForeignKey, TableSchema


def check_references(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> Iterator[Finding]:
    """Find references to rows, and to levels of a framework, that do not exist.

    The column `source` is left to `check_evidence`.
    """
    frameworks = {row.cell("id") for row in rows_of(files, "frameworks")}
    for name, table in schema.items():
        for key in table.foreign_keys:
            if key.column == "source":
                continue
            if len(key.parts) == 1:
                yield from _check_id(name, key, files)
            else:
                yield from _check_level(name, key, files, frameworks)


def _check_id(
    name: str, key: ForeignKey, files: Mapping[str, TableFile]
) -> Iterator[Finding]:
    known = {row.cell(key.parts[0].field) for row in rows_of(files, key.table)}
    for row in rows_of(files, name):
        for value in _values(key, row):
            if value not in known:
                yield found(
                    name,
                    row,
                    key.column,
                    "unknown_reference",
                    value=value,
                    table=key.table,
                )


def _check_level(
    name: str,
    key: ForeignKey,
    files: Mapping[str, TableFile],
    frameworks: set[str],
) -> Iterator[Finding]:
    """Check a key of framework and level code.

    A framework that does not exist is found once, by the key of its own column.
    """
    scope, item = key.parts
    known = {
        (row.cell(scope.field), row.cell(item.field))
        for row in rows_of(files, key.table)
    }
    for row in rows_of(files, name):
        framework = scope.value or row.cell(scope.column or "")
        for level in _values(key, row):
            if not framework:
                yield found(
                    name, row, key.column, "level_without_framework", level=level
                )
            elif (framework, level) not in known and (
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


def _values(key: ForeignKey, row: RawRow) -> Iterable[str]:
    """Return what the cell refers to: nothing, one value, or those of a list.

    Blanks around a value are found by `check_shape`, not here once more.
    """
    text = row.cell(key.column)
    if not text:
        return ()
    items = text.split(key.separator) if key.separator else [text]
    return filter(None, map(str.strip, items))
