"""By what cases are counted, and how the group of a case is found.

Each case is in exactly one group of a dimension, so that the groups add up to all
cases. Dimensions of requests are those that are known on the day of the request and
do not change: what changes later would show, from one day to the next, in whose case
it did.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recognition_service.frameworks.instruments import Purpose
from recognition_service.recognition.assess import CoverKind
from recognition_service.recognition.figures import AgeBand, CaseFigure
from recognition_service.recognition.found_differences import OPEN as NOT_MADE_UP_FOR
from recognition_service.recognition.found_differences import SEVERAL
from recognition_service.recognition.short_path import Basis
from recognition_service.recognition.vocabulary import DecisionKind, Sex, Stage
from recognition_service.statistics.periods import quarter_after, quarter_of
from recognition_service.statistics.suppression import OPEN, Axis

OUTCOMES = (
    "full",
    "automatic",
    "tacit_granted",
    "conditional",
    "partial",
    "partial_access",
    "alternative",
    "refused",
)
"""What can come out, from the most to the least."""

REFUSED = "refused"
NONE = "none"
"""The group of cases in which there is no such thing, or it was not stated."""


class Measure(StrEnum):
    """What is counted or measured.

    Requests are counted in the period in which they came in; all else in the period
    of the decision. `DIFFERENCES` counts no cases, but the substantial differences that
    decisions found, whether or not something made up for them. Durations are whole
    days: `DURATION` from the day on which everything was there, `WAITING` from the
    request, both to the decision; `HELD` while the clock stood still, of cases in which
    it did.
    """

    APPLICATIONS = "applications"
    DECISIONS = "decisions"
    DIFFERENCES = "differences"
    DURATION = "duration"
    WAITING = "waiting"
    HELD = "held"

    @property
    def is_duration(self) -> bool:
        """Whether days are measured, not only cases counted."""
        return self in {Measure.DURATION, Measure.WAITING, Measure.HELD}

    @property
    def unit(self) -> str:
        """What a count counts."""
        return "differences" if self is Measure.DIFFERENCES else "cases"

    @property
    def most_dimensions(self) -> int:
        """By how many dimensions at once it is shown."""
        return 1 if self.is_duration else 2


class Dimension(StrEnum):
    """By what is counted."""

    ORIGIN = "origin"
    DESTINATION = "destination"
    PROFESSION = "profession"
    LEVEL = "level"
    PURPOSE = "purpose"
    STAGE = "stage"
    SEX = "sex"
    AGE_BAND = "age_band"
    DECISION_KIND = "decision_kind"
    REGIME = "regime"
    OUTCOME = "outcome"
    DECIDED_BY = "decided_by"
    MEASURE = "measure"
    PRECEDENT = "precedent"
    HOLD = "hold"
    TIME_LIMIT = "time_limit"
    REMEDY = "remedy"
    RE_EXAMINATION = "re_examination"
    COVERED_BY = "covered_by"

    @property
    def axis(self) -> Axis:
        """The groups that it has."""
        return _DEFINED[self].axis

    def group(self, figure: CaseFigure, difference: str = "") -> str:
        """Return the group of a case, or of one of its differences.

        Args:
            figure: The case.
            difference: What makes up for the difference; "": a case is counted.
        """
        if self is Dimension.COVERED_BY:
            return difference
        return _DEFINED[self].read(figure)


class TimeLimit(StrEnum):
    """Whether a decision came in time."""

    KEPT = "kept"
    MISSED = "missed"
    NONE = "none"


class Remedy(StrEnum):
    """Whether somebody appealed by the end of the quarter after the decision's."""

    LODGED = "lodged"
    NOT_LODGED = "not_lodged"


class Precedent(StrEnum):
    """Whether a precedent was at hand for a decision."""

    AT_HAND = "at_hand"
    NONE = "none"


EXAMINATION_NEEDED, NOT_EXAMINED = "examination_needed", "not_examined"
COVERS = (NOT_MADE_UP_FOR, *(each.value for each in CoverKind), SEVERAL)
"""What makes up for a difference, if anything does."""
RE_EXAMINATIONS = (EXAMINATION_NEEDED, NOT_EXAMINED, *(each.value for each in Basis))
"""Whether an examination was needed and, if not, whether one was made nevertheless.

Those that were made are apart by what had settled the case. One list tells both, as two
that were protected each by itself could be taken from one another.
"""


@dataclass(frozen=True, slots=True)
class _Definition:
    read: Callable[[CaseFigure], str]
    axis: Axis = OPEN


OF_REQUESTS = (
    Dimension.ORIGIN,
    Dimension.DESTINATION,
    Dimension.PROFESSION,
    Dimension.LEVEL,
    Dimension.PURPOSE,
    Dimension.STAGE,
    Dimension.SEX,
    Dimension.AGE_BAND,
)


OF_DECISIONS = tuple(each for each in Dimension if each is not Dimension.COVERED_BY)


def dimensions_of(measure: Measure) -> tuple[Dimension, ...]:
    """Return by what something can be counted."""
    match measure:
        case Measure.APPLICATIONS:
            return OF_REQUESTS
        case Measure.DIFFERENCES:
            return tuple(Dimension)
        case Measure.DECISIONS | Measure.DURATION | Measure.WAITING | Measure.HELD:
            return OF_DECISIONS


def counted_on(measure: Measure, figure: CaseFigure) -> date | None:
    """Return on which day a case counts; None: it does not."""
    if measure is Measure.APPLICATIONS:
        return figure.submitted_on
    return figure.decided_on


def days_of(measure: Measure, figure: CaseFigure) -> int | None:
    """Return how many days were measured in a decided case; None: not known."""
    if figure.decided_on is None:
        return None
    match measure:
        case Measure.DURATION:
            since = figure.complete_on
        case Measure.WAITING:
            since = figure.submitted_on
        case Measure.HELD:
            return figure.held_days or None
        case Measure.APPLICATIONS | Measure.DECISIONS | Measure.DIFFERENCES:
            return None
    return None if since is None else (figure.decided_on - since).days


def settled_on(dimension: Dimension, end: date) -> date:
    """Return the day after which the groups of decisions change no more.

    Args:
        dimension: By what is counted.
        end: Last day of the period of the decisions.
    """
    if dimension is Dimension.REMEDY:
        return quarter_after(quarter_of(end)).end
    return end


def _level(figure: CaseFigure) -> str:
    if figure.framework is None or figure.level is None:
        return NONE
    return f"{figure.framework} {figure.level}"


def _one_of(codes: tuple[str, ...]) -> str:
    if not codes:
        return NONE
    return codes[0] if len(codes) == 1 else SEVERAL


def _time_limit(figure: CaseFigure) -> str:
    if figure.is_late is None:
        return TimeLimit.NONE
    return TimeLimit.MISSED if figure.is_late else TimeLimit.KEPT


def _remedy(figure: CaseFigure) -> str:
    if figure.appealed_on is None or figure.decided_on is None:
        return Remedy.NOT_LODGED
    last = settled_on(Dimension.REMEDY, figure.decided_on)
    return Remedy.LODGED if figure.appealed_on <= last else Remedy.NOT_LODGED


def _re_examination(figure: CaseFigure) -> str:
    if figure.short_path is None:
        return EXAMINATION_NEEDED
    return figure.short_path if figure.is_re_examined else NOT_EXAMINED


def _closed(kind: type[StrEnum]) -> Axis:
    return Axis(tuple(each.value for each in kind))


_DEFINED = {
    Dimension.ORIGIN: _Definition(lambda case: case.origin),
    Dimension.DESTINATION: _Definition(lambda case: case.destination),
    Dimension.PROFESSION: _Definition(lambda case: case.profession or NONE),
    Dimension.LEVEL: _Definition(_level),
    Dimension.PURPOSE: _Definition(lambda case: case.purpose, _closed(Purpose)),
    Dimension.STAGE: _Definition(lambda case: case.stage, _closed(Stage)),
    Dimension.SEX: _Definition(lambda case: case.sex, _closed(Sex)),
    Dimension.AGE_BAND: _Definition(lambda case: case.age_band, _closed(AgeBand)),
    Dimension.DECISION_KIND: _Definition(
        lambda case: case.decision_kind, _closed(DecisionKind)
    ),
    Dimension.REGIME: _Definition(lambda case: case.regime),
    Dimension.OUTCOME: _Definition(lambda case: case.outcome or NONE, Axis(OUTCOMES)),
    Dimension.DECIDED_BY: _Definition(lambda case: case.decided_by or NONE),
    Dimension.MEASURE: _Definition(lambda case: _one_of(case.measures)),
    Dimension.PRECEDENT: _Definition(
        lambda case: Precedent.AT_HAND if case.has_precedent else Precedent.NONE,
        _closed(Precedent),
    ),
    Dimension.HOLD: _Definition(lambda case: _one_of(case.held_by)),
    Dimension.TIME_LIMIT: _Definition(_time_limit, _closed(TimeLimit)),
    Dimension.REMEDY: _Definition(_remedy, _closed(Remedy)),
    Dimension.RE_EXAMINATION: _Definition(_re_examination, Axis(RE_EXAMINATIONS)),
    # No group of a case, but of each of its differences: see `Dimension.group`.
    Dimension.COVERED_BY: _Definition(lambda _: NONE, Axis(COVERS)),
}
