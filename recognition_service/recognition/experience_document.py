"""Where somebody has worked, with the months it comes to and what these suffice for."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.authorities.found import legal_day
from recognition_service.clock import format_instant
from recognition_service.equivalence.amounts import ONE, write_amount
from recognition_service.equivalence.experience import (
    first_day_of_last,
    is_in_occupation,
    longest_run,
    months_worked,
)
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.experience import experience_of, worked_periods
from recognition_service.regimes.practice import Practice


def experience_document(
    session: Session, file: CaseFile, snapshot: Snapshot | None, *, now: datetime
) -> dict[str, Any] | None:
    """Return where somebody has worked; None: the case knows nothing of it.

    Months are of full-time work: at the same time once, part-time by its share.
    `proven` are those for which somebody else vouches. `practice` holds what is proven
    against what the regime of the case asks for: in the occupation of its profession,
    where the tables know it.

    Args:
        session: A reading session.
        file: The case.
        snapshot: The tables in force; None: what the regime asks for is left out.
        now: The instant.
    """
    request = file.request
    row = experience_of(session, request.authority_id, request.id)
    if row is None:
        return None
    today = legal_day(file.authority, now)
    return {
        "periods": row.periods,
        "months": list(_months(row.periods, today)),
        "practice": []
        if snapshot is None
        else [
            _held_against(practice, row.periods, _occupation(file, snapshot), today)
            for practice in rules_of(session, request).provisions.practice
        ],
        "recorded_by": row.recorded_by,
        "recorded_at": format_instant(row.recorded_at),
    }


def _months(periods: list[dict[str, Any]], today: date) -> Iterator[dict[str, Any]]:
    """Yield the months in each occupation, then those of all work."""
    worked = worked_periods(periods, today=today)
    proven = worked_periods(periods, today=today, is_proven=True)
    occupations = sorted({each.occupation for each in worked if each.occupation})
    for occupation in (*occupations, None):
        yield {
            "occupation": occupation,
            "months": write_amount(
                months_worked(
                    each for each in worked if is_in_occupation(each, occupation)
                )
            ),
            "proven": write_amount(
                months_worked(
                    each for each in proven if is_in_occupation(each, occupation)
                )
            ),
        }


def _held_against(
    practice: Practice,
    periods: list[dict[str, Any]],
    occupation: str | None,
    today: date,
) -> dict[str, Any]:
    counting = [
        each
        for each in worked_periods(periods, today=today, is_proven=True)
        if is_in_occupation(each, occupation)
    ]
    count = longest_run if practice.is_consecutive else months_worked
    since = first_day_of_last(practice.within_months, today)
    found = count(counting, since=since, until=today)
    return {
        "id": practice.id,
        "occupation": occupation,
        "needed_months": practice.months,
        "within_months": practice.within_months,
        "since": since.isoformat(),
        "is_consecutive": practice.is_consecutive,
        "proven_months": write_amount(found),
        "met": found >= practice.months * ONE,
        "article": practice.article,
        "is_confirmed": practice.is_confirmed,
    }


def _occupation(file: CaseFile, snapshot: Snapshot) -> str | None:
    """Return the occupation of the profession that the case is about, if known."""
    profession = file.request.profession
    row = snapshot.tables.professions.get(profession) if profession else None
    return row.isco08 if row is not None else None
