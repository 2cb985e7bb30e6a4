"""Which cases were examined though what would be examined was established already.

Each table has the same second dimension, which tells both that no examination was
needed and by what the case had been settled: what is hidden in one is hidden in all.

Source: Lisbon Recognition Convention, articles III.2 and III.3.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from recognition_service.recognition.short_path import Basis
from recognition_service.statistics import indicators
from recognition_service.statistics.count import Asked, Figures, Rules, count_cases
from recognition_service.statistics.dimensions import (
    NOT_EXAMINED,
    Dimension,
    Measure,
)
from recognition_service.statistics.periods import Period

TABLES = tuple(
    Asked(Measure.DECISIONS, (dimension, Dimension.RE_EXAMINATION))
    for dimension in (Dimension.ORIGIN, Dimension.DESTINATION, Dimension.PROFESSION)
)


@dataclass(frozen=True, slots=True)
class ReExaminations:
    """What is told of a period.

    Attributes:
        figures: In the order of `TABLES`.
        share: Of the decisions that needed no examination, which share was examined;
            None: it cannot be told.
    """

    figures: tuple[Figures, ...]
    share: float | None


def re_examinations(
    session: Session, authority_id: str, period: Period, *, rules: Rules, today: date
) -> ReExaminations:
    """Count the decisions of a period that needed no examination, or were examined.

    `today` is the legal date in the authority's zone.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        PeriodNotPublishedError: The period is not over, or not published.
    """
    figures = count_cases(
        session, authority_id, period, TABLES, rules=rules, today=today
    )
    return ReExaminations(tuple(figures), _share(figures[0]))


def _share(figures: Figures) -> float | None:
    counts = [figures.table.column(basis) for basis in Basis]
    not_examined = figures.table.column(NOT_EXAMINED)
    known = [count for count in counts if count is not None]
    if not_examined is None or len(known) < len(counts):
        return None
    return indicators.share(sum(known), sum(known) + not_examined)
