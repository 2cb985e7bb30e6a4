"""Accepting a request: the promise to answer all of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.mutual_recognition.case_holds import move_hold
from recognition_service.mutual_recognition.conversation import Event, Kind, Side
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.open_cases import OPEN_CASES
from recognition_service.mutual_recognition.sides import (
    VersionCheck,
    actor_for,
    any_version,
    open_sides,
    set_all,
    write_down,
)
from recognition_service.storage import outbox


def accept(
    session: Session,
    caller: Caller,
    request_id: UUID,
    *,
    check: VersionCheck = any_version,
    now: datetime,
) -> MutualRequest:
    """Promise to answer every question.

    The caller owns the transaction. A list becomes cases soon after. The date that the
    asker wishes is agreed thereby, unless the sides have agreed on another or are still
    negotiating.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: It cannot be accepted now, or by this side.
    """
    sides = open_sides(session, caller, request_id, Event.ACCEPTED, check=check)
    set_all(sides.rows, accepted_at=now)
    asker = sides.asker
    if asker.agreed_answer_by is None and asker.proposed_by == Side.ASKER:
        set_all(sides.rows, agreed_answer_by=asker.proposed_answer_by)
    write_down(
        session,
        sides.rows,
        Event.ACCEPTED,
        caller=caller,
        now=now,
    )
    if asker.kind == Kind.RECOGNITION_LIST and not is_elsewhere(caller.authority_id):
        outbox.put(
            session,
            caller.authority_id,
            kind=OPEN_CASES,
            content={"request": str(request_id), "actor": caller.actor},
            now=now,
        )
    move_hold(session, asker, actor=actor_for(asker, caller), now=now)
    return sides.own
