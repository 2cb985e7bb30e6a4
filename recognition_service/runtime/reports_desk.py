"""Reports of programmes: counted once a day, and kept at hand for everybody."""

from datetime import date
from threading import Lock
from typing import Any

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.runtime.statistics_desk import StatisticsDesk
from recognition_service.statistics.periods import Period
from recognition_service.statistics.programme_report import (
    ProgrammeReport,
    ReportKeeper,
    programme_report,
    report_keepers,
)

_MOST_KEPT = 64
_Key = tuple[str, str, Period | None, date]


class ReportsDesk(StatisticsDesk):
    """Counts programmes, one after the other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open the desk with nothing counted yet."""
        super().__init__(*args, **kwargs)
        self._reporting = Lock()
        self._reports: dict[_Key, ProgrammeReport] = {}

    def refresh(self) -> None:
        """Count anew what is asked for next."""
        super().refresh()
        with self._lock:
            self._reports = {}

    def report_keepers(self, programme: str) -> list[ReportKeeper]:
        """Return who publishes a report of a programme, by name.

        Test authorities are among them in a demonstration only.
        """
        with self.database.reading() as session:
            found = report_keepers(session, programme, now=self.now())
        return [each for each in found if self.is_demo or not each.is_test]

    def programme_report(
        self, authority_id: str, programme: str, year: Period | None
    ) -> ProgrammeReport:
        """Return what an authority publishes of the tracks that it keeps.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            PeriodNotPublishedError: The year is not over.
        """
        now = self.now()
        with self.database.reading() as session:
            today = legal_day(get_authority(session, authority_id), now)
        key = authority_id, programme, year, today
        with self._reporting:
            found = self._reports.get(key)
            if found is None:
                with self.database.reading() as session:
                    found = programme_report(
                        session,
                        authority_id,
                        programme,
                        year,
                        threshold=self.statistics_rules.threshold,
                        now=now,
                    )
                self._keep_report(key, found)
        return found

    def _keep_report(self, key: _Key, found: ProgrammeReport) -> None:
        with self._lock:
            if len(self._reports) >= _MOST_KEPT:
                del self._reports[next(iter(self._reports))]
            self._reports[key] = found
