"""What acts of bodies here have led to, as who leads elsewhere tells it.

Whoever leads names the act by which something was asked for. An act leads to what its
kind leads to, and to each of it once: nobody is told to have done what they did not, or
twice what they did once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.exchange.errors import BodyUnfitError, MessageRefusedError
from recognition_service.exchange.models import OutgoingMessage
from recognition_service.exchange.post import find_sent
from recognition_service.mutual_recognition.act_kinds import REQUEST_ACT, ActKind
from recognition_service.mutual_recognition.conversation import Event
from recognition_service.mutual_recognition.models import ActEffect
from recognition_service.mutual_recognition.sides import SERVICE

AGREEMENT = "agreement"
"""The effect of an act on the agreement itself, besides the events of its proposal."""

_DEADLINE = "deadline"
_EFFECTS: Mapping[ActKind, Mapping[Event, str]] = {
    ActKind.ACCEPT: {Event.ACCEPTED: Event.ACCEPTED},
    ActKind.ANSWER: {Event.ANSWERED: Event.ANSWERED},
    ActKind.REFUSE: {Event.DECLINED: Event.DECLINED},
    ActKind.FORWARD: {Event.FORWARDED: Event.FORWARDED},
    ActKind.SPLIT: {Event.SPLIT: Event.SPLIT, Event.SENT: Event.SENT},
    # A date is proposed or agreed to, never both by one act.
    ActKind.DEADLINE: {
        Event.DEADLINE_PROPOSED: _DEADLINE,
        Event.DEADLINE_AGREED: _DEADLINE,
    },
    ActKind.REVISE_AGREEMENT: {Event.ANSWERED: Event.ANSWERED},
    ActKind.SIGN_AGREEMENT: {
        Event.ANSWERED: Event.ANSWERED,
        Event.CLOSED: Event.CLOSED,
    },
    ActKind.ABANDON_AGREEMENT: {Event.DECLINED: Event.DECLINED},
    ActKind.WITHDRAW_FROM_AGREEMENT: {},
}
"""By the kind of act: the events that follow from it, and as what each counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """An event as a message tells it.

    Attributes:
        by: Who did it, as it is called here, or "service".
        jti: Name of the event, the same for all who are told.
        cause: The message by which it was asked for, or None.
        conversation: The request to which it happened.
        parent: The request that this one was split off from, or None.
    """

    event: Event
    by: str
    jti: str
    cause: str | None
    conversation: UUID
    parent: UUID | None


def require_asked_for(session: Session, told: ToldEvent, recipient: str) -> None:
    """Refuse what bodies here are told to have done, unless they have asked for it.

    The caller owns the transaction. What an act has led to is kept, so that it does not
    do so again.

    Raises:
        BodyUnfitError: Nobody has asked for it, or for something else.
        MessageRefusedError: The act was told to have led to another such event.
    """
    is_by_body_here = told.by != SERVICE and not is_elsewhere(told.by)
    act = find_act(session, told.by if is_by_body_here else recipient, told.cause)
    if not is_by_body_here:
        if act is not None:
            raise BodyUnfitError("/event/by: somebody else has asked for this.")
        return
    if act is None or told.cause is None:
        raise BodyUnfitError("/event/by: nobody here has asked that this happens.")
    effect = _EFFECTS[ActKind(act.body["act"])].get(told.event)
    is_part = told.event is Event.SENT  # The request that was split off is a new one.
    asked_in = told.parent if is_part else told.conversation
    if effect is None or act.conversation != asked_in:
        raise BodyUnfitError("/cause: something else was asked for.")
    note_effect(session, act, effect, told.jti)


def find_act(
    session: Session, authority_id: str, cause: str | None
) -> OutgoingMessage | None:
    """Return the act of a body here that is named as a cause; None: it is none."""
    found = None if cause is None else find_sent(session, authority_id, cause)
    return found if found is not None and found.type == REQUEST_ACT else None


def note_effect(session: Session, act: OutgoingMessage, effect: str, told: str) -> None:
    """Keep what an act has led to. The caller owns the transaction.

    All who are told of one event name the same act, which is no contradiction.

    Raises:
        MessageRefusedError: It has led to another event of this kind.
    """
    known = session.get(ActEffect, (act.authority_id, act.jti, effect))
    if known is None:
        session.add(
            ActEffect(
                authority_id=act.authority_id, act=act.jti, effect=effect, told=told
            )
        )
        session.flush()
    elif known.told != told:
        raise MessageRefusedError(
            "contradictory", "The act that is named as the cause has led to another."
        )
