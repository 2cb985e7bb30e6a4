"""What differs between the rows of two editions, row by row and cell by cell.

Rows are the same row when table and id are the same: ids are never used again for
something else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]
RowsByTable = Mapping[str, Mapping[str, Row]]

_REVISION = "revision"


class Revision(StrEnum):
    """What happened to the revision of a row whose content changed."""

    RAISED = "raised"
    NOT_RAISED = "not_raised"
    WENT_BACK = "went_back"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that says something else.

    Attributes:
        old: `None` where the cell was empty. Text, but for the members of a regime.
        new: `None` where the cell is empty now.
    """

    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that both editions have, with different content.

    Attributes:
        cells: What changed, by name of the column; the revision is one of them.
        revision: `None` where the rows of the table carry no revision.
    """

    id: str
    before: Row
    after: Row
    cells: tuple[CellChange, ...]
    revision: Revision | None

    @property
    def is_doubtful(self) -> bool:
        """Whether the revision hides the change: a correction is a new revision."""
        return self.revision in {Revision.NOT_RAISED, Revision.WENT_BACK}


@dataclass(frozen=True, slots=True)
class TableDifference:
    """What differs in one table; rows in the order of their ids."""

    table: str
    added: Mapping[str, Row]
    removed: Mapping[str, Row]
    changed: tuple[ChangedRow, ...]


def differences(old: RowsByTable, new: RowsByTable) -> tuple[TableDifference, ...]:
    """Return the tables that differ, in the order of their names.

    A table that one edition lacks has no rows there.
    """
    compared = (
        _compare(table, old.get(table, {}), new.get(table, {}))
        for table in sorted(old.keys() | new.keys())
    )
    return tuple(
        found for found in compared if found.added or found.removed or found.changed
    )


def _compare(
    table: str, old: Mapping[str, Row], new: Mapping[str, Row]
) -> TableDifference:
    return TableDifference(
        table,
        {row_id: new[row_id] for row_id in sorted(new.keys() - old.keys())},
        {row_id: old[row_id] for row_id in sorted(old.keys() - new.keys())},
        tuple(
            _changed(row_id, old[row_id], new[row_id])
            for row_id in sorted(old.keys() & new.keys())
            if old[row_id] != new[row_id]
        ),
    )


def _changed(row_id: str, before: Row, after: Row) -> ChangedRow:
    cells = tuple(_cells(before, after))
    return ChangedRow(row_id, before, after, cells, _revision(before, after))


def _cells(before: Row, after: Row) -> Iterator[CellChange]:
    for column in sorted(before.keys() | after.keys()):
        old, new = before.get(column), after.get(column)
        if old != new:
            yield CellChange(column, old, new)


def _revision(before: Row, after: Row) -> Revision | None:
    texts = (before.get(_REVISION), after.get(_REVISION))
    if not all(isinstance(text, str) and text.isdecimal() for text in texts):
        return None
    old, new = (int(str(text)) for text in texts)
    if new < old:
        return Revision.WENT_BACK
    return Revision.RAISED if new > old else Revision.NOT_RAISED
