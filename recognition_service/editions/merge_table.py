"""Putting the rows of a file into a table on disk, however many they are.

The rows of the file are first put down as they come. Then the table is written anew
beside the old one, and that is what is checked: what takes the place of the old file is
what was looked at.
"""

import csv
import io
import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from recognition_service.editions.csv_lines import CSVLines
from recognition_service.editions.package import Package
from recognition_service.frameworks.files import RawRow, TableFile, filled_cells

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Merge:
    """A package with the rows of a file in it, not yet in the place of the old one.

    Attributes:
        package: The package as it would be; imported rows have the places that they
            have in the file they came from.
        path: The file with the whole table.
        added: How many rows are new.
        replaced: How many rows stand in the place of one with their id.
        unchanged: How many rows say what the package says already.
    """

    package: Package
    path: Path
    added: int
    replaced: int
    unchanged: int


@contextmanager
def merged(
    package: Package,
    table: str,
    rows: Iterable[RawRow],
    *,
    name: str,
    directory: Path | None,
) -> Iterator[Merge]:
    """Put rows into a table of a package by their ids; no row is taken out.

    Rows that are replaced keep their place, new ones stand at the end in the order of
    the file. Of each row that is put in some 30 bytes are held in memory. The new file
    is removed on leaving, unless `publish` has put it in the place of the old one.

    Args:
        package: The package as it is.
        table: The table that they are rows of.
        rows: The rows; their ids should be unique, of those that are not all are kept.
        name: How the file that they come from is called.
        directory: The directory of the package, in which everything is then written;
            without it, where temporary files are.

    Raises:
        OSError: A file cannot be written.
    """
    file = package.files[table]
    # A column that the package lacks is kept until that has been found.
    columns = [
        *file.header,
        *(each for each in package.schema[table].fields if each not in file.header),
    ]
    with ExitStack() as stack:
        here = directory or Path(stack.enter_context(TemporaryDirectory()))
        target = here / package.schema[table].path
        path = target.with_name(f".{target.name}.{os.getpid()}")
        stack.callback(path.unlink, missing_ok=True)
        places, counts = _write(path, columns, file.rows, rows)
        whole = TableFile(table, file.header, MergedRows(path, columns, places, name))
        files = {**package.files, table: whole}
        yield Merge(replace(package, files=files), path, *counts)


def publish(merge: Merge, directory: Path, table: str) -> None:
    """Put the new table in the place of the old; a reader finds the one or the other.

    Raises:
        OSError: It cannot be written; the old file is as it was.
    """
    with merge.path.open("rb+") as out:
        os.fsync(out.fileno())
    merge.path.replace(directory / merge.package.schema[table].path)


def _write(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[RawRow],
    arriving: Iterable[RawRow],
) -> tuple["_Places", tuple[int, int, int]]:
    """Write a table; return where its rows stood, and the counts of a `Merge`."""
    with TemporaryFile(dir=path.parent, buffering=_BLOCK) as store:
        arrivals = _Arrivals(store, columns)
        for row in arriving:
            arrivals.add(row)
        with path.open("wb", buffering=_BLOCK) as out:
            writing = _Writing(out, columns, arrivals)
            writing.keep(rows)
            added = writing.add_the_rest()
    return writing.places, (added, writing.replaced, writing.unchanged)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each row of the merged table stood, and how many cells it had too many."""

    lines: MutableSequence[int] = field(default_factory=lambda: array("Q"))
    surplus: MutableSequence[int] = field(default_factory=lambda: array("i"))
    arrived: bytearray = field(default_factory=bytearray)

    def note(self, line: int, surplus: int, *, arrived: bool) -> None:
        self.lines.append(line)
        self.surplus.append(surplus)
        self.arrived.append(arrived)


class MergedRows(Iterable[RawRow]):
    """The rows of a merged table, read from disk each time they are gone through."""

    def __init__(
        self, path: Path, columns: Sequence[str], places: _Places, name: str
    ) -> None:
        self._path = path
        self._columns = columns
        self._places = places
        self._names = ("", name)

    def __iter__(self) -> Iterator[RawRow]:
        places, names, columns = self._places, self._names, self._columns
        with self._path.open(buffering=_BLOCK, encoding="utf-8", newline="") as text:
            records = islice(csv.reader(text, strict=True), 1, None)
            for cells, line, surplus, arrived in zip(
                records, places.lines, places.surplus, places.arrived, strict=True
            ):
                yield RawRow(
                    line, filled_cells(columns, cells), surplus, names[arrived]
                )


class _Arrivals:
    """The rows of a file, put down on disk in the form of the table.

    Attributes:
        begins: At which byte each begins, and the last one ends.
        lines: On which line of the file each began.
        surplus: How many cells each had too many.
    """

    def __init__(self, store: IO[bytes], columns: Sequence[str]) -> None:
        self._store = store
        self._csv = CSVLines(columns)
        self._id = columns.index("id")
        self._hashes = array("q")
        self._order: array[int] | None = None
        self.begins = array("Q", [0])
        self.lines = array("Q")
        self.surplus = array("i")

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, row: RawRow) -> None:
        size = self._store.write(self._csv.row(row.cells))
        self.begins.append(self.begins[-1] + size)
        self.lines.append(row.line)
        self.surplus.append(row.surplus)
        self._hashes.append(hash(row.cell("id")))

    def text(self, number: int) -> bytes:
        begins, ends = self.begins[number], self.begins[number + 1]
        self._store.seek(begins)
        return self._store.read(ends - begins)

    def find(self, identifier: str, text: bytes) -> tuple[int, bytes] | None:
        """Return the first row with an id and its text; `text` is one that has it."""
        if self._order is None:
            hashes = self._hashes
            self._order = array("I", sorted(range(len(self)), key=hashes.__getitem__))
            self._hashes = array("q", sorted(hashes))
        wanted = hash(identifier)
        place = bisect_left(self._hashes, wanted)
        while place < len(self) and self._hashes[place] == wanted:
            number = self._order[place]
            here = self.text(number)
            if here == text or self._id_in(here) == identifier:
                return number, here
            place += 1
        return None

    def copy(self, begin: int, end: int, out: IO[bytes]) -> None:
        """Copy the rows from one number to another, as they are."""
        self._store.seek(self.begins[begin])
        left = self.begins[end] - self.begins[begin]
        while left:
            block = self._store.read(min(left, _BLOCK))
            out.write(block)
            left -= len(block)

    def _id_in(self, text: bytes) -> str:
        record = io.StringIO(text.decode(), newline="")
        return next(csv.reader(record, strict=True))[self._id]


class _Writing:
    """Writes a table with the rows that arrived in it, and notes where each stood."""

    def __init__(
        self, out: IO[bytes], columns: Sequence[str], arrivals: _Arrivals
    ) -> None:
        self._out = out
        self._csv = CSVLines(columns)
        self._arrivals = arrivals
        self._taken = bytearray(len(arrivals))
        self.places = _Places()
        self.replaced = self.unchanged = 0
        out.write(self._csv.header())

    def keep(self, rows: Iterable[RawRow]) -> None:
        """Write the rows of the table, and in their place those with their ids."""
        for row in rows:
            text = self._csv.row(row.cells)
            arrival = self._arrivals.find(row.cell("id"), text)
            if arrival is None or self._taken[arrival[0]]:
                self._out.write(text)
                self.places.note(row.line, row.surplus, arrived=False)
                continue
            number, new = arrival
            self._taken[number] = True
            self._out.write(new)
            self._note(number)
            if new == text and row.surplus == self._arrivals.surplus[number] == 0:
                self.unchanged += 1
            else:
                self.replaced += 1

    def add_the_rest(self) -> int:
        """Write the rows that are new behind the others, and return their number."""
        arrivals, taken = self._arrivals, self._taken
        begin = taken.find(0)
        while begin >= 0:
            end = taken.find(1, begin)
            end = len(arrivals) if end < 0 else end
            arrivals.copy(begin, end, self._out)
            for number in range(begin, end):
                self._note(number)
            begin = taken.find(0, end)
        return taken.count(0)

    def _note(self, number: int) -> None:
        lines, surplus = self._arrivals.lines, self._arrivals.surplus
        self.places.note(lines[number], surplus[number], arrived=True)
