"""The report of a programme: what an authority that keeps its tracks publishes.

Whole calendar years are published, once over, each protected by itself, and all of
them together as the sum of what is shown of each. Nothing is published of quarters:
most programmes are so small that hardly a count would be left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from recognition_service.authorities.found import (
    all_authorities,
    get_authority,
    legal_day,
)
from recognition_service.authorities.models import Mode
from recognition_service.dual_certification.costs import CostShare, mean_shares
from recognition_service.dual_certification.figures import (
    curricula_of,
    keepers_of,
    track_counts,
)
from recognition_service.statistics.periods import Period, not_published
from recognition_service.statistics.programme_tables import (
    TABLES,
    Table,
    counts_by_year,
)
from recognition_service.statistics.suppression import Counts, ProtectedTable, protect
from recognition_service.statistics.years import summed

ALL = "all"
"""How all years together are written in addresses."""


@dataclass(frozen=True, slots=True)
class ReportKeeper:
    """An authority that publishes a report of a programme.

    Attributes:
        years: Those that are over, the last first; at least one.
    """

    authority_id: str
    name: str
    is_test: bool
    years: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeReport:
    """What is published of a programme.

    Attributes:
        programme: Id of the tables, or the label of an example.
        year: None: all years that are over.
        begin: First day; None: there is no year that is over.
        end: Last day; likewise.
        is_kept: Whether the authority keeps any tracks of the programme.
        tables: As they can be published.
        costs: Who pays what in the curricula that participants follow.
    """

    programme: str
    authority_id: str
    name: str
    year: Period | None
    begin: date | None
    end: date | None
    dated: date
    is_kept: bool
    threshold: int
    tables: Mapping[Table, ProtectedTable]
    costs: tuple[CostShare, ...]


def read_year(written: str) -> Period | None:
    """Read a year such as "2026"; "all" is None.

    Raises:
        PeriodNotPublishedError: It is neither.
    """
    if written == ALL:
        return None
    if not (written.isascii() and written.isdigit() and len(written) == len("2026")):
        raise not_published("not_a_period", f'Name a year such as 2026, or "{ALL}".')
    return Period(int(written))


def programme_report(
    session: Session,
    authority_id: str,
    programme: str,
    year: Period | None,
    *,
    threshold: int,
    now: datetime,
) -> ProgrammeReport:
    """Return what an authority publishes of the tracks that it keeps.

    Args:
        session: A reading session.
        authority_id: The keeper.
        programme: Id of the tables, or the label of an example.
        year: None: all years that are over.
        threshold: From which count on a count is shown.
        now: The instant.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        PeriodNotPublishedError: The year is not over.
    """
    authority = get_authority(session, authority_id)
    today = legal_day(authority, now)
    if year is not None and not year.is_over(today):
        raise not_published("period_not_over", f"It can be asked after {year.end}.")
    known = keepers_of(session, programme, [authority_id])
    first = min(each.since.year for each in known) if known else today.year
    counts = track_counts(
        session, authority_id, programme, range(first, today.year + 1)
    )
    countries = {each.id: each.country for each in all_authorities(session)}
    counted = counts_by_year(counts, countries)
    years = [
        each
        for each in map(Period, sorted(counted))
        if each.is_over(today) and year in {None, each}
    ]
    shown = [year] if year is not None else years
    end = shown[-1].end if shown else None
    curricula = curricula_of(session, authority_id, programme, until=end) if end else []
    return ProgrammeReport(
        programme,
        authority_id,
        authority.name,
        year,
        shown[0].begin if shown else None,
        end,
        today,
        bool(known),
        threshold,
        _protected([counted[each.year] for each in years], threshold),
        tuple(mean_shares(unit for each in curricula for unit in each["units"])),
    )


def report_keepers(
    session: Session, programme: str, *, now: datetime
) -> list[ReportKeeper]:
    """Return who publishes a report of a programme, by name."""
    authorities = {each.id: each for each in all_authorities(session)}
    found = []
    for keeper in keepers_of(session, programme, authorities):
        authority = authorities[keeper.authority_id]
        today = legal_day(authority, now)
        years = range(today.year - 1, keeper.since.year - 1, -1)
        if years:
            found.append(
                ReportKeeper(
                    authority.id,
                    authority.name,
                    authority.mode == Mode.TEST,
                    tuple(map(Period, years)),
                )
            )
    return sorted(found, key=lambda each: each.name)


def _protected(
    years: Sequence[Mapping[Table, Counts]], threshold: int
) -> dict[Table, ProtectedTable]:
    """Return what can be published of years: each by itself, then summed."""
    found: dict[Table, ProtectedTable] = {}
    for table in TABLES:
        parts = [
            protect(counts[table], *table.axes, threshold=threshold) for counts in years
        ] or [protect({}, *table.axes, threshold=threshold)]
        found[table] = parts[0] if len(parts) == 1 else summed(parts, *table.axes)
    return found
