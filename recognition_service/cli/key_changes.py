"""`recognition keys create` and `rotate`: new keys, announced before they sign."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from recognition_service.authorities.keys import OVERLAP, get_key, keys_in_line
from recognition_service.authorities.models import KeyRecord
from recognition_service.cli.key_names import algorithm_option, name_of, shown
from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    authority_option,
    data_dir_option,
    instant,
    json_option,
)
from recognition_service.cli.output import say, say_json, tell
from recognition_service.clock import format_instant
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.runtime.keys_desk import AT_ONCE, OWN_PURPOSES
from recognition_service.runtime.runtime import Runtime

_KEPT_FOR_MINUTES = 5
_MINUTES = int(OVERLAP.total_seconds()) // 60
_LONGEST_MINUTES = 30 * 24 * 60

_purpose_option = click.option(
    "--purpose",
    required=True,
    type=click.Choice([purpose.value for purpose in OWN_PURPOSES]),
    help="What the key signs: attestations, status lists, ends of the audit, or "
    "messages to other authorities.",
)


@click.command()
@authority_option
@_purpose_option
@algorithm_option
@click.option(
    "--from",
    "active_from",
    type=instant,
    help="When it takes over from the present key, as 2026-12-01T06:00:00Z.",
)
@data_dir_option
@json_option
def create(
    *,
    authority_id: str,
    purpose: str,
    algorithm: str,
    active_from: datetime | None,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Make a first key, or announce one for later with --from.

    A first key signs at once.
    """
    kind = Algorithm(algorithm)
    _require_line(purpose, kind)
    with installation(data_dir) as runtime:
        thumbprint = runtime.create_key(
            authority_id, KeyPurpose(purpose), algorithm=kind, active_from=active_from
        )
        runtime.save_inputs()
        _show(runtime, authority_id, thumbprint, as_json=as_json)


@click.command()
@authority_option
@_purpose_option
@algorithm_option
@click.option("--at-once", is_flag=True, help="Let it sign now; for emergencies.")
@click.option(
    "--overlap",
    "overlap_minutes",
    type=click.IntRange(1, _LONGEST_MINUTES),
    metavar="MINUTES",
    help=f"How long it is published before it signs.  [default: {_MINUTES}]",
)
@data_dir_option
@json_option
def rotate(
    *,
    authority_id: str,
    purpose: str,
    algorithm: str,
    at_once: bool,
    overlap_minutes: int | None,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Make a new key that takes over from the present one.

    It is published now and signs some minutes later, when every verifier has seen
    it; the present key signs until then. What that one signed stays valid for life.
    """
    if at_once and overlap_minutes is not None:
        raise click.UsageError("Give --at-once or --overlap, not both.")
    kind = Algorithm(algorithm)
    _require_line(purpose, kind)
    overlap = OVERLAP if overlap_minutes is None else timedelta(minutes=overlap_minutes)
    with installation(data_dir) as runtime:
        thumbprint = runtime.rotate_key(
            authority_id,
            KeyPurpose(purpose),
            algorithm=kind,
            overlap=AT_ONCE if at_once else overlap,
        )
        runtime.save_inputs()
        _show(runtime, authority_id, thumbprint, as_json=as_json)


def _require_line(purpose: str, algorithm: Algorithm) -> None:
    if algorithm is not Algorithm.ES256 and purpose != KeyPurpose.ATTESTATIONS:
        raise click.UsageError(
            f"Keys for {purpose} are ES256; only attestations have EdDSA keys too."
        )


def _show(
    runtime: Runtime, authority_id: str, thumbprint: str, *, as_json: bool
) -> None:
    """Print a key that was made, and whom it follows."""
    with runtime.database.reading() as session:
        record = get_key(session, authority_id, thumbprint)
        before = _before(
            record,
            keys_in_line(
                session,
                authority_id,
                KeyPurpose(record.purpose),
                Algorithm(record.algorithm),
            ),
        )
    predecessor = before and name_of(runtime, authority_id, before.thumbprint)
    if as_json:
        say_json({**shown(runtime, record), "predecessor": predecessor})
        return
    say(name_of(runtime, authority_id, thumbprint))
    waits = record.active_from - runtime.now()
    if waits <= AT_ONCE:
        tell("It signs from now on.")
    else:
        tell(
            f"It is published now and signs from {format_instant(record.active_from)}."
        )
    if predecessor is not None:
        tell(
            f"Until then {predecessor} signs."
            if waits > AT_ONCE
            else f"{predecessor} is retired; what it signed stays valid."
        )
    if predecessor is not None and waits < timedelta(minutes=_KEPT_FOR_MINUTES):
        tell(
            f"Verifiers keep published keys for up to {_KEPT_FOR_MINUTES} minutes; "
            "some may not know this one at first."
        )


def _before(record: KeyRecord, line: list[KeyRecord]) -> KeyRecord | None:
    """Return the key that ends when another one begins, or None."""
    for key in line:
        if (
            key.thumbprint != record.thumbprint
            and key.compromised_at is None
            and (key.retired_at == record.active_from)
        ):
            return key
    return None
