"""Large editions, read from canonical rows as those of the database are.

Measures also what one of them takes in memory, in a process of its own:
    python -m benchmarks.synthetic_editions alignments|statements COUNT
prints, as JSON, by how many megabytes the process has grown when it holds nothing but
the edition and its snapshot, and how long it took to compile them.
"""

import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice, permutations, product
from pathlib import Path

from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.parse import parse_tables
from recognition_service.frameworks.tables import Tables

Row = dict[str, str]

SEED = 20261121

HUBS = 5
FRAMEWORKS = 145
LEVELS = 340
PERIODS = ((2000, 2008), (2009, 2016), (2017, 2030))
BANDS = (
    "final_grade >= 8.0/10; subject_count >= 5",
    "final_grade >= 7.0/10; final_grade < 8.0/10; subject_count >= 5",
    "final_grade >= 6.0/10; final_grade < 7.0/10",
    "final_grade >= 5.0/10; final_grade < 6.0/10",
    "final_grade < 5.0/10",
)


@dataclass(frozen=True, slots=True)
class Residence:
    """What an edition takes.

    Attributes:
        tables_mb: Megabytes (of a million bytes) of the tables.
        whole_mb: Megabytes of the tables and their snapshot.
        read_seconds: CPU time to make the rows and to read them as tables.
        compiled_seconds: CPU time from tables to the snapshot.
    """

    tables_mb: float
    whole_mb: float
    read_seconds: float
    compiled_seconds: float


def residence_of(kind: str, count: int) -> Residence:
    """Measure an edition in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.synthetic_editions", kind, str(count)]
    told = subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # our own module
    return Residence(**json.loads(told.stdout))


def synthetic_tables(edges: int) -> Tables:
    """Return an edition whose levels have referencing in three periods each."""
    return parse_tables(_stored(_with_alignments(edges)))


def statement_tables(count: int) -> Tables:
    """Return an edition in which every title has five statements by grade."""
    return parse_tables(_stored(_with_statements(count)))


def _stored(tables: dict[str, Iterable[Row]]) -> dict[str, Iterator[Row]]:
    """Return rows as the database gives them: no text is shared by two of them."""
    return {table: _decoded(rows) for table, rows in tables.items()}


def _decoded(rows: Iterable[Row]) -> Iterator[Row]:
    source = iter(rows)
    while part := list(islice(source, 1_000)):
        yield from json.loads(json.dumps(part))


def _row(row_id: str, **cells: str) -> Row:
    return {"id": row_id, "evidence": "source_read", "source": "synthetic", **cells}


def _with_alignments(edges: int) -> dict[str, Iterable[Row]]:
    hubs = [f"HUB-{number}" for number in range(HUBS)]
    national = [f"F{number:03}" for number in range(FRAMEWORKS)]
    hub_of = {code: hubs[number % HUBS] for number, code in enumerate(national)}
    codes = [str(number) for number in range(LEVELS)]
    return {
        "jurisdictions": [_state(_place_of(code)) for code in national],
        "frameworks": [
            *(_row(code, kind="hub", name_en=code) for code in hubs),
            *(
                _row(
                    code,
                    kind="national",
                    name_en=code,
                    jurisdiction=_place_of(code),
                    hubs=hub_of[code],
                )
                for code in national
            ),
        ],
        "levels": [
            _row(f"{code}:{level}", framework=code, code=level, ordinal=level)
            for code, level in product(hubs + national, codes)
        ],
        "level_alignments": _alignments(hub_of, codes, edges),
    }


def _alignments(hub_of: dict[str, str], codes: list[str], edges: int) -> Iterator[Row]:
    """Yield the referencing of all levels, and random comparisons in any order."""
    rng = random.Random(SEED)  # noqa: S311  # Reproducible, not secret.
    referencing = list(product(hub_of, codes, range(len(PERIODS))))
    for code, level, period in referencing:
        yield _alignment(code, level, hub_of[code], level, period)
    national = list(hub_of)
    pairs = list(permutations(range(len(national)), 2))
    each = len(codes) ** 2 * len(PERIODS)
    for number in rng.sample(range(len(pairs) * each), edges - len(referencing)):
        one, other = pairs[number // each]
        place, period = divmod(number % each, len(PERIODS))
        level_a, level_b = divmod(place, len(codes))
        yield _alignment(
            national[one], codes[level_a], national[other], codes[level_b], period
        )


def _place_of(framework: str) -> str:
    return framework.replace("F", "J")


def _state(code: str) -> Row:
    return _row(code, kind="state", name_en=code)


def _alignment(a: str, level_a: str, b: str, level_b: str, period: int) -> Row:
    first, last = PERIODS[period]
    is_at_hub = b.startswith("HUB")
    return _row(
        f"{a}:{level_a}:{b}:{level_b}:{period}",
        valid_from=f"{first}-01-01",
        valid_to=f"{last}-12-31",
        framework_a=a,
        level_a=level_a,
        framework_b=b,
        level_b=level_b,
        relation="equal" if is_at_hub else "comparable",
        basis="referencing_report" if is_at_hub else "bilateral_report",
        endorsement="published",
        direction="a_to_b" if is_at_hub else "mutual",
    )


def _with_statements(count: int) -> dict[str, Iterable[Row]]:
    titles = [f"Q{number:06}" for number in range(count // len(BANDS))]
    return {
        "jurisdictions": [_state("J0"), _state("J1")],
        "qualifications": [
            _row(
                title,
                jurisdiction="J0",
                level_status="unverified",
                title=title,
                status="current",
            )
            for title in titles
        ],
        "comparability_statements": (
            row for title in titles for row in _statements(title)
        ),
    }


def _statements(title: str) -> Iterator[Row]:
    for band, rules in enumerate(BANDS):
        yield _row(
            f"{title}:{band}",
            valid_from="2000-01-01",
            issuer="synthetic",
            origin="J0",
            title=title,
            destination="J1",
            object_kind="reference_qualification",
            objects=f"R{band}",
            outcome="full",
            purpose="general_employment",
            binding="legal",
            qualification=title,
            conditions=rules,
            rules=rules,
            rules_cover="all",
        )


def _resident_mb() -> float:
    """Return what this process holds in memory, in megabytes of a million bytes."""
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    told = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(told.split()[1]) * 1_024 / 1_000_000


def _measure(kind: str, count: int) -> Residence:
    make = {"alignments": synthetic_tables, "statements": statement_tables}[kind]
    before = _resident_mb()
    started = time.thread_time()
    tables = make(count)
    read = time.thread_time()
    tables_mb = _resident_mb() - before
    compiling = time.thread_time()
    snapshot = Snapshot.build(tables, "sha256-bench", date(2026, 11, 21))
    compiled = time.thread_time()
    whole_mb = _resident_mb() - before
    del snapshot
    return Residence(tables_mb, whole_mb, read - started, compiled - compiling)


if __name__ == "__main__":
    print(json.dumps(asdict(_measure(sys.argv[1], int(sys.argv[2])))))
