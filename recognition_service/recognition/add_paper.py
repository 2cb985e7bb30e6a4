"""A paper comes into a case: first it is described, then its bytes follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from recognition_service.authorities.found import legal_day
from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.frameworks.months import add_months
from recognition_service.recognition.case_file import (
    Author,
    CaseFile,
    open_file,
)
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.errors import (
    PaperInvalidError,
    PaperMismatchError,
    PaperNotFoundError,
    PaperStateError,
    TooManyPapersError,
)
from recognition_service.recognition.language_proofs import (
    LanguageProof,
    proof_faults,
)
from recognition_service.recognition.paper_authenticity import GOOD
from recognition_service.recognition.paper_bytes import name_fault, require_safe
from recognition_service.recognition.paper_faults import Fault, day_faults, fault
from recognition_service.recognition.paper_kinds import (
    SENSITIVE_KINDS,
    Channel,
    Legalisation,
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
from recognition_service.recognition.papers import (
    AnyPaper,
    get_paper,
    note_paper,
    require_open,
)
from recognition_service.recognition.vocabulary import Grade
from recognition_service.storage.ids import new_id
from recognition_service.verification.report import Report

MOST_PAPERS = 200
SENSITIVE_KEPT_MONTHS = 12
"""How long sensitive papers are kept from their coming in.

Unless a day is named, or the regime of the case says another number of months.
"""

_SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaper:
    """A paper as it is announced.

    Attributes:
        size: In bytes.
        digest: SHA-256 of its bytes, "sha256-" and base64url.
        held_position: The held qualification that it is about, counted from 0; None:
            it is about the person.
        file_name: As its sender calls the file, or None.
        translation_of: The paper that it translates; needed for a translation.
        replaces: The older paper of its kind in whose place it comes.
        keep_until: Of a sensitive paper the last day on which it is kept once the
            case is over; None: as the regime says, else twelve months from today.
        language_proof: What a certificate of language shows, or None.
    """

    kind: PaperKind
    title: str
    media_type: MediaType
    size: int
    digest: str
    channel: Channel
    language: str | None = None
    held_position: int | None = None
    file_name: str | None = None
    issued_on: date | None = None
    issuer: str | None = None
    translation_of: UUID | None = None
    replaces: UUID | None = None
    keep_until: date | None = None
    language_proof: LanguageProof | None = None


def add_paper(
    session: Session, by: Author, request_id: UUID, new: NewPaper, *, now: datetime
) -> AnyPaper:
    """Describe a paper whose bytes are to follow.

    The caller owns the transaction. Papers about offences, discipline and health, and
    translations of such papers, go to the store that is kept apart.

    Raises:
        RequestNotFoundError: The authority has no such request.
        PaperTooLateError: The request is over.
        TooManyPapersError: It has two hundred papers already.
        PaperInvalidError: What is said does not fit the case, with each member.
        PaperStateError: The older paper was replaced by another one already.
    """
    file = open_file(session, by.authority_id, request_id, to_change=True)
    require_open(file.request)
    _require_room(session, file)
    original = _named(session, file, new.translation_of)
    older = _named(session, file, new.replaces)
    today = legal_day(file.authority, now)
    faults = tuple(_faults(new, file, original, older, today))
    if faults:
        raise PaperInvalidError("The paper does not fit the case.", faults)
    if older is not None and older.status == PaperStatus.REPLACED:
        raise PaperStateError(f"Paper {older.id} was replaced already.")
    is_apart = new.kind in SENSITIVE_KINDS or isinstance(original, SensitivePaper)
    paper: AnyPaper
    if is_apart:
        kept = new.keep_until or _kept_until(session, file, today)
        paper = SensitivePaper(keep_until=kept)
    else:
        paper = CasePaper()
    _describe(paper, file, new, by, now)
    session.add(paper)
    session.flush()
    note_paper(session, file.request, paper, "paper_announced", by=by, now=now)
    return paper


def receive_paper(
    session: Session,
    by: Author,
    request_id: UUID,
    paper_id: UUID,
    content: bytes,
    *,
    report: Report | None,
    now: datetime,
) -> bool:
    """Keep the bytes of a paper that was announced; an older one is thereby replaced.

    The caller owns the transaction. `report` is what the verification of a digital
    credential gave; it alone makes a paper `issuer_signed`.

    Returns:
        Whether they came for the first time; the same again changes nothing.

    Raises:
        RequestNotFoundError: The authority has no such request.
        PaperNotFoundError: The request has no such paper.
        PaperMismatchError: The bytes are others than those that were announced.
        PaperUnsafeError: They are of another type, damaged, or dangerous to open.
        PaperTooLateError: The request is over.
        PaperStateError: The paper was rejected, or the older one was replaced by
            another one meanwhile.
    """
    file = open_file(session, by.authority_id, request_id, to_change=True)
    paper = get_paper(session, by.authority_id, request_id, paper_id)
    _require_same(paper, content)
    if paper.received_at is not None:
        return False
    require_open(file.request)
    if paper.status != PaperStatus.ACCEPTED:
        raise PaperStateError(f"The paper is {paper.status}.")
    require_safe(paper.media_type, content)
    _keep(session, paper, content, by=by, now=now)
    if report is not None:
        _note_verification(paper, report, legal_day(file.authority, now))
    note_paper(session, file.request, paper, "paper_received", by=by, now=now)
    if paper.replaces is not None:
        _replace(session, file, paper, paper.replaces, by=by, now=now)
    return True


def _kept_until(session: Session, file: CaseFile, today: date) -> date:
    laid_down = rules_of(session, file.request).provisions.retention.sensitive
    return add_months(today, laid_down or SENSITIVE_KEPT_MONTHS)


def _require_room(session: Session, file: CaseFile) -> None:
    number = sum(
        session.scalar(
            select(func.count())
            .select_from(paper)
            .where(
                paper.authority_id == file.request.authority_id,
                paper.request_id == file.request.id,
            )
        )
        or 0
        for paper in (CasePaper, SensitivePaper)
    )
    if number >= MOST_PAPERS:
        raise TooManyPapersError(f"A request has up to {MOST_PAPERS} papers.")


def _named(session: Session, file: CaseFile, paper_id: UUID | None) -> AnyPaper | None:
    """Return a paper of the case that another one names; None if there is none."""
    if paper_id is None:
        return None
    owner = file.request.authority_id
    try:
        return get_paper(session, owner, file.request.id, paper_id)
    except PaperNotFoundError:
        return None


def _faults(
    new: NewPaper,
    file: CaseFile,
    original: AnyPaper | None,
    older: AnyPaper | None,
    today: date,
) -> Iterator[Fault]:
    """Yield what does not fit the case, each with its member."""
    born_on = file.applicant.birth_date
    yield from day_faults({"/issued_on": new.issued_on}, born_on=born_on, today=today)
    if new.held_position is not None and new.held_position >= len(file.held):
        yield fault(
            "/held_qualification", "out_of_range", "There is no such qualification."
        )
    bad_name = name_fault(new.file_name) if new.file_name is not None else None
    if bad_name is not None:
        yield fault("/file_name", bad_name, "A plain name without a path is expected.")
    yield from _translation_faults(new, original)
    yield from proof_faults(new.language_proof, new.kind, new.issued_on)
    if new.replaces is not None and older is None:
        yield fault("/replaces", "unknown_paper", "The request has no such paper.")
    elif older is not None and older.kind != new.kind:
        yield fault("/replaces", "other_kind", "A paper replaces one of its kind.")
    if new.keep_until is not None:
        is_apart = new.kind in SENSITIVE_KINDS or isinstance(original, SensitivePaper)
        if not is_apart:
            yield fault("/keep_until", "not_sensitive", "Only sensitive papers end.")
        elif new.keep_until < today:
            yield fault("/keep_until", "date_in_past", "This day is over.")


def _translation_faults(new: NewPaper, original: AnyPaper | None) -> Iterator[Fault]:
    pointer = "/translation_of"
    if new.kind is not PaperKind.TRANSLATION:
        if new.translation_of is not None:
            yield fault(pointer, "not_a_translation", "Only a translation has one.")
    elif new.translation_of is None:
        yield fault(pointer, "required", "Name the paper that is translated.")
    elif original is None:
        yield fault(pointer, "unknown_paper", "The request has no such paper.")
    elif original.kind == PaperKind.TRANSLATION:
        yield fault(pointer, "not_an_original", "Name the paper in its own language.")


def _describe(
    paper: AnyPaper, file: CaseFile, new: NewPaper, by: Author, now: datetime
) -> None:
    paper.authority_id, paper.id = file.request.authority_id, new_id(now)
    paper.request_id = file.request.id
    paper.kind, paper.title, paper.language = new.kind, new.title, new.language
    paper.held_position, paper.file_name = new.held_position, new.file_name
    paper.media_type, paper.size, paper.digest = new.media_type, new.size, new.digest
    paper.issued_on, paper.issuer, paper.channel = (
        new.issued_on,
        new.issuer,
        new.channel,
    )
    paper.translation_of, paper.replaces = new.translation_of, new.replaces
    proof = new.language_proof
    paper.language_proof = None if proof is None else proof.as_value()
    paper.added_at, paper.added_by = now, by.actor
    paper.grade, paper.legalisation = Grade.SCAN, Legalisation.UNKNOWN
    paper.status = PaperStatus.ACCEPTED


def _require_same(paper: AnyPaper, content: bytes) -> None:
    """Refuse other bytes than those that were announced."""
    if len(content) != paper.size:
        raise PaperMismatchError(
            f"{paper.size} bytes were announced, and {len(content)} came."
        )
    found = digest_of_bytes(content)
    if found != paper.digest:
        raise PaperMismatchError(f"{paper.digest} was announced, and {found} came.")


def _keep(
    session: Session, paper: AnyPaper, content: bytes, *, by: Author, now: datetime
) -> None:
    paper.received_at, paper.received_by = now, by.actor
    key = {"authority_id": paper.authority_id, "id": paper.id}
    session.add(
        SensitivePaperContent(**key, content=content)
        if isinstance(paper, SensitivePaper)
        else CasePaperContent(**key, content=content)
    )


def _replace(
    session: Session,
    file: CaseFile,
    paper: AnyPaper,
    older_id: UUID,
    *,
    by: Author,
    now: datetime,
) -> None:
    """Let a paper take the place of an older one, unless another one has it."""
    older = get_paper(session, paper.authority_id, file.request.id, older_id)
    if older.status == PaperStatus.REPLACED:
        raise PaperStateError(f"Paper {older.id} was replaced by another one.")
    older.status, older.replaced_by = PaperStatus.REPLACED, paper.id
    note_paper(
        session,
        file.request,
        older,
        "paper_replaced",
        by=by,
        now=now,
        replaced_by=str(paper.id),
    )


def _note_verification(paper: AnyPaper, report: Report, today: date) -> None:
    """Write down what the verification gave, and the grade that follows from it."""
    paper.verdict, paper.verdict_code = report.verdict, report.code
    paper.verified_issuer = report.issuer.id if report.issuer else None
    paper.verified_on = today
    if report.verdict in GOOD:
        paper.grade = Grade.ISSUER_SIGNED
        paper.established_by, paper.established_on = _SERVICE, today
