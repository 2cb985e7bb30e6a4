"""Read once, in the process from which installations are forked: gets all ready."""

import gc
import tempfile
from pathlib import Path

from recognition_service.app import create_app
from recognition_service.runtime.opening import open_runtime
from recognition_service.worker import loop
from tests.exchange import served
from tests.exchange.two import build, config_of

_URL = "http://127.0.0.1"


def _rehearse():
    """Open an installation that nobody will use, so that libraries get settled."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        url = f"sqlite:///{directory / 'recognition.sqlite3'}"
        build(directory, _URL, url, {"be-fl-demo"})
        clock = served.FileClock(directory / "clock")
        runtime = open_runtime(config_of(directory, _URL, url), clock)
        runtime._compiled = served.COMPILED
        loop.turn(runtime)
        runtime.edition()
        create_app(runtime)
        runtime.close()


_rehearse()
gc.collect()
gc.freeze()
