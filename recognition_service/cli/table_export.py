"""`recognition tables export`: an edition for other programs."""

import json
from collections.abc import Callable
from pathlib import Path

import click

from recognition_service.cli.errors import FileUnusableError
from recognition_service.cli.opening import installation
from recognition_service.cli.options import data_dir_option, json_option
from recognition_service.cli.output import plain, say, say_json, tell
from recognition_service.editions.contents import (
    EditionContents,
    package_contents,
    stored_contents,
)
from recognition_service.editions.ctdl import ctdl_export
from recognition_service.editions.elm import elm_export
from recognition_service.editions.exported import Export
from recognition_service.editions.find import edition_in_force
from recognition_service.editions.new_directory import new_directory
from recognition_service.editions.package import (
    read_package,
    read_schema,
    shipped_tables_dir,
)
from recognition_service.editions.write_package import write_package
from recognition_service.frameworks.tables import Tables

CSV = "csv"
ENCODERS: dict[str, Callable[[Tables, str], Export]] = {
    "elm": elm_export,
    "ctdl": ctdl_export,
}
"""The vocabularies of others, by the name of the format."""


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice([CSV, *ENCODERS]),
    default=CSV,
    show_default=True,
    help="A package for `check` and `load`, or JSON-LD.",
)
@click.option("--edition", help="Digest of a stored edition; else the one in force.")
@data_dir_option
@json_option
def export(
    directory: Path,
    form: str,
    edition: str | None,
    data_dir: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write an edition into a DIRECTORY that is new or empty.

    Without --data-dir and --edition the tables are meant that come with the service.
    Rows that the European Learning Model (elm) or CTDL (ctdl) cannot state without
    claiming more than the tables do are listed in left-out.json with the reason.
    """
    contents = _contents(edition, data_dir)
    digest = contents.digest()
    try:
        exported = _write(directory, form, contents, digest)
    except OSError as error:
        raise FileUnusableError(f"{directory}: {error.strerror}.") from error
    left_out = len(exported.left_out) if exported else 0
    if as_json:
        say_json(
            {
                "digest": digest,
                "format": form,
                "specification": exported.specification if exported else None,
                "directory": str(directory),
                "left_out": left_out,
            }
        )
        return
    say(digest)
    if left_out:
        tell(f"{left_out} rows are not stated; left-out.json says why.")
    tell(f"Written to {plain(directory)}.")


def _contents(edition: str | None, data_dir: Path | None) -> EditionContents:
    if edition is None and data_dir is None:
        return package_contents(read_package(shipped_tables_dir()))
    with (
        installation(data_dir) as runtime,
        runtime.database.reading() as session,
    ):
        return stored_contents(session, edition or edition_in_force(session).base)


def _write(
    directory: Path, form: str, contents: EditionContents, digest: str
) -> Export | None:
    """Write an edition, and return what of it was translated; None: it is a package."""
    if form == CSV:
        write_package(directory, contents, read_schema(shipped_tables_dir()))
        return None
    exported = ENCODERS[form](contents.tables(), digest)
    left_out = [
        {"table": row.table, "id": row.id, "reason": row.reason}
        for row in exported.left_out
    ]
    with new_directory(directory) as place:
        for name, value in (
            (f"{form}.jsonld", exported.document),
            ("left-out.json", left_out),
        ):
            text = json.dumps(value, ensure_ascii=False, indent=1)
            (place / name).write_text(f"{text}\n", encoding="utf-8", newline="")
    return exported
