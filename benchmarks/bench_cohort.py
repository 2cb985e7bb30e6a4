"""What it costs to award a whole cohort doubly and to attest it jointly.

Run: .venv/bin/python -m benchmarks.bench_cohort
Prints CPU microseconds for each token (one format, vc+jwt, on SQLite in a temporary
directory) and the ratio to one ES256 signature of the same run: everything after
enrolment and results, by REST, signing and the check of each signature included.
"""

import argparse
import gc
import json
import os
import tempfile
import time
from contextlib import redirect_stderr
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask

from benchmarks.bench_issuing import ask
from benchmarks.offices import NOW, bare_installation, found_office, person
from recognition_service.app import create_app
from recognition_service.authorities.access import Caller
from recognition_service.authorities.models import Role
from recognition_service.dual_certification.enrolment import NewParticipant, NewTrack
from recognition_service.dual_certification.models import UnitResult
from recognition_service.dual_certification.open_track import open_cohort
from recognition_service.runtime.runtime import Runtime
from recognition_service.runtime.settling import settle
from recognition_service.storage.ids import new_id
from recognition_service.storage.upsert import insert_rows

BODIES = {"A": ("ma-demo", "MA", "MA"), "B": ("be-fl-demo", "BE", "BE-FL")}
QUALIFICATIONS = {
    "A": "ma-cnc--specialised-technician-diploma",
    "B": "be-fl-vks--associate-degree",
}
UNITS, SIGNATURES, CONSENT = 8, 2000, {"joint_form": True, "follow_up": False}
LISTS = "/api/v1/dual-certifications"


def installation(directory: Path) -> Runtime:
    """Return an installation with the shipped tables and both bodies."""
    runtime = bare_installation(directory)
    for name, country, jurisdiction in BODIES.values():
        found_office(runtime, name, f"Body of {jurisdiction}", country, jurisdiction)
    return runtime


def a_curriculum() -> dict[str, Any]:
    """Return a path of eight units that all count for both awards."""
    both = [{"target": "A", "rule": "4.2"}, {"target": "B", "rule": "7"}]
    return {
        "targets": [
            {
                "key": key,
                "qualification": QUALIFICATIONS[key],
                "authority": BODIES[key][0],
                "requirements": {"credits": "120", "units": ["u1", "u2"]},
                "depends_on": None,
                "basis": "programme",
            }
            for key in BODIES
        ],
        "units": [
            {
                "id": f"u{number}",
                "title": f"Unit {number}",
                "credits": "15",
                "hours": None,
                "provider": "Example school",
                "place": "MA",
                "phase": 1,
                "counts_for": both,
                "learning_outcomes": [],
                "covers_differences": [],
                "costs": [],
            }
            for number in range(1, UNITS + 1)
        ],
        "destinations": [],
    }


def enrol(runtime: Runtime, keeper: Caller, count: int) -> list[UUID]:
    """Enrol a cohort that has achieved everything."""
    curriculum = a_curriculum()
    new = [
        NewTrack(
            participant_ref=f"P-{number}",
            curriculum=curriculum,
            programme="prog-example-1",
            consent={**CONSENT, "given_on": "2026-09-01"},
            participant=NewParticipant(
                family_name=f"Haddad {number}",
                given_name="Amina",
                birth_date=date(2003, 5, 17),
            ),
        )
        for number in range(count)
    ]
    with runtime.database.transaction() as session:
        edition = runtime.edition(keeper.authority_id)
        tracks = open_cohort(session, keeper, new, edition=edition, now=NOW)
        insert_rows(
            session,
            UnitResult,
            [
                {
                    "authority_id": keeper.authority_id,
                    "id": new_id(NOW),
                    "track_id": track,
                    "unit": unit["id"],
                    "achieved_on": date(2026, 10, 1),
                    "assessor": "Example assessor",
                    "evidence": "sha256-" + "A" * 43,
                    "kind": "assessed",
                    "recorded_at": NOW,
                    "recorded_by": keeper.actor,
                }
                for track in tracks
                for unit in curriculum["units"]
            ],
        )
    return tracks


def steps(
    app: Flask, keys: dict[tuple[str, Role], str], tracks: list[UUID]
) -> list[tuple[str, float]]:
    """Award and sign for both bodies; return each step with its CPU seconds."""
    found = []
    for target, (body, _, _) in BODIES.items():
        rows = [
            {
                "track": str(track),
                "target": target,
                "status": "awarded",
                "awarded_on": "2026-10-30",
                "how": "earned",
            }
            for track in tracks
        ]
        key = keys[body, Role.OFFICER]
        found.append(
            timed(f"{target} awarded", app, "awards", rows, key=key, expected="awarded")
        )
    for (body, _, _), state in zip(BODIES.values(), ("held", "complete"), strict=True):
        named = {"tracks": [str(track) for track in tracks]}
        key = keys[body, Role.SIGNATORY]
        path = "joint-signatures?formats=vc_jwt"
        found.append(timed(f"{body} signed", app, path, named, key=key, expected=state))
    return found


def timed(
    name: str, app: Flask, path: str, body: Any, *, key: str, expected: str
) -> tuple[str, float]:
    """Ask once; every row must have come to what is expected."""
    content = json.dumps(body).encode()
    began = time.process_time()
    items = ask(app, f"{LISTS}/{path}", content, key)["items"]
    spent = time.process_time() - began
    for item in items:
        if item.get("status", item.get("state")) != expected:
            raise SystemExit(str(item))
    return name, spent


def reference() -> float:
    """Return CPU seconds of one ES256 signature."""
    private_key, es256 = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(SHA256())
    message = bytes(2_260)
    began = time.process_time()
    for _ in range(SIGNATURES):
        private_key.sign(message, es256)
    return (time.process_time() - began) / SIGNATURES


def measure(directory: Path, count: int) -> None:
    """Measure and print."""
    runtime = installation(directory)
    callers = {
        (body, role): person(runtime, body, role)
        for body, _, _ in BODIES.values()
        for role in (Role.OFFICER, Role.SIGNATORY)
    }
    keys = {name: key for name, (_, key) in callers.items()}
    tracks = enrol(runtime, callers["ma-demo", Role.OFFICER][0], count + 10)
    app = create_app(runtime)
    settle(runtime)
    steps(app, keys, tracks[:10])
    gc.collect()
    before = reference()
    done = steps(app, keys, tracks[10:])
    one = (before + reference()) / 2
    tokens = len(BODIES) * count
    for name, spent in [*done, ("all of it", sum(spent for _, spent in done))]:
        each = spent / tokens
        print(
            f"{name:18} {spent:6.2f} s CPU {each * 1e6:8.1f} us for each of "
            f"{tokens:,} tokens {each / one:7.2f} x"
        )
    print(f"one ES256 signature {one * 1e6:.1f} us")
    runtime.close()


def main() -> None:
    """Measure in a directory that is thrown away; requests are logged to nowhere."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=990)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as directory,
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stderr(nowhere),
    ):
        measure(Path(directory), options.tracks)


if __name__ == "__main__":
    main()
