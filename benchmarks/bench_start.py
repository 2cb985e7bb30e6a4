"""How long things take to begin: help, the edition, the service's first answer.

Times are of whole processes or of one call; the reference is starting a Python that
imports Flask and SQLAlchemy and does nothing, measured in the same run.

Usage: python -m benchmarks.bench_start
"""

import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from recognition_service.config import read_config
from recognition_service.editions.find import compile_edition, edition_in_force
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.runtime.opening import make_installation, open_runtime

RUNS = 5
PYTHON = sys.executable
REFERENCE = (PYTHON, "-c", "import flask, sqlalchemy.orm")
HELP = (PYTHON, "-m", "recognition_service", "--help")
_MILLISECONDS = 1000


def cpu_of(command: Sequence[str]) -> float:
    """Return the CPU milliseconds of a whole process, median of several."""
    return median(_one(command) for _ in range(RUNS))


def _one(command: Sequence[str]) -> float:
    before = _children()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # our own commands
    return (_children() - before) * _MILLISECONDS


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu(call: Callable[[], object]) -> float:
    """Return the CPU milliseconds of a call, median of several."""
    taken = []
    for _ in range(RUNS):
        begun = time.process_time()
        call()
        taken.append((time.process_time() - begun) * _MILLISECONDS)
    return median(taken)


def wall_until_first_answer(data_dir: Path) -> float:
    """Return the milliseconds from the command to the first 200 of /healthz."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (PYTHON, "-m", "recognition_service", "serve")
    begun = time.perf_counter()
    service = subprocess.Popen(  # noqa: S603  # our own command
        [*command, "--data-dir", str(data_dir), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            time.sleep(0.01)
        return (time.perf_counter() - begun) * _MILLISECONDS
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz"):
            return True
    except OSError:
        return False


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as directory:
        config = read_config(Path(directory))
        make_installation(config, public_url="http://127.0.0.1:8000", is_demo=False)
        runtime = open_runtime(config)
        runtime.load_edition(read_package(shipped_tables_dir()))

        def compile_once() -> object:
            with runtime.database.reading() as session:
                return compile_edition(session, edition_in_force(session))

        reference = cpu_of(REFERENCE)
        rows = [
            ("reference: Python with Flask and SQLAlchemy", reference, "CPU"),
            ("recognition --help", cpu_of(HELP), "CPU"),
            ("shipped edition, from the database, compiled", cpu(compile_once), "CPU"),
        ]
        runtime.close()
        first = median(wall_until_first_answer(config.data_dir) for _ in range(RUNS))
        rows.append(("serve, until the first answer", first, "wall"))
    print(f"{'':<46} {'ms':>7}  {'':<4} x reference")
    for name, taken, kind in rows:
        print(f"{name:<46} {taken:7.0f}  {kind:<4} {taken / reference:11.2f}")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # noqa: TID251  # as users run it
    main()
