"""Numbers that sum a table up.

They are computed from what is published, and tell nothing that a reader of the tables
could not work out; but for durations, which need enough cases instead.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from recognition_service.recognition.vocabulary import Sex
from recognition_service.statistics.dimensions import (
    NONE,
    REFUSED,
    Precedent,
    Remedy,
    TimeLimit,
)
from recognition_service.statistics.suppression import OTHER, ProtectedTable

_PLACES = 3
_TENTHS, _NINE = 10, 9


@dataclass(frozen=True, slots=True)
class Days:
    """How long something took, in days; None: too few cases to tell.

    Attributes:
        median: Half of the cases took no longer; between two whole days it is half.
        p90: Nine of ten cases took no longer.
    """

    median: float | None = None
    p90: int | None = None


def days(measured: Counter[int], threshold: int) -> Days:
    """Return median and 90th percentile (nearest rank) of days.

    A median needs as many cases as the threshold, a percentile twice as many, so that
    it is never the slowest case of all: with ten cases it is the ninth.

    Args:
        measured: How many cases took so many days.
        threshold: The least number of cases, above 2.
    """
    number = measured.total()
    if number < threshold:
        return Days()
    ordered = sorted(measured.elements())
    median = (ordered[(number - 1) // 2] + ordered[number // 2]) / 2
    if number < max(2 * threshold, _TENTHS):
        return Days(median)
    return Days(median, ordered[-(-number * _NINE // _TENTHS) - 1])


def share(part: int | None, whole: int | None) -> float | None:
    """Return a share from 0 to 1; None: a part is hidden, or there is no whole."""
    return None if part is None or not whole else round(part / whole, _PLACES)


def refusal_rates(by_sex: ProtectedTable) -> dict[str, float | None]:
    """Return which share of decisions about each sex, and about all, are refusals.

    Args:
        by_sex: Decisions by sex and outcome.
    """
    rates = {
        sex: share(by_sex.cell(sex, REFUSED), by_sex.row(sex)) for sex in by_sex.rows
    }
    return {"all": share(by_sex.column(REFUSED), by_sex.total), **rates}


def precedent_share(table: ProtectedTable) -> float | None:
    """Return which share of decisions was made with a precedent at hand."""
    return share(table.row(Precedent.AT_HAND), table.total)


def overdue_share(table: ProtectedTable) -> float | None:
    """Return which share of the decisions that had a time limit missed it."""
    kept, missed = table.row(TimeLimit.KEPT), table.row(TimeLimit.MISSED)
    return None if kept is None or missed is None else share(missed, kept + missed)


def appealed_share(table: ProtectedTable) -> float | None:
    """Return which share of decisions was appealed against."""
    return share(table.row(Remedy.LODGED), table.total)


def segregation(by_profession: ProtectedTable) -> float | None:
    """Return which share of the women or men had to change profession to be alike.

    0: women and men are spread alike over the professions; 1: no profession has both.
    Professions with a hidden count are taken together, which can only lower the
    number. Cases without a profession are left out. None: too much is hidden, or one
    sex is missing.

    Args:
        by_profession: Decisions by profession and sex.

    Source: O. D. Duncan and B. Duncan, "A Methodological Analysis of Segregation
    Indexes", American Sociological Review 20 (1955).
    """
    women = _spread(by_profession, Sex.FEMALE)
    men = _spread(by_profession, Sex.MALE)
    if women is None or men is None:
        return None
    both = [group for group in women if group in men and group != OTHER]
    all_women, all_men = sum(women.values()), sum(men.values())
    if not all_women or not all_men:
        return None
    apart = [abs(women[each] / all_women - men[each] / all_men) for each in both]
    rest = abs(
        (all_women - sum(women[each] for each in both)) / all_women
        - (all_men - sum(men[each] for each in both)) / all_men
    )
    return round((sum(apart) + rest) / 2, _PLACES)


def _spread(table: ProtectedTable, sex: Sex) -> Mapping[str, int] | None:
    """Return how many of a sex are in each profession; the others under `OTHER`."""
    total, without = table.column(sex), table.cell(NONE, sex)
    if total is None or without is None:
        return None
    known = {
        group: count
        for group in table.rows
        if group not in {NONE, OTHER} and (count := table.cell(group, sex)) is not None
    }
    return {**known, OTHER: total - without - sum(known.values())}
