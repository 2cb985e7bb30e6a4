"""Taking the rows of one file into a package, or as changes of an authority's own."""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from recognition_service.editions.check import check_package
from recognition_service.editions.overlay import RowChange
from recognition_service.editions.package import Package
from recognition_service.frameworks.files import RawRow, TableFile
from recognition_service.frameworks.findings import Finding


@dataclass(frozen=True, slots=True)
class Merge:
    """A package with the rows of a file in it, not yet written.

    Attributes:
        package: The package as it would be.
        added: How many rows are new.
        replaced: How many rows stand in the place of one with their id.
        unchanged: How many rows say what the package says already.
    """

    package: Package
    added: int
    replaced: int
    unchanged: int


def row_changes(table: str, rows: Iterable[RawRow]) -> Iterator[RowChange]:
    """Yield each row as a change that adds it, or replaces the one with its id."""
    for row in rows:
        yield RowChange(table, row.cell("id"), row.cells)


def merge_rows(package: Package, table: str, rows: Iterable[RawRow]) -> Merge:
    """Put rows into a table of a package by their ids; no row is taken out.

    Rows that are replaced keep their place, new ones stand at the end in the order of
    the file.
    """
    file = package.files[table]
    merged = {row.cell("id"): row for row in file.rows}
    added = replaced = unchanged = 0
    for row in rows:
        before = merged.get(row.cell("id"))
        if before is None:
            added += 1
        elif before.cells == row.cells:
            unchanged += 1
            continue
        else:
            replaced += 1
        merged[row.cell("id")] = row
    whole = TableFile(table, file.header, tuple(merged.values()))
    return Merge(
        replace(package, files={**package.files, table: whole}),
        added,
        replaced,
        unchanged,
    )


def check_merge(
    merge: Merge, table: str, rows: Iterable[RawRow], name: str
) -> list[Finding]:
    """Return what the package would break; places in the imported file are its own.

    Args:
        merge: The package with the rows in it.
        table: The table that they are rows of.
        rows: The rows that were imported.
        name: How the file that they came from is called.
    """
    imported = {row.cell("id") for row in rows}
    path = merge.package.schema[table].path
    return [
        replace(finding, file=name)
        if finding.file == path and finding.params.get("row") in imported
        else finding
        for finding in check_package(merge.package)
    ]


def write_csv(
    path: Path, header: Iterable[str], rows: Iterable[Mapping[str, str]]
) -> None:
    """Write a table as the packages have it: commas, and quotes where needed."""
    columns = tuple(header)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(
            [cells.get(column, "") for column in columns] for cells in rows
        )
        out.flush()
        os.fsync(out.fileno())


def replace_table(directory: Path, package: Package, table: str) -> None:
    """Write one table of a package; a reader finds the old file or the new one."""
    path = directory / package.schema[table].path
    file = package.files[table]
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_csv(temporary, file.header, (row.cells for row in file.rows))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
