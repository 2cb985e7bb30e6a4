"""`recognition tables impact`: what other tables would change, changing nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from recognition_service.cli.opening import installation
from recognition_service.cli.options import data_dir_option, json_option
from recognition_service.cli.output import plain, say, say_json, tell
from recognition_service.editions.find import CompiledEdition
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.runtime.impact_report import affected_document, impact_report
from recognition_service.runtime.runtime import Runtime


@click.command()
@click.argument(
    "directory",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--authority", "authority_id", required=True, help="Whose attestations.")
@click.option("--draft", "draft_id", type=click.UUID, help="A draft of its own rows.")
@data_dir_option
@json_option
def impact(
    directory: Path | None,
    authority_id: str,
    draft_id: UUID | None,
    data_dir: Path | None,
    *,
    as_json: bool,
) -> None:
    """Tell which attestations and open cases would come out differently.

    Under the tables in DIRECTORY, with the authority's own rows over them; or with a
    draft of own rows (--draft) that waits for approval. Nothing is changed.
    """
    if directory is not None and draft_id is not None:
        raise click.UsageError("Name a directory or a draft, not both.")
    with installation(data_dir) as runtime:
        edition = _tried(runtime, authority_id, directory, draft_id)
        found = [
            affected_document(each)
            for each in impact_report(runtime, authority_id, edition, _progress)
        ]
    if as_json:
        say_json(found)
        return
    for each in found:
        say(plain(_line(each)))
    say(f"{len(found)} would come out differently.")


def _tried(
    runtime: Runtime, authority_id: str, directory: Path | None, draft_id: UUID | None
) -> CompiledEdition:
    if draft_id is not None:
        return runtime.tried_edition(authority_id, draft_id)
    package = read_package(directory or shipped_tables_dir())
    return runtime.tried_package(authority_id, package)


def _progress(done: int, total: int) -> None:
    tell(f"{done:,} of {total:,} looked at ...")


def _line(each: Mapping[str, Any]) -> str:
    name = each["number"] or each["id"]
    by = f", decided by {each['decided_by']}" if each["decided_by"] else ""
    before, after = _short(each["before"]), _short(each["after"])
    return f"{each['kind']} {name}{by}: {before} -> {after}"


def _short(answer: Mapping[str, Any]) -> str:
    parts = [answer.get("result"), answer.get("outcome") or answer.get("no_answer")]
    told = [*(answer.get("counterparts") or ()), *(answer.get("levels") or ())]
    named = ", ".join(told)
    return (
        " ".join(filter(None, [*parts, f"({named})" if named else None])) or "nothing"
    )
