"""Following a request that another installation leads: what it tells is written down.

Nothing is decided here: how the request stands after an event is told by who asked, and
kept as told, by this body and for the bodies elsewhere that it has to do with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.peers import local_name
from recognition_service.exchange.errors import BodyUnfitError
from recognition_service.exchange.post import settle
from recognition_service.exchange.receive import Envelope
from recognition_service.exchange.wire import Body
from recognition_service.mutual_recognition.attachments import attach
from recognition_service.mutual_recognition.conversation import (
    SEES_CONTENT,
    Event,
    Kind,
    Side,
    State,
)
from recognition_service.mutual_recognition.forward import forget_asked, forget_sent
from recognition_service.mutual_recognition.lists import (
    Destination,
    ListTerms,
    PreparedItem,
    add_items,
    count_items,
    proposal_for,
)
from recognition_service.mutual_recognition.models import (
    IN,
    OUT,
    MutualEvent,
    MutualRequest,
)
from recognition_service.mutual_recognition.open_cases import OPEN_CASES
from recognition_service.mutual_recognition.sides import RECEIVED, SERVICE, set_due
from recognition_service.mutual_recognition.tell_elsewhere import (
    CONTENT,
    NAMING_DETAILS,
    SHARED,
)
from recognition_service.mutual_recognition.told_acts import (
    ToldEvent,
    require_asked_for,
)
from recognition_service.mutual_recognition.told_content import (
    ATTACHMENT,
    read_attachment,
    read_event_content,
    read_event_details,
    read_items,
    read_questions,
    read_reference,
    read_terms,
)
from recognition_service.mutual_recognition.told_rows import ToldRows
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.recognition.errors import RequestInvalidError
from recognition_service.regimes.holds import HoldRule
from recognition_service.storage import audit, outbox
from recognition_service.storage.ids import new_id
from recognition_service.storage.upsert import insert_rows

_STATE = "cause event side status sent_at request content attachments items"
_EVENT = "event sequence at by jti details content"
_REQUEST = " ".join((*SHARED, "asker answerer coordinator passed"))
_ATTACHMENT = f"{ATTACHMENT} by sent_at"
_JOINS = frozenset({Side.ANSWERER, Side.DISPATCHER, Side.COORDINATOR})


class _Names:
    """What bodies are called here; those of the envelope are known already."""

    def __init__(self, session: Session, envelope: Envelope) -> None:
        self._session = session
        self._known = {
            envelope.message.sender: envelope.sender,
            envelope.message.recipient: envelope.recipient,
        }

    def here(self, issuer: str) -> str:
        """Return what a body is called here."""
        name = self._known.get(issuer) or local_name(self._session, issuer)
        if name is None:
            raise BodyUnfitError(f"{issuer} is not known here.")
        self._known[issuer] = name
        return name


@dataclass(frozen=True, slots=True)
class _Told:
    """What a message tells, with the names of bodies as they are here."""

    names: "_Names"
    body: Body
    event: Body
    request: Body
    by: str
    asker: str
    answerer: str
    coordinator: str | None
    passed: list[str]


def follow(
    session: Session,
    envelope: Envelope,
    edition: EditionAtHand,
    *,
    now: datetime,
) -> None:
    """Write down what another installation tells of a request.

    The caller owns the transaction.

    Args:
        session: A writing session.
        envelope: The message, of type `mutual_request.state`.
        edition: The tables in force for whom it is addressed to.
        now: The instant.

    Raises:
        BodyUnfitError: The message does not fit, or is not of who asked.
    """
    told = _read(session, envelope)
    request_id, own_id = envelope.message.conversation, envelope.recipient
    rows = ToldRows(session, request_id)
    row = rows.find(own_id, is_locked=True)
    if row is None:
        row = _joining(rows, told, own_id)
    else:
        _require_next(row, told)
    _keep(row, told)
    others = _keep_others(rows, told, row)
    if row.side not in SEES_CONTENT:
        forget_asked(row)
    rows.write()
    require_asked_for(session, _event(told, row), own_id)
    actor = _settle(session, told, envelope)
    _keep_attachments(session, [row, *others], told)
    _keep_items(session, row, told, edition, now)
    _note(session, row, told, actor, now)
    if row.side not in SEES_CONTENT:
        forget_sent(session, row)
    is_accepted_here = told.by == own_id and told.event.text("event") == Event.ACCEPTED
    if row.kind == Kind.RECOGNITION_LIST and is_accepted_here:
        outbox.put(
            session,
            own_id,
            kind=OPEN_CASES,
            content={"request": str(request_id), "actor": actor},
            now=now,
        )


def _read(session: Session, envelope: Envelope) -> _Told:
    body = Body(dict(envelope.message.body), _STATE)
    event, request = body.within("event", _EVENT), body.within("request", _REQUEST)
    by, names = event.text("by"), _Names(session, envelope)
    told = _Told(
        names,
        body,
        event,
        request,
        by if by == SERVICE else names.here(by),
        names.here(request.text("asker")),
        names.here(request.text("answerer")),
        request.optional("coordinator", lambda name: names.here(request.text(name))),
        [names.here(name) for name in request.items("passed", str)],
    )
    if told.asker != envelope.sender:
        raise BodyUnfitError("/request/asker: only who asked tells how it stands.")
    return told


def _joining(rows: ToldRows, told: _Told, own_id: str) -> MutualRequest:
    """Return the row of a body that takes part from now on."""
    if told.body.word("side", Side) not in _JOINS:
        raise BodyUnfitError("/side: nobody here takes part in this.")
    return rows.begin(own_id, IN)


def _require_next(row: MutualRequest, told: _Told) -> None:
    """Refuse to be told by somebody else, or of the past once more."""
    if row.asker != told.asker:
        raise BodyUnfitError("Somebody else has asked this.")
    if told.event.number("sequence") <= row.sequence:
        raise BodyUnfitError("/event/sequence: this was told before.")


def _keep(row: MutualRequest, told: _Told) -> None:
    """Write down how the request stands for a body."""
    row.side, row.status = told.body.word("side", Side), told.body.word("status", State)
    row.sent_at = told.body.instant("sent_at")
    _share(row, told)
    content = told.body.optional("content", told.body.object)
    if row.side in SEES_CONTENT and content is not None:
        given = Body(content, " ".join(CONTENT), at="/content")
        row.subject_ref = read_reference(given)
        row.about = given.optional("about", given.object)
        row.questions = read_questions(row.question_set, given)
        row.free_text = given.optional("free_text", given.texts)


def _share(row: MutualRequest, told: _Told) -> None:
    """Write down what all who take part have in common."""
    request = told.request
    row.kind = request.word("kind", Kind)
    row.asker, row.answerer = told.asker, told.answerer
    row.coordinator, row.passed = told.coordinator, list(told.passed)
    row.question_set = request.optional("question_set", request.text)
    row.terms = read_terms(request)
    for name in ("asked_answer_by", "proposed_answer_by", "agreed_answer_by"):
        setattr(row, name, request.optional(name, request.day))
    row.answered_on = request.optional("answered_on", request.day)
    row.accepted_at = request.optional("accepted_at", request.instant)
    row.answered_at = request.optional("answered_at", request.instant)
    row.answered_in_time = request.optional("answered_in_time", request.truth)
    row.proposed_by = request.word("proposed_by", Side)
    row.holds_clock = request.word("holds_clock", HoldRule)
    row.parent = request.optional("parent", request.id)
    row.family = request.id("family")
    row.revision = request.number("revision")
    row.sequence = told.event.number("sequence")
    row.version += 1
    set_due(row)


def _keep_others(
    rows: ToldRows, told: _Told, own: MutualRequest
) -> list[MutualRequest]:
    """Keep a row for the bodies elsewhere that acts here have to do with."""
    kept = []
    others = {told.coordinator: (Side.COORDINATOR, IN)} if told.coordinator else {}
    others |= {told.answerer: (Side.ANSWERER, IN), told.asker: (Side.ASKER, OUT)}
    for name, (side, box) in others.items():
        if not is_elsewhere(name):
            continue
        row = rows.find(name)
        if row is None:
            row = rows.begin(name, box)
        elif row.asker != told.asker:
            raise BodyUnfitError("Somebody else has asked this.")
        row.side, row.status, row.sent_at = side, own.status, own.sent_at
        row.subject_ref, row.about = own.subject_ref, own.about
        row.questions, row.free_text = own.questions, own.free_text
        _share(row, told)
        kept.append(row)
    return kept


def _event(told: _Told, row: MutualRequest) -> ToldEvent:
    return ToldEvent(
        event=told.event.word("event", Event),
        by=told.by,
        jti=told.event.text("jti", longest=60),
        cause=told.body.optional("cause", told.body.text),
        conversation=row.id,
        parent=row.parent,
    )


def _settle(session: Session, told: _Told, envelope: Envelope) -> str:
    """Note that what was asked for is done; return whose act it was here, or ""."""
    cause = told.body.optional("cause", told.body.text)
    if cause is None:
        return ""
    return settle(session, envelope.recipient, envelope.message.conversation, cause)


def _keep_attachments(
    session: Session, rows: Sequence[MutualRequest], told: _Told
) -> None:
    """Keep what is known of documents that were sent along and are new here."""
    seeing = [row for row in rows if row.side in SEES_CONTENT]
    if not seeing:
        return
    for sent in told.body.each("attachments", _ATTACHMENT):
        by = told.names.here(sent.text("by"))
        new = read_attachment(sent)
        attach(session, seeing, [new], by=by, now=sent.instant("sent_at"))


def _keep_items(
    session: Session,
    row: MutualRequest,
    told: _Told,
    edition: EditionAtHand,
    now: datetime,
) -> None:
    """Keep the rows of a list, with what the tables here propose for each."""
    items = read_items(told.body)
    if items is None or row.terms is None:
        return
    if count_items(session, row):
        raise BodyUnfitError("/items: the rows came before.")
    own = get_authority(session, row.authority_id)
    to = Destination(own, edition, legal_day(own, now))
    terms = ListTerms(**row.terms)
    add_items(
        session,
        row,
        [PreparedItem(each, _proposal(each["held"], terms, to)) for each in items],
    )


def _proposal(
    held: Mapping[str, Any], terms: ListTerms, to: Destination
) -> Mapping[str, Any] | None:
    """Return what the tables here say; None where the row does not fit them."""
    try:
        return proposal_for(held, terms, to)
    except RequestInvalidError:
        return None
    except (KeyError, TypeError) as error:
        raise BodyUnfitError("/items: a row does not say what is held.") from error


def _note(
    session: Session, row: MutualRequest, told: _Told, actor: str, now: datetime
) -> None:
    """Write the event into the history and the audit of the body here."""
    event, is_own = told.event, told.by == row.authority_id
    details = dict(read_event_details(event))
    for name in NAMING_DETAILS:
        if name in details:
            details[name] = told.names.here(str(details[name]))
    kind, jti = event.word("event", Event), event.text("jti", longest=60)
    happened = {
        "authority_id": row.authority_id,
        "id": new_id(now),
        "request_id": row.id,
        "sequence": row.sequence,
        "at": event.instant("at"),
        "by": told.by,
        "actor": actor or None if is_own else None,
        "event": kind.value,
        "jti": jti,
        "receipt": RECEIVED,
        "details": details,
        "content": read_event_content(event),
    }
    insert_rows(session, MutualEvent, [happened])
    audit.append(
        session,
        row.authority_id,
        actor=(actor if is_own else None) or f"authority:{told.by}",
        action=f"mutual_request.{kind}",
        subject=f"mutual_request/{row.id}",
        content={"kind": row.kind, "jti": jti, "sequence": row.sequence, **details},
        now=now,
    )
