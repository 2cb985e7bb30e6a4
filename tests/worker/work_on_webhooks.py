"""A worker that takes one turn in a process of its own, to be killed while it sends."""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from recognition_service.runtime.opening import open_runtime
from recognition_service.worker.loop import turn
from tests.worker.installations import settings
from tests.worker.receivers import LOOPBACK


def main(directory, url, now):
    config = settings(Path(directory), url, datetime.fromisoformat(now))
    runtime = open_runtime(replace(config, outgoing_test_ranges=LOOPBACK))
    turn(runtime)
    runtime.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
