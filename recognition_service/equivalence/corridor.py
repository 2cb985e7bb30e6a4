"""What the tables hold about all qualifications of one place in another one.

For every level of the frameworks of the origin and for every type of qualification
the engine is asked what it would answer, once for each purpose and time of award
that published rows speak of; the best answer is kept, with the question it answers.
Coverage says how much is published, and nothing about what a qualification is worth.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recognition_service.equivalence.answer import Answer, Result
from recognition_service.equivalence.compare import compare_afresh
from recognition_service.equivalence.errors import UnknownCodeError, nearest
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import (
    ComparabilityStatement,
    Purpose,
)
from recognition_service.frameworks.packed_rows import rows_with
from recognition_service.frameworks.rows import (
    Framework,
    Level,
    Qualification,
    Row,
    Source,
)


class Coverage(StrEnum):
    """How much is published about something, the most first."""

    STATEMENT_DECIDES = "statement_decides"
    TREATY_DECIDES = "treaty_decides"
    STATEMENT_INFORMS = "statement_informs"
    TREATY_INFORMS = "treaty_informs"
    LEVEL_INFORMATION = "level_information"
    WITHOUT_ANSWER = "without_answer"
    NOTHING = "nothing"


_PUBLISHED_ABOUT_TITLES = frozenset(
    {"agreement_titles", "annex_v_titles", "comparability_statements"}
)
_PUBLISHED_REFUSALS = frozenset({"alignment_not_endorsed", "published_no_counterpart"})
_BY_RESULT = {
    Result.STATEMENT: (Coverage.STATEMENT_DECIDES, Coverage.STATEMENT_INFORMS),
    Result.TREATY_RULE: (Coverage.TREATY_DECIDES, Coverage.TREATY_INFORMS),
}
_RANK = {coverage: rank for rank, coverage in enumerate(Coverage)}


@dataclass(frozen=True, slots=True)
class LevelCovered:
    """A level of the origin, and the answer about it."""

    level: Level
    answer: Answer

    @property
    def coverage(self) -> Coverage:
        """How much is published about it."""
        return coverage_of(self.answer)


@dataclass(frozen=True, slots=True)
class TypeCovered:
    """A type of qualification of the origin, and the best answer about it.

    Attributes:
        issuer: Id of who published the statement that answers, `None` without one.
    """

    qualification: Qualification
    answer: Answer
    issuer: str | None

    @property
    def coverage(self) -> Coverage:
        """How much is published about it."""
        return coverage_of(self.answer)


@dataclass(frozen=True, slots=True)
class FrameworkCovered:
    """A framework of the origin with its levels, the highest first."""

    framework: Framework
    levels: tuple[LevelCovered, ...]


@dataclass(frozen=True, slots=True)
class Corridor:
    """All that the tables hold about an origin in a destination.

    Attributes:
        snapshot: The edition that answered.
        qualifications: Those about which most is published first.
    """

    snapshot: Snapshot
    origin: str
    destination: str
    asked_on: date
    frameworks: tuple[FrameworkCovered, ...]
    qualifications: tuple[TypeCovered, ...]

    @property
    def levels(self) -> tuple[LevelCovered, ...]:
        """The levels of all frameworks."""
        return tuple(level for each in self.frameworks for level in each.levels)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers that are not "none", of levels and of types."""
        entries: tuple[LevelCovered | TypeCovered, ...] = (
            *self.qualifications,
            *self.levels,
        )
        return tuple(
            each.answer for each in entries if each.answer.result is not Result.NONE
        )

    def sources(self) -> list[tuple[Source, int]]:
        """Return the sources, each with how many answers rest on it, most first."""
        counts = Counter(
            source for answer in self.answers for source in answer.conclusion.sources
        )
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].id))


def coverage_of(answer: Answer) -> Coverage:
    """Return how much is published about what was asked."""
    if answer.result is Result.NONE:
        is_published = _is_published(answer)
        return Coverage.WITHOUT_ANSWER if is_published else Coverage.NOTHING
    if answer.result is Result.LEVEL_INFORMATION:
        return Coverage.LEVEL_INFORMATION
    deciding, informing = _BY_RESULT[answer.result]
    return deciding if answer.decides else informing


def _is_published(answer: Answer) -> bool:
    """Return whether something is published about the two, though it answers nothing.

    That a level is linked to a hub says nothing about the destination.
    """
    return any(use.table in _PUBLISHED_ABOUT_TITLES for use in answer.rows) or not (
        _PUBLISHED_REFUSALS.isdisjoint(answer.reason_codes)
    )


def counts(entries: Iterable[LevelCovered | TypeCovered]) -> dict[Coverage, int]:
    """Return how many entries there are of each coverage, also of those with none."""
    found = Counter(each.coverage for each in entries)
    return {coverage: found[coverage] for coverage in Coverage}


def corridor(
    snapshot: Snapshot, origin: str, destination: str, asked_on: date
) -> Corridor:
    """Return what the tables hold about an origin in a destination.

    Args:
        snapshot: The edition that answers.
        origin: Jurisdiction that awarded.
        destination: Jurisdiction that is asked.
        asked_on: The day on which the answers must hold; awards are taken to be of
            this day, or of the last one on which they were made.

    Raises:
        UnknownCodeError: A jurisdiction that no row has.
    """
    known = snapshot.tables.jurisdictions
    for code in (origin, destination):
        if code not in known:
            raise UnknownCodeError("jurisdiction", code, nearest(code, known))
    asker = _Asker(snapshot, origin, destination, asked_on)
    types = [
        asker.about_type(row)
        for row in rows_with(
            snapshot.tables.qualifications,
            "jurisdiction",
            snapshot.places.related(origin),
        )
    ]
    types.sort(key=lambda each: (_RANK[each.coverage], each.qualification.id))
    return Corridor(
        snapshot,
        origin,
        destination,
        asked_on,
        asker.about_frameworks(),
        tuple(types),
    )


def levels_covered(
    snapshot: Snapshot, origin: str, destination: str, asked_on: date
) -> tuple[FrameworkCovered, ...]:
    """Return what the tables answer about the levels of an origin, both known.

    Arguments as for `corridor`.
    """
    return _Asker(snapshot, origin, destination, asked_on).about_frameworks()


def _strength(answer: Answer) -> tuple[int, bool]:
    """Return a key that sorts the answer that says most to the front."""
    return _RANK[coverage_of(answer)], answer.outcome is None


@dataclass(frozen=True, slots=True)
class _Asker:
    """Asks the engine about one origin in one destination."""

    snapshot: Snapshot
    origin: str
    destination: str
    asked_on: date

    def about_frameworks(self) -> tuple[FrameworkCovered, ...]:
        """Return the frameworks of the origin with the answers about their levels."""
        return tuple(
            FrameworkCovered(framework, tuple(self.about_levels(framework)))
            for framework in self.snapshot.places.frameworks[self.origin]
        )

    def about_levels(self, framework: Framework) -> Iterator[LevelCovered]:
        """Yield the levels of a framework with the answers about them."""
        rows = self.snapshot.tables.levels
        levels = rows_with(rows, "framework", {framework.id})
        for level in sorted(levels, key=lambda level: -level.ordinal):
            answer = self._ask(
                framework=framework.id,
                level=level.code,
                awarded_on=self._within(framework, self.asked_on),
            )
            yield LevelCovered(level, answer)

    def about_type(self, row: Qualification) -> TypeCovered:
        """Return a type of qualification with the best answer about it."""
        published = self._statements(row)
        answers = [
            self._ask(qualification=row.id, purpose=purpose, awarded_on=awarded_on)
            for purpose in self._purposes(row, published)
            for awarded_on in self._award_dates(row, published)
        ]
        best = min(answers, key=_strength)
        known = self.snapshot.tables.comparability_statements
        used = (
            known[use.id].issuer
            for use in best.rows
            if use.table == "comparability_statements"
        )
        return TypeCovered(row, best, next(used, None))

    def _ask(self, **members: object) -> Answer:
        question = Question(
            origin=self.origin,
            destination=self.destination,
            asked_on=self.asked_on,
            **members,  # type: ignore[arg-type]  # as the callers above give them
        )
        return compare_afresh(self.snapshot, question)

    def _statements(self, row: Qualification) -> list[ComparabilityStatement]:
        lineage = self.snapshot.places.lineage(self.destination)
        known = self.snapshot.statements
        return [each for place in lineage for each in known.get((row.id, place), ())]

    def _purposes(
        self, row: Qualification, published: Iterable[ComparabilityStatement]
    ) -> list[Purpose]:
        """Return the purposes that rows speak of, after the general one."""
        purposes = [Purpose.GENERAL_EMPLOYMENT, *(each.purpose for each in published)]
        if (row.id,) in self.snapshot.annex_titles:
            purposes.append(Purpose.REGULATED_PROFESSION)
        return list(dict.fromkeys(purposes))

    def _award_dates(
        self, row: Qualification, published: Iterable[ComparabilityStatement]
    ) -> list[date]:
        """Return the times of award that rows speak of, the present one first."""
        ends = (each.awarded_to for each in published)
        days = [self.asked_on, *(end for end in ends if end and end < self.asked_on)]
        return list(dict.fromkeys(self._within(row, each) for each in days))

    def _within(self, row: Row, wanted: date) -> date:
        """Return the day of a period that comes nearest to a day."""
        if row.valid_to is not None and wanted > row.valid_to:
            return row.valid_to
        if row.valid_from is not None and wanted < row.valid_from:
            return row.valid_from
        return wanted
