"""What an assessor sees of a case: qualifications, evidence and elements, no person.

Neither name nor sex, age, nationality, place of birth or why somebody may rely on an
instrument is here, nor anything that might tell it: papers are without their titles and
file names, and facts are only those that the tables can ask about.

Source: Lisbon Recognition Convention, article III.1 (no discrimination on any ground
not related to the merits of the qualification).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.authorities.found import legal_day
from recognition_service.clock import format_instant
from recognition_service.equivalence.precedents import precedent_statements
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.conditions import FACTS
from recognition_service.frameworks.instruments import ElementResult
from recognition_service.recognition.alike import (
    AlikePage,
    count_alike,
    decided_alike,
    statement_document,
    subject_of,
)
from recognition_service.recognition.assess import (
    ELEMENTS,
    NOTHING_ASSESSED,
    current_assessment,
    notes_of,
)
from recognition_service.recognition.assess_paper import finding_of
from recognition_service.recognition.assessment_models import Assessment
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.experience_document import experience_document
from recognition_service.recognition.models import HeldQualification
from recognition_service.recognition.paper_models import CasePaper
from recognition_service.recognition.papers import papers_of
from recognition_service.recognition.prefill import prefilled_decision
from recognition_service.recognition.short_path import short_path_in
from recognition_service.recognition.training_evidence import (
    training_document,
    training_of,
)

_LATEST = 5
_OF_HELD = (
    "qualification",
    "title",
    "title_language",
    "origin",
    "framework",
    "level",
    "awarded_on",
    "training_started_on",
    "valid_until",
    "awarding_body",
    "institution_status",
    "authenticity",
)
_OPEN = {
    "result": ElementResult.NOT_ASSESSED.value,
    "held": None,
    "required": None,
    "reason": None,
}


def assessment_document(
    session: Session,
    file: CaseFile,
    snapshot: Snapshot,
    *,
    public_url: str,
    now: datetime,
) -> dict[str, Any]:
    """Return an assessment with what it rests on and what is suggested.

    What nobody has assessed yet is there with the result `not_assessed`. Reasons and
    conditions of the suggestion are codes without sentences. Who may open the file of
    a blocked case sees it too.
    """
    request = file.request
    owner = request.authority_id
    found = current_assessment(session, owner, request.id)
    content = NOTHING_ASSESSED if found is None else found.content
    papers = [
        paper
        for paper in papers_of(session, owner, request.id, despite_block=True)
        if isinstance(paper, CasePaper)
    ]
    return {
        "request": {
            "id": str(request.id),
            "number": request.number,
            "status": request.status,
            "regime": request.regime,
            "decision_kind": request.decision_kind,
            "purpose": request.purpose,
            "destination": {
                "jurisdiction": request.destination,
                "profession": request.profession,
            },
        },
        "version": found.version if found else None,
        "assessed_by": found.assessed_by if found else None,
        "assessed_at": format_instant(found.assessed_at) if found else None,
        "reference": content["reference"],
        "level_held": content["level_held"],
        "level_required": content["level_required"],
        "qualifications": [
            _qualification(row, content["qualifications"], papers) for row in file.held
        ],
        "papers": [_paper(paper) for paper in papers if paper.held_position is None],
        "differences": [_difference(each) for each in content["differences"]],
        "experience": experience_document(session, file, snapshot, now=now),
        "training": training_document(training_of(session, owner, request.id)),
        "notes": [_note(each) for each in notes_of(session, owner, request.id)],
        "suggestions": {
            "equivalence": request.equivalence,
            "precedents": _precedents(session, file, snapshot, now),
            "short_path": _short_path(session, file, snapshot),
        },
        "links": {
            "request": f"{public_url}/api/v1/recognition-requests/{request.id}",
            "reason_phrases": f"{public_url}/api/v1/reason-phrases",
        },
    }


def _qualification(
    row: HeldQualification,
    assessed: Iterable[Mapping[str, Any]],
    papers: Sequence[CasePaper],
) -> dict[str, Any]:
    facts = row.content.get("facts") or {}
    found = [each for each in assessed if each["held_qualification"] == row.position]
    elements = found[0]["elements"] if found else {}
    return {
        "held_qualification": row.position,
        **{name: row.content.get(name) for name in _OF_HELD},
        "facts": {name: fact for name, fact in facts.items() if name in FACTS},
        "papers": [
            _paper(paper) for paper in papers if paper.held_position == row.position
        ],
        "elements": {name: {**_OPEN, **elements.get(name, {})} for name in ELEMENTS},
    }


def _paper(paper: CasePaper) -> dict[str, Any]:
    return {
        "id": str(paper.id),
        "kind": paper.kind,
        "status": paper.status,
        "authenticity": {
            "grade": paper.grade,
            "established_by": paper.established_by,
            "established_on": paper.established_on.isoformat()
            if paper.established_on
            else None,
        },
        "legalisation": finding_of(paper).state,
        "verdict": paper.verdict,
        "language_proof": paper.language_proof,
    }


def _difference(difference: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject": difference["subject"],
        "why_essential": difference.get("why_essential"),
        "why_not_covered": difference.get("why_not_covered"),
        **({"concerns": difference["concerns"]} if difference.get("concerns") else {}),
        "covered_by": [
            {
                "kind": cover["kind"],
                "paper": cover.get("paper"),
                "text": cover.get("text"),
                **({"unit": cover["unit"]} if cover.get("unit") else {}),
            }
            for cover in difference.get("covered_by") or ()
        ],
    }


def _note(version: Assessment) -> dict[str, Any]:
    return {
        "by": version.assessed_by,
        "at": format_instant(version.assessed_at),
        "text": version.note,
    }


def _short_path(
    session: Session, file: CaseFile, snapshot: Snapshot
) -> dict[str, Any] | None:
    """Return why no examination is needed, with the decision that could follow."""
    path = short_path_in(file.request.routing_reasons)
    if path is None:
        return None
    return {
        **path,
        "prefill": prefilled_decision(session, file, path, snapshot),
    }


def _precedents(
    session: Session, file: CaseFile, snapshot: Snapshot, now: datetime
) -> dict[str, Any]:
    request, subject = file.request, subject_of(file)
    outcomes = count_alike(session, request.authority_id, subject, but=request.id)
    latest = AlikePage(_LATEST, but=request.id)
    statements = precedent_statements(
        snapshot, subject, on=legal_day(file.authority, now)
    )
    return {
        "number": sum(outcomes.values()),
        "outcomes": outcomes,
        "latest": decided_alike(session, request.authority_id, subject, latest),
        "statements": [statement_document(row) for row in statements],
    }
