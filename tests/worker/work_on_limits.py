"""A worker that takes its turns in a process of its own, to be killed."""

import sys
from datetime import datetime
from pathlib import Path

from recognition_service.runtime.opening import open_runtime
from recognition_service.worker.jobs import Memory
from recognition_service.worker.loop import turn
from tests.worker.installations import settings


def main(directory, url, now):
    runtime = open_runtime(settings(Path(directory), url, datetime.fromisoformat(now)))
    memory = Memory()
    while True:
        memory.has_more = False
        failures = turn(runtime, memory)
        if not (memory.has_more or failures):
            break
    runtime.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
