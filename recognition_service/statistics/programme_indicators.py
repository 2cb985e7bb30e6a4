"""What sums a programme up, for whom it matters, and to which goals it speaks.

Each number is computed from what is shown of the tables, or from curricula. Where
nothing is recorded the answer is “not known”, and what this service never asks for is
named too, so that nobody takes silence for a good result.

Source: United Nations, A/RES/70/1 (Sustainable Development Goals, targets 4.3, 4.4,
8.5, 8.8 and 10.7) and A/RES/73/195 (Global Compact for Migration, objectives 5 and
18); EMN Inform on Skills Mobility Partnerships, section 1 (benefit for four sides).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from recognition_service.dual_certification.costs import CostShare, Payer
from recognition_service.dual_certification.figures import Result
from recognition_service.dual_certification.follow_up import (
    PERIODS,
    Movement,
    Sector,
    Work,
)
from recognition_service.dual_certification.lifecycle import Course, How
from recognition_service.equivalence.amounts import read_amount
from recognition_service.frameworks.programmes import (
    FigurePeriod,
    FigureUnit,
    ProgrammeFigure,
)
from recognition_service.statistics.indicators import share
from recognition_service.statistics.programme_report import ProgrammeReport
from recognition_service.statistics.programme_tables import (
    AWARDS,
    COMPLETIONS_BY_SEX,
    MOVEMENTS,
    PARTICIPANTS_BY_SEX,
    SECTORS,
    WORK_BY_SEX,
    People,
)

_HUNDREDTHS = 10_000
_PLACES = 3


class Standing(StrEnum):
    """What can be told about an indicator.

    `SUPPRESSED`: it would tell about single persons; `NOT_KNOWN`: nobody recorded
    what it is computed from; `NOT_COLLECTED`: this service does not ask for it.
    """

    KNOWN = "known"
    SUPPRESSED = "suppressed"
    NOT_KNOWN = "not_known"
    NOT_COLLECTED = "not_collected"


class Unit(StrEnum):
    """What an indicator counts; a share is from 0 to 1."""

    PERSONS = "persons"
    AWARDS = "awards"
    SHARE = "share"


class Side(StrEnum):
    """For whom a programme is to be a benefit."""

    INDIVIDUAL = "individual"
    EMPLOYER = "employer"
    ORIGIN = "origin"
    DESTINATION = "destination"


@dataclass(frozen=True, slots=True)
class Goals:
    """To which goals something speaks.

    Attributes:
        sdg: Targets of the Sustainable Development Goals.
        gcm: Objectives of the Global Compact for Migration.
    """

    sdg: tuple[str, ...]
    gcm: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number that sums something up.

    Attributes:
        value: None unless it is known.
        months: After how many months people were asked; None where nobody was.
    """

    name: str
    unit: Unit
    value: float | None
    standing: Standing
    months: int | None = None

    @property
    def goals(self) -> Goals:
        """To which goals it speaks."""
        return GOALS[self.name]


_LEARNING = Goals(("4.3", "4.4"), ("18",))
_WORKING = Goals(("8.5",), ("18",))
_MOVING = Goals(("10.7",), ("5",))
_PAYING = Goals(("8.8", "10.7"), ("5",))
GOALS: Mapping[str, Goals] = {
    "participants": Goals(("4.3",), ("18",)),
    "home_share": Goals(("4.4", "10.7"), ("5", "18")),
    "completions": _LEARNING,
    "dual_certifications": _LEARNING,
    "awards": _LEARNING,
    "awards_earned": _LEARNING,
    "awards_recognised": Goals(("4.4", "10.7"), ("18",)),
    "employed_share": _WORKING,
    "at_level_share": _WORKING,
    "deskilling_share": Goals(("8.5", "8.8"), ("18",)),
    "same_sector_share": Goals(("4.4", "8.5"), ("18",)),
    "stayed_share": _MOVING,
    "moved_share": _MOVING,
    "returned_share": _MOVING,
    "cost_beneficiary": _PAYING,
    "cost_employer": _PAYING,
    "cost_origin_state": _PAYING,
    "cost_destination_state": _PAYING,
    "wages": Goals(("8.5",), ("18",)),
    "vacancies": Goals(("8.5",), ("18",)),
    "remittances": _MOVING,
    "local_shortages": Goals(("8.5", "10.7"), ("5",)),
}
TABLE_GOALS: Mapping[People, Goals] = {
    People.ENROLLED: GOALS["home_share"],
    People.ENDED: _LEARNING,
    People.AWARDS: GOALS["awards_recognised"],
    People.ANSWERED: Goals(("8.5", "10.7"), ("5", "18")),
}
_NOT_COLLECTED = ("wages", "vacancies", "remittances", "local_shortages")
_OF_SIDE: Mapping[Side, tuple[str, ...]] = {
    Side.INDIVIDUAL: (
        "dual_certifications",
        "employed_share",
        "at_level_share",
        "deskilling_share",
        "cost_beneficiary",
        "wages",
    ),
    Side.EMPLOYER: (
        "same_sector_share",
        "at_level_share",
        "cost_employer",
        "vacancies",
    ),
    Side.ORIGIN: (
        "home_share",
        "stayed_share",
        "returned_share",
        "cost_origin_state",
        "remittances",
    ),
    Side.DESTINATION: (
        "moved_share",
        "awards_recognised",
        "cost_destination_state",
        "local_shortages",
    ),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of a source beside what was counted here.

    Attributes:
        participants: Counted here over the same time; None: hidden, or not comparable.
        reached: Its share of the least that was planned; likewise.
        is_comparable: Whether the figure counts persons over the time of the report.
    """

    figure: ProgrammeFigure
    participants: int | None
    reached: float | None
    is_comparable: bool


def indicators(report: ProgrammeReport) -> list[Indicator]:
    """Return what sums a programme up, in their order."""
    return [
        *_of_tracks(report),
        *(each for months in PERIODS for each in _of_answers(report, months)),
        *_of_costs(report.costs),
        *(
            Indicator(name, Unit.SHARE, None, Standing.NOT_COLLECTED)
            for name in _NOT_COLLECTED
        ),
    ]


def benefits(found: list[Indicator]) -> dict[Side, list[Indicator]]:
    """Return the indicators by the side for which they tell the benefit."""
    return {
        side: [each for name in names for each in found if each.name == name]
        for side, names in _OF_SIDE.items()
    }


def targets(
    report: ProgrammeReport, figures: tuple[ProgrammeFigure, ...]
) -> list[Target]:
    """Return the figures of a programme's source beside what was counted here.

    A figure for all of the time is held against all years, one for a year against a
    report of one year.
    """
    counted = report.tables[PARTICIPANTS_BY_SEX].total
    period = FigurePeriod.TOTAL if report.year is None else FigurePeriod.PER_YEAR
    found = []
    for figure in figures:
        fits = (figure.unit, figure.period) == (FigureUnit.PERSONS, period)
        aim = figure.value_from or figure.value_to
        found.append(
            Target(
                figure,
                counted if fits else None,
                share(counted, aim) if fits else None,
                fits,
            )
        )
    return found


def _of_tracks(report: ProgrammeReport) -> Iterator[Indicator]:
    enrolled, ended = (
        report.tables[PARTICIPANTS_BY_SEX],
        report.tables[COMPLETIONS_BY_SEX],
    )
    awards = report.tables[AWARDS]
    yield _count("participants", enrolled.total)
    yield _share("home_share", enrolled.column(Course.HOME), enrolled.total)
    yield _count("completions", ended.total)
    yield _count("dual_certifications", ended.column(Result.DUAL))
    yield _count("awards", awards.total, Unit.AWARDS)
    yield _count("awards_earned", awards.column(How.EARNED), Unit.AWARDS)
    yield _count("awards_recognised", awards.column(How.RECOGNISED), Unit.AWARDS)


def _of_answers(report: ProgrammeReport, months: int) -> Iterator[Indicator]:
    work, sector = report.tables[WORK_BY_SEX[months]], report.tables[SECTORS[months]]
    moved = report.tables[MOVEMENTS[months]]
    total, idle = work.total, work.column(Work.NO_WORK)
    at_level, below = work.column(Work.AT_LEVEL), work.column(Work.BELOW_LEVEL)
    employed = None if total is None or idle is None else total - idle
    known = None if at_level is None or below is None else at_level + below
    yield _share("employed_share", employed, total, months)
    yield _share("at_level_share", at_level, known, months)
    yield _share("deskilling_share", below, known, months)
    yield _share("same_sector_share", sector.row(Sector.SAME), sector.total, months)
    for name, group in (
        ("stayed_share", Movement.STAYED),
        ("moved_share", Movement.MOVED),
        ("returned_share", Movement.RETURNED),
    ):
        yield _share(name, moved.row(group), moved.total, months)


def _of_costs(costs: tuple[CostShare, ...]) -> Iterator[Indicator]:
    """Yield which part of all costs each side bears, over kinds and units alike."""
    units = sum({each.kind: each.units for each in costs}.values())
    for name, payer in (
        ("cost_beneficiary", Payer.BENEFICIARY),
        ("cost_employer", Payer.EMPLOYER),
        ("cost_origin_state", Payer.ORIGIN_STATE),
        ("cost_destination_state", Payer.DESTINATION_STATE),
    ):
        borne = sum(
            (read_amount(each.share) or 0) * each.units
            for each in costs
            if each.payer is payer
        )
        if units:
            value = round(borne / units / _HUNDREDTHS, _PLACES)
            yield Indicator(name, Unit.SHARE, value, Standing.KNOWN)
        else:
            yield Indicator(name, Unit.SHARE, None, Standing.NOT_KNOWN)


def _count(name: str, value: int | None, unit: Unit = Unit.PERSONS) -> Indicator:
    standing = Standing.SUPPRESSED if value is None else Standing.KNOWN
    return Indicator(name, unit, value, standing)


def _share(
    name: str, part: int | None, whole: int | None, months: int | None = None
) -> Indicator:
    value = share(part, whole)
    if value is not None:
        standing = Standing.KNOWN
    else:
        standing = Standing.NOT_KNOWN if whole == 0 else Standing.SUPPRESSED
    return Indicator(name, Unit.SHARE, value, standing, months)
