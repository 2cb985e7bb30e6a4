"""Where somebody has worked, as evidence in a case.

What a period counts for follows from its days and hours alone; who employed somebody
and what they did is for the assessor to read.

Source: Directive 2005/36/EC, articles 3(1)(f), 14(5) and 23(1) (professional
experience, and what it makes up for).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.bases import BaseName
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day
from recognition_service.clock import parse_day
from recognition_service.equivalence.amounts import read_amount
from recognition_service.equivalence.experience import FULL_TIME, WorkedPeriod
from recognition_service.recognition.assessment_models import CaseExperience
from recognition_service.recognition.attested_experience import attested_periods
from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.errors import (
    ExperienceInvalidError,
    Fault,
    PaperNotFoundError,
)
from recognition_service.recognition.experience_faults import period_faults
from recognition_service.recognition.lifecycle import before_the_decision
from recognition_service.recognition.papers import get_paper
from recognition_service.recognition.vocabulary import Grade, Supervision
from recognition_service.storage.ids import new_id

PROVEN = frozenset({Grade.CONFIRMED_BY_ISSUER, Grade.ISSUER_SIGNED})
"""Grades with which somebody else than the person vouches for a period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPeriod:
    """A time of work in one place.

    Attributes:
        activity: What the work was, in the words of the person or the employer.
        occupation: Code of ISCO-08 of one to four digits, or None.
        place: Code of a jurisdiction, or None.
        began_on: None: not told; the period then counts for nothing.
        ended_on: None: it goes on.
        hours_per_week: As text; None: full-time.
        full_time_hours: Of a week there, as text; needed where hours are told.
        paper: A paper of the case that shows it, or None.
        authenticity: {grade, established_by, established_on}, or None.
    """

    activity: str
    occupation: str | None = None
    employer: str | None = None
    place: str | None = None
    began_on: date | None = None
    ended_on: date | None = None
    hours_per_week: str | None = None
    full_time_hours: str | None = None
    tasks: tuple[str, ...] = ()
    supervision: Supervision | None = None
    paper: UUID | None = None
    authenticity: dict[str, Any] | None = None

    def as_value(self, by: str) -> dict[str, Any]:
        """Return it as a case keeps it; who said so is named where nobody is."""
        authenticity = {
            "grade": Grade.SELF_DECLARED.value,
            **(self.authenticity or {}),
        }
        return {
            "activity": self.activity,
            "occupation": self.occupation,
            "employer": self.employer,
            "place": self.place,
            "began_on": self.began_on.isoformat() if self.began_on else None,
            "ended_on": self.ended_on.isoformat() if self.ended_on else None,
            "hours_per_week": self.hours_per_week,
            "full_time_hours": self.full_time_hours,
            "tasks": list(self.tasks),
            "supervision": self.supervision.value if self.supervision else None,
            "paper": str(self.paper) if self.paper else None,
            "attestation": None,
            "authenticity": {
                **authenticity,
                "established_by": authenticity.get("established_by") or by,
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExperience:
    """All that is known of where somebody has worked.

    Attributes:
        attestations: Of this installation, that attest experience.
    """

    periods: Sequence[NewPeriod] = ()
    attestations: Sequence[BaseName] = ()


def record_experience(
    session: Session,
    caller: Caller,
    file: CaseFile,
    new: NewExperience,
    *,
    now: datetime,
) -> CaseExperience:
    """Keep where somebody has worked; it replaces what was known before.

    The caller owns the transaction and has locked the case. A prepared decision is put
    back to be written anew.

    Raises:
        TransitionNotAllowedError: The case is decided or over.
        ExperienceInvalidError: A member does not fit the case.
        BaseNotValidError: An attestation is not valid.
    """
    request = file.request
    request.status = before_the_decision(rules_of(session, request), request.status)
    faults = list(_faults(session, file, new, legal_day(file.authority, now)))
    if faults:
        raise ExperienceInvalidError(faults)
    periods = [
        *(each.as_value(caller.actor) for each in new.periods),
        *(
            period
            for base in new.attestations
            for period in attested_periods(session, file, base, now=now)
        ),
    ]
    row = experience_of(session, request.authority_id, request.id)
    if row is None:
        row = CaseExperience(
            authority_id=request.authority_id, id=new_id(now), request_id=request.id
        )
        session.add(row)
    row.periods = periods
    row.recorded_at, row.recorded_by = now, caller.actor
    note_event(
        session,
        request,
        "experience_recorded",
        actor=caller.actor,
        now=now,
        details={"periods": len(periods)},
    )
    return row


def experience_of(
    session: Session, authority_id: str, request_id: UUID
) -> CaseExperience | None:
    """Return where somebody has worked, as far as their case knows; None: not told."""
    return session.scalars(
        select(CaseExperience).where(
            CaseExperience.authority_id == authority_id,
            CaseExperience.request_id == request_id,
        )
    ).first()


def worked_periods(
    periods: Iterable[dict[str, Any]], *, today: date, is_proven: bool = False
) -> list[WorkedPeriod]:
    """Return the periods that count, as values.

    Args:
        periods: As a case keeps them.
        today: Until when work is counted that goes on.
        is_proven: Whether only those count for which somebody else vouches.
    """
    return [
        WorkedPeriod(
            date.fromisoformat(each["began_on"]),
            parse_day(each["ended_on"]) or today,
            _share(each),
            each["occupation"],
        )
        for each in periods
        if each["began_on"] is not None
        and (not is_proven or each["authenticity"]["grade"] in PROVEN)
    ]


def forget_experience(session: Session, authority_id: str, request_id: UUID) -> None:
    """Erase what the person told of their work; days, occupation and hours stay.

    The caller owns the transaction.

    Source: Regulation (EU) 2016/679, articles 5(1)(e) and 17.
    """
    row = experience_of(session, authority_id, request_id)
    if row is not None:
        row.periods = [
            {**each, "activity": "", "employer": None, "place": None, "tasks": []}
            for each in row.periods
        ]


def _share(period: dict[str, Any]) -> Fraction:
    hours = read_amount(period["hours_per_week"])
    full = read_amount(period["full_time_hours"])
    return min(FULL_TIME, Fraction(hours, full)) if hours and full else FULL_TIME


def _faults(
    session: Session, file: CaseFile, new: NewExperience, today: date
) -> Iterator[Fault]:
    for number, each in enumerate(new.periods):
        member = f"periods/{number}"
        yield from _day_faults(member, file, each, today)
        yield from period_faults(member, each.as_value(""))
        if (each.authenticity or {}).get("grade") == Grade.ISSUER_SIGNED:
            yield (
                f"{member}/authenticity/grade",
                "from_attestation_alone",
                "Name the attestation instead.",
            )
        if each.paper is not None:
            try:
                get_paper(
                    session, file.request.authority_id, file.request.id, each.paper
                )
            except PaperNotFoundError as error:
                yield f"{member}/paper", "unknown_paper", str(error)


def _day_faults(
    member: str, file: CaseFile, period: NewPeriod, today: date
) -> Iterator[Fault]:
    born_on, began_on, ended_on = (
        file.applicant.birth_date,
        period.began_on,
        period.ended_on,
    )
    if began_on is not None and began_on > today:
        yield f"{member}/began_on", "date_in_future", f"{began_on} lies in the future."
    if ended_on is not None and ended_on > today:
        yield f"{member}/ended_on", "date_in_future", f"{ended_on} lies in the future."
    if began_on is not None and born_on is not None and began_on < born_on:
        yield f"{member}/began_on", "date_before_birth", "The person was not born yet."
