"""What happened between two editions, told table by table.

Here are codes and parameters; the sentences are `change.<code>`. Changes that are
alike are told once: twelve rows that got the same new source are one sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from recognition_service.editions.differences import (
    CellChange,
    ChangedRow,
    Revision,
    Row,
    TableDifference,
)

_NAMED = 5  # So many rows are named in a sentence; the list of rows has them all.
_SHORT = 60  # A longer text is not quoted.
_NAMES = ("title", "name", "name_en")

# Column, text before and text now.
_Cell = tuple[str | None, str | None, str | None]
_WHOLE_ROW: _Cell = (None, None, None)


class ChangeKind(StrEnum):
    """What is told about rows."""

    ADDED = "added"
    REMOVED = "removed"
    CELL = "cell"
    FILLED = "filled"
    EMPTIED = "emptied"
    REWORDED = "reworded"
    REVISION_KEPT = "revision_kept"
    REVISION_BACK = "revision_back"


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence of the changelog.

    Attributes:
        count: How many rows it is about.
        rows: What the first of them are called.
        column: The column that changed, `None` where the whole row is meant.
        old: The text before, where it is short enough to be told.
        new: The text now, likewise.
    """

    table: str
    kind: ChangeKind
    count: int
    rows: tuple[str, ...]
    column: str | None = None
    old: str | None = None
    new: str | None = None

    @property
    def unnamed(self) -> int:
        """How many more rows it is about than are named."""
        return self.count - len(self.rows)


def changelog(found: Sequence[TableDifference]) -> tuple[Change, ...]:
    """Return what changed: by table rows added, withdrawn, changed, and doubts."""
    return tuple(change for table in found for change in _changes(table))


def called(row_id: str, row: Row) -> str:
    """Return how a row is called: its title or name, if it has one, and its id."""
    names = (row.get(column) for column in _NAMES)
    name = next((text for text in names if isinstance(text, str) and text), None)
    if name is None:
        return row_id
    short = name if len(name) <= _SHORT else name[: _SHORT - 1].rstrip() + "…"
    return f"{short} ({row_id})"


def _changes(found: TableDifference) -> Iterator[Change]:
    for kind, rows in (
        (ChangeKind.ADDED, found.added),
        (ChangeKind.REMOVED, found.removed),
    ):
        if rows:
            yield _about(found.table, kind, [*_called(rows)])
    yield from _cell_changes(found)
    for kind, revision in (
        (ChangeKind.REVISION_KEPT, Revision.NOT_RAISED),
        (ChangeKind.REVISION_BACK, Revision.WENT_BACK),
    ):
        doubtful = [row for row in found.changed if row.revision is revision]
        if doubtful:
            yield _about(found.table, kind, [_name(row) for row in doubtful])


def _cell_changes(found: TableDifference) -> Iterator[Change]:
    alike: dict[tuple[str, ChangeKind, str | None, str | None], list[str]] = {}
    for row in found.changed:
        for cell in row.cells:
            if cell.column != "revision":
                key = (cell.column, *_told(cell))
                alike.setdefault(key, []).append(_name(row))
    for (column, kind, old, new), names in sorted(
        alike.items(), key=lambda item: (item[0][0], -len(item[1]))
    ):
        yield _about(found.table, kind, names, (column, old, new))


def _told(cell: CellChange) -> tuple[ChangeKind, str | None, str | None]:
    """Return what is told about a cell, and the texts that are short enough."""
    texts = [text for text in (cell.old, cell.new) if text is not None]
    if any(not isinstance(text, str) or len(text) > _SHORT for text in texts):
        return ChangeKind.REWORDED, None, None
    if cell.old is None:
        return ChangeKind.FILLED, None, cell.new
    if cell.new is None:
        return ChangeKind.EMPTIED, cell.old, None
    return ChangeKind.CELL, cell.old, cell.new


def _about(
    table: str, kind: ChangeKind, names: Sequence[str], cell: _Cell = _WHOLE_ROW
) -> Change:
    # One more is named rather than counted.
    named = names if len(names) <= _NAMED + 1 else names[:_NAMED]
    return Change(table, kind, len(names), tuple(named), *cell)


def _called(rows: Mapping[str, Row]) -> Iterator[str]:
    for row_id, row in rows.items():
        yield called(row_id, row)


def _name(row: ChangedRow) -> str:
    return called(row.id, row.after)
