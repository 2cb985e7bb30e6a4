"""The tables of a programme's report: who is counted in each, and by what.

As everywhere here each shares one dimension at most with another one about the same
people, and no three form a ring. No group of one table is the sum of groups of
another one: who does not work is “not in the sector” beside those who work elsewhere.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recognition_service.dual_certification.figures import Result, TrackCounts
from recognition_service.dual_certification.follow_up import (
    PERIODS,
    Movement,
    Sector,
    Work,
)
from recognition_service.dual_certification.lifecycle import Course, How
from recognition_service.recognition.figures import AgeBand
from recognition_service.recognition.vocabulary import Sex
from recognition_service.statistics.suppression import (
    NOTHING,
    OPEN,
    Axis,
    Counts,
)


class People(StrEnum):
    """What a table counts, and by which day."""

    ENROLLED = "enrolled"
    ENDED = "ended"
    AWARDS = "awards"
    ANSWERED = "answered"


class Group(StrEnum):
    """By what is counted."""

    SEX = "sex"
    AGE_BAND = "age_band"
    COURSE = "course"
    RESULT = "result"
    COUNTRY = "country"
    HOW = "how"
    WORK = "work"
    SECTOR = "sector"
    MOVEMENT = "movement"

    @property
    def axis(self) -> Axis:
        """The groups that it has."""
        kind = _CLOSED.get(self)
        return OPEN if kind is None else Axis(tuple(each.value for each in kind))


_CLOSED: Mapping[Group, type[StrEnum]] = {
    Group.SEX: Sex,
    Group.AGE_BAND: AgeBand,
    Group.COURSE: Course,
    Group.RESULT: Result,
    Group.HOW: How,
    Group.WORK: Work,
    Group.SECTOR: Sector,
    Group.MOVEMENT: Movement,
}


@dataclass(frozen=True, slots=True)
class Table:
    """What is counted, and by what.

    Attributes:
        months: After how many months people were asked; None where nobody was.
    """

    name: str
    people: People
    by: tuple[Group, ...]
    months: int | None = None

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """The groups of rows and columns."""
        rows, columns, *_ = [*(group.axis for group in self.by), NOTHING]
        return rows, columns


PARTICIPANTS_BY_SEX = Table(
    "participants_by_sex", People.ENROLLED, (Group.SEX, Group.COURSE)
)
PARTICIPANTS_BY_AGE = Table(
    "participants_by_age", People.ENROLLED, (Group.AGE_BAND, Group.COURSE)
)
COMPLETIONS_BY_SEX = Table(
    "completions_by_sex", People.ENDED, (Group.SEX, Group.RESULT)
)
COMPLETIONS_BY_AGE = Table(
    "completions_by_age", People.ENDED, (Group.AGE_BAND, Group.RESULT)
)
AWARDS = Table("awards", People.AWARDS, (Group.COUNTRY, Group.HOW))
WORK_BY_SEX, WORK_BY_AGE, SECTORS, MOVEMENTS = (
    {months: Table(name, People.ANSWERED, by, months) for months in PERIODS}
    for name, by in (
        ("work_by_sex", (Group.SEX, Group.WORK)),
        ("work_by_age", (Group.AGE_BAND, Group.WORK)),
        ("sector", (Group.SECTOR,)),
        ("movement", (Group.MOVEMENT,)),
    )
)
TABLES = (
    PARTICIPANTS_BY_SEX,
    PARTICIPANTS_BY_AGE,
    COMPLETIONS_BY_SEX,
    COMPLETIONS_BY_AGE,
    AWARDS,
    *(
        table[months]
        for months in PERIODS
        for table in (WORK_BY_SEX, WORK_BY_AGE, SECTORS, MOVEMENTS)
    ),
)

_Read = Callable[[Any], str]


def counts_by_year(
    counts: TrackCounts, countries: Mapping[str, str]
) -> dict[int, dict[Table, Counts]]:
    """Return what each table counts of each year, as it cannot be published.

    Args:
        counts: By all groups at once.
        countries: Of the authorities that made awards, by id.
    """
    readers = {group: _reader(group, countries) for group in Group}
    tables: dict[Table, dict[int, Counter[tuple[str, str]]]] = {}
    for table in TABLES:
        years: defaultdict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
        first, *others = [readers[group] for group in table.by]
        second = others[0] if others else _nothing
        for place, count in _of(counts, table):
            years[place.year][first(place), second(place)] += count
        tables[table] = years
    return {
        year: {table: found.get(year, {}) for table, found in tables.items()}
        for year in dict.fromkeys(year for found in tables.values() for year in found)
    }


def _nothing(_place: Any) -> str:
    """Return the second group of a table that is not crossed."""
    return ""


def _of(counts: TrackCounts, table: Table) -> Iterator[tuple[Any, int]]:
    match table.people:
        case People.ENROLLED:
            yield from counts.enrolled.items()
        case People.ENDED:
            yield from counts.ended.items()
        case People.AWARDS:
            yield from counts.awarded.items()
        case People.ANSWERED:
            for place, count in counts.answered.items():
                if place.months == table.months:
                    yield place, count


def _reader(group: Group, countries: Mapping[str, str]) -> _Read:
    """Return how the group of a place is found."""
    if group is Group.COUNTRY:
        return lambda place: countries[place.authority_id]
    return lambda place: str(getattr(place, group.value))
