"""`recognition authorities`: what authorities may decide, and until when."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from recognition_service.authorities import mandates as granted
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.trust import issuer_url
from recognition_service.cli.errors import FileUnusableError
from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    authority_option,
    data_dir_option,
    day,
    json_option,
)
from recognition_service.cli.output import columns, plain, say, say_json
from recognition_service.runtime.editions_desk import SERVICE
from recognition_service.verification.trust import Mandate

mandate_type = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=mandate_type)
@authority_option
@data_dir_option
@json_option
def mandate(
    file: Path, authority_id: str, data_dir: Path | None, *, as_json: bool
) -> None:
    """Grant an authority the mandate in the JSON file FILE.

    Members: decision_kinds, jurisdictions, levels, fields, professions (lists; an
    absent one does not limit), basis, valid_from, valid_to.
    """
    document = read_mandate(file)
    with installation(data_dir) as runtime:
        with runtime.database.transaction() as session:
            mandate_id = granted.grant_mandate(
                session, authority_id, document, actor=SERVICE, now=runtime.now()
            )
        runtime.refresh()
        runtime.save_inputs()
    if as_json:
        say_json({"authority": authority_id, "mandate": str(mandate_id)})
    else:
        say(str(mandate_id))


@click.command()
@authority_option
@data_dir_option
@json_option
def mandates(authority_id: str, data_dir: Path | None, *, as_json: bool) -> None:
    """List the mandates of an authority, past ones included."""
    with (
        installation(data_dir) as runtime,
        runtime.database.reading() as session,
    ):
        get_authority(session, authority_id)
        issuer = issuer_url(runtime.public_url, authority_id)
        found = granted.mandates_of(session, authority_id, issuer)
    if as_json:
        say_json([_as_value(each) for each in found])
    else:
        columns([_as_row(each) for each in found])


@click.command("end-mandate")
@authority_option
@click.option("--mandate", "mandate_id", required=True, type=click.UUID, help="Its id.")
@click.option(
    "--on", "last_day", required=True, type=day, help="Its last day, as 2026-12-31."
)
@data_dir_option
def end_mandate(
    authority_id: str, mandate_id: UUID, last_day: date, data_dir: Path | None
) -> None:
    """Let a mandate end with a day.

    What was decided up to that day stays valid. With a day in the past, what was
    decided after it is not valid any more.
    """
    with installation(data_dir) as runtime:
        with runtime.database.transaction() as session:
            granted.end_mandate(
                session,
                authority_id,
                mandate_id,
                on=last_day,
                actor=SERVICE,
                now=runtime.now(),
            )
        runtime.refresh()
        runtime.save_inputs()
    say(f"The mandate {mandate_id} ends with {last_day.isoformat()}.")


def read_mandate(file: Path) -> Mapping[str, Any]:
    """Return the document of a mandate from a file.

    Raises:
        FileUnusableError: It holds no JSON object.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FileUnusableError(f"{file} is no JSON: {error}.") from error
    if not isinstance(document, dict):
        raise FileUnusableError(f"{file} holds no JSON object.")
    return document


def _limits(mandate: Mandate) -> dict[str, list[str]]:
    return {
        "decision_kinds": list(mandate.decision_kinds),
        "jurisdictions": list(mandate.jurisdictions),
        "levels": list(mandate.levels),
        "fields": list(mandate.fields),
        "professions": list(mandate.professions),
    }


def _as_value(mandate: Mandate) -> dict[str, Any]:
    return {
        "id": mandate.id,
        "valid_from": mandate.valid_from.isoformat(),
        "valid_to": mandate.valid_to.isoformat() if mandate.valid_to else None,
        **_limits(mandate),
    }


def _as_row(mandate: Mandate) -> tuple[str, ...]:
    last = f"to {mandate.valid_to}" if mandate.valid_to else "without end"
    limits = "; ".join(
        f"{name}: {', '.join(values)}"
        for name, values in _limits(mandate).items()
        if values
    )
    return mandate.id, f"from {mandate.valid_from}", last, plain(limits)
