"""What it takes to check a file of statements, beside reading it with `csv.reader`.

Run: .venv/bin/python -m benchmarks.bench_import [--rows N]
Writes N synthetic statements to a temporary file and prints CPU seconds and the
peak memory of each act, every one in a process of its own: reading only, checking as
`recognition tables import` does, and the same with an error in every hundredth row.
"""

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.frameworks.check_stream import check_rows
from recognition_service.frameworks.csv_stream import read_rows
from recognition_service.frameworks.findings import Finding

TABLE = "comparability_statements"
SHARE_WRONG = 100


def write_statements(path: Path, rows: int, *, wrong: bool = False) -> None:
    """Write statements about as many titles, each with an id and a title of its own."""
    package = read_package(shipped_tables_dir())
    shipped = [row.cells for row in package.files[TABLE].rows]
    columns = list(package.schema[TABLE].fields)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\r\n")
        writer.writeheader()
        for number in range(rows):
            cells = dict(shipped[number % len(shipped)])
            cells["id"] = f"synthetic-{number}"
            cells["title"] = f"{cells['title']}, série {number}"
            if wrong and number % SHARE_WRONG == 0:
                cells["outcome"] = "equivalent"
            writer.writerow(cells)


def read_only(path: Path) -> int:
    """Read the file as the standard library does, and keep nothing."""
    with path.open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.reader(lines)) - 1


def check(path: Path) -> int:
    """Check the file, and keep nothing; the wrong rows are told on stderr."""
    package = read_package(shipped_tables_dir())
    schema = package.schema[TABLE]
    count = findings = 0
    with path.open("rb") as stream:
        for entry in check_rows(schema, read_rows(stream, schema), package.files):
            if isinstance(entry, Finding):
                findings += 1
            else:
                count += 1
    print(f"{findings:,} findings", file=sys.stderr)
    return count


ACTS = {"read": read_only, "check": check}


def measured(act: str, path: Path) -> tuple[float, float]:
    """Return CPU seconds and peak megabytes of an act in a process of its own."""
    done = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", "benchmarks.bench_import", "--act", act, str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def act_here(act: str, path: Path) -> None:
    """Do one act and print its CPU seconds and the peak memory of this process."""
    before = time.process_time()
    ACTS[act](path)
    seconds = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds} {peak}")


def main() -> None:
    """Write the files, measure each act three times, print the best of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--act", choices=sorted(ACTS))
    parser.add_argument("file", nargs="?", type=Path)
    options = parser.parse_args()
    if options.act:
        act_here(options.act, options.file)
        return
    with tempfile.TemporaryDirectory() as directory:
        sound, wrong = Path(directory) / "sound.csv", Path(directory) / "wrong.csv"
        write_statements(sound, options.rows)
        write_statements(wrong, options.rows, wrong=True)
        size = sound.stat().st_size / 1_000_000
        print(f"{options.rows:,} statements, {size:.0f} MB")
        reference = 0.0
        for name, act, path in (
            ("csv.reader", "read", sound),
            ("checked, nothing wrong", "check", sound),
            ("checked, one row in 100 wrong", "check", wrong),
        ):
            seconds, peak = min(measured(act, path) for _ in range(3))
            reference = reference or seconds
            ratio = seconds / reference
            print(f"{name:32} {seconds:6.1f} s CPU {peak:5.0f} MB RSS {ratio:6.2f} x")


if __name__ == "__main__":
    main()
