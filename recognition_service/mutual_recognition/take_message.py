"""Doing what a message from another installation asks, by its type."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from recognition_service.attestations.issue import Intent
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority
from recognition_service.dual_certification.follow_joint import (
    JOINT_TYPES,
    take_joint,
)
from recognition_service.exchange.errors import MessageRefusedError
from recognition_service.exchange.receive import Envelope
from recognition_service.exchange.wire import Body
from recognition_service.mutual_recognition.act_kinds import REQUEST_ACT
from recognition_service.mutual_recognition.acts import ActDesk
from recognition_service.mutual_recognition.agreement_wire import follow_agreement
from recognition_service.mutual_recognition.ask_leader import let_happen
from recognition_service.mutual_recognition.follow import follow
from recognition_service.mutual_recognition.receive_attachment import (
    ATTACHMENT,
    receive_attachment,
)
from recognition_service.mutual_recognition.tell_elsewhere import REQUEST_STATE
from recognition_service.mutual_recognition.tell_parties import AGREEMENT_STATE
from recognition_service.recognition.alerts_elsewhere import ALERT_STATE
from recognition_service.recognition.follow_alerts import take_alert


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be done without a transaction once a message was taken in.

    Attributes:
        intents: What is to be signed now, for who asked.
        publishing: Authorities here for which something was published.
        lists: Authorities here whose status lists have changed.
    """

    intents: Sequence[Intent] = ()
    publishing: Sequence[str] = ()
    lists: Sequence[str] = ()


def take_message(
    session: Session,
    envelope: Envelope,
    desk: ActDesk,
    content: bytes | None,
    *,
    now: datetime,
) -> Taken:
    """Do what a message asks. The caller owns the transaction.

    Args:
        session: A writing session.
        envelope: The message, of a proven sender and in its turn.
        desk: What acts need of the service.
        content: Bytes of a document that came beside the message, or None.
        now: The instant.

    Raises:
        MessageRefusedError: Its type is not known here, or its document is missing.
        RecognitionError: It cannot be done; as the use case.
    """
    match envelope.message.type:
        case kind if kind == REQUEST_STATE:
            follow(session, envelope, desk.service.edition, now=now)
            return Taken()
        case kind if kind == REQUEST_ACT:
            intents = let_happen(session, envelope, desk, now=now)
            return Taken(intents, [envelope.recipient])
        case kind if kind == AGREEMENT_STATE:
            publisher = desk.publisher
            parties = follow_agreement(session, envelope, publisher, now=now)
            return Taken(publishing=parties)
        case kind if kind == ATTACHMENT:
            _take_attachment(session, envelope, content, now)
            return Taken()
        case kind if kind == ALERT_STATE:
            take_alert(session, envelope, now=now)
            return Taken()
        case kind if kind in JOINT_TYPES:
            return Taken(lists=take_joint(session, envelope, now=now))
        case kind:
            raise MessageRefusedError("type_unknown", f"{kind} is not known here.")


def _take_attachment(
    session: Session, envelope: Envelope, content: bytes | None, now: datetime
) -> None:
    digest = Body(dict(envelope.message.body), "digest").text("digest")
    if content is None or list(envelope.message.attachments) != [digest]:
        raise MessageRefusedError(
            "attachment_missing", "The bytes of the document did not come along."
        )
    sender = get_authority(session, envelope.sender)
    receive_attachment(
        session,
        Caller.elsewhere(sender, envelope.message.jti),
        envelope.message.conversation,
        digest,
        content,
        now=now,
    )
