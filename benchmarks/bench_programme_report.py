"""What the report of a large programme costs, counted by the database.

Run: .venv/bin/python -m benchmarks.bench_programme_report [--participants N]
Fills an installation on SQLite with the tracks of one programme: two awards each, sex
and age of most, and the answers of a third after 6, 12 and 24 months. Prints CPU
seconds (the median of five) for the whole report of all years and of one, and the
ratio to one ES256 signature of the same run.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.bench_cohort import BODIES, a_curriculum, installation, reference
from recognition_service.credentials.canonical import digest
from recognition_service.dual_certification.models import (
    CurriculumRow,
    Track,
    TrackAward,
    TrackBackground,
    TrackFollowUp,
    TrackParticipant,
)
from recognition_service.runtime.runtime import Runtime
from recognition_service.statistics.periods import Period
from recognition_service.statistics.programme_report import programme_report
from recognition_service.storage.ids import new_id
from recognition_service.storage.upsert import insert_rows

KEEPER, PROGRAMME = "ma-demo", "prog-example-1"
LATER = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
CHUNK, ROUNDS, YEARS, DAYS = 5_000, 5, 6, 365
FIRST_DAY = date(2021, 1, 1)
STATED, AT_HOME, COMPLETED, ANSWERS = 0.9, 0.4, 0.8, 0.33
WORK = ("at_level", "below_level", "level_not_established", "no_work")
MOVEMENTS = ("stayed", "moved", "returned")

Rows = list[dict[str, Any]]


def fill(runtime: Runtime, count: int) -> None:
    """Write the tracks of a programme, past all that would check them."""
    rng = random.Random(20261130)  # noqa: S311  # Reproducible, not secret.
    curriculum = a_curriculum()
    name = digest(curriculum)
    with runtime.database.transaction() as session:
        shared = {"authority_id": KEEPER, "digest": name, "content": curriculum}
        insert_rows(session, CurriculumRow, [shared])
    for first in range(0, count, CHUNK):
        rows: dict[type[Any], Rows] = {}
        for number in range(first, min(first + CHUNK, count)):
            for model, row in a_participant(number, name, rng):
                rows.setdefault(model, []).append(row)
        with runtime.database.transaction() as session:
            for model in (
                Track,
                TrackParticipant,
                TrackBackground,
                TrackAward,
                TrackFollowUp,
            ):
                insert_rows(session, model, rows.get(model, []))


def a_participant(
    number: int, curriculum: str, rng: random.Random
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    """Yield the rows of one track."""
    track_id, enrolled_on = new_id(LATER), FIRST_DAY + timedelta(rng.randrange(1_800))
    is_completed = rng.random() < COMPLETED
    key = {"authority_id": KEEPER, "id": track_id}
    yield (
        Track,
        key
        | {
            "curriculum": curriculum,
            "programme": PROGRAMME,
            "is_example": True,
            "participant_ref": f"P-{number}",
            "origin": "MA",
            "course": "home" if rng.random() < AT_HOME else "away",
            "status": "completed" if is_completed else "running",
            "enrolled_on": enrolled_on,
            "consent": {"joint_form": True, "follow_up": True, "given_on": None},
            "interruptions": [],
            "opened_at": LATER,
            "opened_by": "service",
            "version": 1,
        },
    )
    yield TrackParticipant, key | {"other_names": [], "experience": []}
    sex = rng.choice(("female", "male")) if rng.random() < STATED else "not_stated"
    band = rng.choice(("15-24", "25-29", "from_30", "not_stated"))
    yield TrackBackground, key | {"sex": sex, "age_band": band}
    yield from awards(track_id, enrolled_on, is_completed=is_completed, rng=rng)


def awards(
    track_id: UUID, enrolled_on: date, *, is_completed: bool, rng: random.Random
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    """Yield the awards of a track, and what was answered after them."""
    awarded_on = enrolled_on + timedelta(DAYS)
    for position, (target, (body, _, _)) in enumerate(BODIES.items()):
        is_made = is_completed or (not position and rng.random() < AT_HOME)
        yield (
            TrackAward,
            {
                "authority_id": body,
                "id": new_id(LATER),
                "keeper_id": KEEPER,
                "track_id": track_id,
                "position": position,
                "target": target,
                "status": "awarded" if is_made else "open",
                "how": "earned" if is_made else None,
                "awarded_on": awarded_on if is_made else None,
                "decided_on": awarded_on if is_made else None,
            },
        )
    if not is_completed or rng.random() > ANSWERS:
        return
    for months in (6, 12, 24):
        work = rng.choice(WORK)
        yield (
            TrackFollowUp,
            {
                "authority_id": KEEPER,
                "track_id": track_id,
                "months": months,
                "answered_on": min(awarded_on + timedelta(31 * months), LATER.date()),
                "employed": work != "no_work",
                "residence": "MA",
                "work": work,
                "sector": rng.choice(("same", "not_in_it")),
                "movement": rng.choice(MOVEMENTS),
                "recorded_at": LATER,
                "recorded_by": "service",
            },
        )


def seconds(act: Callable[[], object]) -> float:
    """Return the median of what something takes of the CPU, after once for nothing."""
    act()
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        act()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--participants", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        runtime = installation(Path(directory))
        fill(runtime, options.participants)

        def report(year: Period | None) -> object:
            with runtime.database.reading() as session:
                return programme_report(
                    session, KEEPER, PROGRAMME, year, threshold=5, now=LATER
                )

        one = reference()
        print(f"{options.participants:,} participants")
        for name, year in (("all years", None), ("one year", Period(2025))):
            spent = seconds(lambda year=year: report(year))  # type: ignore[misc]  # bound at once
            print(f"{name:10} {spent:6.2f} s CPU {spent / one:10,.0f} signatures")
        print(f"one ES256 signature {one * 1e6:.1f} us CPU")
        runtime.close()


if __name__ == "__main__":
    main()
