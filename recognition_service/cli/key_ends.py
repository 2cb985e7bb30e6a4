"""`recognition keys retire` and `compromise`: keys that sign no more."""

from datetime import datetime
from pathlib import Path

import click

from recognition_service.attestations.affected import keys_affected
from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.authorities.keys import active_key, get_key
from recognition_service.authorities.models import KeyRecord
from recognition_service.cli.key_names import (
    kid_option,
    name_of,
    shown,
    thumbprint_of,
)
from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    authority_option,
    data_dir_option,
    instant,
    json_option,
)
from recognition_service.cli.output import say, say_json, tell
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.runtime.runtime import Runtime


@click.command()
@authority_option
@kid_option
@data_dir_option
@json_option
def retire(
    authority_id: str, kid: str, data_dir: Path | None, *, as_json: bool
) -> None:
    """Let a key sign nothing from now on; no new key is made.

    What it signed before stays valid for life. A key that was announced takes over.
    """
    with installation(data_dir) as runtime:
        thumbprint = thumbprint_of(runtime, authority_id, kid)
        runtime.retire_key(authority_id, thumbprint)
        runtime.save_inputs()
        record, successor = _found(runtime, authority_id, thumbprint)
        value = {**shown(runtime, record), "successor": successor}
    if as_json:
        say_json(value)
        return
    say(f"{value['kid']} signs nothing since {value['retired_at']}.")
    if successor is not None:
        tell(f"{successor} signs now.")
    else:
        tell(
            f"Nothing signs {record.purpose} for {authority_id} now. Make a key: "
            + _command("create", record)
        )


@click.command()
@authority_option
@kid_option
@click.option(
    "--at",
    required=True,
    type=instant,
    help="Since when others may have had it, as 2026-11-02T09:00:00Z.",
)
@data_dir_option
@json_option
def compromise(
    authority_id: str, kid: str, at: datetime, data_dir: Path | None, *, as_json: bool
) -> None:
    """State since when a key may have been in other hands.

    It stops signing now, and a new key is made if none is there to take over. What
    was signed after that instant is not valid; what was signed before can no longer
    be confirmed by the signature alone. An earlier instant can be stated later, never
    a later one.
    """
    with installation(data_dir) as runtime:
        thumbprint = thumbprint_of(runtime, authority_id, kid)
        runtime.mark_compromised(authority_id, thumbprint, at=at)
        runtime.save_inputs()
        record, successor = _found(runtime, authority_id, thumbprint)
        with runtime.database.reading() as session:
            affected = keys_affected(session, authority_id, thumbprint)
        value = {
            **shown(runtime, record),
            "successor": successor,
            "affected_attestations": affected,
        }
    if as_json:
        say_json(value)
        return
    say(f"{value['kid']} counts as compromised since {value['compromised_at']}.")
    if successor is not None:
        tell(f"{successor} signs now.")
    if affected:
        tell(
            f"Attestations that only this key confirms: {affected}. Give their holders "
            f"fresh copies: recognition keys reissue "
            f"--authority {authority_id} --kid {thumbprint}"
        )


def _found(
    runtime: Runtime, authority_id: str, thumbprint: str
) -> tuple[KeyRecord, str | None]:
    """Return a key, and the name of the one that signs in its place now."""
    with runtime.database.reading() as session:
        record = get_key(session, authority_id, thumbprint)
        try:
            successor = active_key(
                session,
                authority_id,
                KeyPurpose(record.purpose),
                runtime.now(),
                Algorithm(record.algorithm),
            )
        except NoActiveKeyError:
            return record, None
        return record, name_of(runtime, authority_id, successor.thumbprint)


def _command(verb: str, record: KeyRecord) -> str:
    option = (
        ""
        if record.algorithm == Algorithm.ES256
        else f" --algorithm {record.algorithm}"
    )
    return (
        f"recognition keys {verb} --authority {record.authority_id} "
        f"--purpose {record.purpose}{option}"
    )
