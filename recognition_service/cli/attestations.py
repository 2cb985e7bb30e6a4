"""`recognition attestations`: looking into what was attested."""

from pathlib import Path
from uuid import UUID

import click

from recognition_service.attestations.read import get_attestation
from recognition_service.attestations.replay import replay as replay_decision
from recognition_service.cli.opening import installation
from recognition_service.cli.options import data_dir_option, json_option
from recognition_service.cli.output import plain, say, say_json


@click.group()
def attestations() -> None:
    """Look into what was attested."""


@attestations.command()
@click.argument("attestation_id", metavar="ID", type=click.UUID)
@click.option("--authority", "authority_id", required=True)
@data_dir_option
@json_option
@click.pass_context
def replay(
    context: click.Context,
    attestation_id: UUID,
    authority_id: str,
    data_dir: Path | None,
    *,
    as_json: bool,
) -> None:
    """Compute the decision behind an attestation again, from what was kept.

    Exit code: 0 everything comes out as it was signed, 1 it does not.
    """
    with (
        installation(data_dir) as runtime,
        runtime.database.reading() as session,
    ):
        found = replay_decision(
            session, get_attestation(session, authority_id, attestation_id)
        )
    if as_json:
        say_json(found.as_document())
    else:
        say("match" if found.is_match else "NO MATCH")
        say(f"signed     {found.decision_digest}")
        say(f"recomputed {found.recomputed_digest or '(could not be computed)'}")
        for each in found.differences:
            say(plain(f"{each.pointer}: {each.recorded!r} -> {each.recomputed!r}"))
    context.exit(0 if found.is_match else 1)
