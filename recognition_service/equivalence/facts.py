"""What somebody knows about an award beyond its type and date.

Facts are named by the closed list of `frameworks.conditions`. A door refuses what is
not one of them; the engine takes what it cannot read for not known, so that a record
of the past replays whatever was allowed in its time.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from recognition_service.equivalence.errors import nearest
from recognition_service.frameworks.conditions import (
    CREDIT_UNITS,
    FACTS,
    STATUSES,
    FactKind,
    Value,
    read_value,
)

FORMS: Mapping[FactKind, str] = {
    FactKind.GRADE: "the grade and the highest grade of its scale as text: 8.5/10",
    FactKind.NUMBER: "a number without sign; a fraction as text: 3.5",
    FactKind.PERCENT: "a number from 0 to 100; a fraction as text: 67.5",
    FactKind.COUNT: "a whole number",
    FactKind.CREDITS: f"credits with their unit ({', '.join(CREDIT_UNITS)}): 144 SKS",
    FactKind.WORD: "one word of small letters, digits and _: tres_bien",
    FactKind.WORDS: "words of small letters, digits and _: english,mathematics",
    FactKind.STATUS: " or ".join(STATUSES),
    FactKind.FIELD: "a code of ISCED-F, two to four digits as text: 0912",
    FactKind.PLACE: "the code of a jurisdiction: IT-BZ",
    FactKind.FLAG: "true or false",
    FactKind.ACCORD: "the id of an agreement of professional bodies: washington-accord",
}
"""How a value of each kind is written, to say so where it is written otherwise."""

_MOST_TEXT, _MOST_WHOLE = 1_000, 999_999
_QUANTITIES = frozenset({FactKind.NUMBER, FactKind.PERCENT, FactKind.COUNT})


class FactFault(NamedTuple):
    """Why something is not a fact that can be taken.

    Attributes:
        name: As it was given.
        code: `unknown_fact` or `not_a_fact_value`.
        detail: What would fit, in English.
    """

    name: str
    code: str
    detail: str


def faults_of(facts: Mapping[str, object]) -> Iterator[FactFault]:
    """Tell which facts are not known, or are not written as they should be.

    What is `None` is not known to who asks, and fits.
    """
    for name, raw in facts.items():
        kind = FACTS.get(name)
        if kind is None:
            alike = nearest(name, FACTS)
            hint = f" Did you mean {', '.join(alike)}?" if alike else ""
            yield FactFault(name, "unknown_fact", f"No condition knows this.{hint}")
        elif raw is not None and not _fits(name, kind, raw):
            detail = f"Expected: {FORMS[kind]}."
            yield FactFault(name, "not_a_fact_value", detail)


def known_value(facts: Mapping[str, object], name: str) -> Value | None:
    """Return what is known of a fact, `None` if it is not given or cannot be read."""
    raw = facts.get(name)
    return _read(name, raw) if isinstance(raw, (str, int)) else None


def _fits(name: str, kind: FactKind, raw: object) -> bool:
    if kind is FactKind.FLAG:
        return isinstance(raw, bool)
    return isinstance(raw, str | int) and _read(name, raw) is not None


@lru_cache(maxsize=4096, typed=True)
def _read(name: str, raw: str | int) -> Value | None:
    """Return a value; numbers of other kinds than counts are written as text."""
    kind = FACTS[name]
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        is_whole = kind in _QUANTITIES and 0 <= raw <= _MOST_WHOLE
        return read_value(kind, str(raw)) if is_whole else None
    value = read_value(kind, raw) if len(raw) <= _MOST_TEXT else None
    is_one = kind is FactKind.WORDS or not isinstance(value, tuple) or len(value) == 1
    return value if is_one else None
