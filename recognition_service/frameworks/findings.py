"""What a check found, where, and by which rule."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

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
    file = row.file or file_of(table)
    return Finding(file, row.line, column, rule, {"row": row.cell("id"), **params})


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of files, lines and columns."""
    return sorted(findings, key=lambda each: (each.file, each.line, each.column or ""))


def by_place_in_part(findings: Iterable[Finding], most: int) -> Iterator[Finding]:
    """Yield findings in that order, as far as `most` of them can tell it."""
    rest = iter(findings)
    while part := list(islice(rest, most)):
        yield from by_place(part)
