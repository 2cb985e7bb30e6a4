"""Whether the limits of a programme admit somebody, and how long a stay lasts.

A limit is about admission to a programme. It never decides about the recognition of
a qualification: no comparison, no decision and no attestation asks for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recognition_service.frameworks.months import add_months, age_on
from recognition_service.frameworks.programmes import LimitKind, ProgrammeLimit
from recognition_service.frameworks.rows import Evidence


class Admission(StrEnum):
    """What the limits of age say."""

    ADMITTED = "admitted"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    NOT_ESTABLISHED = "not_established"


class AdmissionReason(StrEnum):
    """Why the limits say so."""

    WITHIN_LIMITS = "within_limits"
    BELOW_AGE_MIN = "below_age_min"
    ABOVE_AGE_MAX = "above_age_max"
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"
    BORN_LATER = "born_later"
    NO_LIMIT_KNOWN = "no_limit_known"
    AGE_MIN_UNKNOWN = "age_min_unknown"
    AGE_MAX_UNKNOWN = "age_max_unknown"
    LIMIT_NOT_READ = "limit_not_read"


@dataclass(frozen=True, slots=True)
class AdmissionFinding:
    """What the limits say about one person on one day.

    Attributes:
        age: Completed years, `None` where no age could be counted.
        limits: Ids of the limits on which the finding rests.
    """

    admission: Admission
    reason: AdmissionReason
    age: int | None = None
    limits: tuple[str, ...] = ()


def check_admission(
    limits: Iterable[ProgrammeLimit], birth_date: date | None, day: date
) -> AdmissionFinding:
    """Tell whether the limits of age of a programme admit a person on a day.

    Who breaks a known limit is not admitted, whatever else is known. Admitted is
    only who is within both: a limit that is empty is not established, and never
    "none". A limit that was not read in its source informs and decides nothing.

    Source: EMN Inform on Skills Mobility Partnerships, section 5.3 (an age of 18 to
    35 as a limit of admission).
    """
    ages = [row for row in limits if row.kind is LimitKind.AGE and _holds(row, day)]
    read = [row for row in ages if row.evidence is Evidence.SOURCE_READ]
    if not ages:
        return _not_established(AdmissionReason.NO_LIMIT_KNOWN)
    if not read:
        return _not_established(AdmissionReason.LIMIT_NOT_READ, ages)
    if birth_date is None:
        return _not_established(AdmissionReason.BIRTH_DATE_UNKNOWN, read)
    if birth_date > day:
        return _not_established(AdmissionReason.BORN_LATER, read)
    return _compared(read, age_on(birth_date, day))


def stay_ends_on(start: date, limit: ProgrammeLimit, renewals: int = 0) -> date | None:
    """Return the day on which the longest stay is over; `None` is not established.

    The stay is counted from its start with all its months at once, so that renewals
    do not move its last day.

    Args:
        start: First day of the stay.
        limit: A limit of the stay.
        renewals: How many times the stay was renewed, not negative.
    """
    if limit.months_max is None or (renewals and limit.renewal_months is None):
        return None
    return add_months(start, limit.months_max + renewals * (limit.renewal_months or 0))


def _holds(row: ProgrammeLimit, day: date) -> bool:
    """Tell whether nothing says that the row does not hold on this day."""
    return not (
        (row.valid_from is not None and day < row.valid_from)
        or (row.valid_to is not None and row.valid_to < day)
    )


def _compared(rows: list[ProgrammeLimit], age: int) -> AdmissionFinding:
    below = [row for row in rows if row.age_min is not None and age < row.age_min]
    above = [row for row in rows if row.age_max is not None and age > row.age_max]
    if below:
        found, reason, used = Admission.TOO_YOUNG, AdmissionReason.BELOW_AGE_MIN, below
    elif above:
        found, reason, used = Admission.TOO_OLD, AdmissionReason.ABOVE_AGE_MAX, above
    elif all(row.age_min is None for row in rows):
        return _not_established(AdmissionReason.AGE_MIN_UNKNOWN, rows, age)
    elif all(row.age_max is None for row in rows):
        return _not_established(AdmissionReason.AGE_MAX_UNKNOWN, rows, age)
    else:
        found, reason, used = Admission.ADMITTED, AdmissionReason.WITHIN_LIMITS, rows
    return AdmissionFinding(found, reason, age, tuple(row.id for row in used))


def _not_established(
    reason: AdmissionReason,
    rows: Iterable[ProgrammeLimit] = (),
    age: int | None = None,
) -> AdmissionFinding:
    return AdmissionFinding(
        Admission.NOT_ESTABLISHED, reason, age, tuple(row.id for row in rows)
    )
