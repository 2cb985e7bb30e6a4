"""Sorting the rows that rules compare, where they are too many for memory."""

import errno
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.rules import Entry

# A database without a name is a file that SQLite has already removed when it writes.
_NAMELESS = ""
_SETTINGS = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = FILE",
    "PRAGMA cache_size = -16000",
)
_TABLE = (
    "CREATE TABLE entry (key TEXT, number INTEGER, line INTEGER, file TEXT, cells TEXT)"
)


def sort_on_disk(entries: Iterable[Entry], columns: Sequence[str]) -> Iterator[Entry]:
    """Sort entries in a temporary file; of their rows the id and the columns are kept.

    The file is made where SQLite makes temporary files: `SQLITE_TMPDIR`, `TMPDIR`, or
    /var/tmp.

    Raises:
        OSError: The file cannot be written, as when the disk is full.
    """
    kept = sorted({"id", *columns})
    try:
        with closing(sqlite3.connect(_NAMELESS, isolation_level=None)) as store:
            for setting in (*_SETTINGS, _TABLE):
                store.execute(setting)
            store.execute("BEGIN")
            store.executemany(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?)", _records(entries, kept)
            )
            for key, number, line, file, cells in store.execute(
                "SELECT key, number, line, file, cells FROM entry ORDER BY key, number"
            ):
                row = RawRow(
                    line, dict(zip(kept, json.loads(cells), strict=True)), file=file
                )
                yield key, number, row
    except sqlite3.Error as error:
        raise OSError(errno.EIO, f"rows could not be sorted ({error})") from error


def _records(
    entries: Iterable[Entry], kept: Sequence[str]
) -> Iterator[tuple[str, int, int, str, str]]:
    for key, number, row in entries:
        cells = json.dumps([row.cell(column) for column in kept])
        yield key, number, row.line, row.file, cells
