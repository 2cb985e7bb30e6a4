"""The one-stop window: all that is known of a way, with figures that are at hand."""

from recognition_service.runtime.statistics_desk import StatisticsDesk
from recognition_service.runtime.tables_desk import TablesDesk
from recognition_service.statistics.directory import (
    Directory,
    Way,
    directory,
    with_durations,
)
from recognition_service.statistics.overview import Overview, Publisher


class DirectoryDesk(StatisticsDesk, TablesDesk):
    """Answers what is known of a way from one place to another."""

    def directory(self, way: Way) -> Directory:
        """Return what is known of a way.

        Durations are those that authorities publish, of the last quarter and of the
        last year that are over; they are counted once a day.

        Raises:
            UnknownCodeError: A code that no row has.
            NoEditionError: No edition is loaded.
        """
        edition = self.edition().compiled
        with self.database.reading() as session:
            found = directory(session, edition, way)
        here = {body.id for body in found.bodies}
        published = {
            each.authority_id: self._last_overviews(each)
            for each in self.statistics_publishers()
            if each.authority_id in here
        }
        return with_durations(found, published)

    def _last_overviews(self, publisher: Publisher) -> list[Overview]:
        """Return what is published of the last quarter, then of the last year."""
        quarters = [each for each in publisher.periods if each.quarter is not None]
        years = [each for each in publisher.periods if each.quarter is None]
        return [
            self.statistics_overview(publisher.authority_id, period)
            for period in (*quarters[:1], *years[:1])
        ]
