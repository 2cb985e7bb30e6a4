"""A request as the bodies that take part keep it: found, locked, written down.

Each body has rows of its own. What one does is written into the rows of all that take
part, in the transaction of whoever does it, so that they never differ.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.exchange.post import new_jti
from recognition_service.mutual_recognition.conversation import (
    SEES_CONTENT,
    UNANSWERED,
    Event,
    Kind,
    Place,
    Side,
    State,
    answered_in_time,
    can_be_referred,
    require_allowed,
    state_after,
)
from recognition_service.mutual_recognition.errors import MutualRequestNotFoundError
from recognition_service.mutual_recognition.models import MutualEvent, MutualRequest
from recognition_service.mutual_recognition.tell_elsewhere import (
    Happened,
    seen_by,
    tell_elsewhere,
)
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id

RECEIVED = "received"
SERVICE = "service"

VersionCheck = Callable[[int], None]
"""Refuses a change of another version than the caller has read."""


def any_version(version: int) -> None:
    """Accept every version."""
    del version


@dataclass(frozen=True, slots=True)
class Sides:
    """A request, locked, as everybody who takes part keeps it.

    Attributes:
        own: The row of who acts.
        answerer: Of who is asked now.
        coordinator: Of who was told that the answer is overdue, or None.
    """

    own: MutualRequest
    asker: MutualRequest
    answerer: MutualRequest
    coordinator: MutualRequest | None

    @property
    def rows(self) -> tuple[MutualRequest, ...]:
        """All rows that follow what happens."""
        told = () if self.coordinator is None else (self.coordinator,)
        return (self.asker, self.answerer, *told)

    @property
    def with_content(self) -> tuple[MutualRequest, ...]:
        """The rows of those who see what is asked and answered."""
        return tuple(row for row in self.rows if row.side in SEES_CONTENT)


def get_row(session: Session, authority_id: str, request_id: UUID) -> MutualRequest:
    """Return a request as an authority keeps it.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
    """
    row = session.get(MutualRequest, (authority_id, request_id))
    if row is None:
        raise MutualRequestNotFoundError(
            f"There is no request between authorities {request_id}."
        )
    return row


def open_sides(
    session: Session,
    caller: Caller,
    request_id: UUID,
    event: Event,
    *,
    check: VersionCheck = any_version,
) -> Sides:
    """Return a request to be changed by an event, locked until the transaction ends.

    Whoever acts takes the asker's row first, so that two acts never wait for one
    another. What the state forbids is refused before the version is looked at.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: This side cannot do this now.

    Source: RFC 9110 section 13.2.1.
    """
    own = get_row(session, caller.authority_id, request_id)
    sides = lock_sides(session, own.asker, request_id)
    if own not in sides.rows:
        own = _locked(session, caller.authority_id, request_id)
    require_allowed(place_of(own), event)
    check(own.version)
    return Sides(own, sides.asker, sides.answerer, sides.coordinator)


def lock_sides(session: Session, asker: str, request_id: UUID) -> Sides:
    """Return a request as its asker sees it, with all rows locked."""
    row = _locked(session, asker, request_id)
    told = row.coordinator
    return Sides(
        row,
        row,
        _locked(session, row.answerer, request_id),
        None if told is None else _locked(session, told, request_id),
    )


def place_of(row: MutualRequest) -> Place:
    """Return where a request stands for the body whose row it is."""
    return Place(
        State(row.status),
        Side(row.side),
        is_accepted=row.accepted_at is not None,
        proposed_by=Side(row.proposed_by),
        is_proposal=row.kind == Kind.AGREEMENT_PROPOSAL,
    )


def actor_for(row: MutualRequest, caller: Caller) -> str:
    """Return how a body's own files name who acts: its people, or the other body."""
    is_own = row.authority_id == caller.authority_id
    return caller.actor if is_own else f"authority:{caller.authority_id}"


def write_down(
    session: Session,
    rows: Sequence[MutualRequest],
    event: Event,
    *,
    caller: Caller | None,
    now: datetime,
    details: Mapping[str, Any] | None = None,
    content: Mapping[str, Any] | None = None,
) -> None:
    """Let an event happen for all who take part, in their files and their audits.

    The caller owns the transaction. Those who live in other installations are told by
    a message.

    Args:
        session: A writing session.
        rows: Of everybody who takes part.
        event: What happens.
        caller: Who does it, whose person is told to nobody else; None: the service.
        now: The instant.
        details: Ids, codes and dates only.
        content: Texts and answers, for those who see them.
    """
    by, actor = (caller.authority_id, caller.actor) if caller else (SERVICE, SERVICE)
    jti = new_jti()
    sequence = max(row.sequence for row in rows) + 1
    told = {name: value for name, value in (details or {}).items() if value is not None}
    for row in rows:
        is_own = row.authority_id == by
        _move(row, event, sequence)
        if is_elsewhere(row.authority_id):
            continue
        session.add(
            MutualEvent(
                authority_id=row.authority_id,
                id=new_id(now),
                request_id=row.id,
                sequence=sequence,
                at=now,
                by=by,
                actor=actor if is_own else None,
                event=event,
                jti=jti,
                receipt=RECEIVED,
                details=told,
                content=seen_by(row, content or {}),
            )
        )
        audit.append(
            session,
            row.authority_id,
            actor=actor if is_own or by == SERVICE else f"authority:{by}",
            action=f"mutual_request.{event}",
            subject=f"mutual_request/{row.id}",
            content={"kind": row.kind, "jti": jti, "sequence": sequence, **told},
            now=now,
        )
    happened = Happened(event, sequence, now, by, jti, told, content or {})
    tell_elsewhere(session, rows, happened, cause=caller.message if caller else None)


def events_of(
    session: Session, authority_id: str, request_id: UUID
) -> list[MutualEvent]:
    """Return what happened to a request, oldest first."""
    return list(
        session.scalars(
            select(MutualEvent)
            .where(
                MutualEvent.authority_id == authority_id,
                MutualEvent.request_id == request_id,
            )
            .order_by(MutualEvent.sequence)
        )
    )


def note_answered(rows: Iterable[MutualRequest], *, today: date, now: datetime) -> None:
    """Note when the first answer came, and whether in time; later ones change nothing.

    Args:
        rows: Of everybody who takes part.
        today: Where the answerer is.
        now: The instant.
    """
    for row in rows:
        if row.answered_at is None:
            row.answered_at, row.answered_on = now, today
            row.answered_in_time = answered_in_time(row.agreed_answer_by, today)


def set_all(rows: Iterable[MutualRequest], **values: Any) -> None:
    """Set columns alike in the rows of everybody who takes part."""
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)


def _move(row: MutualRequest, event: Event, sequence: int) -> None:
    row.status = state_after(place_of(row), event)
    row.sequence = sequence
    row.version += 1
    set_due(row)


def set_due(row: MutualRequest) -> None:
    """Say until when an answer is awaited, and when a coordinator must be told."""
    state, side = State(row.status), Side(row.side)
    awaited = state in UNANSWERED and side is not Side.FORMER
    due = (row.agreed_answer_by or row.proposed_answer_by) if awaited else None
    row.due_on = due
    is_led_here = side is Side.ASKER and not is_elsewhere(row.authority_id)
    can_refer = is_led_here and row.coordinator is None
    row.refer_on = due if can_refer and can_be_referred(state) else None


def _locked(session: Session, authority_id: str, request_id: UUID) -> MutualRequest:
    row = session.get(
        MutualRequest,
        (authority_id, request_id),
        with_for_update=True,
        populate_existing=True,
    )
    if row is None:
        raise MutualRequestNotFoundError(
            f"{authority_id} does not take part in {request_id} yet."
        )
    return row
