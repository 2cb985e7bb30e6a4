"""Reading a package of tables from a directory, line by line."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from importlib.resources import files
from pathlib import Path
from typing import Any

from recognition_service.editions.errors import TablesUnreadableError
from recognition_service.editions.table_files import read_table
from recognition_service.frameworks.errors import UnreadableSchemaError
from recognition_service.frameworks.files import TableFile
from recognition_service.frameworks.schema import TableSchema, parse_schema

REGIMES = "regimes"
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Description:
    """What `edition.toml` says about an edition."""

    label: str
    dated: date
    title: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A package as it was found on disk; nothing in it is trusted yet.

    Attributes:
        regimes: Parsed TOML by file name, dates as text.
    """

    description: Description
    schema: Mapping[str, TableSchema]
    files: Mapping[str, TableFile]
    regimes: Mapping[str, Mapping[str, Any]]


def shipped_tables_dir() -> Path:
    """Return where the shipped tables lie, in a clone or in the wheel."""
    package = Path(str(files("recognition_service")))
    shipped = package / "shipped" / "equivalence_tables"
    return shipped if shipped.exists() else package.parent / "equivalence_tables"


def read_package(directory: Path, most_held: int | None = None) -> Package:
    """Read all files of a package.

    Args:
        directory: Where they lie.
        most_held: How many bytes a table may have to be held in memory; `None` holds
            them all. The rows of a larger one are read anew each time.

    Raises:
        TablesUnreadableError: A file is missing, is not UTF-8, or is not CSV, TOML
            or JSON at all; the message names it. In a table that is not held, this is
            found only while its rows are read.
    """
    schema = read_schema(directory)
    tables = {
        name: read_table(directory / table.path, name, most_held)
        for name, table in schema.items()
    }
    return Package(
        _read_description(directory / "edition.toml"),
        schema,
        tables,
        {
            path.name: _read_toml(path)
            for path in sorted((directory / REGIMES).glob("*.toml"))
        },
    )


def read_schema(directory: Path) -> dict[str, TableSchema]:
    """Read what the columns of the tables may hold.

    Raises:
        TablesUnreadableError: The description is missing or cannot be read.
    """
    path = directory / "datapackage.json"
    try:
        return parse_schema(json.loads(_read_text(path)))
    except (UnreadableSchemaError, json.JSONDecodeError) as error:
        raise TablesUnreadableError(f"{path.name}: {error}") from error


def _read_description(path: Path) -> Description:
    tree = _read_toml(path)
    changes = tree.get("changes", [])
    texts = [tree.get("id"), tree.get("title"), tree.get("date")]
    if isinstance(changes, list) and all(
        isinstance(text, str) for text in (*texts, *changes)
    ):
        label, title, dated = map(str, texts)
        try:
            return Description(label, date.fromisoformat(dated), title, tuple(changes))
        except ValueError:
            pass
    raise TablesUnreadableError(
        f"{path.name}: id, date and title are needed; changes is a list of sentences."
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        tree = tomllib.loads(_read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise TablesUnreadableError(f"{path.name}: {error}.") from error
    return {member: _plain(value) for member, value in tree.items()}


def _plain(value: Any) -> Any:
    """Turn TOML dates into text, so that the tree has a canonical JSON form."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {member: _plain(inner) for member, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def _read_text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise TablesUnreadableError(f"{path} is missing.") from error
    except OSError as error:
        raise TablesUnreadableError(
            f"{path} cannot be read: {error.strerror}."
        ) from error
    except UnicodeDecodeError as error:
        raise TablesUnreadableError(
            f"{path.name} is not UTF-8 (byte {error.start}); save it as UTF-8."
        ) from error
    if text.startswith(_BYTE_ORDER_MARK):
        raise TablesUnreadableError(
            f"{path.name} begins with a byte order mark; save it as UTF-8 without one."
        )
    return text
