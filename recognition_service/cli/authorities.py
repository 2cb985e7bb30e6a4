"""`recognition authorities`: the tenants of an installation."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from recognition_service.authorities import trust
from recognition_service.authorities.access import issue_api_key
from recognition_service.authorities.found import (
    NewAuthority,
    add_principal,
    all_authorities,
    found_authority,
)
from recognition_service.authorities.mandates import grant_mandate
from recognition_service.authorities.models import Function, Mode, PrincipalKind, Role
from recognition_service.authorities.trust import issuer_url
from recognition_service.cli.mandates import (
    end_mandate,
    mandate,
    mandate_type,
    mandates,
    read_mandate,
)
from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    authority_option,
    data_dir_option,
    json_option,
)
from recognition_service.cli.output import columns, plain, say, say_json, tell
from recognition_service.clock import format_instant
from recognition_service.editions.errors import NoEditionError
from recognition_service.equivalence.errors import UnknownCodeError, nearest
from recognition_service.frameworks.titles import words
from recognition_service.runtime.editions_desk import SERVICE
from recognition_service.runtime.runtime import Runtime

_LONGEST_ID = 40
_POSTS = {"officer": Role.OFFICER, "signatory": Role.SIGNATORY}


@click.group()
def authorities() -> None:
    """Found and list authorities, grant and end mandates."""


@authorities.command()
@click.option("--name", required=True, help="The name that verifiers are shown.")
@click.option("--country", required=True, help="ISO 3166-1 code of two letters.")
@click.option(
    "--mode",
    required=True,
    type=click.Choice([mode.value for mode in Mode]),
    help="Nobody relies on what a test authority signs.",
)
@click.option("--mandate", "mandate_file", type=mandate_type, help="A JSON file.")
@click.option("--id", "authority_id", help="Part of all URLs; else from the name.")
@click.option("--jurisdiction", help="Code of the tables, as BE-FL; else the country.")
@click.option("--time-zone", default="UTC", show_default=True, help="As Europe/Riga.")
@click.option(
    "--function",
    "functions",
    multiple=True,
    type=click.Choice([function.value for function in Function]),
    default=(Function.COMPETENT_AUTHORITY.value,),
    show_default=True,
    help="What it is among the others; give it again for a second one.",
)
@data_dir_option
@json_option
def create(
    *,
    name: str,
    country: str,
    mode: str,
    mandate_file: Path | None,
    authority_id: str | None,
    jurisdiction: str | None,
    time_zone: str,
    functions: tuple[str, ...],
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Found an authority with keys, a mandate and two people.

    The API keys of the officer and of the signatory are shown this once. Without
    --mandate the authority may decide everything for its jurisdiction from today.
    """
    new = NewAuthority(
        id=authority_id or "-".join(words(name))[:_LONGEST_ID].strip("-"),
        name=name,
        country=_country(country),
        jurisdiction=jurisdiction or country.upper(),
        mode=Mode(mode),
        time_zone=time_zone,
        functions=frozenset(Function(function) for function in functions),
    )
    document = (
        {"jurisdictions": [new.jurisdiction]}
        if mandate_file is None
        else read_mandate(mandate_file)
    )
    with installation(data_dir) as runtime:
        _require_jurisdiction(runtime, new.jurisdiction)
        _rehearse(runtime, new, document)
        tell("Making the keys of the authority ...")
        runtime.found(new)
        api_keys = _people_and_mandate(runtime, new, document)
        runtime.save_inputs()
        issuer = issuer_url(runtime.public_url, new.id)
    if as_json:
        say_json({"id": new.id, "issuer": issuer, "api_keys": api_keys})
        return
    say(f"{new.id}  {issuer}")
    for post, key in api_keys.items():
        say(f"API key of the {post}: {key}")


@authorities.command("list")
@data_dir_option
@json_option
def list_(data_dir: Path | None, *, as_json: bool) -> None:
    """List the authorities of the installation."""
    with (
        installation(data_dir) as runtime,
        runtime.database.reading() as session,
    ):
        found: list[dict[str, Any]] = [
            {
                "id": row.id,
                "issuer": issuer_url(runtime.public_url, row.id),
                "name": row.name,
                "country": row.country,
                "jurisdiction": row.jurisdiction,
                "mode": row.mode,
                "functions": row.functions,
                "trusted_until": _or_none(row.trusted_until),
            }
            for row in all_authorities(session)
        ]
    if as_json:
        say_json(found)
    else:
        columns(
            [
                (
                    each["id"] or "",
                    each["mode"] or "",
                    each["jurisdiction"] or "",
                    plain(each["name"]),
                    _end(each["trusted_until"]),
                )
                for each in found
            ]
        )


@authorities.command("end-trust")
@authority_option
@data_dir_option
def end_trust(authority_id: str, data_dir: Path | None) -> None:
    """Take an authority off the trust list, now and for ever.

    Nothing that it ever issued can be confirmed from then on.
    """
    with installation(data_dir) as runtime:
        now = runtime.now()
        with runtime.database.transaction() as session:
            trust.end_trust(session, authority_id, actor=SERVICE, now=now)
        runtime.refresh()
        runtime.save_inputs()
    say(f"Trust in {authority_id} ended at {format_instant(now)}.")


authorities.add_command(mandate)
authorities.add_command(mandates)
authorities.add_command(end_mandate)


def _or_none(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _end(trusted_until: str | None) -> str:
    return f"trusted until {trusted_until}" if trusted_until else ""


def _country(text: str) -> str:
    if len(text) != 2 or not (text.isascii() and text.isalpha()):  # noqa: PLR2004
        raise click.BadParameter(
            f"{text!r} is not a code of two letters.", param_hint="--country"
        )
    return text.upper()


def _require_jurisdiction(runtime: Runtime, code: str) -> None:
    """Refuse a jurisdiction that the tables in force do not know."""
    try:
        known = runtime.snapshot().tables.jurisdictions
    except NoEditionError:
        return
    if code not in known:
        raise UnknownCodeError("jurisdiction", code, nearest(code, known))


def _rehearse(runtime: Runtime, new: NewAuthority, document: Mapping[str, Any]) -> None:
    """Find out whether something would be refused, before anything is founded."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        found_authority(session, new, actor=SERVICE, now=now)
        grant_mandate(session, new.id, document, actor=SERVICE, now=now)
        session.rollback()


def _people_and_mandate(
    runtime: Runtime, new: NewAuthority, document: Mapping[str, Any]
) -> dict[str, str]:
    """Give a new authority its people and its mandate; return the API keys."""
    now, api_keys = runtime.now(), {}
    with runtime.database.transaction() as session:
        for post, role in _POSTS.items():
            principal_id = add_principal(
                session,
                new.id,
                kind=PrincipalKind.PERSON,
                name=post.capitalize(),
                roles=frozenset({role}),
                actor=SERVICE,
                now=now,
            )
            api_keys[post] = issue_api_key(
                session, new.id, principal_id, actor=SERVICE, now=now
            )
        grant_mandate(session, new.id, document, actor=SERVICE, now=now)
    runtime.refresh()
    return api_keys
