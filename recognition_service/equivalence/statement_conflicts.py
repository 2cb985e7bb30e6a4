"""Two published statements that answer one question differently.

The question is the same when qualification (or title), destination, purpose,
profession and conditions are, and both hold for one award on one day. What a row does
not say contradicts nothing: only outcomes, counterparts and levels that both rows
state are compared, and two lists that share a member do not differ.

Two outcomes of one issuer are an error, see `frameworks.check_validity`.
"""

from collections.abc import Hashable, Iterator
from itertools import combinations

from recognition_service.equivalence.conflict import (
    Cited,
    Conflict,
    ConflictKind,
    Side,
    hold_together,
)
from recognition_service.equivalence.snapshot import Snapshot, title_key
from recognition_service.frameworks.instruments import (
    ComparabilityStatement,
    ObjectKind,
)

_Levels = set[tuple[str, str]]


def differing_statements(snapshot: Snapshot) -> Iterator[Conflict]:
    """Yield each pair of statements that contradict one another, once."""
    for one, other in _pairs(snapshot):
        if _is_one_question(snapshot, one, other):
            kind = _difference(snapshot, one, other)
            if kind is not None:
                yield Conflict(
                    kind,
                    {
                        "title": one.title,
                        "origin": one.origin,
                        "destination": one.destination,
                        "purpose": one.purpose,
                    },
                    (Cited(Side.ONE, one), Cited(Side.OTHER, other)),
                )


def _pairs(
    snapshot: Snapshot,
) -> Iterator[tuple[ComparabilityStatement, ComparabilityStatement]]:
    """Yield the pairs of statements about one qualification, or one title of it."""
    groups: dict[Hashable, list[ComparabilityStatement]] = {}
    for row in snapshot.tables.comparability_statements.values():
        for subject in {row.qualification, (row.origin, title_key(row.title))}:
            if subject is not None:
                groups.setdefault((subject, row.purpose), []).append(row)
    seen = set()
    for group in groups.values():
        for one, other in combinations(group, 2):
            if (one.id, other.id) not in seen and _is_one_subject(one, other):
                seen.add((one.id, other.id))
                yield one, other


def _is_one_subject(one: ComparabilityStatement, other: ComparabilityStatement) -> bool:
    """Two types may bear one title: the title counts only where a type is not known."""
    types = {one.qualification, other.qualification}
    return len(types) == 1 or None in types


def _is_one_question(
    snapshot: Snapshot, one: ComparabilityStatement, other: ComparabilityStatement
) -> bool:
    return (
        snapshot.places.are_related(one.destination, other.destination)
        and one.profession == other.profession
        and title_key(one.conditions or "") == title_key(other.conditions or "")
        and hold_together((row.valid_from, row.valid_to) for row in (one, other))
        and hold_together((row.awarded_from, row.awarded_to) for row in (one, other))
    )


def _difference(
    snapshot: Snapshot, one: ComparabilityStatement, other: ComparabilityStatement
) -> ConflictKind | None:
    if one.outcome is not other.outcome:
        return ConflictKind.OUTCOMES_DIFFER
    rows = (one, other)
    objects = [set(counterparts(snapshot, row)) for row in rows]
    in_years = {row.object_kind is ObjectKind.YEARS_OF for row in rows}
    if all(objects) and (len(in_years) > 1 or not objects[0] & objects[1]):
        return ConflictKind.COUNTERPARTS_DIFFER
    if _differ(*(stated_levels(snapshot, row) for row in rows)):
        return ConflictKind.LEVELS_DIFFER
    return None


def _differ(one: _Levels, other: _Levels) -> bool:
    """Tell whether two sets name levels of one framework and share none of them."""
    shared = {framework for framework, _ in one} & {framework for framework, _ in other}
    return any(
        {level for level in one if level[0] == framework}.isdisjoint(other)
        for framework in shared
    )


def counterparts(
    snapshot: Snapshot, row: ComparabilityStatement
) -> Iterator[tuple[str, str]]:
    """Yield jurisdiction and key of the titles that a statement compares with."""
    known = snapshot.tables.reference_qualifications
    for reference in row.objects:
        found = known.get(reference)
        if found is not None:
            yield found.jurisdiction, title_key(found.title)


def stated_levels(
    snapshot: Snapshot, row: ComparabilityStatement
) -> set[tuple[str, str]]:
    """Return the levels that a statement gives, else those of its counterparts."""
    if row.destination_framework is not None and row.destination_levels:
        return {(row.destination_framework, code) for code in row.destination_levels}
    known = snapshot.tables.reference_qualifications
    return {
        (found.framework, code)
        for found in map(known.get, row.objects)
        if found is not None and found.framework is not None
        for code in found.levels
    }
