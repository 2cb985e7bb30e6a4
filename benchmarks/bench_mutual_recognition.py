"""What a page of an inbox costs when a body has very many conversations.

Prints CPU microseconds (median over rounds) of reading one page of fifty from a SQLite
file, by each filter and deep in the list, and the ratio to one ES256 signature of the
same run; then how long the file took to fill and how large it is. The goal is a page
within 50 ms with a million conversations.

Usage: python -m benchmarks.bench_mutual_recognition [--conversations N]
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.bench_verification import ES256, MemorySigner
from benchmarks.rounds import Case, compare
from recognition_service.authorities.found import NewAuthority, found_authority
from recognition_service.authorities.models import Function, Mode
from recognition_service.mutual_recognition.conversation import Kind, Side, State
from recognition_service.mutual_recognition.inbox import Filter, Position, list_requests
from recognition_service.mutual_recognition.models import IN, OUT, MutualRequest
from recognition_service.mutual_recognition.read import summary
from recognition_service.storage import migrations
from recognition_service.storage.engine import Database
from recognition_service.storage.ids import new_id

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ASKER, SCHOOL = "be-fl-demo", "lv-university"
PAGE = 50
SEED = 20261121
DEFAULT, CHUNK = 50_000, 10_000
ROUNDS, CALLS = 11, 20
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


def main() -> None:
    """Fill a file, measure and print."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--conversations", type=int, default=DEFAULT)
    conversations: int = reader.parse_args().conversations
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
