"""All that a case holds about the person whose case it is, for that person.

Source: Regulation (EU) 2016/679, articles 15 and 20.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.clock import format_instant
from recognition_service.recognition.alert_lists import alerts_about, told_document
from recognition_service.recognition.assess import current_assessment
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.experience_document import experience_document
from recognition_service.recognition.looks import readings_for_person
from recognition_service.recognition.models import (
    ApplicantBackground,
    Decision,
    RecognitionRequest,
)
from recognition_service.recognition.paper_document import paper_document
from recognition_service.recognition.papers import AnyPaper, papers_of
from recognition_service.recognition.progress import for_applicant
from recognition_service.recognition.rectification import rectifications_of
from recognition_service.recognition.training_evidence import (
    training_document,
    training_of,
)

_NOT_OF_THE_PERSON = frozenset({"added_by", "received_by", "links"})
"""Who of the authority handled a paper, and addresses that need a key."""


def data_of_person(
    session: Session, file: CaseFile, *, public_url: str, now: datetime
) -> dict[str, Any]:
    """Return what a case holds about its person, as they may see it.

    A suspicion of fraud is not told. Who worked on the case is told by role.
    """
    request, owner = file.request, file.request.authority_id
    events = events_of(session, owner, request.id)
    signed = [each for each in file.decisions if each.signed_at is not None]
    signed += [
        each
        for each in (file.provisional, file.revocation)
        if each is not None and each.signed_at is not None
    ]
    return {
        "person": _person(session, file),
        "request": _request(request),
        "held_qualifications": [dict(row.content) for row in file.held],
        "progress": for_applicant(session, file, now=now),
        "papers": [
            _paper(paper, public_url)
            for paper in papers_of(session, owner, request.id, despite_block=True)
        ],
        "experience": experience_document(session, file, None, now=now),
        "training": training_document(training_of(session, owner, request.id)),
        "assessment": _assessment(session, file),
        "decisions": [_decision(each) for each in signed],
        "rectifications": rectifications_of(events),
        "alerts": [
            told_document(alert) for alert in alerts_about(session, owner, request.id)
        ],
        "readings": readings_for_person(session, owner, request.id),
        "retention": retention_document(session, file),
    }


def retention_document(session: Session, file: CaseFile) -> dict[str, Any]:
    """Return how long a file is kept, and what has been erased or blocked of it.

    Months count from the day on which the case was closed; None: not laid down.
    """
    request = file.request
    kept = rules_of(session, request).provisions.retention
    return {
        "file_months": kept.file,
        "papers_months": kept.papers,
        "sensitive_months": kept.sensitive,
        "article": kept.article,
        "is_confirmed": kept.is_confirmed,
        "closed_at": _instant(request.closed_at),
        "is_held": request.legal_hold is not None,
        "papers_erased_at": _instant(request.papers_erased_at),
        "sensitive_erased_at": _instant(request.sensitive_erased_at),
        "blocked_at": _instant(request.blocked_at),
    }


def _assessment(session: Session, file: CaseFile) -> dict[str, Any] | None:
    """Return how the qualification was assessed, once something is decided.

    Notes that officers make for one another are not part of it.
    """
    if file.signed is None:
        return None
    found = current_assessment(session, file.request.authority_id, file.request.id)
    return None if found is None else dict(found.content)


def _person(session: Session, file: CaseFile) -> dict[str, Any]:
    applicant = file.applicant
    background = session.get(
        ApplicantBackground, (applicant.authority_id, applicant.id)
    )
    return {
        "family_name": applicant.family_name,
        "given_name": applicant.given_name,
        "other_names": applicant.other_names,
        "birth_date": applicant.birth_date.isoformat()
        if applicant.birth_date
        else None,
        "birth_place": applicant.birth_place,
        "email": applicant.email,
        "sex": background.sex if background else None,
        "beneficiary_basis": background.beneficiary_basis if background else None,
    }


def _request(request: RecognitionRequest) -> dict[str, Any]:
    return {
        "id": str(request.id),
        "number": request.number,
        "procedure": request.procedure,
        "language": request.language,
        "stage": request.stage,
        "decision_kind": request.decision_kind,
        "purpose": request.purpose,
        "destination": request.destination,
        "profession": request.profession,
        "external_reference": request.external_reference,
        "regime": request.regime,
        "instrument": request.instrument,
        "equivalence": request.equivalence,
        "edition": request.edition,
        "submitted_at": format_instant(request.submitted_at),
        "complete_at": _instant(request.complete_at),
        "due_on": request.due_on.isoformat() if request.due_on else None,
    }


def _paper(paper: AnyPaper, public_url: str) -> dict[str, Any]:
    document = paper_document(paper, public_url=public_url, is_visible=True)
    told = {
        name: value
        for name, value in document.items()
        if name not in _NOT_OF_THE_PERSON
    }
    return told | {"erased_at": _instant(paper.erased_at)}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "id": str(decision.id),
        "role": decision.role,
        "number": decision.number,
        "decided_by": decision.decided_by,
        "outcome": decision.outcome,
        "decided_on": decision.decided_on.isoformat() if decision.decided_on else None,
        "decision_digest": decision.decision_digest,
        "record": decision.record,
    }


def _instant(at: datetime | None) -> str | None:
    return format_instant(at) if at else None
