"""A year out of what was published of its quarters, and of nothing else.

A year that were protected by itself would show, less three quarters, what the fourth
one hides. So a count of a year is shown only if it follows from its quarters.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from recognition_service.statistics.suppression import OTHER, Axis, ProtectedTable

_Totals = Mapping[str, int | None]


def summed(
    quarters: Sequence[ProtectedTable], rows: Axis, columns: Axis
) -> ProtectedTable:
    """Return the table of a year.

    Groups of an open list are named if each quarter tells how many were in them; the
    rest are put together.
    """
    total = _sum(each.total for each in quarters)
    of_rows = _totals(
        rows,
        total,
        [(each.rows, each.row) for each in quarters],
    )
    of_columns = _totals(
        columns,
        total,
        [(each.columns, each.column) for each in quarters],
    )
    cells = {
        (row, column): _sum(each.cell(row, column) for each in quarters)
        for row in of_rows
        for column in of_columns
        if OTHER not in {row, column}
    }
    if OTHER in of_rows:
        for column in of_columns:
            if column != OTHER:
                named = [cells[row, column] for row in of_rows if row != OTHER]
                cells[OTHER, column] = _rest(of_columns[column], named)
    if OTHER in of_columns:
        for row in of_rows:
            named = [cells[row, column] for column in of_columns if column != OTHER]
            cells[row, OTHER] = _rest(of_rows[row], named)
    return ProtectedTable(quarters[0].threshold, total, of_rows, of_columns, cells)


def _totals(
    axis: Axis,
    total: int | None,
    quarters: Sequence[tuple[_Totals, Callable[[str], int | None]]],
) -> dict[str, int | None]:
    """Return the totals of the groups that a year names, and of the others.

    Args:
        axis: What the groups are.
        total: Of all groups.
        quarters: The totals of each, and how that of one group is looked up.
    """
    groups = dict.fromkeys(group for totals, _ in quarters for group in totals)
    counted = {
        group: _sum(look_up(group) for _, look_up in quarters)
        for group in groups
        if axis.groups is not None or group != OTHER
    }
    if axis.groups is not None:
        return counted
    named = {group: count for group, count in counted.items() if count is not None}
    ordered = sorted(named, key=lambda group: (-named[group], group))
    shown: dict[str, int | None] = {group: named[group] for group in ordered}
    rest = _rest(total, named.values())
    return shown if rest == 0 else {**shown, OTHER: rest}


def _sum(counts: Iterable[int | None]) -> int | None:
    """Return a sum; None if a part is hidden."""
    found = list(counts)
    known = [count for count in found if count is not None]
    return sum(known) if len(known) == len(found) else None


def _rest(total: int | None, counts: Iterable[int | None]) -> int | None:
    """Return what is left of a total; None if that or a part is hidden."""
    taken = _sum(counts)
    return None if total is None or taken is None else total - taken
