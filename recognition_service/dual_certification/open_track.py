"""Enrolling participants: one, or a whole cohort at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import (
    get_authority,
    legal_day,
    modes_of_known,
)
from recognition_service.credentials.canonical import digest
from recognition_service.dual_certification.enrolment import (
    Fault,
    NewTrack,
    document_faults,
    participant_faults,
)
from recognition_service.dual_certification.errors import EnrolmentInvalidError
from recognition_service.dual_certification.write_tracks import (
    Enrolment,
    write_tracks,
)
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.storage.ids import new_id

_MOST_FAULTS = 100


def open_track(
    session: Session,
    caller: Caller,
    new: NewTrack,
    *,
    edition: EditionAtHand,
    now: datetime,
) -> UUID:
    """Enrol a participant on a track of their own.

    The caller owns the transaction. Every authority of an award takes part from then
    on; what it awards it decides by itself.

    Returns:
        The id of the track.

    Raises:
        EnrolmentInvalidError: It breaks a rule; each is named with its member.
    """
    faults, enrolments = _check(session, caller, [new], edition, now)
    if faults:
        raise _refused(faults[0], "The enrolment breaks rules")
    (opened,) = write_tracks(session, caller, enrolments, now)
    if opened is None:
        raise _refused([_enrolled_already(new)], "The participant is enrolled already")
    return opened


def open_cohort(
    session: Session,
    caller: Caller,
    cohort: Sequence[NewTrack],
    *,
    edition: EditionAtHand,
    now: datetime,
) -> list[UUID]:
    """Enrol all participants of a list, or none of them.

    The caller owns the transaction, which an error rolls back.

    Returns:
        The ids of the tracks in the order of the list.

    Raises:
        EnrolmentInvalidError: A row breaks a rule; each is named with its row.
    """
    faults, enrolments = _check(session, caller, cohort, edition, now)
    for number, double in _doubles(cohort):
        faults.setdefault(number, []).append(double)
    if not faults:
        ids = write_tracks(session, caller, enrolments, now)
        for number, opened in enumerate(ids):
            if opened is None:
                faults[number] = [_enrolled_already(cohort[number])]
        if not faults:
            return [opened for opened in ids if opened is not None]
    listed = [
        in_row(number, fault) for number in sorted(faults) for fault in faults[number]
    ]
    raise _refused(listed, "Nobody of the list was enrolled")


def in_row(number: int, fault: Mapping[str, Any]) -> Fault:
    """Return a fault as one of a row of a list; rows are counted from 1 for people."""
    pointer = f"/{number}{fault.get('pointer', '')}"
    return {**fault, "pointer": pointer, "row": number + 1}


def _check(
    session: Session,
    caller: Caller,
    cohort: Sequence[NewTrack],
    edition: EditionAtHand,
    now: datetime,
) -> tuple[dict[int, list[Fault]], list[Enrolment]]:
    """Return the faults by row, and the rows as they would be written.

    A curriculum that many rows share is checked once.
    """
    tables = edition.compiled.snapshot.tables
    modes = modes_of_known(session)
    today = legal_day(get_authority(session, caller.authority_id), now)
    known: dict[str, list[Fault]] = {}
    faults: dict[int, list[Fault]] = {}
    enrolments = []
    for number, new in enumerate(cohort):
        curriculum = digest(new.curriculum)
        if curriculum not in known:
            known[curriculum] = list(
                document_faults(new.curriculum, tables, modes, caller.mode)
            )
        enrolled_on = new.enrolled_on or today
        found = [*known[curriculum], *participant_faults(new, tables, enrolled_on)]
        if found:
            faults[number] = found
        enrolments.append(Enrolment(new_id(now), new, curriculum, enrolled_on))
    return faults, enrolments


def _doubles(cohort: Sequence[NewTrack]) -> Iterator[tuple[int, Fault]]:
    """Yield the rows that name a participant whom an earlier row names."""
    first: dict[tuple[str | None, str], int] = {}
    for number, new in enumerate(cohort):
        earlier = first.setdefault((new.programme, new.participant_ref), number)
        if earlier != number:
            yield (
                number,
                {
                    "pointer": "/participant_ref",
                    "code": "duplicate_participant",
                    "detail": f"Row {number + 1} names {new.participant_ref}, as row "
                    f"{earlier + 1} does. A participant is enrolled once.",
                },
            )


def _enrolled_already(new: NewTrack) -> Fault:
    return {
        "pointer": "/participant_ref",
        "code": "participant_enrolled",
        "detail": f"{new.participant_ref} has a track in this programme already.",
    }


def _refused(faults: Sequence[Fault], sentence: str) -> EnrolmentInvalidError:
    return EnrolmentInvalidError(f"{sentence}.", tuple(faults[:_MOST_FAULTS]))
