"""`recognition people`: who acts for an authority, and with which API keys."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click

from recognition_service.authorities.access import (
    all_api_keys,
    issue_api_key,
    let_go,
    revoke_api_key,
)
from recognition_service.authorities.found import (
    add_principal,
    all_principals,
    get_authority,
)
from recognition_service.authorities.models import (
    APIKey,
    Principal,
    PrincipalKind,
    Role,
)
from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    authority_option,
    data_dir_option,
    json_option,
)
from recognition_service.cli.output import plain, say, say_json
from recognition_service.clock import format_instant
from recognition_service.runtime.editions_desk import SERVICE

ROLES = (
    Role.CLERK,
    Role.OFFICER,
    Role.SIGNATORY,
    Role.AUDITOR,
    Role.PROVIDER,
    Role.OBSERVER,
    Role.OPERATOR,
)
"""The roles that open anything; docs/api.md says what."""

person_option = click.option(
    "--person",
    "person_id",
    required=True,
    type=click.UUID,
    help="Id, as `list` shows it.",
)


@click.group()
def people() -> None:
    """List, add and dismiss people, and their API keys."""


@people.command("list")
@authority_option
@data_dir_option
@json_option
def list_(authority_id: str, data_dir: Path | None, *, as_json: bool) -> None:
    """List who ever acted for an authority, with the beginnings of their API keys."""
    with (
        installation(data_dir) as runtime,
        runtime.database.reading() as session,
    ):
        get_authority(session, authority_id)
        keys = all_api_keys(session, authority_id)
        found = [
            _as_value(each, [key for key in keys if key.principal_id == each.id])
            for each in all_principals(session, authority_id)
        ]
    if as_json:
        say_json(found)
        return
    for person in found:
        _show(person)


@people.command()
@authority_option
@click.option("--name", required=True, help="Shown in lists; never in the audit.")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([role.value for role in ROLES]),
    help="What they may do; give it again for each further role.",
)
@click.option(
    "--system", "is_system", is_flag=True, help="A system: it prepares, never signs."
)
@data_dir_option
@json_option
def add(
    authority_id: str,
    name: str,
    roles: tuple[str, ...],
    data_dir: Path | None,
    *,
    is_system: bool,
    as_json: bool,
) -> None:
    """Let a person or a system act for an authority.

    Their API key is shown this once.
    """
    kind = PrincipalKind.SYSTEM if is_system else PrincipalKind.PERSON
    with installation(data_dir) as runtime:
        now = runtime.now()
        with runtime.database.transaction() as session:
            person_id = add_principal(
                session,
                authority_id,
                kind=kind,
                name=name,
                roles=frozenset(map(Role, roles)),
                actor=SERVICE,
                now=now,
            )
            api_key = issue_api_key(
                session, authority_id, person_id, actor=SERVICE, now=now
            )
    _show_key(person_id, api_key, as_json=as_json)


@people.command("new-key")
@authority_option
@person_option
@data_dir_option
@json_option
def new_key(
    authority_id: str, person_id: UUID, data_dir: Path | None, *, as_json: bool
) -> None:
    """Make another API key for the same person or system; it is shown this once.

    Older keys stay in use until they are revoked.
    """
    with installation(data_dir) as runtime, runtime.database.transaction() as session:
        api_key = issue_api_key(
            session, authority_id, person_id, actor=SERVICE, now=runtime.now()
        )
    _show_key(person_id, api_key, as_json=as_json)


@people.command("revoke-key")
@authority_option
@click.option(
    "--prefix", required=True, help="The beginning of the key, as `list` shows it."
)
@data_dir_option
def revoke_key(authority_id: str, prefix: str, data_dir: Path | None) -> None:
    """Withdraw an API key at once."""
    with installation(data_dir) as runtime, runtime.database.transaction() as session:
        count = revoke_api_key(
            session, authority_id, prefix, actor=SERVICE, now=runtime.now()
        )
    say(f"{count} API key{'' if count == 1 else 's'} revoked.")


@people.command()
@authority_option
@person_option
@data_dir_option
def leave(authority_id: str, person_id: UUID, data_dir: Path | None) -> None:
    """End the access of a person or a system at once, with all their API keys."""
    with installation(data_dir) as runtime:
        now = runtime.now()
        with runtime.database.transaction() as session:
            let_go(session, authority_id, person_id, actor=SERVICE, now=now)
    say(f"{person_id} left at {format_instant(now)}.")


def _as_value(person: Principal, keys: list[APIKey]) -> dict[str, Any]:
    return {
        "id": str(person.id),
        "kind": person.kind,
        "name": person.name,
        "roles": person.roles,
        "created_at": format_instant(person.created_at),
        "left_at": format_instant(person.left_at) if person.left_at else None,
        "api_keys": [
            {
                "prefix": key.prefix,
                "created_at": format_instant(key.created_at),
                "revoked_at": (
                    format_instant(key.revoked_at) if key.revoked_at else None
                ),
            }
            for key in keys
        ],
    }


def _show(person: dict[str, Any]) -> None:
    left = f"  left {person['left_at']}" if person["left_at"] else ""
    say(
        f"{person['id']}  {person['kind']}  {','.join(person['roles'])}  "
        f"{plain(person['name'])}{left}"
    )
    for key in person["api_keys"]:
        say(f"  {key['prefix']}  since {key['created_at']}  {_end(person, key)}")


def _end(person: dict[str, Any], key: dict[str, Any]) -> str:
    if key["revoked_at"]:
        return f"revoked {key['revoked_at']}"
    return "no longer accepted" if person["left_at"] else "in use"


def _show_key(person_id: UUID, api_key: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"id": str(person_id), "api_key": api_key})
    else:
        say(str(person_id))
        say(f"API key: {api_key}")
