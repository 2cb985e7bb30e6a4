"""How long decided cases took, as far as it can be told about a profession or rules.

The figures are those that an authority publishes anyway: too few cases tell nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recognition_service.statistics.count import Asked, Figures
from recognition_service.statistics.dimensions import Dimension
from recognition_service.statistics.indicators import Days
from recognition_service.statistics.overview import (
    DURATION_BY_PROFESSION,
    DURATION_BY_REGIME,
    WAITING_BY_PROFESSION,
    WAITING_BY_REGIME,
    Overview,
)
from recognition_service.statistics.periods import Period

_BY = {
    Dimension.PROFESSION: (DURATION_BY_PROFESSION, WAITING_BY_PROFESSION),
    Dimension.REGIME: (DURATION_BY_REGIME, WAITING_BY_REGIME),
}


@dataclass(frozen=True, slots=True)
class Duration:
    """How long an authority took in a period.

    Attributes:
        by: "profession", "regime", or "all" cases; None: nothing can be told.
        group: The profession or the regime; None: all cases.
        duration: Days from complete papers to the decision.
        waiting: Days from the request to the decision.
    """

    authority_id: str
    period: Period | None
    by: str | None
    group: str | None
    duration: Days
    waiting: Days


def told_duration(
    authority_id: str,
    overviews: Iterable[Overview],
    profession: str | None,
    regimes: Sequence[str],
) -> Duration:
    """Return the nearest figures that can be told: of the profession, else the rules.

    Args:
        authority_id: Who decided.
        overviews: What it publishes, the period that is preferred first.
        profession: Id of the profession, or None.
        regimes: The rules that may apply, the likeliest first.
    """
    wanted: list[tuple[Dimension, str]] = []
    if profession is not None:
        wanted.append((Dimension.PROFESSION, profession))
    wanted += [(Dimension.REGIME, regime) for regime in regimes]
    periods = list(overviews)
    for dimension, group in wanted:
        for each in periods:
            days = [_days(each.figures, asked, group) for asked in _BY[dimension]]
            if any(found.median is not None for found in days):
                by = str(dimension)
                return Duration(authority_id, each.period, by, group, *days)
    for each in periods:
        asked = _BY[Dimension.REGIME]
        days = [each.figures[one].all_days for one in asked]
        if any(found.median is not None for found in days):
            return Duration(authority_id, each.period, "all", None, *days)
    return Duration(authority_id, None, None, None, Days(), Days())


def _days(figures: dict[Asked, Figures], asked: Asked, group: str) -> Days:
    return figures[asked].days.get(group, Days())
