"""`recognition tables`: the equivalence tables, on paper and in the database."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from recognition_service.authorities.found import all_authorities
from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    data_dir_option,
    json_option,
    language_option,
)
from recognition_service.cli.output import columns, plain, say, say_json, tell
from recognition_service.cli.publishers import SIGNATURE_FILE, require_publisher
from recognition_service.cli.table_conflicts import Shown, show, shown
from recognition_service.cli.table_differences import diff
from recognition_service.cli.table_export import export
from recognition_service.cli.table_findings import as_line, as_value
from recognition_service.cli.table_impact import impact
from recognition_service.cli.table_import import import_
from recognition_service.editions.check import check_package, package_conflicts
from recognition_service.editions.errors import TablesFailedError
from recognition_service.editions.find import edition_in_force, list_editions
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.editions.signatures import editions_issuer
from recognition_service.storage.base import PLATFORM

directory_argument = click.argument(
    "directory",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)


@click.group()
def tables() -> None:
    """Check, compare, load, export and import the equivalence tables.

    Without DIRECTORY the tables are meant that come with the service.
    """


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
    row_count = sum(1 for file in package.files.values() for _ in file.rows)
    if as_json:
        say_json(
            {
                "rows": row_count,
                "tables": len(package.files),
                "findings": [as_value(finding, language) for finding in findings],
                "conflicts": _values(conflicts) if told is not None else None,
                "drifts": _values(drifts) if told is not None else None,
            }
        )
    else:
        for finding in findings:
            say(plain(as_line(finding, language)))
        show(conflicts, "conflicts", language)
        show(drifts if with_drifts else [], "drifts", language)
        found = f"{len(findings)} findings" if findings else "no findings"
        if conflicts:
            found += f", {len(conflicts)} conflicts"
        say(f"{row_count} rows in {len(package.files)} tables, {found}")
    context.exit(1 if findings else 0)


@tables.command()
@directory_argument
@click.option(
    "--publisher",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Public key (JWK) of who must have signed the tables.",
)
@click.option("--older", is_flag=True, help="Go back to an edition of an earlier day.")
@data_dir_option
@json_option
def load(
    directory: Path | None,
    publisher: Path | None,
    data_dir: Path | None,
    *,
    older: bool,
    as_json: bool,
) -> None:
    """Make tables the edition in force; nothing is loaded if a rule is broken.

    Tables that carry a signature (edition.jws) are loaded only if it is good, and of
    this operator or of --publisher. The operator then signs the edition too. Editions
    that were loaded before stay, for decisions that used them.
    """
    place = directory or shipped_tables_dir()
    package = read_package(place)
    with installation(data_dir) as runtime:
        require_publisher(place, package, publisher, runtime.edition_keys())
        tell(f"Checking and loading edition {plain(package.description.label)} ...")
        digest = runtime.load_edition(package, goes_back=older)
    if as_json:
        say_json({"digest": digest})
    else:
        say(digest)


@tables.command()
@directory_argument
@data_dir_option
@json_option
def publish(directory: Path | None, data_dir: Path | None, *, as_json: bool) -> None:
    """Sign tables with the operator's key, for others to rely on.

    With DIRECTORY its tables are checked and signed; the signature is written beside
    them as edition.jws. Without, the stored editions are signed that nobody has signed.
    """
    with installation(data_dir) as runtime:
        if directory is None:
            with runtime.database.reading() as session:
                owners = [each.id for each in all_authorities(session)]
            count = runtime.sign_editions([PLATFORM, *owners])
            told: dict[str, Any] = {"signed": count}
            shown = f"{count} editions were signed."
        else:
            package = read_package(directory)
            findings = check_package(package)
            if findings:
                raise TablesFailedError(
                    f"{len(findings)} rules are broken; see: recognition tables check"
                )
            digest, token = runtime.sign_package(package)
            (directory / SIGNATURE_FILE).write_text(f"{token}\n", encoding="ascii")
            told = {"digest": digest, "signature": token}
            shown = digest
    if as_json:
        say_json(told)
    else:
        say(shown)


@tables.command("rotate-key")
@data_dir_option
@json_option
def rotate_key(data_dir: Path | None, *, as_json: bool) -> None:
    """Make a new key for signing tables, as after moving to another key store.

    Editions that the old key has signed stay signed. Whoever loads your tables
    elsewhere needs the new key.
    """
    with installation(data_dir) as runtime:
        thumbprint = runtime.rotate_edition_key()
        kid = f"{editions_issuer(runtime.public_url)}#{thumbprint}"
    if as_json:
        say_json({"kid": kid})
    else:
        say(f"{kid} signs from now on.")


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


for _command in (diff, impact, export, import_):
    tables.add_command(_command)
