"""Taking the rows of a file as changes of an authority's own."""

from collections.abc import Iterable, Iterator

from recognition_service.editions.overlay import RowChange
from recognition_service.frameworks.files import RawRow


def row_changes(table: str, rows: Iterable[RawRow]) -> Iterator[RowChange]:
    """Yield each row as a change that adds it, or replaces the one with its id."""
    for row in rows:
        yield RowChange(table, row.cell("id"), row.cells)
