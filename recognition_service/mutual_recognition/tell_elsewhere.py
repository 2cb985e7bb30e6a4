"""Telling bodies in other installations what has happened to a request.

The installation of who asked leads: whatever happens is written down there first, and
the others are told how the request stands after each event. What a body elsewhere wants
to do, it asks for, see `ask_leader`. So all keep the same history in the same order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.peers import wire_name
from recognition_service.clock import format_instant
from recognition_service.exchange.post import post
from recognition_service.mutual_recognition.attachments import attachments_of
from recognition_service.mutual_recognition.conversation import (
    SEES_CONTENT,
    Event,
    Kind,
)
from recognition_service.mutual_recognition.lists import items_of
from recognition_service.mutual_recognition.models import MutualRequest

REQUEST_STATE = "mutual_request.state"
NAMING_DETAILS = ("to", "coordinator")
"""Details of events that name an authority."""
SHARED = (
    "kind",
    "question_set",
    "terms",
    "asked_answer_by",
    "proposed_answer_by",
    "proposed_by",
    "agreed_answer_by",
    "accepted_at",
    "answered_at",
    "answered_on",
    "answered_in_time",
    "holds_clock",
    "parent",
    "family",
    "revision",
)
"""Columns that all who take part have in common, besides the names of bodies."""
CONTENT = ("subject_ref", "about", "questions", "free_text")
_JOINING = frozenset({Event.SENT, Event.FORWARDED})
_SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a request.

    Attributes:
        by: The body that did it, or "service".
        details: Ids, codes and dates.
        content: Texts and answers, for those who see them.
    """

    event: Event
    sequence: int
    at: datetime
    by: str
    jti: str
    details: Mapping[str, Any]
    content: Mapping[str, Any]


def seen_by(row: MutualRequest, content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the body of a row may see of an event's content, or None."""
    seen = {name: value for name, value in content.items() if value}
    return seen if seen and row.side in SEES_CONTENT else None


def tell_elsewhere(
    session: Session,
    rows: Sequence[MutualRequest],
    happened: Happened,
    *,
    cause: str | None,
) -> None:
    """Put messages in the post for all who take part and live elsewhere.

    The caller owns the transaction. Who asked speaks, and lives here.

    Args:
        session: A writing session.
        rows: Of everybody who takes part, after the event.
        happened: The event.
        cause: The message by which one of them asked for it, or None.
    """
    away = [row for row in rows if is_elsewhere(row.authority_id)]
    if not away or is_elsewhere(rows[0].asker):
        return
    for row in away:
        post(
            session,
            row.asker,
            row.authority_id,
            row.id,
            type=REQUEST_STATE,
            body=_state(session, row, happened, cause),
            actor=_SERVICE,
            now=happened.at,
        )


def _state(
    session: Session, row: MutualRequest, happened: Happened, cause: str | None
) -> dict[str, Any]:
    """Return how a request stands for one body, all bodies by their issuer URLs."""
    sees = row.side in SEES_CONTENT
    return {
        "cause": cause,
        "event": _event(session, row, happened),
        "side": row.side,
        "status": row.status,
        "sent_at": format_instant(row.sent_at),
        "request": {
            **{name: _plain(getattr(row, name)) for name in SHARED},
            "asker": wire_name(session, row.asker),
            "answerer": wire_name(session, row.answerer),
            "coordinator": _named(session, row.coordinator),
            "passed": [wire_name(session, name) for name in row.passed],
        },
        "content": {name: getattr(row, name) for name in CONTENT} if sees else None,
        "attachments": _attachments(session, row) if sees else [],
        "items": _items(session, row, happened) if sees else None,
    }


def _event(session: Session, row: MutualRequest, happened: Happened) -> dict[str, Any]:
    details = dict(happened.details)
    for name in NAMING_DETAILS:
        if name in details:
            details[name] = wire_name(session, details[name])
    by = happened.by
    return {
        "event": happened.event.value,
        "sequence": happened.sequence,
        "at": format_instant(happened.at),
        "by": by if by == _SERVICE else wire_name(session, by),
        "jti": happened.jti,
        "details": details,
        "content": seen_by(row, happened.content),
    }


def _attachments(session: Session, row: MutualRequest) -> list[dict[str, Any]]:
    return [
        {
            "digest": sent.digest,
            "media_type": sent.media_type,
            "bytes": sent.size,
            "name": sent.name,
            "by": wire_name(session, sent.by),
            "sent_at": format_instant(sent.sent_at),
        }
        for sent in attachments_of(session, row.authority_id, row.id)
    ]


def _items(
    session: Session, row: MutualRequest, happened: Happened
) -> list[dict[str, Any]] | None:
    """Return the rows of a list for a body that joins; None for everything else."""
    if row.kind != Kind.RECOGNITION_LIST or happened.event not in _JOINING:
        return None
    return [item.content for item in items_of(session, row.authority_id, row.id)]


def _named(session: Session, authority_id: str | None) -> str | None:
    return None if authority_id is None else wire_name(session, authority_id)


def _plain(value: Any) -> Any:
    """Return a column as JSON holds it."""
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
