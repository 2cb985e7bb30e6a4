"""An installation that serves in a process of its own, by a clock that tests move.

`multiprocessing` forks it from a process that has read all code before: reading the
code takes ten times as long as opening an installation.
"""

import multiprocessing
import os
import struct
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import forkserver
from threading import Event, Thread

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from recognition_service.app import create_app
from recognition_service.runtime.opening import open_runtime
from recognition_service.worker import loop
from tests.conftest import NOW

_THREADS = 12
_PAUSE_SECONDS = 0.1
_SECONDS = struct.Struct("q")
COMPILED = {}
"""What editions compile to, which depends on nothing but their digests."""


class FileClock:
    """A clock that stands still until a test moves it, the same for all processes."""

    def __init__(self, path):
        self.path = path
        self.set(NOW)

    def __call__(self):
        (seconds,) = _SECONDS.unpack(self.path.read_bytes())
        return datetime.fromtimestamp(seconds, UTC)

    def set(self, instant):
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT), "wb") as file:
            file.write(_SECONDS.pack(int(instant.timestamp())))

    def pass_by(self, **spans):
        self.set(self() + timedelta(**spans))


def read_code_ahead():
    """Begin to read the code of what is served, beside what the caller does."""
    multiprocessing.set_forkserver_preload(["tests.exchange.warm"])
    forkserver.ensure_running()


def started(config, clock, place, port, log):
    """Start to serve; return the process, which leads a group of its own."""
    process = multiprocessing.get_context("forkserver").Process(
        target=_serve, args=(config, clock, place.host, port, log, place.prepare)
    )
    process.start()
    return process


def _serve(config, clock, host, port, log, prepare):  # noqa: PLR0917
    """Serve as `recognition serve` does, with the worker beside the web server."""
    os.setsid()
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    if prepare is not None:
        prepare()
    multiprocessing.set_start_method("fork", force=True)
    server = Server(
        "recognition_service.app:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        blocking_threads=_THREADS,
        websockets=False,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(_opened, config, clock), wrap_loader=False)


def _opened(config, clock):
    runtime = open_runtime(config, clock)
    runtime._compiled = COMPILED
    work = partial(loop.run, runtime, Event(), _PAUSE_SECONDS)
    Thread(target=work, name="worker", daemon=True).start()
    return create_app(runtime)
