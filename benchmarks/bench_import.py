"""What it takes to import a file, beside reading it with `csv.reader`.

Run: .venv/bin/python -m benchmarks.bench_import [--rows N] [--times N]
Writes N synthetic rows to temporary files and prints CPU seconds and the peak memory
of each act, every one in a process of its own: reading only, and `recognition tables
import`, which checks the file, the file with an error in every hundredth row, puts the
file into a package of its own with `--into`, and puts it in again. Statements are the
widest rows, alignments of levels those that most rules compare with one another.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count, islice, product
from pathlib import Path

from recognition_service.editions.csv_lines import write_csv
from recognition_service.editions.package import (
    Package,
    read_package,
    shipped_tables_dir,
)
from recognition_service.frameworks.files import RawRow

STATEMENTS = "comparability_statements"
ALIGNMENTS = "level_alignments"
SHARE_WRONG = 100
READ = "import csv, sys; sum(1 for _ in csv.reader(open(sys.argv[1], newline='')))"
Cells = dict[str, str]


def statements(package: Package, *, wrong: bool = False) -> Iterator[Cells]:
    """Yield statements about as many titles, each with an id and a title of its own."""
    shipped = [row.cells for row in package.files[STATEMENTS].rows]
    for number in count():
        cells = dict(shipped[number % len(shipped)])
        cells["id"] = f"synthetic-{number}"
        cells["title"] = f"{cells['title']}, série {number}"
        if wrong and number % SHARE_WRONG == 0:
            cells["revision"] = "one"
        yield cells


def alignments(package: Package) -> Iterator[Cells]:
    """Yield comparisons of each level with each of other frameworks, year by year.

    Levels in the same place of two national frameworks are equal to one another. What
    the package says of a level and a framework already is left out.
    """
    hubs = {
        row.cell("id")
        for row in package.files["frameworks"].rows
        if row.cell("kind") == "hub"
    }
    shipped = [*package.files[ALIGNMENTS].rows]
    asked = {
        key
        for row in shipped
        for key in (
            (*map(row.cell, ("framework_a", "level_a", "framework_b")),),
            (*map(row.cell, ("framework_b", "level_b", "framework_a")),),
        )
    }
    levels = [*package.files["levels"].rows]
    for year in count(1900):
        for one, other in product(levels, levels):
            framework, counterpart = one.cell("framework"), other.cell("framework")
            if framework == counterpart or {framework, counterpart} <= hubs:
                continue
            if (framework, one.cell("code"), counterpart) in asked:
                continue
            yield _alignment(shipped[0], one, other, year, hubs)


def _alignment(
    like: RawRow, one: RawRow, other: RawRow, year: int, hubs: set[str]
) -> Cells:
    ends = {
        "framework_a": one.cell("framework"),
        "level_a": one.cell("code"),
        "framework_b": other.cell("framework"),
        "level_b": other.cell("code"),
    }
    is_equal = (
        one.cell("ordinal") == other.cell("ordinal") and ends["framework_b"] not in hubs
    )
    return {
        **like.cells,
        **ends,
        "id": f"{':'.join(ends.values())}:{year}",
        "relation": "equal" if is_equal else "comparable",
        "valid_from": f"{year}-01-01",
        "valid_to": f"{year}-12-31",
    }


def write_rows(
    path: Path, package: Package, table: str, rows: int, *, wrong: bool = False
) -> None:
    """Write the first of the rows that there can be of a table."""
    made = (
        statements(package, wrong=wrong) if table == STATEMENTS else alignments(package)
    )
    write_csv(path, tuple(package.schema[table].fields), islice(made, rows))


def measured(command: list[str | Path]) -> tuple[float, float]:
    """Return CPU seconds and peak megabytes of a command."""
    with subprocess.Popen(  # noqa: S603  # our own commands
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as started:
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode not in (0, 1):
        raise SystemExit(f"{command} failed with {started.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


class _Table:
    """Prints what commands take, each against reading the first file."""

    def __init__(self, times: int) -> None:
        self._times = times
        self._reference = 0.0

    def tell(self, name: str, command: list[str | Path], into: Path | None) -> None:
        """Do a command several times, into packages like `into`, and tell the best."""
        found = []
        for _ in range(self._times):
            with tempfile.TemporaryDirectory() as place:
                whole = list(command)
                if into is not None:
                    whole += ["--into", shutil.copytree(into, Path(place) / "package")]
                found.append(measured(whole))
        seconds, peak = min(found)
        self._reference = self._reference or seconds
        ratio = seconds / self._reference
        print(f"{name:32} {seconds:6.1f} s CPU {peak:5.0f} MB RSS {ratio:6.2f} x")


def tell_table(table: str, rows: int, times: int) -> None:
    """Write files of one table, and print what each act takes."""
    package = read_package(shipped_tables_dir())
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        sound, wrong = place / "sound.csv", place / "wrong.csv"
        write_rows(sound, package, table, rows)
        size = sound.stat().st_size / 1_000_000
        print(f"{rows:,} rows of {table}, {size:.0f} MB")
        command = Path(sys.executable).with_name("recognition")
        start = [command, "tables", "import"]
        acts = _Table(times)
        acts.tell("csv.reader", [sys.executable, "-c", READ, sound], None)
        acts.tell("checked, nothing wrong", [*start, sound, "--table", table], None)
        if table == STATEMENTS:
            write_rows(wrong, package, table, rows, wrong=True)
            name = "checked, one row in 100 wrong"
            acts.tell(name, [*start, wrong, "--table", table], None)
            wrong.unlink()
        shipped, full = shipped_tables_dir(), place / "full"
        acts.tell("put into a package", [*start, sound, "--table", table], shipped)
        shutil.copytree(shipped, full)
        measured([*start, sound, "--table", table, "--into", full])
        acts.tell("put in again", [*start, sound, "--table", table], full)


def main() -> None:
    """Measure each act on files of both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3, help="the best of so many")
    options = parser.parse_args()
    for table in (STATEMENTS, ALIGNMENTS):
        tell_table(table, options.rows, options.times)


if __name__ == "__main__":
    main()
