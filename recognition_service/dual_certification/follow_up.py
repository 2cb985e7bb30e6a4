"""What is asked of a participant some months after the awards, and what follows.

Source: EMN Inform on Skills Mobility Partnerships, section 6.2 (continuous
evaluation); IOM, "Migration et partenariats fondés sur les compétences" (deskilling).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from recognition_service.dual_certification.lifecycle import (
    AwardStatus,
    Course,
    TrackStatus,
)
from recognition_service.equivalence.places import Places
from recognition_service.frameworks.months import add_months
from recognition_service.frameworks.occupations import (
    JobLevel,
    is_occupation,
    job_level,
)

PERIODS = (6, 12, 24)
"""After how many months a participant is asked."""

_ONE_DAY = timedelta(days=1)
Fault = dict[str, str]


class Movement(StrEnum):
    """Where a participant lives, seen from the state of origin."""

    STAYED = "stayed"
    MOVED = "moved"
    RETURNED = "returned"
    NOT_ESTABLISHED = "not_established"


class Work(StrEnum):
    """Whether a participant works, and how the job stands to the award."""

    AT_LEVEL = "at_level"
    BELOW_LEVEL = "below_level"
    LEVEL_NOT_ESTABLISHED = "level_not_established"
    NO_WORK = "no_work"


DESKILLING = {
    Work.AT_LEVEL: "no",
    Work.BELOW_LEVEL: "yes",
    Work.LEVEL_NOT_ESTABLISHED: "not_established",
    Work.NO_WORK: None,
}
"""Whether a job is below the level of the awards; None: there is no job."""


class Sector(StrEnum):
    """Whether a participant works in the sector of the training.

    Who has no work does not work in it either.
    """

    SAME = "same"
    NOT_IN_IT = "not_in_it"
    NOT_TOLD = "not_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAnswer:
    """What a participant answered.

    Attributes:
        answered_on: None: today.
        occupation: Of ISCO-08, one to four digits; None: no work, or not told.
        same_sector: Whether the work is in the sector of the training; likewise.
        residence: A jurisdiction.
    """

    answered_on: date | None
    employed: bool
    occupation: str | None
    same_sector: bool | None
    residence: str


class _Award(Protocol):
    """What counts of an award here."""

    @property
    def status(self) -> str: ...

    @property
    def awarded_on(self) -> date | None: ...

    @property
    def decided_on(self) -> date | None: ...


def counted_from(status: str, awards: Iterable[_Award]) -> date | None:
    """Return the day from which the months are counted.

    It is the day of the latest award; where none was made, that on which the track
    ended. None: there is none of them yet.
    """
    known = list(awards)
    made = [
        each.awarded_on
        for each in known
        if each.status == AwardStatus.AWARDED and each.awarded_on is not None
    ]
    if made:
        return max(made)
    ends = [each.decided_on for each in known if each.decided_on is not None]
    return max(ends) if ends and status == TrackStatus.COMPLETED else None


def latest_beginning(day: date, months: int) -> date:
    """Return the last day from which so many months are over on a day."""
    found = add_months(day, -months)
    while add_months(found + _ONE_DAY, months) <= day:
        found += _ONE_DAY
    return found


def answer_faults(answer: FollowUpAnswer, known: Collection[str]) -> list[Fault]:
    """Return what is wrong with an answer.

    Args:
        answer: As it came in.
        known: The jurisdictions of the tables.
    """
    faults = []
    if answer.occupation is not None and not is_occupation(answer.occupation):
        faults.append(
            _fault(
                "occupation",
                "not_an_occupation",
                "A group of ISCO-08 is expected, one to four digits such as 2221.",
            )
        )
    if not answer.employed:
        faults += [
            _fault(name, "no_work", "Who does not work has none.")
            for name in ("occupation", "same_sector")
            if getattr(answer, name) is not None
        ]
    if answer.residence not in known:
        detail = f"There is no jurisdiction {answer.residence}."
        faults.append(_fault("residence", "unknown_code", detail))
    return faults


def movement(
    residence: str, origins: Collection[str], course: str, places: Places
) -> Movement:
    """Return whether somebody stayed in the state of origin, moved, or came back.

    Args:
        residence: Where the person lives.
        origins: Where the person may come from; more than one, or none, where that
            is not known.
        course: The `Course` of the track.
        places: Who is part of whom.
    """
    if not origins:
        return Movement.NOT_ESTABLISHED
    at_home = [each for each in origins if places.are_related(each, residence)]
    if not at_home:
        return Movement.MOVED
    if len(at_home) < len(origins):
        return Movement.NOT_ESTABLISHED
    return Movement.STAYED if course == Course.HOME else Movement.RETURNED


def work_of(answer: FollowUpAnswer, expected: int | None) -> Work:
    """Return whether somebody works at the level of an award.

    Args:
        answer: Without faults.
        expected: Skill level of the award; None: not established.
    """
    if not answer.employed:
        return Work.NO_WORK
    match job_level(answer.occupation, expected):
        case JobLevel.AT_LEVEL:
            return Work.AT_LEVEL
        case JobLevel.BELOW:
            return Work.BELOW_LEVEL
        case JobLevel.NOT_ESTABLISHED:
            return Work.LEVEL_NOT_ESTABLISHED


def sector_of(answer: FollowUpAnswer) -> Sector:
    """Return whether somebody works in the sector of the training."""
    if answer.employed and answer.same_sector is None:
        return Sector.NOT_TOLD
    return Sector.SAME if answer.same_sector else Sector.NOT_IN_IT


def _fault(name: str, code: str, detail: str) -> Fault:
    return {"pointer": f"/{name}", "code": code, "detail": detail}
