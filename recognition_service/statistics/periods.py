"""The periods that figures are published for: whole quarters and years, once over.

Figures of any other time could be taken from one another until single cases are left.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from recognition_service.statistics.errors import PeriodNotPublishedError

QUARTERS = 4
_MONTHS = 3
_WRITTEN = re.compile(r"((?:19|20|21)[0-9]{2})(?:-Q([1-4]))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar year, or a quarter of one.

    Attributes:
        quarter: 1 to 4; None: the whole year.
    """

    year: int
    quarter: int | None = None

    def __str__(self) -> str:
        """Return it as it is written in addresses, such as "2026-Q4" or "2026"."""
        if self.quarter is None:
            return str(self.year)
        return f"{self.year}-Q{self.quarter}"

    @property
    def begin(self) -> date:
        """The first day."""
        return date(self.year, ((self.quarter or 1) - 1) * _MONTHS + 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        if self.quarter in {None, QUARTERS}:
            return date(self.year, 12, 31)
        return Period(self.year, self.quarter + 1).begin - timedelta(days=1)

    @property
    def quarters(self) -> tuple["Period", ...]:
        """The quarters of a year; of a quarter, itself."""
        if self.quarter is not None:
            return (self,)
        return tuple(Period(self.year, each + 1) for each in range(QUARTERS))

    def is_over(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return self.end < today


def read_period(written: str) -> Period:
    """Read a period such as "2026-Q4" or "2026".

    Raises:
        PeriodNotPublishedError: It is neither a quarter nor a year.
    """
    found = _WRITTEN.match(written)
    if found is None:
        raise not_published(
            "not_a_period", "Name a quarter or a year, such as 2026-Q3 or 2026."
        )
    return Period(int(found[1]), int(found[2]) if found[2] else None)


def quarter_of(day: date) -> Period:
    """Return the quarter in which a day lies."""
    return Period(day.year, (day.month - 1) // _MONTHS + 1)


def quarter_after(quarter: Period) -> Period:
    """Return the quarter that begins when one ends."""
    return quarter_of(quarter.end + timedelta(days=1))


def periods_over(since: date, today: date, *, with_quarters: bool) -> Iterator[Period]:
    """Yield the periods that are over and in which something was, the last first.

    A year comes before its quarters.

    Args:
        since: The day of the first case.
        today: The legal date.
        with_quarters: Whether quarters are published too.
    """
    for year in range(today.year, since.year - 1, -1):
        whole = Period(year)
        if whole.is_over(today):
            yield whole
        if with_quarters:
            yield from (
                quarter
                for quarter in reversed(whole.quarters)
                if quarter.is_over(today) and quarter.end >= since
            )


def not_published(code: str, detail: str) -> PeriodNotPublishedError:
    """Return the error for a period of which there are no figures."""
    fault = {"parameter": "period", "code": code, "detail": detail}
    return PeriodNotPublishedError("1 parameter is wrong.", (fault,))
