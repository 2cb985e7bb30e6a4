"""`recognition worker`: the background work in a process of its own."""

import signal
from pathlib import Path
from pkgutil import resolve_name
from threading import Event

import click

from recognition_service.cli.opening import installation
from recognition_service.cli.options import data_dir_option
from recognition_service.cli.output import tell
from recognition_service.runtime.settling import settle

# The worker stands next door, on the same floor; it is named, not imported.
_LOOP = "recognition_service.worker.loop:run"


@click.command()
@data_dir_option
def worker(data_dir: Path | None) -> None:
    """Do the background work of an installation until SIGTERM or Ctrl-C.

    Publish status lists, deliver messages, finish what was interrupted, seal the
    audit. Any number of workers may run; `serve` has one of its own.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with installation(data_dir) as runtime:
        settle(runtime)
        runtime.begin_anywhere()
        tell("Working (Ctrl-C stops it).")
        resolve_name(_LOOP)(runtime, stop)
