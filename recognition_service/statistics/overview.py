"""The figures that every authority publishes of a period, and their indicators.

The tables are crossed so that each shares one dimension at most with another one
and no three form a ring: what they tell together is no more than each tells alone.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from recognition_service.authorities.found import (
    all_authorities,
    get_authority,
    legal_day,
)
from recognition_service.authorities.models import Mode
from recognition_service.recognition.figures import first_submission
from recognition_service.statistics import indicators
from recognition_service.statistics.count import Asked, Figures, Rules, count_cases
from recognition_service.statistics.dimensions import (
    Dimension,
    Measure,
    settled_on,
)
from recognition_service.statistics.periods import Period, periods_over

REQUESTS_BY_ORIGIN = Asked(Measure.APPLICATIONS, (Dimension.ORIGIN,))
REQUESTS_BY_AGE = Asked(Measure.APPLICATIONS, (Dimension.AGE_BAND,))
ORIGIN_BY_OUTCOME = Asked(Measure.DECISIONS, (Dimension.ORIGIN, Dimension.OUTCOME))
SEX_BY_OUTCOME = Asked(Measure.DECISIONS, (Dimension.SEX, Dimension.OUTCOME))
PROFESSION_BY_SEX = Asked(Measure.DECISIONS, (Dimension.PROFESSION, Dimension.SEX))
BY_MEASURE = Asked(Measure.DECISIONS, (Dimension.MEASURE,))
BY_HOLD = Asked(Measure.DECISIONS, (Dimension.HOLD,))
BY_PRECEDENT = Asked(Measure.DECISIONS, (Dimension.PRECEDENT,))
BY_TIME_LIMIT = Asked(Measure.DECISIONS, (Dimension.TIME_LIMIT,))
BY_REMEDY = Asked(Measure.DECISIONS, (Dimension.REMEDY,))
DIFFERENCES_BY_REGIME = Asked(
    Measure.DIFFERENCES, (Dimension.REGIME, Dimension.COVERED_BY)
)
DIFFERENCES_BY_PROFESSION = Asked(
    Measure.DIFFERENCES, (Dimension.PROFESSION, Dimension.COVERED_BY)
)
DURATION_BY_ORIGIN = Asked(Measure.DURATION, (Dimension.ORIGIN,))
WAITING_BY_ORIGIN = Asked(Measure.WAITING, (Dimension.ORIGIN,))
DURATION_BY_PROFESSION = Asked(Measure.DURATION, (Dimension.PROFESSION,))
WAITING_BY_PROFESSION = Asked(Measure.WAITING, (Dimension.PROFESSION,))
DURATION_BY_REGIME = Asked(Measure.DURATION, (Dimension.REGIME,))
WAITING_BY_REGIME = Asked(Measure.WAITING, (Dimension.REGIME,))
_ALWAYS = (
    REQUESTS_BY_ORIGIN,
    REQUESTS_BY_AGE,
    ORIGIN_BY_OUTCOME,
    SEX_BY_OUTCOME,
    PROFESSION_BY_SEX,
    BY_MEASURE,
    BY_HOLD,
    BY_PRECEDENT,
    BY_TIME_LIMIT,
    DIFFERENCES_BY_REGIME,
    DIFFERENCES_BY_PROFESSION,
    DURATION_BY_ORIGIN,
    WAITING_BY_ORIGIN,
    DURATION_BY_PROFESSION,
    WAITING_BY_PROFESSION,
    DURATION_BY_REGIME,
    WAITING_BY_REGIME,
)


@dataclass(frozen=True, slots=True)
class Indicators:
    """Shares from 0 to 1; None: it cannot be told.

    Attributes:
        refusal_rates: By sex, and of "all".
        segregation: See `indicators.segregation`.
        appealed_share: None too until the quarter after the period is over.
    """

    refusal_rates: dict[str, float | None]
    segregation: float | None
    precedent_share: float | None
    overdue_share: float | None
    appealed_share: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What an authority publishes of a period.

    Attributes:
        figures: By what was asked.
    """

    authority_id: str
    name: str
    period: Period
    rules: Rules
    dated: date
    figures: dict[Asked, Figures]
    indicators: Indicators


@dataclass(frozen=True, slots=True)
class Publisher:
    """An authority with the periods of which it publishes figures, the last first."""

    authority_id: str
    name: str
    is_test: bool
    periods: tuple[Period, ...]


def overview(
    session: Session, authority_id: str, period: Period, *, rules: Rules, now: datetime
) -> Overview:
    """Return what an authority publishes of a period.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        PeriodNotPublishedError: The period is not over, or not published.
    """
    authority = get_authority(session, authority_id)
    today = legal_day(authority, now)
    is_settled = settled_on(Dimension.REMEDY, period.end) < today
    asked = (*_ALWAYS, BY_REMEDY) if is_settled else _ALWAYS
    counted = count_cases(
        session, authority_id, period, asked, rules=rules, today=today
    )
    figures = {each.asked: each for each in counted}
    return Overview(
        authority_id,
        authority.name,
        period,
        rules,
        today,
        figures,
        _indicators(figures),
    )


def publishers(session: Session, *, rules: Rules, now: datetime) -> list[Publisher]:
    """Return the authorities with a case in a period that is over, by name."""
    found = [
        Publisher(
            each.id,
            each.name,
            each.mode == Mode.TEST,
            periods_of(session, each.id, rules=rules, now=now),
        )
        for each in all_authorities(session)
    ]
    return sorted((each for each in found if each.periods), key=lambda each: each.name)


def periods_of(
    session: Session, authority_id: str, *, rules: Rules, now: datetime
) -> tuple[Period, ...]:
    """Return the periods of which an authority publishes figures, the last first.

    Raises:
        AuthorityNotFoundError: There is no such authority.
    """
    since = first_submission(session, authority_id)
    if since is None:
        return ()
    today = legal_day(get_authority(session, authority_id), now)
    return tuple(periods_over(since, today, with_quarters=rules.with_quarters))


def _indicators(figures: dict[Asked, Figures]) -> Indicators:
    remedies = figures.get(BY_REMEDY)
    return Indicators(
        indicators.refusal_rates(figures[SEX_BY_OUTCOME].table),
        indicators.segregation(figures[PROFESSION_BY_SEX].table),
        indicators.precedent_share(figures[BY_PRECEDENT].table),
        indicators.overdue_share(figures[BY_TIME_LIMIT].table),
        None if remedies is None else indicators.appealed_share(remedies.table),
    )
