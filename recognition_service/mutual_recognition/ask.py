"""Asking another body: a request with questions is written and sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import Authority
from recognition_service.mutual_recognition.addressees import (
    require_addressee,
    side_of,
)
from recognition_service.mutual_recognition.agreement import lock_agreement
from recognition_service.mutual_recognition.attachments import NewAttachment, attach
from recognition_service.mutual_recognition.case_effects import open_case
from recognition_service.mutual_recognition.case_holds import hold_case, hold_rule
from recognition_service.mutual_recognition.conversation import (
    SEES_CONTENT,
    Event,
    Kind,
    Side,
    State,
)
from recognition_service.mutual_recognition.errors import (
    QuestionSetNotFoundError,
    misfit,
)
from recognition_service.mutual_recognition.joining import joining
from recognition_service.mutual_recognition.lists import (
    Destination,
    ListTerms,
    NewItem,
    add_items,
    prepare_items,
    proposed_here,
)
from recognition_service.mutual_recognition.models import OUT, MutualRequest
from recognition_service.mutual_recognition.negotiate_agreement import lay_first_text
from recognition_service.mutual_recognition.question_sets import (
    QuestionSet,
    newest_set,
    question_set,
    require_asked,
)
from recognition_service.mutual_recognition.sides import write_down
from recognition_service.mutual_recognition.subjects import (
    description,
    random_reference,
    subject_reference,
)
from recognition_service.mutual_recognition.tell_parties import tell_parties
from recognition_service.recognition.case_file import CaseFile, EditionAtHand
from recognition_service.regimes.holds import HoldRule
from recognition_service.storage.ids import new_id

_WITHOUT_QUESTIONS = frozenset({Kind.RECOGNITION_LIST, Kind.AGREEMENT_PROPOSAL})
Asked = Mapping[str, Any]
"""One question as it was chosen: {id, params}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMutualRequest:
    """A request as it comes in.

    Attributes:
        to: The body that is asked.
        installation: Where it is; None: here.
        case_id: The request for recognition that it serves, or None.
        held_position: Place of the held qualification in that request.
        question_set: None: the newest of the kind.
        questions: None: all of the set that need nothing filled in.
        answer_by: Until when an answer is wished.
        holds_clock: None: as the regime of the case says.
        about: Person and qualification; None: those of the case.
        is_described: Whether who is asked is told person and qualification of the case
            when `about` is None.
        terms: What is asked for every row of a list; None for other kinds.
        items: The rows of a list.
        agreement: The first text of an agreement that is proposed, as
            `agreement_content` describes it; None for other kinds.
        agreement_at: Where that text stands in what was sent.
    """

    kind: Kind
    to: str
    installation: str | None = None
    case_id: UUID | None = None
    held_position: int = 0
    question_set: str | None = None
    questions: Sequence[Asked] | None = None
    free_text: Mapping[str, str] | None = None
    attachments: Sequence[NewAttachment] = ()
    answer_by: date | None = None
    holds_clock: HoldRule | None = None
    about: Mapping[str, Any] | None = None
    is_described: bool = True
    terms: ListTerms | None = None
    items: Sequence[NewItem] = ()
    agreement: Mapping[str, Any] | None = None
    agreement_at: str = "/agreement"


def ask(
    session: Session,
    caller: Caller,
    new: NewMutualRequest,
    *,
    edition: EditionAtHand,
    peer_edition: EditionAtHand | None = None,
    now: datetime,
) -> MutualRequest:
    """Send a request to another body, and return it as the asker keeps it.

    The caller owns the transaction. A list needs `peer_edition`, from which it gets its
    proposals: the tables in force for who is asked, or the caller's for a body
    elsewhere. Under a regime that says so the clock of the case is held from now on. A
    proposal begins the negotiation of the agreement, which has the same id.

    Raises:
        RoleMissingError: An agreement is proposed, and the caller is no officer.
        MutualRequestInvalidError: A member does not fit.
        AttachmentChangedError: Two attachments contradict one another.
    """
    authority = get_authority(session, caller.authority_id)
    addressee = require_addressee(
        session, authority, new.to, installation=new.installation, now=now
    )
    require_coming_day(authority, new.answer_by, now, pointer="/proposed_answer_by")
    _require_offered(new)
    questions, asked = _questions(new)
    case = open_case(session, authority.id, new.case_id, new.held_position)
    rule = hold_rule(case, edition, new.kind, new.holds_clock, new.answer_by)
    own = _draft(authority, new, asked, now)
    own.answerer, own.holds_clock = addressee.id, rule
    own.question_set = questions.id if questions else None
    _describe(session, own, new, case)
    rows = (own, joining(own, addressee.id, side_of(addressee), now))
    session.add_all(rows)
    session.flush()
    seeing = [row for row in rows if row.side in SEES_CONTENT]
    attach(session, seeing, new.attachments, by=authority.id, now=now)
    if new.terms is not None and peer_edition is not None:
        to = Destination(addressee, peer_edition, legal_day(addressee, now))
        _add_rows(session, seeing, new.items, new.terms, to)
    if new.agreement is not None:
        _require_party(addressee)
        lay_first_text(
            session,
            caller,
            own.id,
            (authority, addressee),
            new.agreement,
            tables=edition.compiled.snapshot.tables,
            pointer=new.agreement_at,
            now=now,
        )
    write_down(session, rows, Event.SENT, caller=caller, now=now)
    if new.agreement is not None:
        agreed = lock_agreement(session, authority.id, own.id)
        tell_parties(session, agreed, caller, now=now)
    hold_case(session, own, actor=caller.actor, now=now)
    return own


def _add_rows(
    session: Session,
    seeing: Sequence[MutualRequest],
    items: Sequence[NewItem],
    terms: ListTerms,
    to: Destination,
) -> None:
    """Give who asks and who is asked the rows of a list."""
    asker = seeing[0].authority_id
    prepared = proposed_here(prepare_items(items, terms, asker, to), to.authority)
    for row in seeing:
        add_items(session, row, prepared)


def require_coming_day(
    authority: Authority, day: date | None, now: datetime, *, pointer: str
) -> None:
    """Refuse a day that is over where the authority is.

    Raises:
        MutualRequestInvalidError: It is over.
    """
    if day is not None and day < legal_day(authority, now):
        raise misfit(pointer, "date_in_past", f"{day} is over.")


def as_asked(asked: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return questions as rows keep them, without an answer."""
    return [
        {"id": item["id"], "params": dict(item["params"]), "answer": None}
        for item in asked
    ]


def _require_offered(new: NewMutualRequest) -> None:
    """Refuse what does not belong to the kind of the request, and what is missing.

    Raises:
        MutualRequestInvalidError: A list has no rows, a proposal no text, one of them
            asks questions or serves a case, or another kind has what is theirs.
    """
    _require_list(new)
    _require_proposal(new)
    if new.kind not in _WITHOUT_QUESTIONS:
        return
    if new.questions is not None or new.question_set is not None:
        raise misfit("/questions", "no_questions", "This kind asks none.")
    if new.case_id is not None:
        raise misfit("/case", "no_case", "This kind serves no case of who asks.")


def _require_list(new: NewMutualRequest) -> None:
    if new.kind is not Kind.RECOGNITION_LIST:
        if new.items or new.terms is not None:
            pointer = "/items" if new.items else "/recognition"
            raise misfit(pointer, "no_list", f"{new.kind} has no rows.")
        return
    if not new.items:
        raise misfit("/items", "required", "A list has rows.")
    if new.terms is None:
        raise misfit("/recognition", "required", "Say what is asked for every row.")


def _require_proposal(new: NewMutualRequest) -> None:
    if new.kind is not Kind.AGREEMENT_PROPOSAL:
        if new.agreement is not None:
            raise misfit("/agreement", "no_agreement", f"{new.kind} proposes none.")
        return
    if new.agreement is None:
        raise misfit("/agreement", "required", "A proposal has a text.")
    if new.about is not None:
        raise misfit("/about", "no_person", "An agreement is about nobody.")


def _require_party(addressee: Authority) -> None:
    """Refuse a body as party to an agreement that passes on what it gets.

    Raises:
        MutualRequestInvalidError: It is a coordinator only.
    """
    if side_of(addressee) is Side.DISPATCHER:
        raise misfit("/to/authority", "no_party", f"{addressee.id} only coordinates.")


def _questions(
    new: NewMutualRequest,
) -> tuple[QuestionSet | None, list[dict[str, Any]]]:
    """Return the set and what is asked of it; lists and proposals have none."""
    if new.kind in _WITHOUT_QUESTIONS:
        return None, []
    try:
        chosen = question_set(new.question_set) if new.question_set else None
    except QuestionSetNotFoundError as error:
        raise misfit("/question_set", "unknown_question_set", str(error)) from error
    questions = chosen or newest_set(new.kind)
    if questions is None or questions.kind is not new.kind:
        raise misfit("/question_set", "other_kind", f"It does not serve {new.kind}.")
    if new.questions is None:
        free = [item for item in questions.questions.values() if not item.params]
        return questions, as_asked({"id": item.id, "params": {}} for item in free)
    require_asked(questions, new.questions, pointer="/questions")
    return questions, as_asked(new.questions)


def _draft(
    authority: Authority,
    new: NewMutualRequest,
    asked: list[dict[str, Any]],
    now: datetime,
) -> MutualRequest:
    request_id = new_id(now)
    return MutualRequest(
        authority_id=authority.id,
        id=request_id,
        family=request_id,
        side=Side.ASKER,
        box=OUT,
        kind=new.kind,
        status=State.DRAFT,
        asker=authority.id,
        passed=[],
        case_id=new.case_id,
        held_position=new.held_position,
        questions=asked,
        free_text=dict(new.free_text) if new.free_text else None,
        terms=asdict(new.terms) if new.terms is not None else None,
        asked_answer_by=new.answer_by,
        proposed_answer_by=new.answer_by,
        proposed_by=Side.ASKER,
        sent_at=now,
        revision=1,
        sequence=0,
        version=0,
    )


def _describe(
    session: Session, own: MutualRequest, new: NewMutualRequest, case: CaseFile | None
) -> None:
    """Say whom the request is about."""
    own.about = dict(new.about) if new.about is not None else None
    if new.kind in _WITHOUT_QUESTIONS:
        return  # Every row of a list names its person; an agreement is about nobody.
    if case is None:
        own.subject_ref = random_reference()
        return
    own.subject_ref = subject_reference(
        session, own.authority_id, case.applicant.id, own.answerer
    )
    if new.about is None and new.is_described:
        own.about = description(case, new.held_position)
