"""What messages between two installations cost, and how many go through in a second.

Both run in this process, each with its SQLite file, and the messages go through the
WSGI interface of the receiving one: without sockets, but with everything else. For each
message the sender reads what is due, signs it, and keeps the receipt; the receiver
proves the sender, stores the message and what it tells, and signs the receipt. The
receiver commits for each message, the sender for each group of receipts.

Prints CPU microseconds and messages per second of three kinds: what is asked first,
an act that is asked for, and a message that comes again; with the ratio to one ES256
signature and one verification of the same run. The goal is 1,000 messages/s on one core
where a signature takes 17.8 us and a verification 45.5 us: 15.8 of both together.

Usage: python -m benchmarks.bench_exchange [--messages N] [--profile]
"""

import argparse
import cProfile
import gc
import pstats
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from benchmarks.bench_verification import MemorySigner
from benchmarks.offices import NOW, found_office, person
from recognition_service.app import create_app
from recognition_service.authorities.access import Caller
from recognition_service.authorities.models import Role
from recognition_service.authorities.peers import add_peer
from recognition_service.config import Config
from recognition_service.credentials import jws
from recognition_service.credentials.jwk import public_key
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.exchange.deliver import Reply
from recognition_service.mutual_recognition.acts import ActKind
from recognition_service.mutual_recognition.ask import NewMutualRequest, ask
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.sides import any_version
from recognition_service.runtime.opening import make_installation, open_runtime
from recognition_service.runtime.runtime import Runtime
from recognition_service.worker.post_office import TOGETHER

FLANDERS, RIGA = "https://flanders.example", "https://riga.example"
MESSAGES, AT_ONCE, WARM = 400, 200, 20
SIGNATURES = 500
GOAL = 1e6 / 1_000 / (17.8 + 45.5)


def opened(directory: Path, url: str) -> Runtime:
    """Make an installation on SQLite with the shipped tables."""
    directory.mkdir()
    config = Config(
        data_dir=directory,
        database_url=f"sqlite:///{directory / 'recognition.sqlite3'}",
        keys_dir=directory / "keys",
        keys_passphrase="benchmark",  # noqa: S106  # keys of this run only
        public_url=url,
        fixed_now=NOW,
    )
    make_installation(config, public_url=url, is_demo=True)
    runtime = open_runtime(config)
    runtime.load_edition(read_package(shipped_tables_dir()))
    return runtime


def introduce(side: Runtime, name: str, other: Runtime) -> None:
    """Let one installation know another one."""
    methods = other.trust_keys()["verificationMethod"]
    anchors = {"keys": [method["publicKeyJwk"] for method in methods]}
    with side.database.transaction() as session:
        add_peer(session, name, other.public_url, anchors, actor="service", now=NOW)
    side.accept_peer_list(name, [other.signed_trust_list() or ""])


class Wire:
    """Carries requests to the applications of both sides, without sockets."""

    def __init__(self, *sides: Runtime) -> None:
        """Make the applications."""
        self._apps = {side.public_url: create_app(side) for side in sides}
        self.last: tuple[str, bytes, Mapping[str, str]] | None = None

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Post a body, as the post office does."""
        self.last = url, body, headers
        parts = urlsplit(url)
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": parts.path,
            "QUERY_STRING": "",
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": headers["Content-Type"],
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "192.0.2.1",
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(body),
        }
        started: list[int] = []

        def start(status: str, _headers: Any, _error: Any = None) -> None:
            started.append(int(status[:3]))

        answer = b"".join(self._apps[f"https://{parts.netloc}"](environ, start))
        return Reply(started[0], answer)


def asked(runtime: Runtime, caller: Caller, number: int) -> list[UUID]:
    """Put questions to the school of the other installation in the post."""
    found = []
    edition = runtime.edition(caller.authority_id)
    for _ in range(number):
        with runtime.database.transaction() as session:
            new = NewMutualRequest(
                kind=Kind.AWARD_VERIFICATION,
                to="school",
                installation="riga",
                is_described=False,
            )
            row = ask(session, caller, new, edition=edition, now=NOW)
            found.append(row.id)
    return found


def delivered(runtime: Runtime, wire: Wire) -> int:
    """Deliver all that is due, as the post office does; return how many that were."""
    number = 0
    while due := runtime.due_messages(AT_ONCE):
        for at in range(0, len(due), TOGETHER):
            group = due[at : at + TOGETHER]
            answers = [runtime.try_message(message, wire) for message in group]
            if not all(answer.receipt for answer in answers):
                raise SystemExit("A message was not delivered.")
            runtime.keep_answers(answers)
        number += len(due)
    return number


def reference() -> float:
    """Return CPU microseconds of one ES256 signature and one verification."""
    signer = MemorySigner()
    key = public_key(signer.public_jwk)
    message = b"x" * 2_000

    def both() -> None:
        if not jws.is_signature(signer.sign(message), message, key):
            raise SystemExit("The signature does not hold.")

    return statistics.median(
        spent(lambda: [both() for _ in range(SIGNATURES)])[0] / SIGNATURES
        for _ in range(3)
    )


def spent(act: Callable[[], object]) -> tuple[float, float]:
    """Return CPU and wall microseconds of an act."""
    cpu, wall = time.process_time_ns(), time.perf_counter_ns()
    act()
    return (
        (time.process_time_ns() - cpu) / 1_000,
        (time.perf_counter_ns() - wall) / 1_000,
    )


def show(name: str, act: Callable[[], int], unit: float) -> None:
    """Print what each message of an act cost, and the ratio to a signature."""
    number: list[int] = []
    cpu, wall = spent(lambda: number.append(act()))
    each = cpu / number[0]
    print(
        f"{name:34} {each:8.1f} us CPU {each / unit:6.2f} x"
        f"   {1e6 * number[0] / wall:7.0f} messages/s"
    )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        flanders = opened(Path(directory) / "flanders", FLANDERS)
        riga = opened(Path(directory) / "riga", RIGA)
        found_office(flanders, "centre", "Centre", "BE", "BE-FL")
        found_office(riga, "school", "School", "LV", "LV")
        for side in (flanders, riga):
            side.publish_trust_list()
        introduce(flanders, "riga", riga)
        introduce(riga, "flanders", flanders)
        wire = Wire(flanders, riga)
        centre, _ = person(flanders, "centre", Role.OFFICER)
        school, _ = person(riga, "school", Role.OFFICER)
        asked(flanders, centre, WARM)
        delivered(flanders, wire)  # Both sides are warm now.
        gc.disable()  # Two whole editions lie in this process, not in a server's one.
        unit = reference()
        print(f"{'ES256 signature and verification':34} {unit:8.1f} us CPU   1.00 x")
        measure((flanders, riga), wire, (centre, school), chosen, unit)
        print(f"{'goal':34} {GOAL * unit:8.1f} us CPU {GOAL:6.2f} x")


def measure(
    sides: tuple[Runtime, Runtime],
    wire: Wire,
    people: tuple[Caller, Caller],
    chosen: argparse.Namespace,
    unit: float,
) -> None:
    """Measure the three kinds of messages."""
    (flanders, riga), (centre, school) = sides, people
    conversations = asked(flanders, centre, chosen.messages)
    profile = cProfile.Profile()
    if chosen.profile:
        profile.enable()
    show("a question, told", lambda: delivered(flanders, wire), unit)
    profile.disable()
    for request_id in conversations:
        riga.ask_leader(school, request_id, ActKind.ACCEPT, {}, check=any_version)
    show("an act, asked for and done", lambda: delivered(riga, wire), unit)
    show("what came of it, told", lambda: delivered(flanders, wire), unit)

    def again() -> int:
        if wire.last is None:
            raise SystemExit("Nothing was sent.")
        for _ in range(chosen.messages):
            wire(*wire.last)
        return chosen.messages

    show("the same message again (receiver)", again, unit)
    if chosen.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
