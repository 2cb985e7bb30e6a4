"""Checks dates, and rows that answer one question in two ways at one time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from recognition_service.frameworks.files import RawRow, TableFile, rows_of
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.periods import is_reversed, overlap
from recognition_service.frameworks.rows import Endorsement, Relation

# Table, first column, last column, and the rule that a reversed order breaks.
_PERIODS = (
    ("comparability_statements", "awarded_from", "awarded_to", "ends_before_begin"),
    ("agreements", "signed_on", "ended_on", "ended_before_entry"),
    ("agreements", "in_force_from", "ended_on", "ended_before_entry"),
    ("agreement_parties", "in_force_from", "withdrawn_on", "withdrawn_before_entry"),
)

# Alignments that are shown but never answer, and so cannot contradict an answer.
SILENT_ENDORSEMENTS = frozenset(
    {Endorsement.NOT_ENDORSED, Endorsement.DRAFT, Endorsement.WITHDRAWN}
)


def check_validity(files: Mapping[str, TableFile]) -> Iterator[Finding]:
    """Find reversed periods, and contradictions between rows that hold together."""
    periods = [(name, "valid_from", "valid_to", "ends_before_begin") for name in files]
    for name, begin, end, rule in (*periods, *_PERIODS):
        for row in rows_of(files, name):
            if is_reversed(row.cell(begin), row.cell(end)):
                yield found(
                    name, row, end, rule, begin=row.cell(begin), end=row.cell(end)
                )
    yield from _check_alignments(rows_of(files, "level_alignments"))
    yield from _check_statements(rows_of(files, "comparability_statements"))


def _check_alignments(rows: tuple[RawRow, ...]) -> Iterator[Finding]:
    """Find a level that is equal to two levels, or to one and to none.

    Sources that really differ are kept: all rows of the question are then given the
    relation `contested`, and no answer is drawn from them.
    """
    questions: dict[tuple[str, ...], list[RawRow]] = defaultdict(list)
    for row in rows:
        if row.cell("endorsement") not in SILENT_ENDORSEMENTS:
            cells = ("framework_a", "level_a", "framework_b")
            questions[tuple(map(row.cell, cells))].append(row)
    for asked in questions.values():
        for first, second in combinations(asked, 2):
            if _contradict(first, second) and overlap(first, second):
                yield found(
                    "level_alignments",
                    second,
                    "relation",
                    "contradictory_alignments",
                    other=first.cell("id"),
                    other_line=first.line,
                )


def _contradict(first: RawRow, second: RawRow) -> bool:
    relations = {first.cell("relation"), second.cell("relation")}
    if Relation.CONTESTED in relations:
        return len(relations) > 1
    if Relation.NONE in relations:
        return len(relations) > 1
    return relations == {Relation.EQUAL} and (
        first.cell("level_b") != second.cell("level_b")
    )


def _check_statements(rows: tuple[RawRow, ...]) -> Iterator[Finding]:
    """Find two statements of one issuer that differ in nothing but the outcome."""
    questions: dict[tuple[str, ...], list[RawRow]] = defaultdict(list)
    for row in rows:
        questions[_question(row)].append(row)
    for asked in questions.values():
        for first, second in combinations(asked, 2):
            if (
                first.cell("outcome") != second.cell("outcome")
                and overlap(first, second)
                and overlap(first, second, "awarded_from", "awarded_to")
            ):
                yield found(
                    "comparability_statements",
                    second,
                    "outcome",
                    "contradictory_statements",
                    other=first.cell("id"),
                    other_line=first.line,
                )


def _question(row: RawRow) -> tuple[str, ...]:
    """Return what a statement is about and under which conditions."""
    cells = ("issuer", "origin", "destination", "purpose", "profession", "conditions")
    subject = row.cell("qualification") or row.cell("title")
    return (subject, *map(row.cell, cells))
