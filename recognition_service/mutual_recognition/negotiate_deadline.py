"""Negotiating until when a request is answered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority
from recognition_service.mutual_recognition.ask import require_coming_day
from recognition_service.mutual_recognition.case_holds import move_hold
from recognition_service.mutual_recognition.conversation import Event, Side
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.sides import (
    Sides,
    VersionCheck,
    actor_for,
    any_version,
    open_sides,
    set_all,
    write_down,
)


def negotiate_deadline(
    session: Session,
    caller: Caller,
    request_id: UUID,
    answer_by: date,
    *,
    check: VersionCheck = any_version,
    now: datetime,
) -> MutualRequest:
    """Agree to the date that the other side proposed, or propose another one.

    The caller owns the transaction. The date that stands is agreed by naming it. A hold
    that lasts until the deadline lasts until the agreed one.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: The other side is to move, or it is too late to negotiate.
        MutualRequestInvalidError: The date is over.
    """
    sides = open_sides(
        session, caller, request_id, Event.DEADLINE_PROPOSED, check=check
    )
    authority = get_authority(session, caller.authority_id)
    require_coming_day(authority, answer_by, now, pointer="/answer_by")
    event = Event.DEADLINE_PROPOSED
    if answer_by == sides.own.proposed_answer_by:
        event = Event.DEADLINE_AGREED
        set_all(sides.rows, agreed_answer_by=answer_by)
    else:
        _propose(sides, answer_by)
    write_down(
        session,
        sides.rows,
        event,
        caller=caller,
        now=now,
        details={"answer_by": answer_by.isoformat()},
    )
    if event is Event.DEADLINE_AGREED:
        move_hold(session, sides.asker, actor=actor_for(sides.asker, caller), now=now)
    return sides.own


def _propose(sides: Sides, answer_by: date) -> None:
    set_all(sides.rows, proposed_answer_by=answer_by, proposed_by=sides.own.side)
    if sides.own.side == Side.ASKER:
        set_all(sides.rows, asked_answer_by=answer_by)
