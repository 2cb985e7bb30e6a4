"""The rows of a table in a file, held in memory or read anew each time."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from recognition_service.editions.errors import TablesUnreadableError
from recognition_service.frameworks.files import RawRow, TableFile, filled_cells

_BYTE_ORDER_MARK = "\ufeff"


class StoredRows(Iterable[RawRow]):
    """The rows of a file that stays on disk.

    Raises:
        TablesUnreadableError: While they are gone through, as in `read_table`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[RawRow]:
        lines = _numbered_rows(self._path)
        _, header = next(lines, (1, []))
        return _rows(header, lines)


def read_table(path: Path, name: str, most_held: int | None = None) -> TableFile:
    """Read a table; one of more than `most_held` bytes stays on disk.

    Raises:
        TablesUnreadableError: The file is missing, is not UTF-8 or not CSV. Of a file
            that stays on disk, only its header is known to be neither.
    """
    lines = _numbered_rows(path)
    _, header = next(lines, (1, []))
    if most_held is not None and path.stat().st_size > most_held:
        return TableFile(name, tuple(header), StoredRows(path))
    return TableFile(name, tuple(header), tuple(_rows(header, lines)))


def _rows(
    header: Sequence[str], lines: Iterable[tuple[int, list[str]]]
) -> Iterator[RawRow]:
    for number, cells in lines:
        if cells:
            surplus = len(cells) - len(header)
            yield RawRow(number, filled_cells(header, cells), surplus)


def _numbered_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it begins."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            if lines.read(1) == _BYTE_ORDER_MARK:
                raise TablesUnreadableError(
                    f"{path.name} begins with a byte order mark; "
                    "save it as UTF-8 without one."
                )
            lines.seek(0)
            # Not `str.splitlines`, which also parts lines at U+2028 and its like.
            yield from _records(path, lines)
    except FileNotFoundError as error:
        raise TablesUnreadableError(f"{path} is missing.") from error
    except OSError as error:
        raise TablesUnreadableError(
            f"{path} cannot be read: {error.strerror}."
        ) from error
    except UnicodeDecodeError as error:
        raise TablesUnreadableError(
            f"{path.name} is not UTF-8 (byte {_lost_byte(path)}); save it as UTF-8."
        ) from error


def _records(path: Path, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise TablesUnreadableError(
                f"{path.name}, line {reader.line_num}: {error}."
            ) from error
        if cells is None:
            return
        yield begins, cells
        begins = reader.line_num + 1


def _lost_byte(path: Path) -> int:
    """Return where the first byte is that is no UTF-8."""
    begins = 0
    with path.open("rb") as lines:
        for line in lines:
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return begins + error.start
            begins += len(line)
    return begins
