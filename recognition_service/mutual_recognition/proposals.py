"""The request by which an agreement is proposed to another body, and how it goes on.

It has the id of the agreement. It lies in inbox and outbox, has dates, and tells in its
history what the parties did with the text; the text itself, its revisions and the
signatures are the agreement's own.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.mutual_recognition.conversation import Event
from recognition_service.mutual_recognition.models import (
    MutualRequest,
    NegotiatedAgreement,
)
from recognition_service.mutual_recognition.sides import (
    Sides,
    lock_sides,
    note_answered,
    write_down,
)

REVISED, SIGNED, ABANDONED, CONCLUDED = "revised", "signed", "abandoned", "concluded"
"""What parties do with the text of an agreement."""

_BY_ASKER = {
    REVISED: Event.REVISED,
    SIGNED: Event.SIGNED,
    ABANDONED: Event.WITHDRAWN,
    CONCLUDED: Event.CLOSED,
}
_BY_ANSWERER = {
    REVISED: Event.ANSWERED,
    SIGNED: Event.ANSWERED,
    ABANDONED: Event.DECLINED,
    CONCLUDED: Event.CLOSED,
}


def lock_proposal(
    session: Session, authority_id: str, agreement_id: UUID
) -> Sides | None:
    """Return the request by which an agreement was proposed, locked, or None.

    Args:
        session: A writing session.
        authority_id: A party.
        agreement_id: Also that of the request.
    """
    row = session.get(MutualRequest, (authority_id, agreement_id))
    return None if row is None else lock_sides(session, row.asker, agreement_id)


def tell_act(
    session: Session,
    agreement: NegotiatedAgreement,
    act: str,
    caller: Caller,
    *,
    now: datetime,
) -> None:
    """Let the request go on with what a party did.

    The caller owns the transaction. Who is asked answers by another text or by signing;
    with the last signature the request is closed.
    """
    sides = lock_proposal(session, caller.authority_id, agreement.id)
    if sides is None:
        return
    is_asker = caller.authority_id == sides.asker.authority_id
    event = (_BY_ASKER if is_asker else _BY_ANSWERER)[act]
    if event is Event.ANSWERED:
        _answer(session, sides, now)
    write_down(
        session,
        sides.rows,
        event,
        caller=caller,
        now=now,
        details=_details(agreement, act),
    )


def _answer(session: Session, sides: Sides, now: datetime) -> None:
    """Note an answer; who answers without having accepted has accepted thereby."""
    for row in sides.rows:
        row.accepted_at = row.accepted_at or now
    answerer = read_authority(session, sides.answerer.authority_id)
    note_answered(sides.rows, today=legal_day(answerer, now), now=now)


def _details(agreement: NegotiatedAgreement, act: str) -> dict[str, Any]:
    return {"act": act, "revision": agreement.revision, "digest": agreement.digest}
