"""Checks dates, and rows that answer one question in two ways at one time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.periods import is_reversed, overlap
from recognition_service.frameworks.rows import Endorsement, Relation
from recognition_service.frameworks.rules import GroupRule, RowRule, contradictions

# First column, last column, and the rule that a reversed order breaks.
_Period = tuple[str, str, str]
_VALIDITY = ("valid_from", "valid_to", "ends_before_begin")
_PERIODS: Mapping[str, tuple[_Period, ...]] = {
    "comparability_statements": (("awarded_from", "awarded_to", "ends_before_begin"),),
    "agreements": (
        ("signed_on", "ended_on", "ended_before_entry"),
        ("in_force_from", "ended_on", "ended_before_entry"),
    ),
    "agreement_parties": (("in_force_from", "withdrawn_on", "withdrawn_before_entry"),),
}
_COMPARED = ("relation", "level_b", "valid_from", "valid_to")
_STATED = ("outcome", "valid_from", "valid_to", "awarded_from", "awarded_to")

# Alignments that are shown but never answer, and so cannot contradict an answer.
SILENT_ENDORSEMENTS = frozenset(
    {Endorsement.NOT_ENDORSED, Endorsement.DRAFT, Endorsement.WITHDRAWN}
)
# What is said of a level only by all rows or by none.
_EXCLUSIVE = frozenset({Relation.CONTESTED, Relation.NONE})


def validity_rules(tables: Iterable[str]) -> Iterator[tuple[str, RowRule]]:
    """Yield what finds periods that end before they begin."""
    for name in tables:
        periods = (_VALIDITY, *_PERIODS.get(name, ()))
        yield name, partial(_check_periods, name, periods)


def rules_between_answers() -> Iterator[GroupRule]:
    """Yield what finds contradictions between rows that hold together."""
    for key, said, contradict in (
        (_equal_of, _counterpart, _are_two_equals),
        (_asked, _exclusive_relation, _exclude),
    ):
        check = partial(_check_alignments, contradict=contradict)
        yield GroupRule("level_alignments", key, said, _COMPARED, check)
    yield GroupRule(
        "comparability_statements", _question, _outcome, _STATED, _check_statements
    )


def _check_periods(
    name: str, periods: Iterable[_Period], row: RawRow
) -> Iterator[Finding]:
    for first, last, rule in periods:
        begin, end = row.cell(first), row.cell(last)
        if is_reversed(begin, end):
            yield found(name, row, last, rule, begin=begin, end=end)


def _asked(row: RawRow) -> tuple[str, ...] | None:
    """Return of which level an alignment tells its place in which framework."""
    if row.cell("endorsement") in SILENT_ENDORSEMENTS:
        return None
    return row.cell("framework_a"), row.cell("level_a"), row.cell("framework_b")


def _equal_of(row: RawRow) -> tuple[str, ...] | None:
    return _asked(row) if row.cell("relation") == Relation.EQUAL else None


def _counterpart(row: RawRow) -> tuple[str, ...]:
    return (row.cell("level_b"),)


def _exclusive_relation(row: RawRow) -> tuple[str, ...]:
    relation = row.cell("relation")
    return (relation if relation in _EXCLUSIVE else "",)


def _are_two_equals(first: RawRow, second: RawRow) -> bool:
    return first.cell("level_b") != second.cell("level_b") and overlap(first, second)


def _exclude(first: RawRow, second: RawRow) -> bool:
    relations = {first.cell("relation"), second.cell("relation")}
    return (
        len(relations) > 1
        and not relations.isdisjoint(_EXCLUSIVE)
        and overlap(first, second)
    )


def _check_alignments(
    rows: Iterable[RawRow], contradict: Callable[[RawRow, RawRow], bool]
) -> Iterator[Finding]:
    """Find a level that is equal to two levels, or to one and to none.

    Sources that really differ are kept: all rows of the question are then given the
    relation `contested`, and no answer is drawn from them.
    """
    for first, second in contradictions(rows, _COMPARED, contradict):
        yield found(
            "level_alignments",
            second,
            "relation",
            "contradictory_alignments",
            other=first.id,
            other_line=first.line,
        )


def _outcome(row: RawRow) -> tuple[str, ...]:
    return (row.cell("outcome"),)


def _check_statements(rows: Iterable[RawRow]) -> Iterator[Finding]:
    """Find two statements of one issuer that differ in nothing but the outcome."""
    for first, second in contradictions(rows, _STATED, _decide_differently):
        yield found(
            "comparability_statements",
            second,
            "outcome",
            "contradictory_statements",
            other=first.id,
            other_line=first.line,
        )


def _decide_differently(first: RawRow, second: RawRow) -> bool:
    return (
        first.cell("outcome") != second.cell("outcome")
        and overlap(first, second)
        and overlap(first, second, "awarded_from", "awarded_to")
    )


def _question(row: RawRow) -> tuple[str, ...]:
    """Return what a statement is about and under which conditions."""
    cell = row.cells.get
    return (
        cell("qualification") or cell("title", ""),
        cell("issuer", ""),
        cell("origin", ""),
        cell("destination", ""),
        cell("purpose", ""),
        cell("profession", ""),
        cell("conditions", ""),
    )
