"""How long one look-up takes, beside the same question put to SQLite and NetworkX.

Prints CPU microseconds per question (median over samples of many different random
questions) for a synthetic edition of 500,000 dated alignments, for one of 500,000
statements with conditions, and for the shipped edition; how long they take to compile,
and what the synthetic ones take in memory.

Usage: python -m benchmarks.bench_equivalence [--edges N] [--statements N]
    [--questions N]
"""

import argparse
import csv
import gc
import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.peer_graph import ask_graph, graph_of
from benchmarks.synthetic_editions import (
    SEED,
    residence_of,
    statement_tables,
    synthetic_tables,
)
from recognition_service.equivalence.compare import compare
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.parse import parse_tables
from recognition_service.frameworks.rows import (
    Basis,
    FrameworkKind,
)
from recognition_service.frameworks.tables import Tables

TABLES = Path(__file__).parent.parent / "equivalence_tables"
ASKED_ON = date(2026, 11, 21)
BATCH = 50
DIRECT_SQL = """
SELECT level_b, relation, id, revision, evidence, source FROM alignments
WHERE framework_a = :framework AND level_a = :level AND framework_b = :target
  AND valid_from <= :day AND valid_to >= :day
UNION ALL
SELECT level_a, relation, id, revision, evidence, source FROM alignments
WHERE framework_b = :framework AND level_b = :level AND framework_a = :target
  AND valid_from <= :day AND valid_to >= :day
"""
HOP_SQL = """
SELECT down.level_a, out.relation, down.relation, out.id, out.revision,
       out.evidence, out.source, down.id, down.revision, down.evidence, down.source
FROM alignments AS out
JOIN alignments AS down
  ON down.framework_b = out.framework_b AND down.level_b = out.level_b
WHERE out.framework_a = :framework AND out.level_a = :level AND out.hub = 1
  AND down.framework_a = :target
  AND out.valid_from <= :day AND out.valid_to >= :day
  AND down.valid_from <= :day AND down.valid_to >= :day
"""


@dataclass(frozen=True, slots=True)
class Workload:
    """An edition and questions of one kind about it."""

    name: str
    snapshot: Snapshot
    questions: Sequence[Question]


def shipped_tables() -> Tables:
    """Return the tables of the repository."""
    raw = {}
    for table in fields(Tables):
        with (TABLES / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            raw[table.name] = [
                {column: cell for column, cell in row.items() if cell}
                for row in csv.DictReader(file)
            ]
    return parse_tables(raw)


def some_day(rng: random.Random) -> date:
    """Return a random award date."""
    return date(2000, 1, 1) + timedelta(days=rng.randrange(9_600))


def direct_questions(tables: Tables, count: int, rng: random.Random) -> list[Question]:
    """Return questions that a published bilateral row answers on its dates."""
    rows = [
        row
        for row in tables.level_alignments.values()
        if row.basis is Basis.BILATERAL_REPORT
        and row.level_b is not None
        and tables.frameworks[row.framework_b].kind is not FrameworkKind.HUB
    ]
    return [
        _question(tables, row.framework_a, row.level_a, row.framework_b, rng)
        for row in rng.choices(rows, k=count)
    ]


def hop_questions(tables: Tables, count: int, rng: random.Random) -> list[Question]:
    """Return questions between two frameworks that name the same first hub."""
    groups: dict[str, list[str]] = {}
    for framework in tables.frameworks.values():
        if framework.hubs and framework.kind is FrameworkKind.NATIONAL:
            groups.setdefault(framework.hubs[0], []).append(framework.id)
    levels: dict[str, list[str]] = {}
    for level in tables.levels.values():
        levels.setdefault(level.framework, []).append(level.code)
    pools = [group for group in groups.values() if len(group) > 1]
    questions = []
    for _ in range(count):
        one, other = rng.sample(rng.choices(pools, [len(p) for p in pools])[0], 2)
        questions.append(_question(tables, one, rng.choice(levels[one]), other, rng))
    return questions


def title_questions(tables: Tables, count: int, rng: random.Random) -> list[Question]:
    """Return questions about qualifications with a statement, as they are asked."""
    statements = list(tables.comparability_statements.values())
    return [
        Question(
            origin=row.origin,
            destination=row.destination,
            asked_on=ASKED_ON,
            purpose=row.purpose,
            qualification=row.qualification,
            awarded_on=some_day(rng),
        )
        for row in rng.choices(statements, k=count)
    ]


def fact_questions(tables: Tables, count: int, rng: random.Random) -> list[Question]:
    """Return questions about titles with conditions, with facts that vary."""
    rows = [row for row in tables.comparability_statements.values() if row.rules]
    return [
        Question(
            origin=row.origin,
            destination=row.destination,
            asked_on=ASKED_ON,
            purpose=row.purpose,
            qualification=row.qualification,
            awarded_on=some_day(rng),
            facts={
                "final_grade": f"{rng.randrange(101) / 10}/10",
                "average_percent": rng.randrange(101),
                "subject_count": rng.randrange(10),
                "subjects": "english,mathematics,science",
                "duration_semesters": 8,
            },
        )
        for row in rng.choices(rows, k=count)
    ]


def _question(
    tables: Tables, framework: str, level: str, target: str, rng: random.Random
) -> Question:
    return Question(
        origin=tables.frameworks[framework].jurisdiction or "",
        destination=tables.frameworks[target].jurisdiction or "",
        asked_on=ASKED_ON,
        framework=framework,
        level=level,
        awarded_on=some_day(rng),
        target_framework=target,
    )


def sqlite_of(tables: Tables) -> sqlite3.Connection:
    """Return the alignments in an indexed database in memory."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE alignments (id TEXT PRIMARY KEY, framework_a TEXT, level_a TEXT,"
        " framework_b TEXT, level_b TEXT, relation TEXT, hub INTEGER, valid_from TEXT,"
        " valid_to TEXT, revision INTEGER, evidence TEXT, source TEXT) WITHOUT ROWID"
    )
    database.executemany(
        "INSERT INTO alignments VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            (
                row.id,
                row.framework_a,
                row.level_a,
                row.framework_b,
                row.level_b,
                row.relation.value,
                tables.frameworks[row.framework_b].kind is FrameworkKind.HUB,
                str(row.valid_from or "0001-01-01"),
                str(row.valid_to or "9999-12-31"),
                row.revision,
                row.evidence.value,
                row.source,
            )
            for row in tables.level_alignments.values()
        ),
    )
    database.execute(
        "CREATE INDEX by_a ON alignments (framework_a, level_a, framework_b)"
    )
    database.execute(
        "CREATE INDEX by_b ON alignments (framework_b, level_b, framework_a)"
    )
    database.execute("ANALYZE")
    return database


def ask_sqlite(database: sqlite3.Connection, question: Question) -> list[object]:
    """Ask for a direct row first, then for one hop through a hub."""
    named = {
        "framework": question.framework,
        "level": question.level,
        "target": question.target_framework,
        "day": str(question.awarded_on),
    }
    found = database.execute(DIRECT_SQL, named).fetchall()
    return found or database.execute(HOP_SQL, named).fetchall()


def cpu_microseconds(
    ask: Callable[[Question], object], questions: Sequence[Question]
) -> float:
    """Return the median CPU time of one question, over batches of questions."""
    samples = []
    for start in range(0, len(questions), BATCH):
        batch = questions[start : start + BATCH]
        before = time.thread_time_ns()
        for question in batch:
            ask(question)
        samples.append((time.thread_time_ns() - before) / len(batch) / 1_000)
    return statistics.median(samples)


def signature_microseconds() -> float:
    """Return the median CPU time of one ES256 signature, the common reference."""
    key = ec.generate_private_key(ec.SECP256R1())
    samples = []
    for _ in range(200):
        before = time.thread_time_ns()
        for _ in range(5):
            key.sign(bytes(2_260), ec.ECDSA(SHA256()))
        samples.append((time.thread_time_ns() - before) / 5_000)
    return statistics.median(samples)


@dataclass(frozen=True, slots=True)
class Peers:
    """The same alignments in other hands, asked in the same run."""

    database: sqlite3.Connection
    graph: Any

    @classmethod
    def of(cls, tables: Tables) -> "Peers":
        """Return the alignments in SQLite and in NetworkX."""
        return cls(sqlite_of(tables), graph_of(tables))


def report(workload: Workload, peers: Peers | None, signature: float) -> None:
    """Print one line: cold, warm, the peers and the ratios."""
    snapshot, questions = workload.snapshot, workload.questions
    snapshot.memo.forget()
    ask = partial(compare, snapshot)
    cold = cpu_microseconds(ask, questions)
    warm = cpu_microseconds(ask, questions)
    answered = sum(bool(compare(snapshot, each).rows) for each in questions)
    line = f"{workload.name:34} cold {cold:6.1f}  warm {warm:5.2f}"
    line += f" = {warm / signature:5.3f} signatures"
    asked = (
        {}
        if peers is None
        else {
            "SQLite": partial(ask_sqlite, peers.database),
            "NetworkX": partial(ask_graph, peers.graph),
        }
    )
    for name, select in asked.items():
        cpu_microseconds(select, questions)
        spent = cpu_microseconds(select, questions)
        line += f"  {name} {spent:5.1f} = {spent / warm:4.1f} x warm"
    print(f"{line}  ({answered} of {len(questions)} with rows)")


def main() -> None:
    """Run all workloads and print their lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=500_000)
    parser.add_argument("--statements", type=int, default=500_000)
    parser.add_argument("--questions", type=int, default=10_000)
    options = parser.parse_args()
    rng = random.Random(SEED)  # noqa: S311  # Reproducible, not secret.

    shipped = shipped_tables()
    times = []
    for _ in range(9):
        before = time.thread_time_ns()
        snapshot = Snapshot.build(shipped, "sha256-bench", ASKED_ON)
        times.append((time.thread_time_ns() - before) / 1_000_000)
    print(f"snapshot of the shipped edition: {statistics.median(times):.2f} ms CPU")

    signature = signature_microseconds()
    print(f"reference of this run, one ES256 signature: {signature:.1f} us CPU")
    print("CPU microseconds per question, median")
    count = options.questions
    peers = Peers.of(shipped)
    for name, make, tells in (
        ("shipped, direct", direct_questions, peers),
        ("shipped, one hop", hop_questions, peers),
        ("shipped, statements and treaties", title_questions, None),
        ("shipped, conditions and facts", fact_questions, None),
    ):
        report(Workload(name, snapshot, make(shipped, count, rng)), tells, signature)

    print_residence("alignments", options.edges)
    tables = synthetic_tables(options.edges)
    size = f"{len(tables.level_alignments):,} edges, {len(tables.levels):,} nodes"
    snapshot = timed_snapshot(tables, size)
    peers = Peers.of(tables)
    for name, make in (
        ("synthetic, direct", direct_questions),
        ("synthetic, one hop", hop_questions),
    ):
        report(Workload(name, snapshot, make(tables, count, rng)), peers, signature)
    del peers, snapshot
    print_residence("statements", options.statements)
    tables = statement_tables(options.statements)
    size = f"{len(tables.comparability_statements):,} statements with conditions"
    snapshot = timed_snapshot(tables, size)
    questions = fact_questions(tables, count, rng)
    report(Workload("synthetic, conditions", snapshot, questions), None, signature)


def timed_snapshot(tables: Tables, size: str) -> Snapshot:
    """Compile a synthetic edition, and print how long that takes."""
    before = time.thread_time_ns()
    snapshot = Snapshot.build(tables, "sha256-bench", ASKED_ON)
    seconds = (time.thread_time_ns() - before) / 1_000_000_000
    print(f"synthetic edition: {size}; snapshot {seconds:.2f} s CPU")
    gc.freeze()
    return snapshot


def print_residence(kind: str, count: int) -> None:
    """Print what a synthetic edition takes in memory and how long it compiles."""
    found = residence_of(kind, count)
    print(
        f"synthetic edition: {count:,} {kind} resident in {found.whole_mb:.1f} MB,"
        f" the tables alone in {found.tables_mb:.1f} MB;"
        f" snapshot {found.compiled_seconds:.2f} s CPU"
    )


if __name__ == "__main__":
    main()
