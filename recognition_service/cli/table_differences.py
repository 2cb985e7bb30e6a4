"""`recognition tables diff`: what differs between two editions, told and listed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    data_dir_option,
    json_option,
    language_option,
)
from recognition_service.cli.output import plain, say, say_json
from recognition_service.editions.changelog import Change, called, changelog
from recognition_service.editions.differences import (
    ChangedRow,
    TableDifference,
    differences,
)
from recognition_service.editions.errors import EditionNameError
from recognition_service.editions.named import (
    DIGEST_MARK,
    NamedEdition,
    packaged_edition,
    stored_edition,
)
from recognition_service.editions.package import read_package
from recognition_service.wording import text


@click.command("diff")
@click.argument("old")
@click.argument("new")
@data_dir_option
@json_option
@language_option
@click.pass_context
def diff(
    context: click.Context,
    old: str,
    new: str,
    data_dir: Path | None,
    *,
    as_json: bool,
    language: str,
) -> None:
    """Tell what differs between two editions, in words and row by row.

    OLD and NEW are each a directory of tables, or the digest of a stored edition or
    its beginning (8 signs at least after "sha256-"). The digest of an authority's own
    rows means these rows over their base. Only rows are compared, not the title and
    date of the editions.

    Exit code: 0 no row differs, 1 rows differ, 2 an edition cannot be read.
    """
    before, after = _editions((old, new), data_dir)
    found = differences(before.rows, after.rows)
    changes = changelog(found)
    if as_json:
        say_json(_as_value(before, after, found, changes, language))
    else:
        _tell(before, after, found, changes, language)
    context.exit(1 if found else 0)


def _editions(names: Sequence[str], data_dir: Path | None) -> list[NamedEdition]:
    """Read the editions; an installation is opened only if one of them is stored."""
    stored = {name for name in names if not Path(name).is_dir()}
    for name in stored:
        if not name.startswith(DIGEST_MARK):
            raise EditionNameError(
                f"{plain(name)} is no directory of tables and no digest "
                f"({DIGEST_MARK}…)."
            )
    found = {
        name: packaged_edition(read_package(Path(name)))
        for name in names
        if name not in stored
    }
    if stored:
        with (
            installation(data_dir) as runtime,
            runtime.database.reading() as session,
        ):
            found |= {name: stored_edition(session, name) for name in stored}
    return [found[name] for name in names]


def _tell(
    before: NamedEdition,
    after: NamedEdition,
    found: Sequence[TableDifference],
    changes: Sequence[Change],
    language: str,
) -> None:
    for mark, edition in (("---", before), ("+++", after)):
        about = edition.description
        say(plain(f"{mark} {about.label}  {edition.digest}  {about.title}"))
    say()
    if not found:
        say(text("change.nothing", {}, language))
        return
    for change in changes:
        say(plain(_sentence(change, language)))
    say()
    say(f"{text('change.rows', {}, language)}:")
    for table in found:
        for sign, rows in (("-", table.removed), ("+", table.added)):
            for row_id, row in rows.items():
                say(plain(f"{sign} {table.table} {called(row_id, row)}"))
        for changed in table.changed:
            say(plain(f"~ {table.table} {called(changed.id, changed.after)}"))
            for cell in changed.cells:
                say(plain(f"    {cell.column}: {cell.old!r} -> {cell.new!r}"))


def _sentence(change: Change, language: str) -> str:
    amount = "one" if change.count == 1 else "many"
    rows = "; ".join(change.rows)
    if change.unnamed:
        params = {"rows": rows, "more": change.unnamed}
        rows = text("change.and_more", params, language)
    return text(
        f"change.{change.kind}_{amount}",
        {
            "noun": text(
                f"table.{change.table}_{amount}", {"count": change.count}, language
            ),
            "rows": rows,
            "column": _column(change.column, language),
            "old": change.old,
            "new": change.new,
        },
        language,
    )


def _column(name: str | None, language: str) -> str | None:
    """Return what a column is called; members of regimes keep their names."""
    code = f"column.{name}"
    word = text(code, {}, language)
    return name if word == code else word


def _as_value(
    before: NamedEdition,
    after: NamedEdition,
    found: Sequence[TableDifference],
    changes: Sequence[Change],
    language: str,
) -> dict[str, Any]:
    return {
        "old": _as_edition(before),
        "new": _as_edition(after),
        "same": not found,
        "changelog": [
            {
                "table": change.table,
                "kind": change.kind,
                "count": change.count,
                "text": _sentence(change, language),
            }
            for change in changes
        ],
        "tables": {
            table.table: {
                "added": list(table.added.values()),
                "removed": list(table.removed.values()),
                "changed": [_as_change(row) for row in table.changed],
            }
            for table in found
        },
    }


def _as_edition(edition: NamedEdition) -> dict[str, str]:
    about = edition.description
    return {
        "digest": edition.digest,
        "id": about.label,
        "date": about.dated.isoformat(),
        "title": about.title,
    }


def _as_change(row: ChangedRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "revision": row.revision,
        "columns": {
            cell.column: {"old": cell.old, "new": cell.new} for cell in row.cells
        },
    }
