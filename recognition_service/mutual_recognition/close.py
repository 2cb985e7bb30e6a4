"""Closing a request whose answer satisfies."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.mutual_recognition.case_holds import release_case
from recognition_service.mutual_recognition.conversation import Event
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.sides import (
    VersionCheck,
    any_version,
    open_sides,
    write_down,
)
from recognition_service.regimes.holds import HoldRule


def close(
    session: Session,
    caller: Caller,
    request_id: UUID,
    *,
    free_text: Mapping[str, str] | None = None,
    check: VersionCheck = any_version,
    now: datetime,
) -> MutualRequest:
    """End a request that was answered.

    The caller owns the transaction. A hold that lasts until the procedure ends is over.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: It is not answered, or this side did not ask.
    """
    sides = open_sides(session, caller, request_id, Event.CLOSED, check=check)
    write_down(
        session,
        sides.rows,
        Event.CLOSED,
        caller=caller,
        now=now,
        content={"free_text": free_text},
    )
    if sides.asker.holds_clock == HoldRule.UNTIL_PROCEDURE_END:
        release_case(session, sides.asker, actor=caller.actor, now=now)
    return sides.own
