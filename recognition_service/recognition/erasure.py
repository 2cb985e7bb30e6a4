"""Erasing what is not needed any more, and blocking the rest of a closed case.

What stays is what the law wants kept: the outcome with its record and digest, the
attestation, and the audit.

Source: Regulation (EU) 2016/679, articles 5(1)(e), 17 and 18.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.case_limits import limits_of
from recognition_service.recognition.ending import is_final
from recognition_service.recognition.errors import CaseOpenError, LegalHoldError
from recognition_service.recognition.experience import forget_experience
from recognition_service.recognition.lifecycle import CLOSED
from recognition_service.recognition.models import RecognitionRequest
from recognition_service.recognition.paper_models import (
    CasePaper,
    CasePaperContent,
    SensitivePaper,
    SensitivePaperContent,
)
from recognition_service.recognition.papers import AnyPaper
from recognition_service.regimes.due_dates import Running
from recognition_service.regimes.lifecycle import CaseState

_CONTENTS: dict[type[AnyPaper], Any] = {
    CasePaper: CasePaperContent,
    SensitivePaper: SensitivePaperContent,
}
_LAWS = "Regulation (EU) 2016/679"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased of a case.

    Attributes:
        papers: How many papers lost their bytes and what they were called.
        members: Which members of the applicant were emptied.
    """

    papers: int
    members: tuple[str, ...]


def require_closed(session: Session, file: CaseFile, *, now: datetime) -> None:
    """Refuse to erase anything of a case that is open or kept.

    Raises:
        LegalHoldError: Somebody ordered that nothing is erased.
        CaseOpenError: Somebody may still decide or appeal, or a measure is to come.
    """
    if file.request.legal_hold is not None:
        raise LegalHoldError("The case is kept for a legal claim.")
    if not is_closed(session, file, now=now):
        raise CaseOpenError(
            f"The case is {file.request.status}; a time limit or a measure may run."
        )


def is_closed(session: Session, file: CaseFile, *, now: datetime) -> bool:
    """Tell whether nobody can decide, appeal or take a measure in a case any more."""
    request = file.request
    if request.status not in CLOSED:
        return False
    waits = request.status == CaseState.DECIDED and not is_final(file.decision)
    return not waits and not any(
        due.running in {Running.OPEN, Running.HELD}
        for due in limits_of(session, request, now=now)
    )


def erase_for_person(session: Session, file: CaseFile, *, now: datetime) -> Erased:
    """Erase what the person can demand, and block the rest.

    The caller owns the transaction and has locked the case.

    Raises:
        LegalHoldError: Somebody ordered that nothing is erased.
        CaseOpenError: The case is not closed.
    """
    require_closed(session, file, now=now)
    request, applicant = file.request, file.applicant
    count = erase_contents(session, request, CasePaper, now=now)
    count += erase_contents(session, request, SensitivePaper, now=now)
    emptied = [name for name in ("email", "other_names") if getattr(applicant, name)]
    applicant.email, applicant.other_names = None, []
    note_event(
        session,
        request,
        "erased_on_request",
        actor="holder",
        now=now,
        details={"papers": count},
        legal_basis=f"{_LAWS}, article 17",
    )
    block(session, request, now=now)
    return Erased(count, tuple(emptied))


def erase_contents(
    session: Session,
    request: RecognitionRequest,
    kind: type[AnyPaper],
    *,
    now: datetime,
) -> int:
    """Erase the bytes of the papers of one store, and what they were called.

    The caller owns the transaction. What stays of a paper is that it was there: kind,
    size, digest and dates. What was told of work goes with the ordinary ones. Papers
    whose bytes went before are counted no more.
    """
    rows: Any = kind
    papers: list[AnyPaper] = list(
        session.scalars(
            select(rows).where(
                rows.authority_id == request.authority_id,
                rows.request_id == request.id,
                rows.erased_at.is_(None),
            )
        )
    )
    content = _CONTENTS[kind]
    session.execute(
        delete(content).where(
            content.authority_id == request.authority_id,
            content.id.in_([paper.id for paper in papers]),
        )
    )
    for paper in papers:
        paper.erased_at = now
        paper.title, paper.file_name, paper.note = paper.kind, None, None
    if kind is SensitivePaper:
        request.sensitive_erased_at = now
    else:
        forget_experience(session, request.authority_id, request.id)
        request.papers_erased_at = now
    return len(papers)


def block(session: Session, request: RecognitionRequest, *, now: datetime) -> None:
    """Let only auditors, and the person, read a case from now on.

    The caller owns the transaction. Doing it again changes nothing.
    """
    if request.blocked_at is not None:
        return
    request.blocked_at = now
    note_event(
        session,
        request,
        "blocked",
        actor="service",
        now=now,
        legal_basis=f"{_LAWS}, article 18",
    )
