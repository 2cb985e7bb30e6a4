"""`recognition trust`: the signed trust list, taken along and believed elsewhere."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from recognition_service.cli import trust_memory
from recognition_service.cli.opening import installation
from recognition_service.cli.options import data_dir_option, instant, json_option
from recognition_service.cli.output import columns, plain, say, say_json, tell
from recognition_service.clock import format_instant, system_clock
from recognition_service.errors import NotFoundError
from recognition_service.runtime.runtime import Runtime
from recognition_service.verification.recognized_entities import list_issuer
from recognition_service.verification.trust_list import AcceptedList

LIST_FILE = "trust-list.jwt"
ANCHOR_FILE = "trust-anchor.json"
STATUS_DIRECTORY = "status"
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def trust() -> None:
    """Take a trust list along, and pin the keys that must sign it."""


@trust.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@data_dir_option
@json_option
def export(directory: Path, data_dir: Path | None, *, as_json: bool) -> None:
    """Write the trust list, its key and the status lists into DIRECTORY.

    With them `recognition verify FILE --trust-list ... --status ...` needs neither
    this installation nor a network. Hand the key over in another way than the list.
    """
    with installation(data_dir) as runtime:
        runtime.publish_lists()
        runtime.publish_trust_list()
        token = runtime.signed_trust_list()
        if token is None:
            raise NotFoundError("No issuer is listed yet; found a live authority.")
        contents = {
            LIST_FILE: token + "\n",
            ANCHOR_FILE: json.dumps(_anchors(runtime), indent=1) + "\n",
            **_statuses(runtime),
        }
    for name, content in contents.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="ascii")
    written = sorted(contents)
    if as_json:
        say_json({"directory": str(directory), "files": written})
    else:
        for name in written:
            say(str(directory / name))


@trust.command()
@click.option("--list", "list_file", required=True, type=_file, help="The signed list.")
@click.option(
    "--anchor",
    "anchor_file",
    required=True,
    type=_file,
    help="The public key that must have signed it (JWK, or a set of them).",
)
@json_option
@click.option("--now", type=instant, envvar="RECOGNITION_NOW", hidden=True)
def accept(
    list_file: Path, anchor_file: Path, now: datetime | None, *, as_json: bool
) -> None:
    """Pin the keys of a trust list and remember it, for later verifications.

    Give only a key that you got from the operator in another way than the list.
    From then on an older list, or one by other keys, is not believed.
    """
    checked_at = now or system_clock()
    accepted = trust_memory.pin(
        trust_memory.read_tokens(list_file),
        trust_memory.read_anchor_file(anchor_file),
        checked_at,
    )
    if accepted.snapshot.accept_test:
        tell("warning: this is the list of a demonstration; its issuers are examples.")
    if not accepted.is_fresh(checked_at):
        tell("warning: this list has expired; nothing can be confirmed with it.")
    _show([_as_value(accepted)], as_json=as_json)


@trust.command()
@json_option
def anchors(*, as_json: bool) -> None:
    """List the trust lists that are relied on, and the keys pinned for them."""
    _show(
        [_as_value(pinned.held) for pinned in trust_memory.recall_all()],
        as_json=as_json,
    )


@trust.command()
@data_dir_option
def rotate(data_dir: Path | None) -> None:
    """Make a new key for the trust list, retire the old one and publish.

    Everybody who has pinned the old key must pin the new one.
    """
    with installation(data_dir) as runtime:
        thumbprint = runtime.rotate_trust_key()
        runtime.save_inputs()
        say(f"{list_issuer(runtime.public_url)}#{thumbprint}")
    tell("Hand the new key over: recognition trust export DIRECTORY")


def _anchors(runtime: Runtime) -> dict[str, Any]:
    """Return the keys in use as a file of anchors."""
    methods = runtime.trust_keys().get("verificationMethod", [])
    keys = [each["publicKeyJwk"] for each in methods if "retiredAt" not in each]
    return {"keys": keys, "threshold": 1}


def _statuses(runtime: Runtime) -> dict[str, str]:
    """Return the status lists by the names of their files."""
    statuses = runtime.verification_inputs().statuses
    return {
        f"{STATUS_DIRECTORY}/{_name(uri, runtime.public_url)}": status.token + "\n"
        for uri, status in sorted(statuses.items())
    }


def _name(uri: str, public_url: str) -> str:
    path = uri.removeprefix(f"{public_url}/status/")
    return f"{path.replace('/', '-')}.jwt"


def _as_value(accepted: AcceptedList) -> Mapping[str, Any]:
    snapshot = accepted.snapshot
    return {
        "issuer": accepted.issuer,
        "version": snapshot.version,
        "as_of": format_instant(snapshot.as_of),
        "fresh_until": format_instant(snapshot.fresh_until),
        "issuers": len(snapshot.issuers),
        "demonstration": snapshot.accept_test,
        "signed_by": sorted(accepted.signers),
    }


def _show(values: list[Mapping[str, Any]], *, as_json: bool) -> None:
    if as_json:
        say_json(values)
        return
    columns(
        [
            (
                plain(value["issuer"]),
                f"version {value['version']}",
                f"until {value['fresh_until']}",
                f"{value['issuers']} issuers",
                ", ".join(value["signed_by"]),
            )
            for value in values
        ]
    )
