"""`recognition peers`: the other installations with which messages are exchanged."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from recognition_service.authorities import peers as rooms
from recognition_service.authorities.models import Peer
from recognition_service.cli.opening import installation
from recognition_service.cli.options import data_dir_option, json_option
from recognition_service.cli.output import columns, plain, say, say_json, tell
from recognition_service.clock import format_instant
from recognition_service.credentials import strict_json
from recognition_service.runtime.editions_desk import SERVICE

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def peers() -> None:
    """Connect with other installations, see how that stands, and end it."""


@peers.command()
@click.argument("name")
@click.option("--url", required=True, help="Its public URL.")
@click.option(
    "--anchor",
    "anchor_file",
    required=True,
    type=_file,
    help="The public key of its operator (JWK, or a set of them).",
)
@click.option(
    "--list", "list_file", type=_file, help="Its trust list; else it is fetched."
)
@data_dir_option
@json_option
def add(
    name: str,
    url: str,
    anchor_file: Path,
    list_file: Path | None,
    data_dir: Path | None,
    *,
    as_json: bool,
) -> None:
    """Connect with the installation at a URL, and call it NAME here.

    Get its key from its operator, in another way than over the network: `recognition
    trust export` writes it there. The worker fetches its trust list and renews it every
    hour; the authorities that it names can be asked from then on. The other operator
    has to connect with this installation too.
    """
    anchors = strict_json.parse_object(anchor_file.read_bytes())
    with installation(data_dir) as runtime:
        with runtime.database.transaction() as session:
            rooms.add_peer(
                session, name, url, anchors, actor=SERVICE, now=runtime.now()
            )
        if list_file is not None:
            token = list_file.read_text(encoding="ascii").strip()
            runtime.accept_peer_list(name, [token])
        shown = {peer.name: _document(peer) for peer in runtime.peers()}[name]
    if as_json:
        say_json(shown)
    else:
        say(f"{plain(name)} is {plain(shown['url'])} here.")


@peers.command("list")
@data_dir_option
@json_option
def list_peers(data_dir: Path | None, *, as_json: bool) -> None:
    """List the other installations, and until when their trust lists hold."""
    with installation(data_dir) as runtime:
        found = [_document(peer) for peer in runtime.peers()]
    if as_json:
        say_json(found)
        return
    if not found:
        tell("No other installation is connected; `recognition peers add` does it.")
    columns([_line(each) for each in found])


@peers.command()
@click.argument("name")
@click.option("--list", "list_file", required=True, type=_file, help="The signed list.")
@data_dir_option
@json_option
def accept(name: str, list_file: Path, data_dir: Path | None, *, as_json: bool) -> None:
    """Take over a trust list of NAME from a file."""
    token = list_file.read_text(encoding="ascii").strip()
    with installation(data_dir) as runtime:
        is_new = runtime.accept_peer_list(name, [token])
    if as_json:
        say_json({"name": name, "is_new": is_new})
    else:
        say("The list was accepted." if is_new else "This list is known already.")


@peers.command()
@click.argument("name")
@data_dir_option
def end(name: str, data_dir: Path | None) -> None:
    """Exchange nothing with NAME any more; what was exchanged stays."""
    with installation(data_dir) as runtime, runtime.database.transaction() as session:
        rooms.end_peer(session, name, actor=SERVICE, now=runtime.now())
    say(f"Nothing is exchanged with {plain(name)} any more.")


def _document(peer: Peer) -> dict[str, Any]:
    instants = {
        "fresh_until": peer.fresh_until,
        "asked_at": peer.asked_at,
        "ended_at": peer.ended_at,
    }
    return {
        "name": peer.name,
        "url": peer.url,
        "version": peer.version,
        **{
            name: format_instant(when) if when else None
            for name, when in instants.items()
        },
        "problem": peer.problem,
    }


def _line(peer: Mapping[str, Any]) -> tuple[str, ...]:
    fresh = f"until {peer['fresh_until']}" if peer["fresh_until"] else "no list yet"
    state = "ended" if peer["ended_at"] else fresh
    return plain(peer["name"]), plain(peer["url"]), state, plain(peer["problem"] or "")
