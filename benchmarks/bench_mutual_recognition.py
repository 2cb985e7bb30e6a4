"""What a page of an inbox costs when a body has very many conversations, and a list.

Prints CPU microseconds (median over rounds) of reading one page of fifty from a SQLite
file, by each filter and deep in the list, and the ratio to one ES256 signature of the
same run; then how long the file took to fill and how large it is. The goal is a page
within 50 ms with a million conversations.

Then what a list of awards costs whoever sends it: the proposals of the tables for every
row, and all of it with the rows of both sides written. The goal is 2 s for proposals of
10,000 rows where a signature takes 17.8 us, that is 11.24 signatures a row.

Usage: python -m benchmarks.bench_mutual_recognition [--conversations N] [--rows N]
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

from benchmarks.bench_issuing import OFFICE, installation
from benchmarks.bench_verification import ES256, MemorySigner
from benchmarks.rounds import Case, compare
from recognition_service.authorities.access import find_caller
from recognition_service.authorities.found import (
    NewAuthority,
    add_principal,
    found_authority,
    get_authority,
)
from recognition_service.authorities.models import Function, Mode, PrincipalKind, Role
from recognition_service.mutual_recognition.ask import NewMutualRequest, ask
from recognition_service.mutual_recognition.conversation import Kind, Side, State
from recognition_service.mutual_recognition.inbox import Filter, Position, list_requests
from recognition_service.mutual_recognition.lists import (
    Destination,
    ListTerms,
    NewItem,
    prepare_items,
)
from recognition_service.mutual_recognition.models import IN, OUT, MutualRequest
from recognition_service.mutual_recognition.read import summary
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.storage import migrations
from recognition_service.storage.engine import Database
from recognition_service.storage.ids import new_id

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ASKER, SCHOOL = "be-fl-demo", "lv-university"
PAGE = 50
SEED = 20261121
DEFAULT, CHUNK = 50_000, 10_000
ROUNDS, CALLS = 11, 20
LIST_ROUNDS, SIGNATURES = 3, 2000
TERMS = ListTerms(decision_kind="level_comparability", purpose="general_employment")
GOAL = 2.0 / 10_000 / 17.8e-6
RARE_EVERY = 10_000


def fill(database: Database, conversations: int) -> None:
    """Write conversations as both sides keep them; most are over, some are rare."""
    with database.transaction() as session:
        for authority_id in (ASKER, SCHOOL):
            new = NewAuthority(
                id=authority_id,
                name=authority_id,
                country="LV",
                jurisdiction="LV",
                mode=Mode.TEST,
                functions=frozenset(Function),
            )
            found_authority(session, new, actor="service", now=NOW)
    table: Any = MutualRequest.__table__
    for start in range(0, conversations, CHUNK):
        numbers = range(start, min(start + CHUNK, conversations))
        with database.transaction() as session:
            session.connection().execute(table.insert(), list(rows(numbers)))


def rows(numbers: range) -> Iterator[dict[str, Any]]:
    """Yield the two rows of each conversation."""
    choice = random.Random(SEED + numbers.start)  # noqa: S311  # for repeatable figures
    for number in numbers:
        sent_at = NOW - timedelta(days=900) + timedelta(seconds=number * 60)
        is_open = choice.random() < 0.1  # noqa: PLR2004
        is_rare = number % RARE_EVERY == 0
        state = choice.choice([State.SENT, State.ACCEPTED]) if is_open else State.CLOSED
        day = (sent_at + timedelta(days=30)).date()
        shared = {
            "id": new_id(sent_at),
            "kind": Kind.CASE_INFORMATION if is_rare else Kind.AWARD_VERIFICATION,
            "status": State.MORE_INFO_REQUESTED if is_rare else state,
            "asker": ASKER,
            "answerer": SCHOOL,
            "passed": [],
            "held_position": 0,
            "subject_ref": f"s_{number:022}",
            "question_set": "award-verification/1",
            "questions": [{"id": "awarded", "params": {}, "answer": None}],
            "proposed_answer_by": day,
            "proposed_by": Side.ASKER,
            "due_on": day if is_open else None,
            "holds_clock": "none",
            "sent_at": sent_at,
            "revision": 1,
            "sequence": 1,
            "version": 1,
        }
        shared["family"] = shared["id"]
        yield {**shared, "authority_id": ASKER, "side": Side.ASKER, "box": OUT}
        yield {**shared, "authority_id": SCHOOL, "side": Side.ANSWERER, "box": IN}


def page(
    database: Database, wanted: Filter, after: Position | None = None
) -> list[dict[str, Any]]:
    """Read one page as the door does."""
    with database.reading() as session:
        found = list_requests(session, SCHOOL, wanted, after=after, limit=PAGE + 1)
    return [summary(row, public_url="", today=NOW.date()) for row in found[:PAGE]]


def cases(database: Database, conversations: int) -> Iterator[Case]:
    """Yield what is measured, the reference first."""
    key = MemorySigner().private_key
    middle = NOW - timedelta(days=900) + timedelta(seconds=conversations * 30)
    deep: Position = (None, new_id(middle))
    by_day: Position = ((middle + timedelta(days=30)).date(), new_id(middle))
    soon = Filter(box=IN, due_before=date(2030, 1, 1))
    rare = {"status": State.MORE_INFO_REQUESTED, "kind": Kind.CASE_INFORMATION}

    def read(wanted: Filter, after: Position | None = None) -> Callable[[int], object]:
        return lambda _: page(database, wanted, after)

    yield "one ES256 signature", lambda _: key.sign(b"x" * 200, ES256)
    yield "inbox, first page", read(Filter(box=IN))
    yield "inbox, in the middle", read(Filter(box=IN), deep)
    yield "inbox and outbox", read(Filter())
    yield "waiting ones", read(Filter(box=IN, status=State.SENT))
    yield "a rare state and kind", read(Filter(box=IN, **rare))
    yield "a rare kind", read(Filter(box=IN, kind=Kind.CASE_INFORMATION))
    yield "by the day they are due", read(soon)
    yield "by the day, in the middle", read(soon, by_day)
    yield (
        "by the day, a rare state",
        read(
            Filter(box=IN, status=State.REFERRED_TO_COORDINATOR, due_before=NOW.date())
        ),
    )


def a_list(rows: int, edition: EditionAtHand) -> list[NewItem]:
    """Return a cohort of graduates, each with dates of their own."""
    titles = [
        title
        for title, row in edition.compiled.snapshot.tables.qualifications.items()
        if row.jurisdiction == "LV"
    ]
    first = date(2016, 6, 27)
    return [
        NewItem(
            {"family_name": "Bērziņa", "given_name": f"Ilze {n}", "other_names": []},
            {
                "qualification": titles[n % len(titles)],
                "origin": "LV",
                "awarded_on": (first + timedelta(days=n % 3000)).isoformat(),
                "training_started_on": (
                    first + timedelta(days=n % 2000 - 2000)
                ).isoformat(),
                "awarding_body": {"name": "University", "country": "LV"},
                "authenticity": {"grade": "confirmed_by_issuer"},
                "institution_status": {"recognised": "yes", "quality_assured": "yes"},
            },
        )
        for n in range(rows)
    ]


def spent(act: Callable[[], object]) -> float:
    """Return the CPU seconds of an act."""
    began = time.process_time()
    act()
    return time.process_time() - began


def measure_list(directory: Path, rows: int) -> None:
    """Send lists, and print what each row costs."""
    runtime = installation(directory)
    asker = NewAuthority(
        id=ASKER,
        name=ASKER,
        country="LV",
        jurisdiction="LV",
        mode=Mode.TEST,
        functions=frozenset(Function),
    )
    runtime.found(asker)
    with runtime.database.transaction() as session:
        who = add_principal(
            session,
            ASKER,
            kind=PrincipalKind.PERSON,
            name="Amina",
            roles=frozenset({Role.OFFICER}),
            actor="service",
            now=NOW,
        )
        by = find_caller(session, ASKER, f"person:{who}")
    edition = runtime.edition(OFFICE)
    items = a_list(rows, edition)
    with runtime.database.reading() as session:
        to = Destination(get_authority(session, OFFICE), edition, NOW.date())
    new = NewMutualRequest(
        kind=Kind.RECOGNITION_LIST, to=OFFICE, terms=TERMS, items=items
    )

    def send() -> None:
        with runtime.database.transaction() as session:
            ask(session, by, new, edition=edition, peer_edition=edition, now=NOW)

    key = MemorySigner().private_key
    lines: dict[str, list[float]] = {"proposals": [], "the whole list": []}
    signatures: list[float] = []
    for _ in range(LIST_ROUNDS):
        signatures.append(
            spent(lambda: [key.sign(b"x" * 200, ES256) for _ in range(SIGNATURES)])
            / SIGNATURES
        )
        lines["proposals"].append(spent(lambda: prepare_items(items, TERMS, ASKER, to)))
        lines["the whole list"].append(spent(send))
    signature = statistics.median(signatures)
    print(f"a list of {rows} rows; one ES256 signature {signature * 1e6:.1f} us CPU")
    for name, seconds in lines.items():
        one = statistics.median(seconds)
        print(
            f"{name:34} {one:8.2f} s CPU {one / rows / signature:6.2f} x a row"
            f" (goal for proposals {GOAL:.2f} x)"
        )


def main() -> None:
    """Fill a file, measure and print."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--conversations", type=int, default=DEFAULT)
    reader.add_argument("--rows", type=int, default=10_000)
    given = reader.parse_args()
    conversations: int = given.conversations
    with tempfile.TemporaryDirectory() as directory:
        measure_list(Path(directory), given.rows)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "mutual.sqlite3"
        database = Database(f"sqlite:///{path}")
        migrations.upgrade(database)
        began = time.perf_counter()
        fill(database, conversations)
        spent = time.perf_counter() - began
        print(f"{conversations} conversations of two sides, a page of {PAGE}")
        compare(list(cases(database, conversations)), rounds=ROUNDS, calls=CALLS)
        database.close()
        megabytes = path.stat().st_size / 1e6
        print(f"filled in {spent:.0f} s; the file has {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
