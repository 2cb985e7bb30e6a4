"""Figures of cases: counted for an authority, and kept at hand for everybody."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import Any

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.runtime.installation import Installation
from recognition_service.statistics.count import Asked, Figures, Rules, count_cases
from recognition_service.statistics.overview import (
    Overview,
    Publisher,
    overview,
    publishers,
)
from recognition_service.statistics.periods import Period
from recognition_service.statistics.re_examinations import (
    ReExaminations,
    re_examinations,
)

_MOST_KEPT = 256
_LOOKED_UP_EVERY = timedelta(minutes=10)


class StatisticsDesk(Installation):
    """Counts cases for statistics.

    What everybody may ask for is counted once a day and one after the other, so that
    nobody keeps the database busy by asking.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open the desk with nothing counted yet."""
        super().__init__(*args, **kwargs)
        self._counting = Lock()
        self._overviews: dict[tuple[str, Period, date], Overview] = {}
        self._publishers: tuple[Publisher, ...] = ()
        self._publishers_read_at: datetime | None = None

    def refresh(self) -> None:
        """Count anew what is asked for next."""
        super().refresh()
        with self._lock:
            self._overviews = {}
            self._publishers_read_at = None

    @cached_property
    def statistics_rules(self) -> Rules:
        """How figures are published here."""
        config = self.config
        return Rules(config.statistics_threshold, config.statistics_quarters)

    def count_cases(
        self, authority_id: str, period: Period, asked: Sequence[Asked]
    ) -> tuple[list[Figures], date]:
        """Return what was asked about an authority's cases, and of which day it is.

        Raises:
            PeriodNotPublishedError: The period is not over, or not published.
            StatisticsQuestionError: Something cannot be counted in this way, or not
                yet.
        """
        with self.database.reading() as session:
            today = legal_day(get_authority(session, authority_id), self.now())
            counted = count_cases(
                session,
                authority_id,
                period,
                asked,
                rules=self.statistics_rules,
                today=today,
            )
        return counted, today

    def re_examinations(
        self, authority_id: str, period: Period
    ) -> tuple[ReExaminations, date]:
        """Return which cases of an authority were examined without need, and of when.

        Raises:
            PeriodNotPublishedError: The period is not over, or not published.
        """
        with self.database.reading() as session:
            today = legal_day(get_authority(session, authority_id), self.now())
            rules = self.statistics_rules
            found = re_examinations(
                session, authority_id, period, rules=rules, today=today
            )
        return found, today

    def statistics_publishers(self) -> tuple[Publisher, ...]:
        """Return the authorities that publish figures, by name.

        Test authorities are among them in a demonstration only.
        """
        now = self.now()
        with self._lock:
            last = self._publishers_read_at
            if last is not None and last <= now < last + _LOOKED_UP_EVERY:
                return self._publishers
        with self.database.reading() as session:
            found = publishers(session, rules=self.statistics_rules, now=now)
        shown = tuple(each for each in found if self.is_demo or not each.is_test)
        with self._lock:
            self._publishers, self._publishers_read_at = shown, now
        return shown

    def statistics_overview(self, authority_id: str, period: Period) -> Overview:
        """Return what an authority publishes of a period.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            PeriodNotPublishedError: It publishes none of this period.
        """
        now = self.now()
        with self.database.reading() as session:
            today = legal_day(get_authority(session, authority_id), now)
        key = authority_id, period, today
        with self._counting:
            found = self._overviews.get(key)
            if found is None:
                rules = self.statistics_rules
                with self.database.reading() as session:
                    found = overview(
                        session, authority_id, period, rules=rules, now=now
                    )
                self._keep_overview(key, found)
        return found

    def _keep_overview(self, key: tuple[str, Period, date], found: Overview) -> None:
        with self._lock:
            if len(self._overviews) >= _MOST_KEPT:
                del self._overviews[next(iter(self._overviews))]
            self._overviews[key] = found
