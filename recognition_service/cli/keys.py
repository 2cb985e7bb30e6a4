"""`recognition keys`: the keys of authorities, as keys/README.md explains."""

from datetime import datetime
from pathlib import Path

import click

from recognition_service.authorities.found import all_authorities, get_authority
from recognition_service.authorities.keys import all_keys
from recognition_service.authorities.models import KeyRecord
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    authority_option,
    data_dir_option,
    instant,
    json_option,
)
from recognition_service.cli.output import columns, say, say_json, tell
from recognition_service.cli.private_keys import require_active_keys
from recognition_service.clock import format_instant
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.errors import NotFoundError
from recognition_service.runtime.keys_desk import OWN_PURPOSES
from recognition_service.runtime.runtime import Runtime


@click.group()
def keys() -> None:
    """List, check and change the keys of authorities."""


@keys.command("list")
@click.option("--authority", "authority_id", help="Only this authority's keys.")
@data_dir_option
@json_option
def list_(authority_id: str | None, data_dir: Path | None, *, as_json: bool) -> None:
    """List every key that there ever was, with its dates."""
    with installation(data_dir) as runtime:
        found = [_as_value(runtime, record) for record in _keys(runtime, authority_id)]
    if as_json:
        say_json(found)
        return
    columns(
        [
            (
                key["authority"] or "",
                key["purpose"] or "",
                key["kid"] or "",
                f"since {key['created_at']}",
                _end(key),
            )
            for key in found
        ]
    )


@keys.command()
@authority_option
@click.option(
    "--purpose",
    required=True,
    type=click.Choice([purpose.value for purpose in OWN_PURPOSES]),
    help="What the key signs: attestations, status lists, or ends of the audit.",
)
@data_dir_option
@json_option
def rotate(
    authority_id: str, purpose: str, data_dir: Path | None, *, as_json: bool
) -> None:
    """Make a new key for a purpose and retire the old one.

    What the old key signed before stays valid for life.
    """
    with installation(data_dir) as runtime:
        thumbprint = runtime.rotate_key(authority_id, KeyPurpose(purpose))
        runtime.save_inputs()
        kid = key_id(issuer_url(runtime.public_url, authority_id), thumbprint)
    if as_json:
        say_json({"authority": authority_id, "purpose": purpose, "kid": kid})
    else:
        say(kid)


@keys.command()
@authority_option
@click.option("--kid", required=True, help="The key's name or its thumbprint.")
@click.option(
    "--at",
    required=True,
    type=instant,
    help="Since when others may have had it, as 2026-11-02T09:00:00Z.",
)
@data_dir_option
def compromise(
    authority_id: str, kid: str, at: datetime, data_dir: Path | None
) -> None:
    """State since when a key may have been in other hands.

    What was signed after that instant is not valid; what was signed before can no
    longer be confirmed by the signature alone.
    """
    issuer, _, thumbprint = kid.rpartition("#")
    with installation(data_dir) as runtime:
        if issuer not in {"", issuer_url(runtime.public_url, authority_id)}:
            raise NotFoundError(f"{authority_id} has no key {kid}.")
        runtime.mark_compromised(authority_id, thumbprint, at=at)
        runtime.save_inputs()
        record = next(
            record
            for record in _keys(runtime, authority_id)
            if record.thumbprint == thumbprint
        )
    say(f"{kid} counts as compromised since {format_instant(at)}.")
    tell(
        f"Make a new one: recognition keys rotate --authority {authority_id} "
        f"--purpose {record.purpose}"
    )


@keys.command()
@data_dir_option
def check(data_dir: Path | None) -> None:
    """Make sure that every private key that is needed can be opened."""
    with installation(data_dir) as runtime:
        count = require_active_keys(runtime)
    say(f"{count} keys in use, all can be opened.")


def _keys(runtime: Runtime, authority_id: str | None) -> list[KeyRecord]:
    with runtime.database.reading() as session:
        if authority_id is not None:
            return all_keys(session, get_authority(session, authority_id).id)
        return [
            record
            for authority in all_authorities(session)
            for record in all_keys(session, authority.id)
        ]


def _as_value(runtime: Runtime, record: KeyRecord) -> dict[str, str | None]:
    return {
        "authority": record.authority_id,
        "kid": key_id(
            issuer_url(runtime.public_url, record.authority_id), record.thumbprint
        ),
        "purpose": record.purpose,
        "algorithm": record.algorithm,
        "created_at": format_instant(record.created_at),
        "retired_at": _instant(record.retired_at),
        "compromised_at": _instant(record.compromised_at),
    }


def _end(key: dict[str, str | None]) -> str:
    if key["compromised_at"]:
        return f"compromised since {key['compromised_at']}"
    return f"retired {key['retired_at']}" if key["retired_at"] else "in use"


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)
