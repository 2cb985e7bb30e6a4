"""What computing the due dates of one case anew costs, next to one ES256 signature.

Run: .venv/bin/python -m benchmarks.bench_clock
Prints CPU microseconds (the median of many rounds) and the ratio to the reference
that was measured in the same run. The cases differ in their days, as they do in life.
The last figure is that of a case the days of which nobody has asked for before.
"""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.rounds import compare
from recognition_service.regimes import periods
from recognition_service.regimes.due_dates import Happened, Place, StoodStill, due_dates
from recognition_service.regimes.regime import Regime, read_regime
from recognition_service.regimes.working_days import calendar_of

CASES = 200
ROUNDS = 41
SEED = 11
FIRST_DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ES256 = ec.ECDSA(SHA256())
PLACE = Place(calendar_of("DE-BE"), ZoneInfo("Europe/Berlin"))

Facts = tuple[list[Happened], list[StoodStill], datetime]


def a_regime() -> Regime:
    """Return a regime of four time limits, two of which a hold stops."""
    limit = {"silence": "none", "article": "1", "is_confirmed": True}
    asked = ["documents_requested", "completed"]
    return read_regime(
        {
            "id": "four-limits",
            "name": {"en": "Four limits"},
            "source": "synthetic",
            "evidence": "source_read",
            "status": "confirmed",
            "procedure": "case",
            "four_eyes": True,
            "decision_kinds": ["professional_access"],
            "purposes": ["regulated_profession"],
            "outcomes": ["full"],
            "mandatory_contents": {"full": []},
            "does_not_allow": [],
            "force": {"en": "A decision."},
            "counting": "regulation_1182_71",
            "transitions": {
                "submitted": ["incomplete", "complete", "withdrawn"],
                "incomplete": ["complete", "withdrawn"],
                "complete": ["assessing", "withdrawn"],
                "assessing": ["awaiting_applicant", "decided", "withdrawn"],
                "awaiting_applicant": ["assessing", "withdrawn"],
                "decided": ["under_appeal"],
                "under_appeal": ["assessing", "final"],
            },
            "limits": [
                limit
                | {"id": "look", "length": 1, "unit": "month"}
                | {"starts": ["submitted"], "met_by": asked},
                limit
                | {"id": "papers", "length": 10, "unit": "working_day"}
                | {"starts": ["documents_requested"], "held": True}
                | {"met_by": ["documents_received"], "binds": "applicant"},
                limit
                | {"id": "decide", "length": 3, "unit": "month", "held": True}
                | {"starts": ["completed", "appeal_remitted"]}
                | {"met_by": ["decided", "withdrawn"]}
                | {"extensions": [{"length": 1, "unit": "month"}]},
                limit
                | {"id": "answer", "length_from": "days", "binds": "applicant"}
                | {"starts": ["information_requested"]}
                | {"met_by": ["information_received"]},
            ],
        }
    )


def a_case(choice: random.Random, *, is_held: bool) -> Facts:
    """Return six to nine events of a case in assessment, with two holds or none."""
    at = FIRST_DAY + timedelta(days=choice.randrange(365))
    kinds = ["submitted", "acknowledged", "documents_requested", "documents_received"]
    kinds += ["completed", "assessment_begun", "information_requested"]
    kinds += ["evidence_added", "limit_extended"]
    events = []
    for kind in kinds[: choice.randrange(7, 10)]:
        details = {"limit": "decide", "length": 2, "unit": "week", "days": 21}
        events.append(Happened(kind, at, at.date(), details))
        at += timedelta(days=choice.randrange(1, 12), hours=choice.randrange(8))
    begun = events[4].on + timedelta(days=choice.randrange(20))
    holds = [
        StoodStill(begun, begun + timedelta(days=choice.randrange(5, 30))),
        StoodStill(begun + timedelta(days=3), begun + timedelta(days=12)),
    ]
    return events, holds if is_held else [], at


def main() -> None:
    """Measure and print."""
    key = ec.generate_private_key(ec.SECP256R1())
    regime, choice = a_regime(), random.Random(SEED)  # noqa: S311  # for repeatable figures
    plain = [a_case(choice, is_held=False) for _ in range(CASES)]
    held = [a_case(choice, is_held=True) for _ in range(CASES)]

    def compute(cases: list[Facts], number: int) -> object:
        events, holds, now = cases[number]
        return due_dates(regime, events, holds, PLACE, now=now)

    def compute_first(number: int) -> object:
        periods._end.cache_clear()  # noqa: SLF001  # what is remembered is measured too
        return compute(held, number)

    signature = ("one ES256 signature", lambda _: key.sign(b"x" * 200, ES256))
    compare(
        [
            signature,
            ("four limits, no hold", lambda number: compute(plain, number)),
            ("four limits, two holds", lambda number: compute(held, number)),
        ],
        rounds=ROUNDS,
        calls=CASES,
    )
    compare(
        [signature, ("two holds, the first time", compute_first)],
        rounds=ROUNDS,
        calls=CASES,
    )


if __name__ == "__main__":
    main()
