"""Taking what a training has shown into a case, before anybody assesses it.

The assessment is written for the officer as far as the training says something: known
differences that a passed unit makes up for are covered by it, the others are open. What
an officer has written stays.

Source: Directive 2005/36/EC, article 14(5) (what was learnt since is looked at before
a measure is imposed); EAR manual, chapter 10.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day
from recognition_service.equivalence.compensation import (
    KnownDifference,
    PassedUnit,
    compensate,
)
from recognition_service.equivalence.known_differences import stated_differences
from recognition_service.equivalence.snapshot import Snapshot, title_key
from recognition_service.recognition.alike import differences_alike, subject_of
from recognition_service.recognition.assess import (
    ASSESSMENT_SAVED,
    NOTHING_ASSESSED,
    CoverKind,
    current_assessment,
)
from recognition_service.recognition.assessment_models import Assessment, CaseTraining
from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import CaseFile, get_request
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.lifecycle import OPEN, before_the_decision
from recognition_service.recognition.training_evidence import (
    difference_value,
    standing_units,
    training_of,
    unit_value,
)
from recognition_service.storage.ids import new_id

_SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Training:
    """What the file of a training says, as values.

    Attributes:
        authority: The body that keeps the file.
        id: Of the file.
        units: Those that were passed, in the order of the path.
        known: Differences that are known to be looked for at the destination.
    """

    authority: str
    id: UUID
    units: Sequence[PassedUnit]
    known: Sequence[KnownDifference]


def record_training(
    session: Session,
    caller: Caller,
    file: CaseFile,
    training: Training,
    *,
    snapshot: Snapshot,
    now: datetime,
) -> CaseTraining:
    """Keep what a training has shown, and write the assessment as far as it goes.

    The caller owns the transaction and has locked the case. Doing it again brings the
    case to what the training shows now. A prepared decision is put back.

    Raises:
        TransitionNotAllowedError: The case is decided or over.
    """
    request, today = file.request, legal_day(file.authority, now)
    request.status = before_the_decision(rules_of(session, request), request.status)
    subject = subject_of(file)
    known = [
        *training.known,
        *stated_differences(snapshot, subject, on=today),
        *differences_alike(session, request.authority_id, subject, but=request.id),
    ]
    found = compensate(known, training.units)
    row = training_of(session, request.authority_id, request.id)
    if row is None:
        row = CaseTraining(
            authority_id=request.authority_id, id=new_id(now), request_id=request.id
        )
        session.add(row)
    row.source_authority, row.source_id = training.authority, training.id
    row.content = {
        "units": [unit_value(unit) for unit in training.units],
        "differences": [difference_value(each) for each in found],
    }
    row.recorded_at, row.recorded_by = now, caller.actor
    note_event(
        session,
        request,
        "training_recorded",
        actor=caller.actor,
        now=now,
        details={
            "training": str(training.id),
            "units": len(training.units),
            "compensated": sum(each.is_compensated for each in found),
            "open": sum(not each.is_compensated for each in found),
        },
    )
    _write_assessment(session, file, row, now)
    return row


def shown_to_cases(
    session: Session, keeper: str, trainings: Collection[UUID]
) -> set[UUID]:
    """Return those of a body's trainings on which a case rests."""
    return set(
        session.scalars(
            select(CaseTraining.source_id).where(
                CaseTraining.source_authority == keeper,
                CaseTraining.source_id.in_(trainings),
            )
        )
    )


def renew_training(
    session: Session,
    source: tuple[str, UUID],
    unit: str,
    result: Mapping[str, Any] | None,
    *,
    on: date,
    now: datetime,
) -> None:
    """Tell all cases that rest on a training what became of one of its results.

    The caller owns the transaction, which locks each case. A decision that was
    prepared is put back, for it may rest on what is no more; one that was signed stays,
    and its case shows what happened since.

    Args:
        session: A writing session.
        source: Who keeps the file of the training, and its id.
        unit: Id of the unit.
        result: {achieved_on, assessor, evidence, kind} as corrected; None: it was
            taken back.
        on: The legal day on which that happened.
        now: The instant.
    """
    keeper, training_id = source
    rows = session.scalars(
        select(CaseTraining)
        .where(
            CaseTraining.source_authority == keeper,
            CaseTraining.source_id == training_id,
        )
        .order_by(CaseTraining.authority_id, CaseTraining.request_id)
    ).all()
    change: Mapping[str, Any] = (
        {"taken_back_on": on.isoformat()}
        if result is None
        else {**result, "taken_back_on": None}
    )
    for row in rows:
        if any(each["id"] == unit for each in row.content["units"]):
            _renew(session, row, unit, change, now)


def _renew(
    session: Session,
    row: CaseTraining,
    unit: str,
    change: Mapping[str, Any],
    now: datetime,
) -> None:
    """Change one result that a case rests on, and say in the case what it meant."""
    request = get_request(
        session, row.authority_id, row.request_id, to_change=True, despite_block=True
    )
    row.content = {
        **row.content,
        "units": [
            {**each, **change} if each["id"] == unit else each
            for each in row.content["units"]
        ],
    }
    if request.status in OPEN:
        request.status = before_the_decision(rules_of(session, request), request.status)
    standing = standing_units(row)
    is_taken_back = change["taken_back_on"] is not None
    note_event(
        session,
        request,
        "training_result_taken_back" if is_taken_back else "training_result_corrected",
        actor=_SERVICE,
        now=now,
        details={
            "training": str(row.source_id),
            "unit": unit,
            "differences": [
                each["subject"]
                for each in row.content["differences"]
                if unit in each["units"] and not standing.keys() & set(each["units"])
            ],
        },
    )


def _write_assessment(
    session: Session, file: CaseFile, training: CaseTraining, now: datetime
) -> None:
    """Write the next version of the assessment, with what the training shows."""
    request = file.request
    last = current_assessment(session, request.authority_id, request.id)
    content = last.content if last else NOTHING_ASSESSED
    differences = _merged(content["differences"], training.content["differences"])
    if differences == list(content["differences"]):
        return
    saved = Assessment(
        authority_id=request.authority_id,
        id=new_id(now),
        request_id=request.id,
        version=last.version + 1 if last else 1,
        content={**content, "differences": differences},
        note=None,
        assessed_by=_SERVICE,
        assessed_at=now,
    )
    session.add(saved)
    note_event(
        session,
        request,
        ASSESSMENT_SAVED,
        actor=_SERVICE,
        now=now,
        details={"assessment_version": saved.version},
    )


def _merged(
    assessed: Iterable[Mapping[str, Any]], known: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return assessed differences with what units cover now, then the new ones."""
    covers = {
        title_key(each["subject"]): [
            {"kind": CoverKind.PROGRAMME_UNIT.value, "unit": unit}
            for unit in each["units"]
        ]
        for each in known
    }
    merged: dict[str, dict[str, Any]] = {}
    for each in assessed:
        key = title_key(each["subject"])
        kept = [one for one in each.get("covered_by") or () if not one.get("unit")]
        merged[key] = {**each, "covered_by": [*kept, *covers.get(key, ())]}
    for each in known:
        key = title_key(each["subject"])
        if key not in merged:
            merged[key] = {
                "subject": each["subject"],
                "why_essential": each["why_essential"],
                "why_not_covered": None,
                "covered_by": covers[key],
            }
    return list(merged.values())
