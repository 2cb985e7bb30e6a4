"""Counting the cases of a period, in one reading for all that is asked about it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from recognition_service.recognition.figures import CaseFigure, case_figures
from recognition_service.statistics.dimensions import (
    Dimension,
    Measure,
    counted_on,
    days_of,
    dimensions_of,
    settled_on,
)
from recognition_service.statistics.errors import StatisticsQuestionError
from recognition_service.statistics.indicators import Days, days
from recognition_service.statistics.periods import Period, not_published
from recognition_service.statistics.suppression import (
    NOTHING,
    OTHER,
    Axis,
    ProtectedTable,
    protect,
)
from recognition_service.statistics.years import summed


@dataclass(frozen=True, slots=True)
class Rules:
    """How an installation publishes figures; changing it shows what was hidden.

    Attributes:
        threshold: From which count on a count is shown.
        with_quarters: Whether figures of quarters are published; those of a year are
            then sums of its quarters.
    """

    threshold: int = 5
    with_quarters: bool = True

    def parts(self, period: Period) -> tuple[Period, ...]:
        """Return the periods that are protected each by itself.

        Raises:
            PeriodNotPublishedError: Quarters are not published here.
        """
        if self.with_quarters:
            return period.quarters
        if period.quarter is not None:
            raise not_published(
                "quarters_not_published", "This installation publishes years only."
            )
        return (period,)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted or measured, and by what.

    Attributes:
        by: Up to two dimensions.
    """

    measure: Measure
    by: tuple[Dimension, ...] = ()

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """The groups of rows and columns."""
        named = [dimension.axis for dimension in self.by]
        rows, columns, *_ = [*named, NOTHING, NOTHING]
        return rows, columns

    def places(self, figure: CaseFigure) -> list[tuple[str, str]]:
        """Return in which rows and columns a case is counted, or its differences."""
        if self.measure is not Measure.DIFFERENCES:
            return [self._place(figure, "")]
        return [self._place(figure, each) for each in figure.differences]

    def _place(self, figure: CaseFigure, difference: str) -> tuple[str, str]:
        groups = (each.group(figure, difference) for each in self.by)
        row, column, *_ = [*groups, "", ""]
        return row, column


@dataclass(frozen=True, slots=True)
class Figures:
    """What was asked about a period, as it can be published.

    Attributes:
        days: By row; empty where no days are measured.
        all_days: Of all cases.
    """

    asked: Asked
    table: ProtectedTable
    days: Mapping[str, Days]
    all_days: Days


@dataclass(slots=True)
class _Tally:
    """What was counted so far.

    Attributes:
        most: How often one case is counted at most, by part of the period.
    """

    asked: Asked
    counts: dict[Period, Counter[tuple[str, str]]] = field(default_factory=dict)
    most: Counter[Period] = field(default_factory=Counter)
    days: dict[str, Counter[int]] = field(default_factory=dict)

    def add(self, part: Period, figure: CaseFigure) -> None:
        places = self.asked.places(figure)
        self.counts[part].update(places)
        self.most[part] = max(self.most[part], len(places))
        measured = days_of(self.asked.measure, figure)
        if measured is not None:
            self.days.setdefault(places[0][0], Counter())[measured] += 1

    def threshold(self, part: Period, of_people: int) -> int:
        """Return from which count on at least so many people stand behind it."""
        return of_people * max(1, self.most[part])


def count_cases(
    session: Session,
    authority_id: str,
    period: Period,
    asked: Sequence[Asked],
    *,
    rules: Rules,
    today: date,
) -> list[Figures]:
    """Return what was asked about the cases of a period, in the order of `asked`.

    Args:
        session: A reading session.
        authority_id: Whose cases.
        period: A quarter or year that is over.
        asked: What is counted, and by what.
        rules: How the installation publishes figures.
        today: The legal date in the authority's zone.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        PeriodNotPublishedError: The period is not over, or is a quarter where those
            are not published.
        StatisticsQuestionError: Something cannot be counted in this way, or not yet.
    """
    parts = rules.parts(period)
    if not period.is_over(today):
        raise not_published("period_not_over", f"It can be asked after {period.end}.")
    for each in asked:
        require_countable(each)
        _require_settled(each, period, today)
    tallies = [_Tally(each, {part: Counter() for part in parts}) for each in asked]
    spans = [(part, part.begin, part.end) for part in parts]
    cases = case_figures(session, authority_id, begin=period.begin, end=period.end)
    for figure in cases:
        for tally in tallies:
            day = counted_on(tally.asked.measure, figure)
            for part, begin, end in spans:
                if day is not None and begin <= day <= end:
                    tally.add(part, figure)
    return [_figures(tally, rules.threshold) for tally in tallies]


def require_countable(asked: Asked) -> None:
    """Refuse what is not counted in this way.

    Raises:
        StatisticsQuestionError: It is not; the parameter and what it may name is told.
    """
    most = asked.measure.most_dimensions
    allowed = dimensions_of(asked.measure)
    choices = ", ".join(allowed)
    if len(asked.by) > most:
        raise _wrong("too_many", f"Name at most {most} of {choices}.")
    if len(set(asked.by)) < len(asked.by):
        raise _wrong("repeated", "Name each dimension once.")
    if not set(asked.by) <= set(allowed):
        raise _wrong("not_in_enum", f"One of {choices} is expected.")


def _require_settled(asked: Asked, period: Period, today: date) -> None:
    for dimension in asked.by:
        settled = settled_on(dimension, period.end)
        if settled >= today:
            raise _wrong("not_settled", f"{dimension} can be asked after {settled}.")


def _wrong(code: str, detail: str) -> StatisticsQuestionError:
    fault = {"parameter": "by", "code": code, "detail": detail}
    return StatisticsQuestionError("1 parameter is wrong.", (fault,))


def _figures(tally: _Tally, threshold: int) -> Figures:
    rows, columns = tally.asked.axes
    tables = [
        protect(
            counts, rows, columns, threshold=tally.threshold(part, of_people=threshold)
        )
        for part, counts in tally.counts.items()
    ]
    table = tables[0] if len(tables) == 1 else summed(tables, rows, columns)
    if not tally.asked.measure.is_duration:
        return Figures(tally.asked, table, {}, Days())
    return Figures(
        tally.asked,
        table,
        {group: _days_of_group(tally.days, group, table) for group in table.rows},
        days(_together(tally.days.values()), threshold),
    )


def _days_of_group(
    measured: Mapping[str, Counter[int]], group: str, table: ProtectedTable
) -> Days:
    """Return the days of a row, if it is told how many cases are in it."""
    if table.rows[group] is None:
        return Days()
    if group != OTHER:
        return days(measured.get(group, Counter()), table.threshold)
    others = [found for name, found in measured.items() if name not in table.rows]
    return days(_together(others), table.threshold)


def _together(measured: Iterable[Counter[int]]) -> Counter[int]:
    everything: Counter[int] = Counter()
    for found in measured:
        everything.update(found)
    return everything
