"""Rows that are in order one by one and contradict each other together.

Sources do contradict one another, so a conflict is no error: it forbids nothing, and
is shown with the rows side by side to whoever must know that they disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recognition_service.frameworks.instruments import ComparabilityStatement
from recognition_service.frameworks.rows import LevelAlignment


class ConflictKind(StrEnum):
    """What the rows disagree about; the sentence is `conflict.<kind>`.

    `level_drifts` is no contradiction: published relations are sets, and a way there
    and back may end at the start or above it.
    """

    OUTCOMES_DIFFER = "outcomes_differ"
    COUNTERPARTS_DIFFER = "counterparts_differ"
    LEVELS_DIFFER = "levels_differ"
    LEVEL_CLIMBS = "level_climbs"
    TITLE_CLIMBS = "title_climbs"
    LEVEL_DRIFTS = "level_drifts"


class Severity(StrEnum):
    """How much it matters. Errors are findings, and no conflicts."""

    CONFLICT = "conflict"
    INFORMATION = "information"


class Side(StrEnum):
    """On which side a row stands: of two, or of the way there and back."""

    ONE = "one"
    OTHER = "other"
    THERE = "there"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Cited:
    """A row of a conflict."""

    side: Side
    row: ComparabilityStatement | LevelAlignment

    @property
    def table(self) -> str:
        """The table in which the row stands."""
        match self.row:
            case ComparabilityStatement():
                return "comparability_statements"
            case LevelAlignment():
                return "level_alignments"

    @property
    def dated(self) -> str | None:
        """The day, month or year of what was read; `None` if it is not known."""
        match self.row:
            case ComparabilityStatement(as_of=as_of, valid_from=first):
                return as_of or (first.isoformat() if first else None)
            case LevelAlignment(document_year=year, valid_from=first):
                if year is not None:
                    return str(year)
                return first.isoformat() if first else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows that disagree, and about what.

    Attributes:
        params: Values for the sentence.
        rows: The rows, those of one side first.
    """

    kind: ConflictKind
    params: Mapping[str, str | tuple[str, ...]]
    rows: tuple[Cited, ...]

    @property
    def severity(self) -> Severity:
        """Whether the rows contradict each other, or only are worth knowing."""
        if self.kind is ConflictKind.LEVEL_DRIFTS:
            return Severity.INFORMATION
        return Severity.CONFLICT


def hold_together(periods: Iterable[tuple[date | None, date | None]]) -> bool:
    """Tell whether some day lies in all periods; `None` is an open end."""
    listed = tuple(periods)
    begin = max((first for first, _ in listed if first), default=date.min)
    end = min((last for _, last in listed if last), default=date.max)
    return begin <= end


def cited(side: Side, rows: Iterable[LevelAlignment]) -> tuple[Cited, ...]:
    """Return alignments, each once, as rows of one side."""
    return tuple(Cited(side, row) for row in {row.id: row for row in rows}.values())
