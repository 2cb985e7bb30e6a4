"""Tables of counts without those that would tell about single persons.

A count from 1 to below the threshold is hidden. Others are hidden with it, so that
no hidden count follows from the totals: each could be anything over a range at least
as wide as the threshold, for a reader who knows all that is published. A zero is
shown, as it speaks of nobody, unless it is needed to protect another count. Where the
total of a line is hidden, the whole line is: it would tell about a small group.

The totals of a dimension are protected once and by themselves, whatever it is crossed
with, so that tables that share a dimension hide the same totals. Small groups of an
open list, such as places, are put together as `OTHER` and not named: that somebody
came from there at all would be told otherwise.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from recognition_service.statistics.errors import UnprotectedTableError
from recognition_service.statistics.flows import Arc, Circulation

OTHER = "all_other"
"""All groups of an open list that are too small, or too many, to be named."""

MOST_GROUPS = 30
"""How many groups of an open list are named at most; the largest are."""

_BEGIN, _END = "begin", "end"
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Axis:
    """The groups of one dimension.

    Attributes:
        groups: In their order, for a closed list, all of which are shown even if
            nobody is in them; None: it is open.
    """

    groups: tuple[str, ...] | None = None


OPEN = Axis()
"""The axis of a list that is open, such as places."""

NOTHING = Axis(("",))
"""The axis of a table that is not crossed: one group, with everybody."""


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """What of a table can be published; None stands for what is hidden.

    Attributes:
        cells: By row and column, one for each pair of groups.
    """

    threshold: int
    total: int | None
    rows: Mapping[str, int | None]
    columns: Mapping[str, int | None]
    cells: Mapping[tuple[str, str], int | None]

    def row(self, group: str) -> int | None:
        """Return the total of a row as far as it is known; 0 if nobody is in it."""
        return _known(self.rows, group, self.total)

    def column(self, group: str) -> int | None:
        """Return the total of a column as far as it is known."""
        return _known(self.columns, group, self.total)

    def cell(self, row: str, column: str) -> int | None:
        """Return a count as far as it is known."""
        if row in self.rows and column in self.columns:
            return self.cells[row, column]
        return 0 if 0 in {self.row(row), self.column(column)} else None


def protect(
    counts: Counts, rows: Axis, columns: Axis = NOTHING, *, threshold: int
) -> ProtectedTable:
    """Return what of a table can be published.

    Args:
        counts: How many there are of each row and column, before small groups are put
            together.
        rows: What the first part of the keys names.
        columns: What the second part names.
        threshold: From which count on a count is shown; at least 3,
            as of two persons in a group each would learn about the other.

    Raises:
        UnprotectedTableError: A hidden count could be worked out all the same.
    """
    by_row: Counter[str] = Counter()
    by_column: Counter[str] = Counter()
    for (row, column), count in counts.items():
        by_row[row] += count
        by_column[column] += count
    row_of, column_of = (
        _named(by_row, rows, threshold),
        _named(by_column, columns, threshold),
    )
    cells = Counter(
        {
            (row, column): 0
            for row in dict.fromkeys(row_of.values())
            for column in dict.fromkeys(column_of.values())
        }
    )
    for (row, column), count in counts.items():
        cells[row_of[row], column_of[column]] += count
    return _protected(cells, threshold)


def _named(totals: Mapping[str, int], axis: Axis, threshold: int) -> dict[str, str]:
    """Return under which name each group is published, in the order of names."""
    if axis.groups is not None:
        return {group: group for group in (*axis.groups, *sorted(totals))}
    ordered = sorted(totals, key=lambda group: (-totals[group], group))
    named = [group for group in ordered if totals[group] >= threshold][:MOST_GROUPS]
    rest = sum(totals.values()) - sum(totals[group] for group in named)
    while named and 0 < rest < threshold:
        rest += totals[named.pop()]
    kept = set(named)
    return {group: group if group in kept else OTHER for group in ordered}


def _protected(cells: Counts, threshold: int) -> ProtectedTable:
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    for (row, column), count in cells.items():
        rows[row] += count
        columns[column] += count
    total = sum(cells.values())
    shown_rows = _line(rows, total, threshold)
    shown_columns = _line(columns, total, threshold)
    hidden = {
        place: 0 < count < threshold
        or _is_in_the_dark(place, shown_rows, shown_columns)
        for place, count in cells.items()
    }
    arcs = {
        place: Arc(f"row {place[0]}", f"column {place[1]}", count, hidden[place])
        for place, count in cells.items()
    }
    margins = [
        Arc(_BEGIN, f"row {row}", count, shown_rows[row] is None, may_hide=False)
        for row, count in rows.items()
    ] + [
        Arc(
            f"column {column}",
            _END,
            count,
            shown_columns[column] is None,
            may_hide=False,
        )
        for column, count in columns.items()
    ]
    is_small = 0 < total < threshold
    whole = Arc(_END, _BEGIN, total, is_hidden=is_small, may_hide=False)
    if not is_small:
        _require_protected(Circulation([*arcs.values(), *margins, whole]), threshold)
    return ProtectedTable(
        threshold,
        None if is_small else total,
        shown_rows,
        shown_columns,
        {place: None if arc.is_hidden else arc.count for place, arc in arcs.items()},
    )


def _is_in_the_dark(
    place: tuple[str, str],
    rows: Mapping[str, int | None],
    columns: Mapping[str, int | None],
) -> bool:
    """Tell whether a total of a count is hidden, and no total shows that it is 0."""
    totals = rows[place[0]], columns[place[1]]
    return None in totals and 0 not in totals


def _line(
    counts: Mapping[str, int], total: int, threshold: int
) -> dict[str, int | None]:
    """Protect groups that are published with the total of all of them."""
    if 0 < total < threshold:
        return dict.fromkeys(counts)
    arcs = [
        Arc(_BEGIN, _END, count, is_hidden=0 < count < threshold)
        for count in counts.values()
    ]
    whole = Arc(_END, _BEGIN, total, may_hide=False)
    _require_protected(Circulation([*arcs, whole]), threshold)
    shown = [None if arc.is_hidden else arc.count for arc in arcs]
    return dict(zip(counts, shown, strict=True))


def _require_protected(circulation: Circulation, threshold: int) -> None:
    if not circulation.protect(threshold):
        raise UnprotectedTableError("A hidden count of a table could be worked out.")


def _known(
    totals: Mapping[str, int | None], group: str, total: int | None
) -> int | None:
    if group in totals:
        return totals[group]
    return None if OTHER in totals or total is None else 0
