"""`recognition verify`: is this attestation genuine and valid?

The offline check reads neither the database nor the settings and imports nothing
that would, so that it answers in a fraction of a second.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click

from recognition_service.cli import status_memory
from recognition_service.cli.known import installation_around
from recognition_service.cli.listed_inputs import listed_inputs
from recognition_service.cli.options import (
    data_dir_option,
    day_or_instant,
    instant,
    json_option,
    language_option,
)
from recognition_service.cli.output import say_json, tell
from recognition_service.cli.report_page import print_report
from recognition_service.clock import system_clock
from recognition_service.errors import RecognitionError
from recognition_service.runtime import saved_inputs
from recognition_service.runtime.spoken import verification_document
from recognition_service.verification.report import Report, Verdict
from recognition_service.verification.trust import VerificationInputs
from recognition_service.verification.verify import verify as verify_with

DATABASE_FILE = "recognition.sqlite3"
EXIT_CODES = {
    Verdict.VALID: 0,
    Verdict.VALID_WITH_CONDITIONS: 0,
    Verdict.NOT_VALID: 1,
    Verdict.NOT_GENUINE: 1,
    Verdict.CANNOT_CONFIRM: 3,
}
_LARGEST_FILE = 10 << 20
_NOTHING = VerificationInputs(None)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class _Asked:
    """What is asked about, with its peers; `at` is None for now."""

    presented: bytes
    peers: tuple[bytes, ...]
    at: datetime | None
    checked_at: datetime

    def verified_with(self, inputs: VerificationInputs) -> Report:
        at = self.at or self.checked_at
        return verify_with(
            self.presented, inputs, at=at, checked_at=self.checked_at, peers=self.peers
        )


@click.command()
@click.argument("file", type=_file)
@click.option(
    "--at",
    type=day_or_instant,
    help="Was it valid then? A date means the end of that day in UTC.",
)
@click.option(
    "--offline",
    "is_offline",
    is_flag=True,
    help="Rely on the trust list and status lists that the service saved last.",
)
@click.option(
    "--trust-list",
    type=_file,
    help="Rely on this signed trust list, by the keys that are pinned for it.",
)
@click.option(
    "--trust-anchor",
    type=_file,
    help="The key that must have signed it; pinned if none is yet.",
)
@click.option(
    "--status",
    "statuses",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="A status list, or a directory of them; with --trust-list.",
)
@click.option(
    "--with",
    "peers",
    type=_file,
    multiple=True,
    help="Another attestation of the same joint award; once for each.",
)
@json_option
@language_option
@data_dir_option
@click.option("--now", type=instant, envvar="RECOGNITION_NOW", hidden=True)
@click.pass_context
def verify(
    context: click.Context,
    file: Path,
    *,
    at: datetime | None,
    trust_list: Path | None,
    trust_anchor: Path | None,
    statuses: tuple[Path, ...],
    peers: tuple[Path, ...],
    data_dir: Path | None,
    now: datetime | None,
    is_offline: bool,
    as_json: bool,
    language: str,
) -> None:
    """Check whether the attestation in FILE is genuine and valid.

    Whom to trust is read from the installation that --data-dir names, else from the
    one that was made on this machine in whose directory FILE lies. With --trust-list
    no installation is asked: `recognition trust export` wrote what is needed.

    Exit code: 0 valid, perhaps with conditions; 1 not valid or not genuine; 3 it
    cannot be confirmed; 2 the command was called wrongly.
    """
    asked = _Asked(
        _read(file), tuple(_read(peer) for peer in peers), at, now or system_clock()
    )
    if trust_list is not None:
        if data_dir is not None:
            raise click.UsageError("--trust-list and --data-dir exclude each other.")
        inputs = listed_inputs(trust_list, trust_anchor, statuses, asked.checked_at)
        if at is None:  # An earlier list answers for an earlier day.
            remembered = status_memory.with_memory(inputs.statuses)
            inputs = replace(inputs, statuses=remembered)
        report = asked.verified_with(inputs)
        status_memory.remember(report)
    elif trust_anchor is not None or statuses:
        raise click.UsageError("--trust-anchor and --status need --trust-list.")
    else:
        directory = data_dir or installation_around(file)
        check = _verify_offline if is_offline else _verify_online
        report = check(asked, directory)
    document = verification_document(report, language)
    if as_json:
        say_json(document)
    else:
        print_report(document)
    context.exit(EXIT_CODES[report.verdict])


def _read(file: Path) -> bytes:
    """Return the content; of a file that is too large only as much as shows it."""
    with file.open("rb") as opened:
        return opened.read(_LARGEST_FILE + 1).strip()


def _verify_offline(asked: _Asked, directory: Path | None) -> Report:
    inputs = None
    try:
        inputs = saved_inputs.load(directory or _default_directory())
    except RecognitionError as error:
        tell(f"warning: {error}")
    return asked.verified_with(inputs or _NOTHING)


def _verify_online(asked: _Asked, directory: Path | None) -> Report:
    """Ask the installation itself; without one nothing can be confirmed."""
    from recognition_service.clock import fixed_clock  # noqa: PLC0415
    from recognition_service.config import read_config  # noqa: PLC0415
    from recognition_service.runtime.opening import open_runtime  # noqa: PLC0415

    config = read_config(directory)
    database = config.data_dir / DATABASE_FILE
    try:
        if str(database) not in config.database_url or database.exists():
            runtime = open_runtime(config, fixed_clock(asked.checked_at))
            try:
                return runtime.verify(asked.presented, at=asked.at, peers=asked.peers)
            finally:
                runtime.close()
    except RecognitionError as error:
        tell(f"warning: {error}")
    return asked.verified_with(_NOTHING)


def _default_directory() -> Path:
    from recognition_service.config import DEFAULT_DATA_DIR  # noqa: PLC0415

    return DEFAULT_DATA_DIR
