"""Checks what one row of a comparison says against its neighbours and itself."""

from collections.abc import Iterable, Iterator, Mapping

from recognition_service.frameworks.check_validity import SILENT_ENDORSEMENTS
from recognition_service.frameworks.files import RawRow, TableFile, rows_of
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.periods import overlap
from recognition_service.frameworks.rows import (
    Basis,
    Direction,
    FrameworkKind,
    LevelStatus,
    Relation,
)
from recognition_service.frameworks.rules import (
    GroupRule,
    RowRule,
    anything,
    contradictions,
)

_TABLE = "level_alignments"
_ENDS = ("framework_a", "level_a", "framework_b", "level_b")
_MIRRORED = ("framework_b", "level_b", "framework_a", "level_a")
_PERIOD = ("valid_from", "valid_to")
_SINGLE = ("level_a", *_PERIOD)
_STATUSES_WITH_LEVEL = frozenset({LevelStatus.ASSIGNED, LevelStatus.LEGACY})


def relation_rules(files: Mapping[str, TableFile]) -> Iterator[tuple[str, RowRule]]:
    """Yield what finds alignments, levels and titles that contradict themselves."""
    hubs = _hubs(files)
    yield _TABLE, lambda row: _check_alignment(row, hubs)
    yield "qualifications", _check_level_status
    yield "agreement_titles", _check_listed_title


def rules_between_alignments(files: Mapping[str, TableFile]) -> Iterator[GroupRule]:
    """Yield what finds levels that are compared twice."""
    yield GroupRule(_TABLE, _ends, anything, (*_ENDS, *_PERIOD), _check_twins)
    yield GroupRule(_TABLE, _pair, _direction, (*_ENDS, "direction"), _check_mirrors)
    hubs, parents = _hubs(files), _parents(files)
    yield GroupRule(
        _TABLE,
        lambda row: _level_of_a_hub(row, hubs),
        lambda row: (row.cell("level_a"),),
        ("framework_a", "framework_b", "level_b", *_SINGLE),
        lambda rows: _check_equals(rows, parents),
    )


def _hubs(files: Mapping[str, TableFile]) -> set[str]:
    return {
        row.cell("id")
        for row in rows_of(files, "frameworks")
        if row.cell("kind") == FrameworkKind.HUB
    }


def _check_alignment(row: RawRow, hubs: set[str]) -> Iterator[Finding]:
    is_none, level_b = row.cell("relation") == Relation.NONE, row.cell("level_b")
    if is_none and level_b:
        yield found(_TABLE, row, "level_b", "none_with_level", level=level_b)
    if not is_none and not level_b and row.cell("relation"):
        yield found(
            _TABLE, row, "level_b", "level_missing", relation=row.cell("relation")
        )
    if row.cell("framework_a") == row.cell("framework_b"):
        yield found(_TABLE, row, "framework_b", "aligned_with_itself")
    elif (
        row.cell("framework_a") in hubs
        and row.cell("framework_b") in hubs
        and row.cell("basis") != Basis.STATISTICAL_MAPPING
    ):
        yield found(_TABLE, row, "framework_b", "hub_to_hub")


def _ends(row: RawRow) -> tuple[str, ...]:
    return tuple(map(row.cell, _ENDS))


def _check_twins(rows: Iterable[RawRow]) -> Iterator[Finding]:
    """Find a pair of levels stated twice."""
    twin = None
    for row in rows:
        if twin and overlap(twin, row):
            yield found(
                _TABLE,
                row,
                None,
                "alignment_twice",
                other=twin.cell("id"),
                other_line=twin.line,
            )
        twin = row


def _pair(row: RawRow) -> tuple[str, ...]:
    """Return the two levels, the same in whichever direction they are compared."""
    return min(_ends(row), tuple(map(row.cell, _MIRRORED)))


def _direction(row: RawRow) -> tuple[str, ...] | None:
    """Return nothing if the row speaks for the other direction too."""
    return None if row.cell("direction") == Direction.MUTUAL else ()


def _check_mirrors(rows: Iterable[RawRow]) -> Iterator[Finding]:
    """Find a pair of levels stated again in reverse although mutual."""
    latest: dict[tuple[str, ...], RawRow] = {}
    for row in rows:
        mirror = latest.get(tuple(map(row.cell, _MIRRORED)))
        if mirror and Direction.MUTUAL in {
            row.cell("direction"),
            mirror.cell("direction"),
        }:
            yield found(
                _TABLE,
                row,
                "direction",
                "mutual_twice",
                other=mirror.cell("id"),
                other_line=mirror.line,
            )
        latest[_ends(row)] = row


def _parents(files: Mapping[str, TableFile]) -> dict[tuple[str, str], str]:
    return {
        (row.cell("framework"), row.cell("code")): row.cell("parent")
        for row in rows_of(files, "levels")
    }


def _level_of_a_hub(row: RawRow, hubs: set[str]) -> tuple[str, ...] | None:
    """Return of which level of a hub a framework says that a level is its equal."""
    if (
        row.cell("relation") == Relation.EQUAL
        and row.cell("framework_b") in hubs
        and row.cell("endorsement") not in SILENT_ENDORSEMENTS
    ):
        return row.cell("framework_a"), row.cell("framework_b"), row.cell("level_b")
    return None


def _check_equals(
    rows: Iterable[RawRow], parents: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    """Find several levels said to be the only one at a level of a hub.

    A level and a part of it may both be equal to the same level.
    """

    def contradict(first: RawRow, second: RawRow) -> bool:
        framework = first.cell("framework_a")
        one, other = first.cell("level_a"), second.cell("level_a")
        related = {parents.get((framework, one)), parents.get((framework, other))}
        return one != other and not related & {one, other} and overlap(first, second)

    for first, second in contradictions(rows, _SINGLE, contradict):
        yield found(
            _TABLE,
            second,
            "relation",
            "equal_twice",
            hub=second.cell("framework_b"),
            hub_level=second.cell("level_b"),
            other=first.id,
            other_line=first.line,
        )


def _check_level_status(row: RawRow) -> Iterator[Finding]:
    status, level = row.cell("level_status"), row.cell("level")
    if status == LevelStatus.ASSIGNED and not level:
        yield found("qualifications", row, "level", "assigned_without_level")
    if level and status and status not in _STATUSES_WITH_LEVEL:
        yield found(
            "qualifications",
            row,
            "level_status",
            "level_not_assigned",
            level=level,
            status=status,
        )


def _check_listed_title(row: RawRow) -> Iterator[Finding]:
    applicable, title = row.cell("applicable"), row.cell("title")
    if applicable == "yes" and not title:
        yield found("agreement_titles", row, "title", "listed_without_title")
    if applicable == "no" and title:
        yield found("agreement_titles", row, "title", "title_in_a_hole")
