"""`recognition tables import`: rows out of a file that others made."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from recognition_service.cli.errors import FileUnusableError
from recognition_service.cli.options import json_option, language_option
from recognition_service.cli.output import plain, say, say_json, tell
from recognition_service.cli.table_findings import COLUMNS, as_line, as_row, as_value
from recognition_service.editions.check import find_in_package
from recognition_service.editions.merge_table import Merge, merged, publish
from recognition_service.editions.package import (
    Package,
    read_package,
    shipped_tables_dir,
)
from recognition_service.frameworks.csv_stream import read_rows
from recognition_service.frameworks.files import RawRow, TableFile
from recognition_service.frameworks.findings import Finding, by_place_in_part
from recognition_service.frameworks.schema import TableSchema

_SHOWN = 20
_TOLD_EVERY = 100_000
_MOST_HELD = 2_000_000
_MOST_SORTED = 50_000


@dataclass
class _Findings:
    """All findings are counted, the first are kept, each is written to the report."""

    language: str
    report: Any = None
    first: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, finding: Finding) -> None:
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(finding)
        if self.report is not None:
            self.report.writerow(as_row(finding, self.language))


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--table", required=True, help="The table, such as comparability_statements."
)
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Package that takes the rows; without it the file is only checked.",
)
@click.option("--dry-run", is_flag=True, help="Check everything, write no table.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file for all findings.",
)
@json_option
@language_option
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    *,
    table: str,
    into: Path | None,
    report: Path | None,
    language: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Check the rows of a CSV FILE, and put them into the package of a directory.

    A row replaces the one with its id or is added; none is taken out. The file may
    have a million rows. Without --into it is checked as if it were put into the tables
    that come with the service. Nothing is written if there is any finding.

    Exit code: 0 nothing was found, 1 something is to be mended, 2 a file cannot be
    used at all.
    """
    if report is not None and report.exists() and report.samefile(file):
        raise click.BadParameter("the report would be written over the file.")
    package = read_package(into or shipped_tables_dir(), _MOST_HELD)
    if table not in package.schema:
        names = ", ".join(package.schema)
        raise click.BadParameter(f"there is no such table; choose one of: {names}.")
    taken_into = None if dry_run else into
    with _findings(report, language) as findings:
        arriving = _Arriving(file, package.schema[table], findings)
        try:
            with merged(
                package, table, arriving, name=file.name, directory=taken_into
            ) as merge:
                _check(merge.package, table, findings)
                written = taken_into is not None and not findings.count
                if written and taken_into is not None:
                    tell("Writing the table ...")
                    publish(merge, taken_into, table)
        except OSError as error:
            place = taken_into or "A temporary file"
            raise FileUnusableError(f"{place}: {error.strerror}.") from error
    shown = merge if into is not None else None
    _tell(findings, shown, arriving.count, written=written, as_json=as_json)
    context.exit(1 if findings.count else 0)


class _Arriving(Iterable[RawRow]):
    """The rows of the file, counted as they are read; what is no row is a finding."""

    def __init__(self, file: Path, schema: TableSchema, findings: _Findings) -> None:
        self._file = file
        self._schema = schema
        self._findings = findings
        self.count = 0

    def __iter__(self) -> Iterator[RawRow]:
        for entry in self._entries():
            if isinstance(entry, Finding):
                self._findings.add(replace(entry, file=self._file.name))
                continue
            self.count += 1
            yield entry
            if self.count % _TOLD_EVERY == 0:
                found = self._findings.count
                tell(f"{self.count:,} rows read, {found:,} findings ...")
        tell("Putting the rows in their places ...")

    def _entries(self) -> Iterator[RawRow | Finding]:
        try:
            with self._file.open("rb") as stream:
                yield from read_rows(stream, self._schema)
        except OSError as error:
            raise FileUnusableError(f"{self._file}: {error.strerror}.") from error


class _Told(Iterable[RawRow]):
    """Rows that tell how many of them were gone through."""

    def __init__(self, rows: Iterable[RawRow], findings: _Findings) -> None:
        self._rows = rows
        self._findings = findings

    def __iter__(self) -> Iterator[RawRow]:
        for count, row in enumerate(self._rows, start=1):
            yield row
            if count % _TOLD_EVERY == 0:
                found = self._findings.count
                tell(f"{count:,} rows gone through, {found:,} findings ...")


def _check(package: Package, table: str, findings: _Findings) -> None:
    tell("Checking the package with these rows ...")
    file = package.files[table]
    rows = _Told(file.rows, findings)
    told = {**package.files, table: TableFile(table, file.header, rows)}
    found = find_in_package(replace(package, files=told))
    for finding in by_place_in_part(found, _MOST_SORTED):
        findings.add(finding)


@contextmanager
def _findings(report: Path | None, language: str) -> Iterator[_Findings]:
    if report is None:
        yield _Findings(language)
        return
    try:
        with report.open("w", encoding="utf-8", errors="replace", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            yield _Findings(language, writer)
    except OSError as error:
        raise FileUnusableError(f"{report}: {error.strerror}.") from error


def _tell(
    findings: _Findings,
    merge: Merge | None,
    count: int,
    *,
    written: bool,
    as_json: bool,
) -> None:
    language = findings.language
    if as_json:
        say_json(
            {
                "rows": count,
                "findings": [as_value(each, language) for each in findings.first],
                "finding_count": findings.count,
                "added": merge.added if merge else None,
                "replaced": merge.replaced if merge else None,
                "unchanged": merge.unchanged if merge else None,
                "written": written,
            }
        )
        return
    for finding in findings.first:
        say(plain(as_line(finding, language)))
    if findings.count > len(findings.first):
        say(f"... and {findings.count - len(findings.first):,} more; see --report")
    found = f"{findings.count:,} findings" if findings.count else "no findings"
    say(f"{count:,} rows, {found}")
    if merge is not None:
        say(
            f"{merge.added:,} added, {merge.replaced:,} replaced, "
            f"{merge.unchanged:,} unchanged: "
            + ("written" if written else "nothing was written")
        )
