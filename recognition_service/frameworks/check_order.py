"""Checks that levels are in an order and that no chain bites its tail."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from recognition_service.frameworks.files import RawRow, TableFile, rows_of
from recognition_service.frameworks.findings import Finding, found

_Key = TypeVar("_Key")

# Table, column that points to another row of it, and the rule that a circle breaks.
_CHAINS = (
    ("jurisdictions", "part_of", "part_of_circle"),
    ("frameworks", "predecessor", "predecessor_circle"),
    ("programmes", "parent_id", "programme_circle"),
)


def check_order(files: Mapping[str, TableFile]) -> Iterator[Finding]:
    """Find positions used twice in a framework, and circles."""
    levels = rows_of(files, "levels")
    yield from _check_ordinals(levels)
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


def _check_ordinals(levels: tuple[RawRow, ...]) -> Iterator[Finding]:
    first: dict[tuple[str, str], RawRow] = {}
    for row in levels:
        framework, ordinal = row.cell("framework"), row.cell("ordinal")
        other = first.setdefault((framework, ordinal), row)
        if ordinal and other is not row:
            yield found(
                "levels",
                row,
                "ordinal",
                "ordinal_twice",
                framework=framework,
                ordinal=ordinal,
                other=other.cell("id"),
                other_line=other.line,
            )


def _returns(links: Mapping[_Key, _Key], start: _Key) -> bool:
    """Tell whether following the links from `start` leads back to it."""
    seen = set()
    here = links.get(start)
    while here is not None and here != start and here not in seen:
        seen.add(here)
        here = links.get(here)
    return here == start
