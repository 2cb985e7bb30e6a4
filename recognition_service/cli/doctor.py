"""`recognition doctor`: is everything whole?"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import click

from recognition_service.attestations.lists_elsewhere import oldest_lists
from recognition_service.attestations.publish import LIFE, lists_due
from recognition_service.attestations.published import published_lists
from recognition_service.authorities.found import all_authorities
from recognition_service.cli.opening import installation
from recognition_service.cli.options import data_dir_option, json_option
from recognition_service.cli.output import columns, plain, say_json
from recognition_service.cli.private_keys import require_active_keys
from recognition_service.cli.trust_state import require_trust_key, trust_list_state
from recognition_service.clock import format_instant
from recognition_service.editions.find import altered_rows, edition_in_force
from recognition_service.editions.signatures import unsigned_editions
from recognition_service.errors import RecognitionError
from recognition_service.exchange.post_log import failing_messages
from recognition_service.runtime.runtime import Runtime
from recognition_service.storage.audit import verify_chain
from recognition_service.storage.base import PLATFORM
from recognition_service.storage.migrations import current_revision
from recognition_service.storage.outbox_state import outbox_state

_SHOWN = 5
_LISTS_FETCHED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and how it stands."""

    check: str
    is_whole: bool
    detail: str


@click.command()
@data_dir_option
@json_option
@click.pass_context
def doctor(context: click.Context, data_dir: Path | None, *, as_json: bool) -> None:
    """Look whether schema, tables, keys, audit, outbox and lists are whole.

    Exit code: 0 all is well, 1 something is not.
    """
    with installation(data_dir) as runtime:
        findings = [
            finding
            for name, look in _CHECKS.items()
            for finding in _looked(name, look, runtime)
        ]
    is_whole = all(finding.is_whole for finding in findings)
    if as_json:
        say_json({"whole": is_whole, "checks": [asdict(each) for each in findings]})
    else:
        columns(
            [
                ("ok" if each.is_whole else "WRONG", each.check, plain(each.detail))
                for each in findings
            ]
        )
    context.exit(0 if is_whole else 1)


_Look = Callable[[Runtime], Iterator[Finding]]


def _looked(name: str, look: _Look, runtime: Runtime) -> list[Finding]:
    """Carry out one check; one that cannot be made is a finding too."""
    try:
        return list(look(runtime))
    except RecognitionError as error:
        return [Finding(name, is_whole=False, detail=str(error))]


def _schema(runtime: Runtime) -> Iterator[Finding]:
    """Opening has refused every other schema already."""
    revision = current_revision(runtime.database.engine)
    yield Finding("schema", is_whole=True, detail=str(revision))


def _edition(runtime: Runtime) -> Iterator[Finding]:
    with runtime.database.reading() as session:
        digest = edition_in_force(session).base
        altered = altered_rows(session, digest)
    shown = ", ".join(altered[:_SHOWN])
    yield Finding(
        "edition",
        is_whole=not altered,
        detail=f"{len(altered)} altered: {shown}" if altered else digest,
    )
    if not altered:
        yield from _signatures(runtime)


def _signatures(runtime: Runtime) -> Iterator[Finding]:
    """Look whether what answers now is signed by who published it."""
    with runtime.database.reading() as session:
        owners = [each.id for each in all_authorities(session)]
        waiting = unsigned_editions(session, [PLATFORM, *owners])
        in_force = {edition_in_force(session, owner) for owner in (None, *owners)}
    for each in sorted(in_force, key=str):
        runtime.require_sound_edition(each)
    detail = f"{len(in_force)} in force are signed"
    if waiting:
        detail = f"{len(waiting)} are not signed; run: recognition tables publish"
    yield Finding("signatures of editions", is_whole=not waiting, detail=detail)


def _keys(runtime: Runtime) -> Iterator[Finding]:
    found = require_active_keys(runtime)
    yield Finding("keys", is_whole=True, detail=str(found))


def _trust_key(runtime: Runtime) -> Iterator[Finding]:
    kid = require_trust_key(runtime)
    yield Finding("trust key", is_whole=True, detail=kid or "none yet")


def _trust_list(runtime: Runtime) -> Iterator[Finding]:
    state = trust_list_state(runtime)
    yield Finding("trust list", is_whole=state.fault is None, detail=str(state))


def _audit(runtime: Runtime) -> Iterator[Finding]:
    with runtime.database.reading() as session:
        owners = [PLATFORM, *(each.id for each in all_authorities(session))]
        reports = [verify_chain(session, owner) for owner in owners]
    for report in reports:
        broken = "" if report.broken_at is None else f", BROKEN at {report.broken_at}"
        yield Finding(
            f"audit {report.authority_id}",
            is_whole=report.broken_at is None,
            detail=f"{report.length} sealed, {report.unsealed} unsealed{broken}",
        )


def _outbox(runtime: Runtime) -> Iterator[Finding]:
    with runtime.database.reading() as session:
        state = outbox_state(session)
    since = (
        f" since {format_instant(state.oldest_waiting)}" if state.oldest_waiting else ""
    )
    given_up = ", ".join(
        f"{each.kind} of {each.authority_id} ({each.error})"
        for each in state.given_up[:_SHOWN]
    )
    yield Finding(
        "outbox",
        is_whole=not state.given_up_count,
        detail=f"{state.waiting} waiting{since}, {state.given_up_count} given up"
        + (f": {given_up}" if given_up else ""),
    )


def _status_lists(runtime: Runtime) -> Iterator[Finding]:
    now = runtime.now()
    with runtime.database.reading() as session:
        due = lists_due(session, now=now)
        lists = [row for row, _ in published_lists(session)]
    stale = [
        f"{each.authority_id}/{each.number}"
        for each in lists
        if each.paused_at is None
        and (each.published_at is None or each.published_at + LIFE <= now)
    ]
    paused = sum(each.paused_at is not None for each in lists)
    detail = f"{len(lists)} published, {len(due)} due, {paused} paused"
    yield Finding(
        "status lists",
        is_whole=not stale,
        detail=detail + (f", stale: {', '.join(stale[:_SHOWN])}" if stale else ""),
    )


def _peers(runtime: Runtime) -> Iterator[Finding]:
    """Look whether other installations can be heard and reached."""
    now = runtime.now()
    with runtime.database.reading() as session:
        failing = failing_messages(session)
        fetched = oldest_lists(session)
    for peer in runtime.peers():
        if peer.ended_at is not None:
            continue
        is_fresh = peer.fresh_until is not None and peer.fresh_until >= now
        waiting = failing.get(peer.name, 0)
        detail = (
            f"trust list {peer.version} until {format_instant(peer.fresh_until)}"
            if peer.fresh_until
            else "no trust list was accepted yet"
        )
        problem = f", {peer.problem}" if peer.problem else ""
        lists_at = fetched.get(peer.name)
        lists = f"{format_instant(lists_at)}" if lists_at else "never"
        yield Finding(
            f"installation {peer.name}",
            is_whole=is_fresh
            and not waiting
            and (lists_at is None or now <= lists_at + _LISTS_FETCHED_WITHIN),
            detail=f"{detail}{problem}, {waiting} messages are not taken there, its "
            f"status lists were fetched last: {lists}",
        )


_CHECKS: dict[str, _Look] = {
    "schema": _schema,
    "edition": _edition,
    "keys": _keys,
    "trust key": _trust_key,
    "trust list": _trust_list,
    "audit": _audit,
    "outbox": _outbox,
    "status lists": _status_lists,
    "other installations": _peers,
}
