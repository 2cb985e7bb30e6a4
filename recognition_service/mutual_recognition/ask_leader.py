"""Asking the installation that leads a request to let something happen.

Whoever has asked leads. An act of a body here is tried first, so that what cannot be is
refused at once, and then put in the post; it has happened when the leader says so.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.issue import Intent
from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.found import get_authority
from recognition_service.clock import format_instant
from recognition_service.exchange.errors import ActPendingError
from recognition_service.exchange.models import OutgoingMessage
from recognition_service.exchange.post import last_refused, pending_of, post
from recognition_service.exchange.receive import Envelope
from recognition_service.exchange.wire import Body
from recognition_service.mutual_recognition.act_kinds import REQUEST_ACT, ActKind
from recognition_service.mutual_recognition.acts import (
    Act,
    ActDesk,
    carry_out_act,
)
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.list_results import outcomes_of
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.sides import get_row


def is_led_elsewhere(session: Session, authority_id: str, request_id: UUID) -> bool:
    """Tell whether another installation leads a request.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
    """
    return is_elsewhere(get_row(session, authority_id, request_id).asker)


def ask_leader(
    session: Session,
    caller: Caller,
    request_id: UUID,
    act: Act,
    desk: ActDesk,
    *,
    now: datetime,
) -> None:
    """Ask that an act of a body here happens. The caller owns the transaction.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        ActPendingError: Another act of this body is on its way.
        RecognitionError: The act could not be done here and now; as its use case.
    """
    row = get_row(session, caller.authority_id, request_id)
    if pending_of(session, caller.authority_id, request_id) is not None:
        raise ActPendingError("Wait until the other side has confirmed the last act.")
    leader = row.asker
    trial = session.begin_nested()
    try:
        carry_out_act(session, caller, request_id, act, desk, now=now)
    finally:
        trial.rollback()
    given = _with_results(session, caller.authority_id, request_id, act)
    post(
        session,
        caller.authority_id,
        leader,
        request_id,
        type=REQUEST_ACT,
        body={"act": act.kind.value, "at": format_instant(act.at), "given": given},
        actor=caller.actor,
        is_settled=False,
        now=now,
    )


def let_happen(
    session: Session, envelope: Envelope, desk: ActDesk, *, now: datetime
) -> list[Intent]:
    """Do what a body elsewhere asks for, in a request that is led here.

    The caller owns the transaction. The others are told by what happens.

    Returns:
        What is to be signed now, for who asked.

    Raises:
        BodyUnfitError: The message does not fit.
        MutualRequestNotFoundError: The body takes part in no such request.
        RecognitionError: It cannot be done; as the use case.
    """
    body = Body(dict(envelope.message.body), "act at given")
    request_id = envelope.message.conversation
    get_row(session, envelope.sender, request_id)
    act = Act(body.word("act", ActKind), body.object("given"), body.instant("at"))
    sender = get_authority(session, envelope.sender)
    caller = Caller.elsewhere(sender, envelope.message.jti)
    return carry_out_act(session, caller, request_id, act, desk, now=now)


def exchange_view(session: Session, row: MutualRequest) -> dict[str, Any] | None:
    """Return what of a request is on its way between installations; None: nothing.

    An act that waits for the other side is `pending`; the last one is `refused` if the
    other side could not let it happen.
    """
    pending = pending_of(session, row.authority_id, row.id)
    refused = last_refused(session, row.authority_id, row.id)
    if pending is None and refused is None:
        return None
    return {"pending": _shown(pending), "refused": _shown(refused)}


def _with_results(
    session: Session, authority_id: str, request_id: UUID, act: Act
) -> Mapping[str, Any]:
    """Return what an act says, with what became of the rows of a list it answers."""
    row = get_row(session, authority_id, request_id)
    if act.kind is not ActKind.ANSWER or row.kind != Kind.RECOGNITION_LIST:
        return act.given
    results = outcomes_of(session, authority_id, request_id)
    return replace(act, given={**act.given, "results": results}).given


def _shown(message: OutgoingMessage | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "act": message.body.get("act", message.type),
        "since": format_instant(message.created_at),
        "jti": message.jti,
        "attempts": message.attempts,
        "code": message.code,
    }
