"""What many open cases cost: the page of those that are due, and the nightly sweep.

Run: .venv/bin/python -m benchmarks.bench_deadlines [--cases N] [--due N]
Fills an installation on SQLite with open cases of one office, some of which are due
tonight. Prints milliseconds for a page of the overdue list (the first one and one in
the middle), and CPU seconds for letting all time limits pass that have ended, next to
one ES256 signature of the same run.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import insert, select

from benchmarks.offices import NOW, URL, bare_installation, found_office, person
from recognition_service.authorities.models import Role
from recognition_service.recognition.case_file import list_due
from recognition_service.recognition.models import (
    CaseEvent,
    CaseLimit,
    HeldQualification,
    RecognitionRequest,
)
from recognition_service.recognition.read import summary
from recognition_service.recognition.submit import NewApplicant, NewRequest, submit
from recognition_service.runtime.runtime import Runtime
from recognition_service.storage.ids import new_id

OFFICE = "office"
CHUNK = 5_000
PAGE = 51
ROUNDS = 21
OTHERS_DUE_WITHIN_DAYS = 400


def open_one(runtime: Runtime) -> None:
    """Submit the case that all others are copies of."""
    caller, _ = person(runtime, OFFICE, Role.OFFICER)
    new = NewRequest(
        decision_kind="professional_access",
        purpose="regulated_profession",
        jurisdiction="ES",
        profession="physiotherapists",
        applicant=NewApplicant(family_name="Haddad", beneficiary_basis="eu_citizen"),
        held=({"title": "Fisioterapista", "origin": "IT"},),
    )
    edition = runtime.edition(OFFICE)
    with runtime.database.transaction() as session:
        request, _ = submit(session, caller, new, edition=edition, now=NOW)
        if request.regime != "es-general":
            raise SystemExit(f"The case came under {request.regime}.")


def copies(
    row: dict[str, Any], count: int, due: int, rng: random.Random
) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield copies of a case, and for each whether it is due tonight."""
    for number in range(count):
        is_due = number < due
        days = 0 if is_due else rng.randrange(1, OTHERS_DUE_WITHIN_DAYS)
        at = NOW + timedelta(milliseconds=number)
        due_on = NOW.date() - timedelta(days=1) + timedelta(days=days)
        changes = {"id": new_id(at), "number": f"REC-{number}", "due_on": due_on}
        yield row | changes, is_due


def fill(runtime: Runtime, count: int, due: int) -> None:
    """Copy the case; those that are due have all their rows, others what lists need."""
    rng = random.Random(7)  # noqa: S311  # Reproducible, not secret.
    with runtime.database.reading() as session:
        one = {
            model: [
                dict(row) for row in session.execute(select(model.__table__)).mappings()
            ]
            for model in (RecognitionRequest, CaseEvent, CaseLimit, HeldQualification)
        }
    (request,) = one[RecognitionRequest]
    rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in one}
    for copy, is_due in copies(request, count, due, rng):
        rows[RecognitionRequest].append(copy)
        past = copy["submitted_at"] - timedelta(days=150)
        of_case = {"request_id": copy["id"]}
        for limit in one[CaseLimit] if is_due else one[CaseLimit][:1]:
            ends = NOW - timedelta(hours=1) if is_due else _end(copy["due_on"])
            rows[CaseLimit].append(limit | of_case | {"due_at": ends})
        if is_due:
            copy["submitted_at"] = past
            for event in one[CaseEvent]:
                rows[CaseEvent].append(
                    event | of_case | {"id": new_id(past), "at": past}
                )
            for held in one[HeldQualification]:
                rows[HeldQualification].append(held | of_case | {"id": new_id(past)})
        if len(rows[RecognitionRequest]) >= CHUNK:
            write(runtime, rows)
    write(runtime, rows)


def _end(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), NOW.tzinfo) + timedelta(days=1)


def write(runtime: Runtime, rows: dict[Any, list[dict[str, Any]]]) -> None:
    """Write what was gathered, and begin to gather anew."""
    with runtime.database.transaction() as session:
        for model, gathered in rows.items():
            if gathered:
                session.execute(insert(model.__table__), gathered)
            gathered.clear()


def page_milliseconds(runtime: Runtime, before: date, after: Any) -> float:
    """Return the median time of one page of the overdue list."""
    samples = []
    for _ in range(ROUNDS):
        start = time.perf_counter_ns()
        with runtime.database.reading() as session:
            found = list_due(session, OFFICE, before=before, after=after, limit=PAGE)
            for row in found:
                summary(row, public_url=URL)
        samples.append((time.perf_counter_ns() - start) / 1_000_000)
        if len(found) != PAGE:
            raise SystemExit("There are too few cases for a page.")
    return statistics.median(samples)


def sweep_seconds(runtime: Runtime) -> tuple[float, int]:
    """Let everything pass that has ended; return CPU seconds and how many."""
    count, start = 0, time.process_time()
    while passed := runtime.passed_cases(200):
        count += sum(map(runtime.let_limits_pass, passed))
    return time.process_time() - start, count


def signature_microseconds(samples: Iterable[int] = range(200)) -> float:
    """Return the median CPU time of one ES256 signature."""
    key, times = ec.generate_private_key(ec.SECP256R1()), []
    for _ in samples:
        start = time.process_time_ns()
        for _ in range(5):
            key.sign(bytes(1_000), ec.ECDSA(SHA256()))
        times.append((time.process_time_ns() - start) / 5_000)
    return statistics.median(times)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=5_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        runtime = bare_installation(Path(directory))
        found_office(runtime, OFFICE, "Office", "ES", "ES")
        runtime.refresh()
        open_one(runtime)
        fill(runtime, options.cases, options.due)
        signature = signature_microseconds()
        print(f"{options.cases:,} open cases, {options.due:,} of them due tonight")
        print(f"one ES256 signature: {signature:.1f} us")
        first = page_milliseconds(runtime, NOW.date(), None)
        with runtime.database.reading() as session:
            middle = list_due(
                session, OFFICE, before=NOW.date(), after=None, limit=options.due // 2
            )[-1]
            place = (middle.due_on, middle.id)
        print(f"page of the overdue list, first: {first:.2f} ms")
        later = page_milliseconds(runtime, NOW.date(), place)
        print(f"page of the overdue list, in the middle: {later:.2f} ms")
        seconds, count = sweep_seconds(runtime)
        each = seconds / count * 1_000_000
        print(
            f"sweep: {count:,} time limits passed in {seconds:.1f} s CPU, "
            f"{each:.0f} us each = {each / signature:.0f} signatures"
        )
        runtime.close()


if __name__ == "__main__":
    main()
