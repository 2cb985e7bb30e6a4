"""The papers of a case: finding them, their bytes, and which kinds are at hand."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import (
    Author,
    get_request,
)
from recognition_service.recognition.errors import (
    PaperNotFoundError,
    PaperTooLateError,
)
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.recognition.models import RecognitionRequest
from recognition_service.recognition.paper_kinds import (
    READERS_OF_SENSITIVE,
    MediaType,
    PaperKind,
    PaperStatus,
)
from recognition_service.recognition.paper_models import (
    CasePaper,
    CasePaperContent,
    SensitivePaper,
    SensitivePaperContent,
)
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.regimes.paper_age import is_too_old

AnyPaper = CasePaper | SensitivePaper
OVER = frozenset(
    {
        CaseState.WITHDRAWN,
        CaseState.LAPSED,
        CaseState.FORWARDED,
        CaseState.NOT_COMPETENT,
    }
)
"""States of a request to which nothing is added any more."""

PENDING = OPEN | {
    CaseState.MEASURE_CHOSEN,
    CaseState.MEASURE_RUNNING,
    CaseState.MEASURE_PASSED,
    CaseState.MEASURE_FAILED,
    CaseState.UNDER_APPEAL,
}
"""States in which somebody may still need to read the papers."""

_NO_AGES: Mapping[str, int] = MappingProxyType({})
_ENDINGS = {
    MediaType.PDF: "pdf",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpg",
    MediaType.TEXT: "txt",
    MediaType.JSON: "json",
    MediaType.VC: "json",
    MediaType.VC_JWT: "jwt",
    MediaType.SD_JWT: "sd-jwt",
}


def papers_of(
    session: Session,
    authority_id: str,
    request_id: UUID,
    *,
    despite_block: bool = False,
) -> list[AnyPaper]:
    """Return all papers of a case without their bytes, in the order they came in.

    Raises:
        RequestNotFoundError: The authority has no such request.
        CaseBlockedError: It is blocked; see `case_file.open_file`.
    """
    get_request(session, authority_id, request_id, despite_block=despite_block)
    found: list[AnyPaper] = [
        *_ordinary(session, authority_id, request_id),
        *session.scalars(
            select(SensitivePaper).where(
                SensitivePaper.authority_id == authority_id,
                SensitivePaper.request_id == request_id,
            )
        ),
    ]
    return sorted(found, key=lambda paper: paper.id)


def get_paper(
    session: Session,
    authority_id: str,
    request_id: UUID,
    paper_id: UUID,
    *,
    despite_block: bool = False,
) -> AnyPaper:
    """Return a paper of a case without its bytes, from whichever store it is in.

    Raises:
        PaperNotFoundError: The authority has no such paper in such a request.
        CaseBlockedError: The case is blocked; see `case_file.open_file`.
    """
    key = (authority_id, paper_id)
    found = session.get(CasePaper, key) or session.get(SensitivePaper, key)
    if found is None or found.request_id != request_id:
        raise PaperNotFoundError(f"The request has no paper {paper_id}.")
    get_request(session, authority_id, request_id, despite_block=despite_block)
    return found


def content_of(session: Session, paper: AnyPaper) -> bytes:
    """Return the bytes of a paper; who reads sensitive ones goes by `read_paper`.

    Raises:
        PaperNotFoundError: They did not come, or were erased.
    """
    key = (paper.authority_id, paper.id)
    found = (
        session.get(SensitivePaperContent, key)
        if isinstance(paper, SensitivePaper)
        else session.get(CasePaperContent, key)
    )
    if found is None:
        raise PaperNotFoundError(f"The bytes of paper {paper.id} are not here.")
    return found.content


def kinds_at_hand(
    session: Session,
    authority_id: str,
    request_id: UUID,
    *,
    max_age_months: Mapping[str, int] = _NO_AGES,
) -> frozenset[PaperKind]:
    """Return of which kinds there are papers: received, and neither rejected nor old.

    Sensitive kinds are among them: that a paper is there says nothing of what it says.

    Args:
        session: A reading session.
        authority_id: Whose request it is.
        request_id: The request.
        max_age_months: By kind, how old a paper may have been on the day on which it
            was announced. One without a date is taken for new.
    """
    authority = get_authority(session, authority_id)
    return frozenset(
        PaperKind(row.kind)
        for paper in (CasePaper, SensitivePaper)
        for row in session.execute(
            select(paper.kind, paper.issued_on, paper.added_at).where(
                paper.authority_id == authority_id,
                paper.request_id == request_id,
                paper.status == PaperStatus.ACCEPTED,
                paper.received_at.is_not(None),
            )
        )
        if row.kind not in max_age_months
        or row.issued_on is None
        or not is_too_old(
            row.issued_on,
            legal_day(authority, row.added_at),
            max_age_months[row.kind],
        )
    )


def papers_for_export(
    session: Session, authority_id: str, request_id: UUID
) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of the papers of a case that are not sensitive.

    Only papers that stand are given out, one at a time, under names that differ.
    """
    papers = _ordinary(session, authority_id, request_id)
    standing = [
        paper
        for paper in papers
        if paper.status == PaperStatus.ACCEPTED
        and paper.received_at is not None
        and paper.erased_at is None
    ]
    for name, paper in _named(standing):
        yield name, content_of(session, paper)


def file_name_of(paper: AnyPaper) -> str:
    """Return under which name the bytes of a paper are handed out."""
    ending = _ENDINGS[MediaType(paper.media_type)]
    return paper.file_name or f"{paper.kind}-{paper.id}.{ending}"


def is_visible(paper: AnyPaper, caller: Caller) -> bool:
    """Tell whether a caller may see more of a paper than that it is there."""
    return not isinstance(paper, SensitivePaper) or not caller.roles.isdisjoint(
        READERS_OF_SENSITIVE
    )


def require_visible(paper: AnyPaper, caller: Caller) -> None:
    """Refuse callers who may not see a paper.

    Raises:
        RoleMissingError: The paper is sensitive.
    """
    if not is_visible(paper, caller):
        caller.require(*READERS_OF_SENSITIVE)


def require_open(request: RecognitionRequest) -> None:
    """Refuse to add to a request that is over.

    Raises:
        PaperTooLateError: It is.
    """
    if request.status in OVER:
        raise PaperTooLateError(f"The request is {request.status}.")


def note_paper(
    session: Session,
    request: RecognitionRequest,
    paper: AnyPaper,
    event: str,
    *,
    by: Author,
    now: datetime,
    **details: str,
) -> None:
    """Write down what happened to a paper. The caller owns the transaction.

    Of a sensitive paper the file says which it is and nothing more: neither its kind
    nor what was found.
    """
    open_details = {} if isinstance(paper, SensitivePaper) else details
    told = {} if isinstance(paper, SensitivePaper) else {"kind": paper.kind}
    note_event(
        session,
        request,
        event,
        actor=by.actor,
        now=now,
        details={"paper": str(paper.id), **told, **open_details},
    )


def _ordinary(session: Session, authority_id: str, request_id: UUID) -> list[CasePaper]:
    return list(
        session.scalars(
            select(CasePaper)
            .where(
                CasePaper.authority_id == authority_id,
                CasePaper.request_id == request_id,
            )
            .order_by(CasePaper.id)
        )
    )


def _named(papers: Iterable[CasePaper]) -> Iterator[tuple[str, CasePaper]]:
    """Give each paper a name of its own; a name that comes again gets a number."""
    taken: set[str] = set()
    for number, paper in enumerate(papers, start=1):
        name = file_name_of(paper)
        while name.casefold() in taken:
            name = f"{number}-{name}"
        taken.add(name.casefold())
        yield name, paper
