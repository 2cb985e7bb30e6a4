"""`recognition tables import`: rows out of a file that others made."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from recognition_service.cli.errors import FileUnusableError
from recognition_service.cli.options import json_option, language_option
from recognition_service.cli.output import plain, say, say_json, tell
from recognition_service.cli.table_findings import COLUMNS, as_line, as_row, as_value
from recognition_service.editions.import_rows import (
    Merge,
    check_merge,
    merge_rows,
    replace_table,
)
from recognition_service.editions.package import (
    Package,
    read_package,
    shipped_tables_dir,
)
from recognition_service.frameworks.check_stream import check_rows
from recognition_service.frameworks.csv_stream import read_rows
from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.findings import Finding

_SHOWN = 20
_TOLD_EVERY = 100_000


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
    have a million rows. Without --into its references are checked against the tables
    that come with the service. Nothing is written if there is any finding.

    Exit code: 0 nothing was found, 1 something is to be mended, 2 a file cannot be
    used at all.
    """
    if report is not None and report.exists() and report.samefile(file):
        raise click.BadParameter("the report would be written over the file.")
    package = read_package(into or shipped_tables_dir())
    if table not in package.schema:
        names = ", ".join(package.schema)
        raise click.BadParameter(f"there is no such table; choose one of: {names}.")
    with _findings(report, language) as findings:
        rows, count = _checked_rows(
            file, package, table, findings, keep=into is not None
        )
        merge = None
        if into is not None and not findings.count:
            tell("Checking the package with these rows ...")
            merge = merge_rows(package, table, rows)
            for finding in check_merge(merge, table, rows, file.name):
                findings.add(finding)
    written = merge is not None and not findings.count and not dry_run
    if written and merge is not None and into is not None:
        _write(into, merge, table)
    _tell(findings, merge, count, written=written, as_json=as_json)
    context.exit(1 if findings.count else 0)


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


def _checked_rows(
    file: Path, package: Package, table: str, findings: _Findings, *, keep: bool
) -> tuple[list[RawRow], int]:
    """Return the rows, if they are wanted and sound, and how many there are."""
    rows: list[RawRow] = []
    count = 0
    schema = package.schema[table]
    try:
        with file.open("rb") as stream:
            for entry in check_rows(schema, read_rows(stream, schema), package.files):
                if isinstance(entry, Finding):
                    findings.add(replace(entry, file=file.name))
                    rows.clear()
                    keep = False
                    continue
                count += 1
                if keep:
                    rows.append(entry)
                if count % _TOLD_EVERY == 0:
                    tell(f"{count:,} rows read, {findings.count:,} findings ...")
    except OSError as error:
        raise FileUnusableError(f"{file}: {error.strerror}.") from error
    return rows, count


def _write(into: Path, merge: Merge, table: str) -> None:
    try:
        replace_table(into, merge.package, table)
    except OSError as error:
        raise FileUnusableError(f"{into}: {error.strerror}.") from error


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
