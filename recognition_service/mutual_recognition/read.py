"""Requests between bodies as the documents that callers get, codes without texts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import home_name
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.clock import format_instant
from recognition_service.mutual_recognition.agreement import (
    allowed_acts,
    get_agreement,
)
from recognition_service.mutual_recognition.applicant_view import visible_to_applicant
from recognition_service.mutual_recognition.ask_leader import exchange_view
from recognition_service.mutual_recognition.attachments import attachments_of
from recognition_service.mutual_recognition.case_holds import reference_of
from recognition_service.mutual_recognition.conversation import (
    SEES_CONTENT,
    Kind,
    Side,
    accepted_within_a_week,
    allowed_events,
)
from recognition_service.mutual_recognition.list_progress import progress_of
from recognition_service.mutual_recognition.lists import count_items
from recognition_service.mutual_recognition.models import MutualEvent, MutualRequest
from recognition_service.mutual_recognition.sides import events_of, place_of
from recognition_service.recognition.case_events import events_of as events_of_case
from recognition_service.recognition.held_times import holds_of


def as_document(
    session: Session, row: MutualRequest, *, public_url: str, now: datetime
) -> dict[str, Any]:
    """Return a request whole, as the body whose row it is may see it.

    Args:
        session: A reading session.
        row: The request as the caller's authority keeps it.
        public_url: Prefix of links.
        now: The instant.
    """
    today = today_of(session, row.authority_id, now)
    asker = get_authority(session, row.asker)
    return {
        **summary(row, public_url=public_url, today=today),
        "access": "content" if row.side in SEES_CONTENT else "metadata",
        "allowed": list(allowed_events(place_of(row))),
        "held_qualification": row.held_position if row.case_id else None,
        "subject_ref": row.subject_ref,
        "about": row.about,
        "questions": row.questions,
        "free_text": row.free_text,
        "attachments": _attachments(session, row, public_url),
        "proposed_by": row.proposed_by,
        "holds_clock": row.holds_clock,
        "holds": _holds(session, row, today),
        "recognition": row.terms,
        "items": _items(session, row, public_url),
        "progress": _progress(session, row),
        "agreement": _agreement(session, row, public_url),
        "children": _children(session, row),
        "forwarded_by": row.passed,
        "coordinator": row.coordinator,
        "indicators": {
            "accepted_within_a_week": accepted_within_a_week(
                row.sent_at, row.accepted_at
            ),
            "answered_by_agreed_date": row.answered_in_time,
        },
        "history": [
            _event(event) for event in events_of(session, row.authority_id, row.id)
        ],
        "exchange": exchange_view(session, row),
        "visible_to_applicant": visible_to_applicant(row, asker),
    }


def summary(
    row: MutualRequest | Row[Any], *, public_url: str, today: date
) -> dict[str, Any]:
    """Return what lists show of a request: nothing that names a person."""
    return {
        "id": str(row.id),
        "conversation": str(row.id),
        "kind": row.kind,
        "status": row.status,
        "side": row.side,
        "from": row.asker,
        "to": _addressed(row.answerer),
        "case": str(row.case_id) if row.case_id else None,
        "question_set": row.question_set,
        "proposed_answer_by": _iso(row.proposed_answer_by),
        "agreed_answer_by": _iso(row.agreed_answer_by),
        "due_on": _iso(row.due_on),
        "is_overdue": row.due_on is not None and row.due_on < today,
        "parent": str(row.parent) if row.parent else None,
        "revision": row.revision,
        "sent_at": format_instant(row.sent_at),
        "links": {"self": f"{public_url}/api/v1/mutual-requests/{row.id}"},
    }


def _addressed(authority_id: str) -> dict[str, Any]:
    """Return how a body is addressed: by its id where it lives, and where that is."""
    home = home_name(authority_id)
    return {"authority": home.authority, "installation": home.peer or None}


def today_of(session: Session, authority_id: str, now: datetime) -> date:
    """Return the legal date of an authority at an instant."""
    return legal_day(get_authority(session, authority_id), now)


def _attachments(
    session: Session, row: MutualRequest, public_url: str
) -> list[dict[str, Any]]:
    """Return the documents that were sent along, and where their bytes are."""
    at = f"{public_url}/api/v1/mutual-requests/{row.id}/attachments"
    return [
        {
            "digest": sent.digest,
            "media_type": sent.media_type,
            "bytes": sent.size,
            "name": sent.name,
            "by": sent.by,
            "received_at": format_instant(sent.received_at)
            if sent.received_at
            else None,
            "href": f"{at}/{sent.digest}",
        }
        for sent in attachments_of(session, row.authority_id, row.id)
    ]


def _holds(session: Session, row: MutualRequest, today: date) -> list[dict[str, Any]]:
    """Return how the request holds the clock of the case; only its asker knows that."""
    if row.case_id is None:
        return []
    events = events_of_case(session, row.authority_id, row.case_id)
    return [
        {
            "rule": hold.rule,
            "began_on": _iso(hold.began_on),
            "until": _iso(hold.until),
            "ended_on": _iso(hold.ended_by(today)),
        }
        for hold in holds_of(events)
        if hold.reference == reference_of(row)
    ]


def _items(
    session: Session, row: MutualRequest, public_url: str
) -> dict[str, Any] | None:
    """Return how many rows a list has and where they are; None for other kinds."""
    if row.kind != Kind.RECOGNITION_LIST:
        return None
    return {
        "total": count_items(session, row),
        "href": f"{public_url}/api/v1/mutual-requests/{row.id}/items",
    }


def _agreement(
    session: Session, row: MutualRequest, public_url: str
) -> dict[str, Any] | None:
    """Return where the proposed agreement stands, for its parties."""
    if row.kind != Kind.AGREEMENT_PROPOSAL or row.side not in SEES_CONTENT:
        return None
    agreement = get_agreement(session, row.authority_id, row.id)
    return {
        "id": str(agreement.id),
        "href": f"{public_url}/api/v1/agreements/{agreement.id}",
        "state": agreement.state,
        "revision": agreement.revision,
        "digest": agreement.digest,
        "titles": len(agreement.content["titles"]),
        "allowed": list(allowed_acts(agreement)),
    }


def _progress(session: Session, row: MutualRequest) -> dict[str, Any] | None:
    """Return how far a list is; who asked is told with the answer."""
    if row.kind != Kind.RECOGNITION_LIST or row.side != Side.ANSWERER:
        return None
    return progress_of(session, row)


def _children(session: Session, row: MutualRequest) -> list[str]:
    found = session.scalars(
        select(MutualRequest.id)
        .where(
            MutualRequest.authority_id == row.authority_id,
            MutualRequest.family == row.family,
            MutualRequest.parent == row.id,
        )
        .order_by(MutualRequest.id)
    )
    return [str(child) for child in found]


def _event(event: MutualEvent) -> dict[str, Any]:
    return {
        "at": format_instant(event.at),
        "by": event.by,
        "actor": event.actor,
        "event": event.event,
        "message": {
            "jti": event.jti,
            "sequence": event.sequence,
            "receipt": event.receipt,
        },
        "details": event.details,
        **(event.content or {}),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
