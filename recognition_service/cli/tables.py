"""`recognition tables`: the equivalence tables, on paper and in the database."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    data_dir_option,
    json_option,
    language_option,
)
from recognition_service.cli.output import columns, plain, say, say_json, tell
from recognition_service.cli.table_conflicts import Shown, show, shown
from recognition_service.cli.table_differences import diff
from recognition_service.editions.check import check_package, package_conflicts
from recognition_service.editions.find import edition_in_force, list_editions
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.frameworks.findings import Finding
from recognition_service.wording import text

directory_argument = click.argument(
    "directory",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)


@click.group()
def tables() -> None:
    """Check, compare, load and list the equivalence tables.

    Without DIRECTORY the tables are meant that come with the service.
    """


tables.add_command(diff)


@tables.command()
@directory_argument
@click.option(
    "--drifts",
    "with_drifts",
    is_flag=True,
    help="Also show levels that may come back from another framework higher.",
)
@json_option
@language_option
@click.pass_context
def check(
    context: click.Context,
    directory: Path | None,
    *,
    with_drifts: bool,
    as_json: bool,
    language: str,
) -> None:
    """Check all rules and print each finding with its place.

    Where no rule is broken, rows that contradict one another are shown side by side
    as conflicts. Sources do differ, so a conflict forbids nothing.

    Exit code: 0 nothing was found, or conflicts only; 1 something is to be mended;
    2 a file cannot be read at all.
    """
    package = read_package(directory or shipped_tables_dir())
    findings = check_package(package)
    # Rows that break a rule cannot be compared: nothing is known of conflicts then.
    told = None if findings else shown(package, package_conflicts(package), language)
    conflicts = [each for each in told or () if each.is_conflict]
    drifts = [each for each in told or () if not each.is_conflict]
    row_count = sum(len(file.rows) for file in package.files.values())
    if as_json:
        say_json(
            {
                "rows": row_count,
                "tables": len(package.files),
                "findings": [_as_value(finding, language) for finding in findings],
                "conflicts": _values(conflicts) if told is not None else None,
                "drifts": _values(drifts) if told is not None else None,
            }
        )
    else:
        for finding in findings:
            say(plain(_as_line(finding, language)))
        show(conflicts, "conflicts", language)
        show(drifts if with_drifts else [], "drifts", language)
        found = f"{len(findings)} findings" if findings else "no findings"
        if conflicts:
            found += f", {len(conflicts)} conflicts"
        say(f"{row_count} rows in {len(package.files)} tables, {found}")
    context.exit(1 if findings else 0)


@tables.command()
@directory_argument
@data_dir_option
@json_option
def load(directory: Path | None, data_dir: Path | None, *, as_json: bool) -> None:
    """Make tables the edition in force; nothing is loaded if a rule is broken.

    Editions that were loaded before stay, for decisions that used them.
    """
    package = read_package(directory or shipped_tables_dir())
    with installation(data_dir) as runtime:
        tell(f"Checking and loading edition {plain(package.description.label)} ...")
        digest = runtime.load_edition(package)
    if as_json:
        say_json({"digest": digest})
    else:
        say(digest)


@tables.command("list")
@data_dir_option
@json_option
def list_(data_dir: Path | None, *, as_json: bool) -> None:
    """List the editions that are stored; the one in force is marked."""
    with (
        installation(data_dir) as runtime,
        runtime.database.reading() as session,
    ):
        editions = list_editions(session)
        current = edition_in_force(session).base if editions else None
    if as_json:
        say_json(
            [
                {
                    "digest": edition.digest,
                    "id": edition.label,
                    "date": edition.dated.isoformat(),
                    "title": edition.title,
                    "in_force": edition.digest == current,
                }
                for edition in editions
            ]
        )
        return
    columns(
        [
            (
                "*" if edition.digest == current else " ",
                edition.label,
                edition.digest,
                plain(edition.title),
            )
            for edition in editions
        ]
    )


def _values(told: Iterable[Shown]) -> list[Mapping[str, Any]]:
    return [each.value for each in told]


def _as_line(finding: Finding, language: str) -> str:
    place = f"{finding.file}:{finding.line}:{finding.column or ''}"
    return f"{place} {finding.rule}: {_sentence(finding, language)}"


def _as_value(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "rule": finding.rule,
        "params": {name: str(value) for name, value in finding.params.items()},
        "text": _sentence(finding, language),
    }


def _sentence(finding: Finding, language: str) -> str:
    return text(f"tables.{finding.rule}", finding.params, language)
