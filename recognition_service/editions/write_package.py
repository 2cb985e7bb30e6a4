"""Writing an edition down as a package that can be checked and loaded again."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from recognition_service.editions.contents import EditionContents
from recognition_service.editions.csv_lines import write_csv
from recognition_service.editions.new_directory import new_directory
from recognition_service.editions.package import (
    REGIMES,
    Description,
    shipped_tables_dir,
)
from recognition_service.editions.toml_writer import to_toml
from recognition_service.frameworks.schema import TableSchema

_SCHEMA_FILE = "datapackage.json"


def write_package(
    directory: Path, contents: EditionContents, schema: Mapping[str, TableSchema]
) -> None:
    """Write all files of a package into a directory that is new or empty.

    Every cell is written as it is, also one that a spreadsheet program would take for
    a formula. The description of the columns is the one of this version; a column of
    an older edition that it does not know stands behind the others.

    Raises:
        DirectoryInUseError: There is something in the directory already.
    """
    with new_directory(directory) as place:
        for name, table in schema.items():
            rows = contents.rows.get(name, {}).values()
            write_csv(place / table.path, _header(table, list(rows)), rows)
        (place / REGIMES).mkdir()
        for regime, tree in contents.rows.get(REGIMES, {}).items():
            path = place / REGIMES / f"{regime}.toml"
            path.write_text(to_toml(tree), encoding="utf-8", newline="")
        edition = to_toml(_description(contents.description))
        (place / "edition.toml").write_text(edition, encoding="utf-8", newline="")
        shutil.copyfile(shipped_tables_dir() / _SCHEMA_FILE, place / _SCHEMA_FILE)


def _header(table: TableSchema, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    known = list(table.fields)
    unknown = {column for row in rows for column in row} - set(known)
    return known + sorted(unknown)


def _description(description: Description) -> dict[str, Any]:
    return {
        "id": description.label,
        "date": description.dated.isoformat(),
        "title": description.title,
        "changes": list(description.changes),
    }
