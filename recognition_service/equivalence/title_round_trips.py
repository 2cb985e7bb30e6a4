"""A title that is recognised abroad and, from there, at home above its own level.

One statement compares a title with one of the destination; another statement compares
that one with a title of the first system. Both say that recognition is full and serve
one purpose; if all levels they lead to lie above the level of the start, they
contradict one another. Titles are matched by their words, never by level alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from recognition_service.equivalence.conflict import (
    Cited,
    Conflict,
    ConflictKind,
    Side,
    hold_together,
)
from recognition_service.equivalence.level_round_trips import is_higher
from recognition_service.equivalence.snapshot import Snapshot, title_key
from recognition_service.equivalence.statement_conflicts import (
    counterparts,
    stated_levels,
)
from recognition_service.frameworks.instruments import (
    ComparabilityStatement,
    ObjectKind,
    Outcome,
)
from recognition_service.frameworks.rows import LevelStatus, Qualification

_PARTS = {ObjectKind.YEARS_OF, ObjectKind.CASE_BY_CASE, ObjectKind.NONE}
_WITHOUT_LEVEL = {LevelStatus.NOT_ON_FRAMEWORK, LevelStatus.UNVERIFIED}


@dataclass(frozen=True, slots=True)
class _Index:
    """Statements about a title, and types of qualification, by place and title."""

    statements: dict[tuple[str, str], list[ComparabilityStatement]]
    types: dict[tuple[str, str], list[Qualification]]


def climbing_titles(snapshot: Snapshot) -> Iterator[Conflict]:
    """Yield the statements that lead back to a higher level than they began with."""
    index = _index(snapshot)
    for row in snapshot.tables.comparability_statements.values():
        start = snapshot.tables.qualifications.get(row.qualification or "")
        if start is not None and _has_level(start) and _is_whole(row):
            yield from _climbs(snapshot, index, row, start)


def _climbs(
    snapshot: Snapshot,
    index: _Index,
    row: ComparabilityStatement,
    start: Qualification,
) -> Iterator[Conflict]:
    framework, level = start.framework or "", start.level or ""
    returns = list(_returns(snapshot, index, row, start))
    levels = {
        code
        for back in returns
        for place, code in _levels(snapshot, index, back)
        if place == framework
    }
    if levels and all(is_higher(snapshot, framework, level, code) for code in levels):
        yield Conflict(
            ConflictKind.TITLE_CLIMBS,
            {
                "title": row.title,
                "origin": row.origin,
                "destination": row.destination,
                "framework": framework,
                "level": level,
                "home": tuple(sorted(levels)),
            },
            (Cited(Side.THERE, row), *(Cited(Side.BACK, back) for back in returns)),
        )


def _returns(
    snapshot: Snapshot,
    index: _Index,
    row: ComparabilityStatement,
    start: Qualification,
) -> Iterator[ComparabilityStatement]:
    for title in dict.fromkeys(counterparts(snapshot, row)):
        for back in index.statements.get(title, ()):
            if (
                snapshot.places.are_related(start.jurisdiction, back.destination)
                and back.purpose is row.purpose
                and back.profession == row.profession
                and hold_together(
                    (each.valid_from, each.valid_to) for each in (row, back)
                )
            ):
                yield back


def _levels(
    snapshot: Snapshot, index: _Index, row: ComparabilityStatement
) -> set[tuple[str, str]]:
    """Return the levels that a statement leads to: its own, or those of its titles."""
    return stated_levels(snapshot, row) or {
        (found.framework, found.level)
        for title in counterparts(snapshot, row)
        for found in index.types.get(title, ())
        if found.framework is not None and found.level is not None
    }


def _index(snapshot: Snapshot) -> _Index:
    index = _Index({}, {})
    for row in snapshot.tables.comparability_statements.values():
        if _is_whole(row):
            place = (row.origin, title_key(row.title))
            index.statements.setdefault(place, []).append(row)
    for found in snapshot.tables.qualifications.values():
        if _has_level(found):
            place = (found.jurisdiction, title_key(found.title))
            index.types.setdefault(place, []).append(found)
    return index


def _is_whole(row: ComparabilityStatement) -> bool:
    return row.outcome is Outcome.FULL and row.object_kind not in _PARTS


def _has_level(row: Qualification) -> bool:
    return (
        row.framework is not None
        and row.level is not None
        and row.level_status not in _WITHOUT_LEVEL
    )
