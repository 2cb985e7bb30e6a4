"""`recognition keys`: the keys of authorities, as keys/README.md explains."""

from pathlib import Path
from typing import Any

import click

from recognition_service.authorities.found import all_authorities, get_authority
from recognition_service.authorities.keys import all_keys
from recognition_service.authorities.models import KeyRecord
from recognition_service.cli.key_certificates import certify, request
from recognition_service.cli.key_changes import create, rotate
from recognition_service.cli.key_ends import compromise, retire
from recognition_service.cli.key_names import life, shown
from recognition_service.cli.key_reissue import reissue
from recognition_service.cli.opening import installation
from recognition_service.cli.options import data_dir_option, json_option
from recognition_service.cli.output import columns, say, say_json, tell
from recognition_service.cli.private_keys import require_active_keys
from recognition_service.cli.trust_state import (
    require_trust_key,
    shown_trust_keys,
    trust_list_state,
)
from recognition_service.runtime.runtime import Runtime
from recognition_service.storage.base import PLATFORM


@click.group()
def keys() -> None:
    """List, check and change the keys of authorities."""


@keys.command("list")
@click.option("--authority", "authority_id", help="Only this authority's keys.")
@data_dir_option
@json_option
def list_(authority_id: str | None, data_dir: Path | None, *, as_json: bool) -> None:
    """List every key that there ever was, with its dates.

    Those for the trust list are the operator's, under the name "platform".
    """
    with installation(data_dir) as runtime:
        found = _found(runtime, authority_id)
    if as_json:
        say_json(found)
        return
    columns(
        [
            (
                key["authority"],
                key["purpose"],
                key["algorithm"],
                key["kid"],
                f"since {key['created_at']}",
                life(key) + (", certified" if key["certificates"] else ""),
            )
            for key in found
        ]
    )


@keys.command()
@data_dir_option
@json_option
def check(data_dir: Path | None, *, as_json: bool) -> None:
    """Make sure that every private key that is needed can be opened.

    Warns too when the trust list is missing or was not renewed.
    """
    with installation(data_dir) as runtime:
        found = require_active_keys(runtime)
        trust_key = require_trust_key(runtime)
        trust_list = trust_list_state(runtime)
    if trust_list.fault is not None:
        tell(f"warning: {trust_list.fault}")
    if as_json:
        say_json(
            {
                "in_use": found.in_use,
                "announced": found.announced,
                "unrecorded": found.unrecorded,
                "trust_key": trust_key,
                "trust_list": trust_list.as_value(),
            }
        )
    else:
        say(f"Keys: {found}.")
        say(f"Key of the trust list: {trust_key or 'none yet'}.")
        if trust_list.fault is None:
            say(f"Trust list: {trust_list}.")


for _command in (create, rotate, retire, compromise, reissue, certify, request):
    keys.add_command(_command)


def _found(runtime: Runtime, authority_id: str | None) -> list[dict[str, Any]]:
    """Return the keys of one authority, or all with those of the operator."""
    if authority_id == PLATFORM:
        return shown_trust_keys(runtime)
    found = [shown(runtime, record) for record in _keys(runtime, authority_id)]
    return found + (shown_trust_keys(runtime) if authority_id is None else [])


def _keys(runtime: Runtime, authority_id: str | None) -> list[KeyRecord]:
    with runtime.database.reading() as session:
        if authority_id is not None:
            return all_keys(session, get_authority(session, authority_id).id)
        return [
            record
            for authority in all_authorities(session)
            for record in all_keys(session, authority.id)
        ]
