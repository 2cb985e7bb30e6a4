"""Withdrawing a request that needs no answer any more."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.mutual_recognition.case_holds import release_case
from recognition_service.mutual_recognition.conversation import Event, Kind
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.negotiate_agreement import (
    end_negotiation,
)
from recognition_service.mutual_recognition.sides import (
    VersionCheck,
    any_version,
    open_sides,
    write_down,
)


def withdraw(
    session: Session,
    caller: Caller,
    request_id: UUID,
    *,
    free_text: Mapping[str, str] | None = None,
    check: VersionCheck = any_version,
    now: datetime,
) -> MutualRequest:
    """Take back a request that nobody has answered; the clock of its case goes on.

    The caller owns the transaction. The negotiation of an agreement ends without a
    result.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: It was answered or is over, or this side did not ask.
        RoleMissingError: An agreement is negotiated, and the caller is no officer.
    """
    sides = open_sides(session, caller, request_id, Event.WITHDRAWN, check=check)
    write_down(
        session,
        sides.rows,
        Event.WITHDRAWN,
        caller=caller,
        now=now,
        content={"free_text": free_text},
    )
    release_case(session, sides.asker, actor=caller.actor, now=now)
    if sides.own.kind == Kind.AGREEMENT_PROPOSAL:
        end_negotiation(session, caller, request_id, now=now)
    return sides.own
