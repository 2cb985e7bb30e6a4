"""What asking for what is missing on a training path costs, next to one signature.

Run: .venv/bin/python -m benchmarks.bench_dual_certification
Prints CPU microseconds (the median of many rounds) and the ratio to one ES256
signature of the same run; then what all tracks of a country take in one process.
"""

import argparse
import gc
import random
import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.rounds import Case, compare
from recognition_service.equivalence.destination_gaps import gap_report
from recognition_service.equivalence.progress import (
    Plan,
    missing,
    open_requirements,
)
from recognition_service.equivalence.standards import Result, ResultKind
from recognition_service.equivalence.standards_document import (
    faults_of,
    read_curriculum,
    read_destinations,
)

CURRICULA = 20
CALLS = 200
ROUNDS = 21
ES256 = ec.ECDSA(SHA256())
ELECTIVE, ABROAD, FROM_BEFORE = 0.33, 0.4, 0.1
SIZES = ("5", "6", "7.5", "10", "15")

Track = tuple[Plan, dict[str, Result]]


def a_curriculum(units: int, rng: random.Random) -> dict[str, Any]:
    """Return a path to two awards: a common core, a part of each, and electives.

    A third of the units are electives, of which most have to be chosen; half of the
    credits of B lie in its own state.
    """
    found = []
    for number in range(units):
        targets = rng.choice(("AB", "AB", "AB", "A", "B"))
        found.append(
            {
                "id": f"u{number}",
                "title": f"Unit {number}",
                "credits": rng.choice(SIZES),
                "provider": "Example school",
                "place": "BE-FL" if targets == "B" or rng.random() < ABROAD else "MA",
                "counts_for": [{"target": key, "rule": "4.2"} for key in targets],
                "learning_outcomes": [f"lo-{rng.randrange(6)}"],
                "is_elective": rng.random() < ELECTIVE,
            }
        )
    targets = [_a_target(key, found) for key in "AB"]
    for unit in found:
        del unit["is_elective"]
    destination = {"destination": "NL", "requirements": {"credits": "120"}}
    return {"targets": targets, "units": found, "destinations": [destination]}


def _a_target(key: str, units: Sequence[dict[str, Any]]) -> dict[str, Any]:
    counting = [
        unit
        for unit in units
        if any(each["target"] == key for each in unit["counts_for"])
    ]
    electives = [unit for unit in counting if unit["is_elective"]]
    everything = sum(float(unit["credits"]) for unit in counting)
    chosen = sum(float(unit["credits"]) for unit in electives)
    in_flanders = sum(
        float(unit["credits"]) for unit in counting if unit["place"] == "BE-FL"
    )
    asked: dict[str, Any] = {
        "credits": f"{everything - chosen * 0.25:.2f}",
        "units": [unit["id"] for unit in counting if not unit["is_elective"]],
        "most_prior_learning_credits": "30",
        "learning_outcomes": sorted(
            {name for unit in counting for name in unit["learning_outcomes"]}
        ),
    }
    if electives:
        ids = [unit["id"] for unit in electives]
        group = {"name": "electives", "units": ids, "credits": f"{chosen * 0.5:.2f}"}
        asked["groups"] = [group]
    if key == "B":
        asked["places"] = [{"place": "BE", "credits": f"{in_flanders * 0.5:.2f}"}]
    return {
        "key": key,
        "qualification": "example",
        "authority": f"{key.lower()}-demo",
        "requirements": asked,
    }


def a_track(plan: Plan, rng: random.Random) -> Track:
    """Return somebody on a path: mostly in its order, one unit in ten from before."""
    ids = list(plan.bits)
    so_far = rng.randrange(len(ids) + 1)
    results = {}
    for place, unit in enumerate(ids):
        if rng.random() < (0.9 if place < so_far else 0.05):
            is_prior = rng.random() < FROM_BEFORE
            kind = ResultKind.PRIOR_LEARNING if is_prior else ResultKind.ASSESSED
            day = date(2026, 10, 1)
            results[unit] = Result(day, "Example assessor", "sha256-example", kind)
    return plan, results


def cases(
    documents: Sequence[dict[str, Any]], tracks: Sequence[Track]
) -> Iterator[Case]:
    """Yield what is measured, the reference first."""
    key = ec.generate_private_key(ec.SECP256R1())
    plans = [Plan.build(read_curriculum(document)) for document in documents]
    destinations = [read_destinations(document) for document in documents]

    def first_time(number: int) -> object:
        plan, results = tracks[number % len(tracks)]
        plan.covers.clear()
        return missing(plan, results)

    yield "one ES256 signature", lambda _: key.sign(bytes(2_260), ES256)
    yield (
        "what is missing, award by award",
        lambda number: open_requirements(*tracks[number % len(tracks)]),
    )
    yield "with the shortest rest, worked out", first_time
    yield (
        "with the shortest rest, remembered",
        lambda number: missing(*tracks[number % CURRICULA]),
    )
    yield (
        "reading and compiling a curriculum",
        lambda number: Plan.build(read_curriculum(documents[number % CURRICULA])),
    )
    yield (
        "checking a curriculum",
        lambda number: faults_of(documents[number % CURRICULA]),
    )
    yield (
        "gap towards a destination",
        lambda number: gap_report(
            plans[number % CURRICULA], destinations[number % CURRICULA]
        ),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--units", type=int, default=16)
    options = parser.parse_args()
    rng = random.Random(20261121)  # noqa: S311  # Reproducible, not secret.
    documents = [a_curriculum(options.units, rng) for _ in range(CURRICULA)]
    for document in documents:
        if faults := faults_of(document):
            raise SystemExit(str(faults))
    plans = [Plan.build(read_curriculum(document)) for document in documents]
    tracks = [
        a_track(plans[number % CURRICULA], rng) for number in range(options.tracks)
    ]
    gc.freeze()
    for name, ask in (
        ("what is missing, award by award", open_requirements),
        ("with the shortest rest of each", missing),
    ):
        before = time.process_time()
        for plan, results in tracks:
            ask(plan, results)
        spent = time.process_time() - before
        each = spent / len(tracks) * 1_000_000
        print(f"{len(tracks):,} tracks, {name}: {spent:.2f} s CPU, {each:.1f} us each")
    known = sum(len(plan.covers) for plan in plans)
    print(f"{known:,} different rests had to be worked out")
    inexact = sum(
        not missing(plan, results).rest.is_exact for plan, results in tracks[:5_000]
    )
    print(f"not known to be the shortest: {inexact} of {len(tracks[:5_000]):,}")
    compare(list(cases(documents, tracks)), rounds=ROUNDS, calls=CALLS)


if __name__ == "__main__":
    main()
