"""Refusing to answer a request, before it was accepted."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
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
    actor_for,
    any_version,
    open_sides,
    write_down,
)


class RefusalReason(StrEnum):
    """Why somebody does not answer."""

    NOT_COMPETENT = "not_competent"
    NO_RECORD = "no_record"
    NO_LEGAL_BASIS = "no_legal_basis"
    OTHER = "other"


def refuse(
    session: Session,
    caller: Caller,
    request_id: UUID,
    *,
    reason: RefusalReason | None = None,
    free_text: Mapping[str, str] | None = None,
    check: VersionCheck = any_version,
    now: datetime,
) -> MutualRequest:
    """Decline a request; the clock of the asker's case goes on.

    The negotiation of an agreement ends without a result.

    The caller owns the transaction.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: It was accepted, or this side cannot refuse it.
        RoleMissingError: An agreement is negotiated, and the caller is no officer.
    """
    sides = open_sides(session, caller, request_id, Event.DECLINED, check=check)
    write_down(
        session,
        sides.rows,
        Event.DECLINED,
        caller=caller,
        now=now,
        details={"reason": reason},
        content={"free_text": free_text},
    )
    release_case(session, sides.asker, actor=actor_for(sides.asker, caller), now=now)
    if sides.own.kind == Kind.AGREEMENT_PROPOSAL:
        end_negotiation(session, caller, request_id, now=now)
    return sides.own
