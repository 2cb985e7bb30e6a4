"""A worker that only works on batches, in a process of its own, to be killed."""

import sys
from pathlib import Path

from recognition_service.runtime import batch_desk
from recognition_service.runtime.opening import open_runtime
from tests.worker.installations import settings


def main(directory, url, chunk, begins="first"):
    batch_desk.CHUNK = int(chunk)
    runtime = open_runtime(settings(Path(directory), url))
    if begins == "anywhere":
        runtime.begin_anywhere()
    while runtime.run_batches():
        pass
    runtime.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
