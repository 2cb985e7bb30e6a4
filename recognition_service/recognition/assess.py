"""Assessing a case: what is held beside what is required, element by element.

Source: Lisbon Recognition Convention, articles III.1 and VI.1; EAR manual, chapters 2
and 10 (the five elements, substantial differences).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.models import Role
from recognition_service.equivalence.snapshot import title_key
from recognition_service.frameworks.instruments import ElementResult
from recognition_service.recognition.assessment_models import Assessment
from recognition_service.recognition.case_events import happen, note_event
from recognition_service.recognition.case_file import CaseFile, open_file
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.errors import (
    AssessmentInvalidError,
    DifferenceCompensatedError,
    Fault,
    PaperNotFoundError,
    TransitionNotAllowedError,
)
from recognition_service.recognition.lifecycle import OPEN, before_the_decision
from recognition_service.recognition.papers import get_paper
from recognition_service.recognition.short_path import DIFFERENCES
from recognition_service.recognition.training_evidence import (
    evidence_of,
    standing_units,
    training_of,
)
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.regimes.regime import Regime
from recognition_service.storage.ids import new_id

ELEMENTS = ("level", "workload", "quality", "profile", "learning_outcomes")
"""The five elements of a qualification, in the order in which they are compared."""

ASSESSMENT_SAVED = "assessment_saved"
_NOT_WAITING = frozenset(
    {
        CaseState.SUBMITTED,
        CaseState.ACKNOWLEDGED,
        CaseState.INCOMPLETE,
        CaseState.COMPLETE,
    }
)
"""States that end when somebody assesses; in others something is waited for."""
_TAKEN = ("level_held", "level_required")
_OF_DIFFERENCE = ("subject", "why_essential", "why_not_covered", "concerns")
NOTHING_ASSESSED: Mapping[str, Any] = {
    "reference": None,
    "qualifications": [],
    "differences": [],
    "level_held": None,
    "level_required": None,
}
"""The content of an assessment that nobody has begun."""


class CoverKind(StrEnum):
    """What makes up for a difference.

    Source: Directive 2005/36/EC, article 14(5); EAR manual, chapter 9.
    """

    EXPERIENCE = "experience"
    LIFELONG_LEARNING = "lifelong_learning"
    OTHER_QUALIFICATION = "other_qualification"
    PROGRAMME_UNIT = "programme_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAssessment:
    """An assessment as an officer writes it, all of it JSON values.

    Attributes:
        reference: What it is compared with: {qualification, profession, framework,
            level}, or None.
        qualifications: Each {held_qualification, elements}; the first is the position
            in the request, the second has {result, held, required, reason} by element.
        differences: Each {subject, why_essential, why_not_covered, covered_by}, and
            `concerns` where it is told; `covered_by` lists {kind, paper, unit, text},
            with a paper of the case, a unit that a training has shown for it, or a
            text.
        note: For colleagues; the applicant never sees it.
    """

    reference: Mapping[str, Any] | None = None
    qualifications: Sequence[Mapping[str, Any]] = ()
    differences: Sequence[Mapping[str, Any]] = ()
    level_held: str | None = None
    level_required: str | None = None
    note: str | None = None


def save_assessment(
    session: Session,
    caller: Caller,
    request_id: UUID,
    new: NewAssessment,
    *,
    now: datetime,
) -> Assessment:
    """Save the next version of an assessment. The caller owns the transaction.

    A case that waits for nobody becomes `assessing` where its regime lets that follow;
    a decision that was prepared is put back to be written anew.

    Raises:
        RequestNotFoundError: The authority has no such request.
        RoleMissingError: The caller is no officer.
        TransitionNotAllowedError: It is decided or over.
        TimeLimitPassedError: Silence has had its effect already.
        AssessmentInvalidError: It names what the case does not have.
    """
    caller.require(Role.OFFICER)
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    rules = rules_of(session, file.request)
    if file.request.status not in OPEN:
        raise TransitionNotAllowedError(
            file.request.status,
            CaseState.ASSESSING,
            rules.lifecycle.allowed(file.request.status),
        )
    faults = [*_qualification_faults(file, new), *_cover_faults(session, file, new)]
    if faults:
        raise AssessmentInvalidError(faults)
    _begin(session, caller, file, rules, now)
    last = current_assessment(session, caller.authority_id, request_id)
    saved = Assessment(
        authority_id=caller.authority_id,
        id=new_id(now),
        request_id=request_id,
        version=last.version + 1 if last else 1,
        content={
            "reference": new.reference,
            "qualifications": list(new.qualifications),
            "differences": list(new.differences),
            "level_held": new.level_held,
            "level_required": new.level_required,
        },
        note=new.note,
        assessed_by=caller.actor,
        assessed_at=now,
    )
    session.add(saved)
    note_event(
        session,
        file.request,
        ASSESSMENT_SAVED,
        actor=caller.actor,
        now=now,
        details={"assessment_version": saved.version, **_differences(new)},
    )
    return saved


def current_assessment(
    session: Session, authority_id: str, request_id: UUID
) -> Assessment | None:
    """Return the version of a case's assessment that counts; None: nobody assessed."""
    return session.scalars(
        select(Assessment)
        .where(
            Assessment.authority_id == authority_id,
            Assessment.request_id == request_id,
        )
        .order_by(Assessment.version.desc())
        .limit(1)
    ).first()


def notes_of(session: Session, authority_id: str, request_id: UUID) -> list[Assessment]:
    """Return the versions of an assessment with which something was noted, in order."""
    return list(
        session.scalars(
            select(Assessment)
            .where(
                Assessment.authority_id == authority_id,
                Assessment.request_id == request_id,
                Assessment.note.is_not(None),
            )
            .order_by(Assessment.version)
        )
    )


def with_assessment(
    session: Session, authority_id: str, request_id: UUID, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a decision with what it leaves out and the assessment says.

    These are `elements` (those of the first held qualification), `differences` (those
    that something covers are no longer ones, unless it is said why it does not),
    `level_held` and `level_required`. What the decision names itself stays, null too.
    What is covered is named with its evidence as `compensated`, in every case.

    Raises:
        DifferenceCompensatedError: The decision names a difference itself that a passed
            unit covers.
    """
    found = current_assessment(session, authority_id, request_id)
    if found is None:
        return dict(content)
    units = standing_units(training_of(session, authority_id, request_id))
    assessed = found.content["differences"]
    compensated = [
        {"subject": each["subject"], "covered_by": _evidence(each, units)}
        for each in assessed
        if not _is_open(each, units)
    ]
    _require_open(content.get("differences") or (), compensated)
    said: dict[str, Any] = {
        "elements": _results(found.content["qualifications"]),
        "differences": _open_differences(assessed, units),
        **{name: found.content[name] for name in _TAKEN},
    }
    whole = {
        **content,
        **{
            name: value for name, value in said.items() if value and name not in content
        },
    }
    return {**whole, "compensated": compensated} if compensated else whole


def _differences(new: NewAssessment) -> dict[str, int]:
    """Return how many substantial differences an assessment names, if it names any."""
    elements = [
        found
        for each in new.qualifications
        for found in each["elements"].values()
        if found["result"] == ElementResult.SUBSTANTIAL_DIFFERENCE
    ]
    number = len(new.differences) or len(elements)
    return {DIFFERENCES: number} if number else {}


def _results(assessed: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the results for the qualification that is to be recognised."""
    return {
        element: found["result"]
        for each in assessed
        if each["held_qualification"] == 0
        for element, found in each["elements"].items()
    }


def _open_differences(
    differences: Iterable[Mapping[str, Any]], units: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, str]]:
    return [
        {name: each[name] for name in _OF_DIFFERENCE if each.get(name)}
        for each in differences
        if _is_open(each, units)
    ]


def _is_open(
    difference: Mapping[str, Any], units: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Tell whether nothing covers a difference, or it is said why it does not."""
    return bool(difference.get("why_not_covered")) or not _evidence(difference, units)


def _evidence(
    difference: Mapping[str, Any], units: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return what covers a difference; a unit whose result is gone covers nothing."""
    found = []
    for cover in difference.get("covered_by") or ():
        unit = cover.get("unit")
        if unit is None:
            found.append(dict(cover))
        elif unit in units:
            found.append({**cover, **evidence_of(units[unit])})
    return found


def _require_open(
    named: Iterable[Mapping[str, Any]], compensated: Iterable[Mapping[str, Any]]
) -> None:
    """Refuse differences that a passed unit makes up for.

    Raises:
        DifferenceCompensatedError: One is named.
    """
    covered = {
        title_key(each["subject"])
        for each in compensated
        if any(cover.get("unit") for cover in each["covered_by"])
    }
    faults = [
        (
            f"differences/{number}/subject",
            "difference_compensated",
            "A passed unit covers it. Say in the assessment why it does not.",
        )
        for number, each in enumerate(named)
        if title_key(each.get("subject") or "") in covered
    ]
    if faults:
        raise DifferenceCompensatedError(faults)


def _begin(
    session: Session, caller: Caller, file: CaseFile, rules: Regime, now: datetime
) -> None:
    """Bring a case to where it is assessed, unless something is waited for."""
    request = file.request
    if request.status == CaseState.DECISION_PREPARED:
        request.status = before_the_decision(rules, request.status)
    follows = rules.lifecycle.allowed(request.status)
    if request.status in _NOT_WAITING and CaseState.ASSESSING in follows:
        happen(
            session,
            request,
            CaseEventKind.ASSESSMENT_BEGUN,
            actor=caller.actor,
            now=now,
        )


def _qualification_faults(file: CaseFile, new: NewAssessment) -> Iterable[Fault]:
    seen: set[int] = set()
    for number, each in enumerate(new.qualifications):
        position = each["held_qualification"]
        member = f"qualifications/{number}/held_qualification"
        if position >= len(file.held):
            yield member, "out_of_range", "There is no such held qualification."
        elif position in seen:
            yield member, "named_twice", "Assess each held qualification once."
        seen.add(position)


def _cover_faults(
    session: Session, file: CaseFile, new: NewAssessment
) -> Iterable[Fault]:
    """Yield what cannot cover a difference: nothing named, or what the case lacks."""
    request = file.request
    units = standing_units(training_of(session, request.authority_id, request.id))
    for number, difference in enumerate(new.differences):
        for place, cover in enumerate(difference.get("covered_by") or ()):
            member = f"differences/{number}/covered_by/{place}"
            paper, unit = cover.get("paper"), cover.get("unit")
            if unit is not None and unit not in units:
                yield f"{member}/unit", "unknown_unit", "No training shows this unit."
            if paper is None:
                if not cover.get("text") and unit is None:
                    yield member, "paper_or_text", "Name a paper or write a text."
                continue
            try:
                get_paper(session, request.authority_id, request.id, UUID(paper))
            except PaperNotFoundError as error:
                yield f"{member}/paper", "unknown_paper", str(error)
