"""Checks that levels are in an order and that no chain bites its tail."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from recognition_service.frameworks.files import RawRow, TableFile, rows_of
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.rules import GroupRule, anything

_Key = TypeVar("_Key")

# Table, column that points to another row of it, and the rule that a circle breaks.
_CHAINS = (
    ("jurisdictions", "part_of", "part_of_circle"),
    ("frameworks", "predecessor", "predecessor_circle"),
    ("programmes", "parent_id", "programme_circle"),
)


def check_order(files: Mapping[str, TableFile]) -> Iterator[Finding]:
    """Find chains that come back to where they begin."""
    levels = rows_of(files, "levels")
    parents = {
        (row.cell("framework"), row.cell("code")): (
            row.cell("framework"),
            row.cell("parent"),
        )
        for row in levels
    }
    for row in levels:
        if _returns(parents, (row.cell("framework"), row.cell("code"))):
            yield found("levels", row, "parent", "parent_circle")
    for table, column, rule in _CHAINS:
        rows = rows_of(files, table)
        links = {row.cell("id"): row.cell(column) for row in rows}
        for row in rows:
            if _returns(links, row.cell("id")):
                yield found(table, row, column, rule)


def _position(row: RawRow) -> tuple[str, ...] | None:
    ordinal = row.cell("ordinal")
    return (row.cell("framework"), ordinal) if ordinal else None


def _check_ordinals(levels: Iterable[RawRow]) -> Iterator[Finding]:
    """Find a position in a framework that is used again."""
    rows = iter(levels)
    first = next(rows)
    for row in rows:
        yield found(
            "levels",
            row,
            "ordinal",
            "ordinal_twice",
            framework=row.cell("framework"),
            ordinal=row.cell("ordinal"),
            other=first.cell("id"),
            other_line=first.line,
        )


ORDINALS = GroupRule(
    "levels", _position, anything, ("framework", "ordinal"), _check_ordinals
)


def _returns(links: Mapping[_Key, _Key], start: _Key) -> bool:
    """Tell whether following the links from `start` leads back to it."""
    seen = set()
    here = links.get(start)
    while here is not None and here != start and here not in seen:
        seen.add(here)
        here = links.get(here)
    return here == start
