"""How long somebody has worked: overlaps once, part-time by its share.

Months are counted by the calendar from the first day of a stretch, so that a year is
twelve months whatever day it begins on. Of a month that is not complete the days count
as a share of it.

Source: Directive 2005/36/EC, articles 13(2) and 23(1) (one year full-time or the
equivalent in part-time; three consecutive years during the last five); Regulation
(EEC, Euratom) 1182/71, article 3 (months).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from recognition_service.equivalence.amounts import ONE
from recognition_service.frameworks.months import add_months

FULL_TIME = Fraction(1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkedPeriod:
    """Work that went on from one day to another.

    Attributes:
        began_on: First day.
        ended_on: Last day, which counts.
        share: Of full-time work, above zero and up to one.
        occupation: Code of ISCO-08, such as "7411"; None: it was not told.
    """

    began_on: date
    ended_on: date
    share: Fraction = FULL_TIME
    occupation: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days without a gap on which the same share of full-time work was done."""

    began_on: date
    ended_on: date
    share: Fraction


def months_worked(
    periods: Iterable[WorkedPeriod],
    *,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Return how many months of full-time work periods come to, in hundredths.

    Work at the same time counts together up to full time, and not beyond. Hundredths
    are rounded down.

    Args:
        periods: In any order.
        since: The first day that counts; None: all.
        until: The last day that counts; None: all.
    """
    return _rounded(_total(_stretches(_within(periods, since, until))))


def longest_run(
    periods: Iterable[WorkedPeriod],
    *,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Return the most months that were worked without a day between, as above."""
    runs: list[list[Stretch]] = []
    for stretch in _stretches(_within(periods, since, until)):
        if runs and runs[-1][-1].ended_on + _DAY == stretch.began_on:
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
    return _rounded(max(map(_total, runs), default=Fraction(0)))


def first_day_of_last(months: int, on: date) -> date:
    """Return the first of so many months that end with a day."""
    return add_months(on + _DAY, -months)


def is_in_occupation(period: WorkedPeriod, occupation: str | None) -> bool:
    """Tell whether work was in an occupation, or in a narrower one that it includes.

    Work whose occupation was not told is in none; without an occupation all work is.
    """
    if occupation is None:
        return True
    return period.occupation is not None and period.occupation.startswith(occupation)


def _within(
    periods: Iterable[WorkedPeriod], since: date | None, until: date | None
) -> Iterator[WorkedPeriod]:
    for each in periods:
        began_on = max(each.began_on, since or each.began_on)
        ended_on = min(each.ended_on, until or each.ended_on)
        if began_on <= ended_on:
            yield WorkedPeriod(began_on, ended_on, each.share, each.occupation)


def _stretches(periods: Iterable[WorkedPeriod]) -> list[Stretch]:
    """Return what was worked day by day, as few stretches in the order of time."""
    given = list(periods)
    edges = sorted(
        {each.began_on for each in given} | {each.ended_on + _DAY for each in given}
    )
    found: list[Stretch] = []
    for began_on, after in pairwise(edges):
        share = min(
            FULL_TIME,
            sum(
                (
                    each.share
                    for each in given
                    if each.began_on <= began_on <= each.ended_on
                ),
                Fraction(0),
            ),
        )
        if not share:
            continue
        ended_on, last = after - _DAY, found[-1] if found else None
        if last and last.ended_on + _DAY == began_on and last.share == share:
            found[-1] = Stretch(last.began_on, ended_on, share)
        else:
            found.append(Stretch(began_on, ended_on, share))
    return found


def _total(stretches: Sequence[Stretch]) -> Fraction:
    return sum(
        (each.share * _months(each.began_on, each.ended_on) for each in stretches),
        Fraction(0),
    )


def _months(began_on: date, ended_on: date) -> Fraction:
    """Return the months from a day to another one, both included."""
    after = ended_on + _DAY
    whole = (after.year - began_on.year) * 12 + after.month - began_on.month
    if add_months(began_on, whole) > after:
        whole -= 1
    reached = add_months(began_on, whole)
    rest = (after - reached).days
    month = (add_months(began_on, whole + 1) - reached).days
    return whole + Fraction(rest, month)


def _rounded(months: Fraction) -> int:
    return int(months * ONE)
