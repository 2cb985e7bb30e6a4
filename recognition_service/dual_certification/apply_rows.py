"""Carrying out the rows of a file about a cohort: all of them, or none.

A row is a JSON value by column, checked by the door that read it. Each column stands
where the body of the single request has a member of the same name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.clock import parse_day
from recognition_service.dual_certification.award_rules import AwardDecision
from recognition_service.dual_certification.cohort_files import Curricula
from recognition_service.dual_certification.decide_many import (
    WantedAward,
    decide_awards,
)
from recognition_service.dual_certification.enrolment import (
    NO_CONSENT,
    Fault,
    NewParticipant,
    NewTrack,
)
from recognition_service.dual_certification.errors import (
    CohortFileInvalidError,
    EnrolmentInvalidError,
)
from recognition_service.dual_certification.lifecycle import AwardStatus, Course, How
from recognition_service.dual_certification.named_tracks import tracks_named
from recognition_service.dual_certification.open_track import open_cohort
from recognition_service.dual_certification.record_many import (
    WantedResult,
    record_results,
)
from recognition_service.dual_certification.track_file import open_own_file
from recognition_service.equivalence.standards import Result, ResultKind
from recognition_service.errors import RecognitionError
from recognition_service.recognition.case_file import EditionAtHand

_YES = "yes"
_MOST_FAULTS = 100


class CohortFileKind(StrEnum):
    """What the rows of a file are about."""

    ENROLMENTS = "enrolments"
    RESULTS = "results"
    AWARDS = "awards"


class FileRow(NamedTuple):
    """A row of a file.

    Attributes:
        line: Where it begins; the header is line 1.
        cells: By column; an empty cell is absent.
    """

    line: int
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FileSettings:
    """What holds for all rows of a file.

    Attributes:
        like: The track whose programme and curriculum new ones follow; None: the file
            enrols nobody.
        programme: In which participants are looked for by name, or None.
    """

    like: UUID | None = None
    programme: str | None = None


def apply_rows(
    session: Session,
    caller: Caller,
    kind: CohortFileKind,
    rows: Sequence[FileRow],
    *,
    settings: FileSettings,
    edition: EditionAtHand,
    now: datetime,
) -> None:
    """Carry out all rows, each by the rules for a single request.

    The caller owns the transaction, which an error rolls back.

    Raises:
        CohortFileInvalidError: Rows cannot be carried out; each is named by its line.
        TrackNotFoundError: There is no track that the new ones can follow.
        NotKeeperError: Another body keeps that track.
    """
    match kind:
        case CohortFileKind.ENROLMENTS:
            _enrol(session, caller, rows, settings, edition, now=now)
        case CohortFileKind.RESULTS:
            tracks = find_tracks(session, caller, rows, settings.programme)
            _require_once(rows, tracks, "unit")
            wanted = [
                _result(row, track) for row, track in zip(rows, tracks, strict=True)
            ]
            results = record_results(
                session, caller, wanted, curricula=Curricula(), now=now
            )
            _require_all(rows, results)
        case CohortFileKind.AWARDS:
            tracks = find_tracks(session, caller, rows, settings.programme)
            _require_once(rows, tracks, "target")
            decided = decide_awards(
                session,
                caller,
                [_award(row, track) for row, track in zip(rows, tracks, strict=True)],
                curricula=Curricula(),
                now=now,
            )
            _require_all(rows, decided)


def find_tracks(
    session: Session, caller: Caller, rows: Sequence[FileRow], programme: str | None
) -> list[UUID]:
    """Return the track of each row, by its id or by what the participant is called.

    Raises:
        CohortFileInvalidError: A name is nobody's, or that of several.
    """
    names = [row.cells["participant_ref"] for row in rows if "track" not in row.cells]
    known = (
        tracks_named(session, caller.authority_id, programme or "", names)
        if names
        else {}
    )
    found: list[UUID] = []
    faults: list[Fault] = []
    for row in rows:
        if "track" in row.cells:
            found.append(UUID(row.cells["track"]))
            continue
        named = known.get(row.cells["participant_ref"], [])
        if len(named) == 1:
            found += named
        else:
            faults.append(_nobody(row, named))
    if faults:
        raise refused(faults)
    return found


def refused(faults: Sequence[Fault]) -> CohortFileInvalidError:
    """Return the error for rows of a file; the first ones are named."""
    ordered = sorted(faults, key=lambda fault: int(fault["row"]))
    return CohortFileInvalidError(
        "Nothing of the file was taken.", tuple(ordered[:_MOST_FAULTS])
    )


def _require_once(rows: Sequence[FileRow], tracks: Sequence[UUID], column: str) -> None:
    """Refuse two rows about the same of one track, however each names it.

    Raises:
        CohortFileInvalidError: There are such rows.
    """
    first: dict[tuple[UUID, str], int] = {}
    faults = []
    for row, track in zip(rows, tracks, strict=True):
        earlier = first.setdefault((track, row.cells[column]), row.line)
        if earlier != row.line:
            detail = f"Line {earlier} is about the same."
            faults.append(_fault(row, column, "duplicate_row", detail))
    if faults:
        raise refused(faults)


def _nobody(row: FileRow, named: Sequence[UUID]) -> Fault:
    name = row.cells["participant_ref"]
    if named:
        return _fault(
            row,
            "participant_ref",
            "ambiguous_participant",
            f"{len(named)} tracks of the programme have this name. Give their ids.",
        )
    return _fault(
        row,
        "participant_ref",
        "unknown_participant",
        f"The programme has no track of {name} in which you take part.",
    )


def _enrol(  # What holds for all rows stands beside them.
    session: Session,
    caller: Caller,
    rows: Sequence[FileRow],
    settings: FileSettings,
    edition: EditionAtHand,
    *,
    now: datetime,
) -> None:
    if settings.like is None:
        raise refused([_fault(row, "", "required", "Like whom?") for row in rows])
    model = open_own_file(session, caller, settings.like)
    programme, curriculum = model.track.programme or None, model.curriculum
    cohort = [_track(row, programme, curriculum) for row in rows]
    try:
        open_cohort(session, caller, cohort, edition=edition, now=now)
    except EnrolmentInvalidError as error:
        raise refused([_by_line(fault, rows) for fault in error.errors]) from error


def _by_line(fault: Mapping[str, Any], rows: Sequence[FileRow]) -> Fault:
    """Return a fault of a list as one of the file, with the name of its column."""
    row = rows[int(fault["row"]) - 1]
    column = str(fault["pointer"]).rpartition("/")[2]
    return {**fault, "pointer": f"/{row.line}/{column}", "row": row.line}


def _require_all(
    rows: Sequence[FileRow], results: Sequence[RecognitionError | None]
) -> None:
    """Refuse the whole file if a row was refused.

    Raises:
        CohortFileInvalidError: One was.
    """
    faults = [
        fault
        for row, error in zip(rows, results, strict=True)
        if error is not None
        for fault in _faults(row, error)
    ]
    if faults:
        raise refused(faults)


def _faults(row: FileRow, error: RecognitionError) -> Iterator[Fault]:
    """Yield what was wrong with a row: its members, or the whole of it."""
    named = getattr(error, "errors", ())
    for fault in named:
        pointer = f"/{row.line}{fault.get('pointer', '')}"
        yield {"detail": str(error), **fault, "pointer": pointer, "row": row.line}
    if not named:
        whole = _fault(row, "", error.code, str(error))
        yield {**whole, **error.members()}


def _fault(row: FileRow, column: str, code: str, detail: str) -> Fault:
    place = f"/{column}" if column else ""
    return {
        "pointer": f"/{row.line}{place}",
        "row": row.line,
        "code": code,
        "detail": detail,
    }


def _track(
    row: FileRow, programme: str | None, curriculum: Mapping[str, Any]
) -> NewTrack:
    cells = row.cells
    on_evidence = cells.get("name_on_evidence")
    consent: Mapping[str, Any] = NO_CONSENT
    if cells.get("consent_given_on") is not None:
        consent = {
            "joint_form": cells.get("joint_form") == _YES,
            "follow_up": cells.get("follow_up") == _YES,
            "given_on": cells["consent_given_on"],
        }
    return NewTrack(
        participant_ref=cells["participant_ref"],
        curriculum=curriculum,
        programme=programme,
        course=Course(cells.get("track", Course.AWAY)),
        consent=consent,
        participant=NewParticipant(
            family_name=cells.get("family_name"),
            given_name=cells.get("given_name"),
            birth_date=parse_day(cells.get("birth_date")),
            other_names=({"kind": "on_evidence", "name": on_evidence},)
            if on_evidence
            else (),
        ),
        enrolled_on=parse_day(cells.get("enrolled_on")),
    )


def _result(row: FileRow, track_id: UUID) -> WantedResult:
    cells = row.cells
    return WantedResult(
        track_id,
        cells["unit"],
        Result(
            date.fromisoformat(cells["achieved_on"]),
            cells["assessor"],
            cells["evidence"],
            ResultKind(cells.get("kind", ResultKind.ASSESSED)),
        ),
    )


def _award(row: FileRow, track_id: UUID) -> WantedAward:
    cells = row.cells
    how, rests_on = cells.get("how"), cells.get("rests_on")
    decision = AwardDecision(
        status=AwardStatus(cells["status"]),
        awarded_on=parse_day(cells.get("awarded_on")),
        how=How(how) if how else None,
        rests_on=UUID(rests_on) if rests_on else None,
        reason=cells.get("reason"),
    )
    return WantedAward(track_id, cells["target"], decision)
