"""What a check found, where, and by which rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recognition_service.frameworks.files import RawRow


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend in one place.

    Attributes:
        file: Name of the file, such as "levels.csv".
        line: Line on which the row begins; 1 is the header, 0 the file itself.
        column: The cell to look at, or `None` for the whole row.
        rule: Code of the rule that was broken; the sentence is `tables.<rule>`.
        params: Values for that sentence.
    """

    file: str
    line: int
    column: str | None
    rule: str
    params: Mapping[str, object] = field(default_factory=dict)


def file_of(table: str) -> str:
    """Return the file name of a table."""
    return f"{table}.csv"


def found(
    table: str, row: RawRow, column: str | None, rule: str, /, **params: object
) -> Finding:
    """Return a finding in a row; the row's id becomes the parameter `row`."""
    return Finding(
        file_of(table), row.line, column, rule, {"row": row.cell("id"), **params}
    )
