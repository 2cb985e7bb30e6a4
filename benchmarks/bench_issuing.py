"""What an attestation costs from a batch and by REST, and a verification by REST.

In CPU time of this process, on SQLite in a temporary directory, beside one ES256
signature and one ES256 verification of the same run. Wall time would show the disk and
the neighbours. To read an answer is the caller's work and is not counted.

A server is warm: the verification is measured after some hundred calls, and in turns
with the bare one, so that both meet the same machine.
"""

import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask

from benchmarks.offices import NOW, bare_installation, found_office, person
from recognition_service.app import create_app
from recognition_service.attestations import batches
from recognition_service.attestations.models import BatchKind
from recognition_service.attestations.read import token_of
from recognition_service.authorities.access import Caller
from recognition_service.authorities.models import Role
from recognition_service.credentials.jwk import Algorithm
from recognition_service.runtime.runtime import Runtime
from recognition_service.runtime.settling import settle
from recognition_service.signing.file_keys import FileKeyStore
from recognition_service.storage.ids import new_id

OFFICE = "bench"
BATCH, SINGLES, THREADS, SIGNATURES = 5000, 1600, 16, 2000
ROUNDS, CALLS, WARMING = 40, 50, 500


def installation(directory: Path) -> Runtime:
    """Return an installation with the shipped tables and one authority."""
    runtime = bare_installation(directory)
    found_office(runtime, OFFICE, "Recognition centre", "BE", "BE-FL")
    return runtime


def record(officer: Caller, reference: str) -> dict[str, Any]:
    """Return a decision of common size."""
    return {
        "external_reference": reference,
        "decided_on": "2026-11-02",
        "decided_by": officer.actor,
        "decision_kind": "level_comparability",
        "purpose": "general_employment",
        "destination": {"jurisdiction": "BE-FL"},
        "holder": {
            "family_name": "Bērziņa",
            "given_name": "Ilze",
            "birth_date": "1994-05-17",
        },
        "held_qualification": {
            "qualification": "lv-lki--bakalaura-diploms",
            "origin": "LV",
            "awarded_on": "2019-06-28",
            "awarding_body": {"name": "Latvijas Universitāte", "country": "LV"},
            "authenticity": {"grade": "confirmed_by_issuer"},
        },
        "decision": {
            "outcome": "full",
            "reference": {"framework": "EQF", "level": "6"},
            "legal_basis": ["Decree of 28 June 2013, article 12"],
            "text": {"en": "The diploma is comparable to level 6."},
        },
    }


def hand_in(runtime: Runtime, officer: Caller, signatory: Caller) -> None:
    """Hand in one batch."""
    batch_id = new_id(NOW)
    with runtime.database.transaction() as session:
        batches.open_batch(
            session,
            OFFICE,
            batch_id,
            kind=BatchKind.ISSUE,
            actor=signatory.actor,
            formats=["vc+jwt"],
            edition=runtime.edition(OFFICE).as_value(),
            now=NOW,
        )
        lines = (
            batches.Line(n, json.dumps(record(officer, f"batch-{n}")).encode())
            for n in range(1, BATCH + 1)
        )
        batches.add_lines(session, OFFICE, batch_id, lines)
        batches.start_batch(session, OFFICE, batch_id, total=BATCH, now=NOW)


def ask(app: Flask, path: str, body: bytes, key: str | None = None) -> Any:
    """Return what a request is answered, read as JSON."""
    return json.loads(answer(app, path, body, key))


def answer(app: Flask, path: str, body: bytes, key: str | None = None) -> bytes:
    """Answer one request in this process, as a server would have it answered."""
    answered: list[str] = []
    environment = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path.partition("?")[0],
        "SCRIPT_NAME": "",
        "QUERY_STRING": path.partition("?")[2],
        "SERVER_NAME": "recognition.example",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
    } | ({"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {})
    content = b"".join(app(environment, lambda status, *_: answered.append(status)))
    if not answered[0].startswith("20"):
        raise SystemExit(content.decode())
    return content


def spent(act: Callable[[], object], count: int) -> float:
    """Return CPU microseconds of one of `count` that an act stands for."""
    began = time.process_time()
    act()
    return (time.process_time() - began) / count * 1e6


def in_turns(*acts: Callable[[], object]) -> list[list[float]]:
    """Return CPU microseconds of one call of each act, by round."""

    def many(act: Callable[[], object]) -> None:
        for _ in range(CALLS):
            act()

    return [[spent(partial(many, act), CALLS) for act in acts] for _ in range(ROUNDS)]


def bare_verification(message: bytes) -> Callable[[], object]:
    """Return the verification of one ES256 signature, and nothing else."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    es256 = ec.ECDSA(SHA256())
    signature, public_key = private_key.sign(message, es256), private_key.public_key()
    return lambda: public_key.verify(signature, message, es256)


def verify_by_rest(app: Flask, token: str) -> tuple[float, float, float]:
    """Return what a bare verification costs, one by REST, and their ratio."""
    question = json.dumps({"credential": token}).encode()
    by_rest = partial(answer, app, "/api/v1/verifications", question)
    for _ in range(WARMING):
        by_rest()
    turns = in_turns(bare_verification(token.encode()), by_rest)
    bare, verified = (
        statistics.median(figures) for figures in zip(*turns, strict=True)
    )
    return bare, verified, statistics.median(rest / one for one, rest in turns)


def by_threads(act: Callable[[int], object], count: int) -> None:
    """Do an act for each number, shared by threads."""

    def share(first: int) -> None:
        for number in range(first, count, THREADS):
            act(number)

    threads = [Thread(target=share, args=(first,)) for first in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def one_signature(directory: Path) -> float:
    """Return CPU microseconds of one ES256 signature."""
    store = FileKeyStore(directory / "reference", "benchmark")
    jwk = store.create(Algorithm.ES256)
    signer = store.signer(next((directory / "reference").iterdir()).stem, "reference")
    message = json.dumps(dict(jwk)).encode() * 20
    return spent(lambda: [signer.sign(message) for _ in range(SIGNATURES)], SIGNATURES)


def measure(runtime: Runtime, directory: Path) -> None:
    """Measure and print."""
    officer, _ = person(runtime, OFFICE, Role.OFFICER)
    signatory, key = person(runtime, OFFICE, Role.SIGNATORY)
    app = create_app(runtime)
    settle(runtime)
    reference = one_signature(directory)
    hand_in(runtime, officer, signatory)

    def work() -> None:
        while runtime.run_batches():
            pass

    bodies = [
        json.dumps({"record": record(officer, f"single-{n}")}).encode()
        for n in range(SINGLES + 1)
    ]
    issued = ask(app, "/api/v1/attestations", bodies[SINGLES], key)
    with runtime.database.reading() as session:
        token = token_of(session, OFFICE, UUID(issued["id"]))
    bare, verified, ratio = verify_by_rest(app, token)
    results = {
        "one ES256 signature": reference,
        "one ES256 verification": bare,
        f"an attestation in a batch of {BATCH}": spent(work, BATCH),
        f"one by REST, {THREADS} threads": spent(
            lambda: by_threads(
                lambda n: answer(app, "/api/v1/attestations", bodies[n], key), SINGLES
            ),
            SINGLES,
        ),
        "a verification by REST": verified,
    }
    for name, figure in results.items():
        print(f"{name:38} {figure:8.1f} us CPU {figure / reference:7.2f} x")
    print(f"{'  beside one ES256 verification':54} {ratio:7.2f} x")


def main() -> None:
    """Measure in a directory that is thrown away; requests are logged to nowhere."""
    with (
        tempfile.TemporaryDirectory() as directory,
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stderr(nowhere),
    ):
        runtime = installation(Path(directory))
        measure(runtime, Path(directory))
        runtime.close()


if __name__ == "__main__":
    main()
