"""What officers find about a paper: how genuine it is, or why it does not count."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day
from recognition_service.clock import parse_day
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.errors import PaperInvalidError, PaperStateError
from recognition_service.recognition.paper_authenticity import (
    LegalisationFinding,
    PaperAssessment,
    faults_of,
)
from recognition_service.recognition.paper_faults import Fault, day_faults
from recognition_service.recognition.paper_kinds import (
    Legalisation,
    PaperStatus,
    RejectionReason,
)
from recognition_service.recognition.papers import (
    AnyPaper,
    get_paper,
    note_paper,
    require_open,
    require_visible,
)


def assess_paper(
    session: Session,
    caller: Caller,
    request_id: UUID,
    paper_id: UUID,
    assessment: PaperAssessment,
    *,
    now: datetime,
) -> AnyPaper:
    """Record how well a paper is proven to be genuine.

    The caller owns the transaction. What the held qualification counts as proven is
    recorded by `add_evidence`, not here.

    Raises:
        RequestNotFoundError: The authority has no such request.
        PaperNotFoundError: The request has no such paper.
        RoleMissingError: The paper is sensitive, and not for this caller.
        PaperTooLateError: The request is over.
        PaperStateError: Its bytes did not come yet, or it no longer stands.
        PaperInvalidError: What was found does not fit together, with each member.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    paper = get_paper(session, caller.authority_id, request_id, paper_id)
    require_visible(paper, caller)
    require_open(file.request)
    if paper.received_at is None:
        raise PaperStateError("The bytes did not come yet.")
    _require_standing(paper)
    today = legal_day(file.authority, now)
    faults = tuple(
        _faults(assessment, paper, born_on=file.applicant.birth_date, today=today)
    )
    if faults:
        raise PaperInvalidError("The assessment does not fit.", faults)
    _write_down(paper, assessment, caller)
    note_paper(
        session,
        file.request,
        paper,
        "paper_assessed",
        by=caller,
        now=now,
        grade=paper.grade,
        legalisation=paper.legalisation,
    )
    return paper


def reject_paper(
    session: Session,
    caller: Caller,
    request_id: UUID,
    paper_id: UUID,
    *,
    reason: RejectionReason,
    note: str | None,
    now: datetime,
) -> AnyPaper:
    """Say that a paper does not count, and why; it stays in the file.

    The caller owns the transaction. The `note` stays with the paper.

    Raises:
        RequestNotFoundError: The authority has no such request.
        PaperNotFoundError: The request has no such paper.
        RoleMissingError: The paper is sensitive, and not for this caller.
        PaperTooLateError: The request is over.
        PaperStateError: It was rejected or replaced already.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    paper = get_paper(session, caller.authority_id, request_id, paper_id)
    require_visible(paper, caller)
    require_open(file.request)
    _require_standing(paper)
    paper.status, paper.reason, paper.note = PaperStatus.REJECTED, reason, note
    note_paper(
        session,
        file.request,
        paper,
        "paper_rejected",
        by=caller,
        now=now,
        reason=reason,
    )
    return paper


def finding_of(paper: AnyPaper) -> LegalisationFinding:
    """Return what is known of a paper's legalisation."""
    known = paper.legalisation_details or {}
    return LegalisationFinding(
        state=Legalisation(paper.legalisation),
        number=known.get("number"),
        dated_on=parse_day(known.get("dated_on")),
        signer=known.get("signer"),
        capacity=known.get("capacity"),
        basis=known.get("basis"),
    )


def _require_standing(paper: AnyPaper) -> None:
    if paper.status != PaperStatus.ACCEPTED:
        raise PaperStateError(f"The paper is {paper.status}.")


def _faults(
    assessment: PaperAssessment, paper: AnyPaper, *, born_on: date | None, today: date
) -> Iterator[Fault]:
    confirmation, found = assessment.confirmation, assessment.legalisation
    days = {
        "/established_on": assessment.established_on,
        "/confirmation/confirmed_on": confirmation.confirmed_on
        if confirmation
        else None,
        "/legalisation/dated_on": found.dated_on if found else None,
    }
    yield from day_faults(days, born_on=born_on, today=today)
    yield from faults_of(assessment, verdict=paper.verdict, stands=finding_of(paper))


def _write_down(paper: AnyPaper, assessment: PaperAssessment, caller: Caller) -> None:
    confirmation, found = assessment.confirmation, assessment.legalisation
    paper.grade, paper.established_by = assessment.grade, caller.actor
    paper.established_on, paper.established_how = assessment.established_on, None
    if confirmation is not None:
        paper.established_how = {
            "person": confirmation.person,
            "channel": confirmation.channel.value,
            "confirmed_on": confirmation.confirmed_on.isoformat(),
        }
    if found is not None:
        paper.legalisation, paper.legalisation_details = found.state, found.details()
