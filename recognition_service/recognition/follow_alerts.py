"""Alerts of authorities in other installations: taken as told, and gone when over.

Source: Directive 2005/36/EC, article 56a(1), (2) and (7).
"""

import re
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import home_name
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import Authority, Function
from recognition_service.authorities.peers import get_peer
from recognition_service.exchange.errors import BodyUnfitError, MessageRefusedError
from recognition_service.exchange.receive import Envelope
from recognition_service.exchange.wire import Body
from recognition_service.recognition.alert_content import AlertState, has_run_out
from recognition_service.recognition.alert_models import (
    AlertElsewhere,
    EndedAlertElsewhere,
)
from recognition_service.recognition.alerts_elsewhere import STATE
from recognition_service.storage.upsert import insert_for
from recognition_service.verification.message_sender import LEEWAY

PROFESSIONAL = "family_name given_name birth_date birth_place"
AUTHORITY = "name is_court"
PERIOD = "from until"
APPEAL = "body lodged_on"
TOLD = frozenset({AlertState.SENT, AlertState.OVER})
FORGOTTEN_AFTER = timedelta(days=2)
"""How long what nobody can end any more is kept unseen; three days are allowed."""
_LONGEST_NAME, _LONGEST_SCOPE = 200, 2_000
_LONGEST_CODE, _LONGEST_JURISDICTION = 80, 16
_MOST_DESTINATIONS = 300
_CODE = re.compile(r"[!-~]+(?: [!-~]+)*\Z")
_IN_PROSE = frozenset("\r\n\t")


def take_alert(session: Session, envelope: Envelope, *, now: datetime) -> None:
    """Keep what an authority elsewhere tells of its alert, or forget the alert.

    The caller owns the transaction. An alert belongs to its sender: whoever else tells
    of the same id tells of another alert. What has run out is not kept.

    Raises:
        BodyUnfitError: The message does not fit.
        MessageRefusedError: The alert was ended before, or the recipient is no
            competent authority.
    """
    body = Body(dict(envelope.message.body), STATE)
    state = body.word("state", AlertState)
    if state not in TOLD:
        raise BodyUnfitError("/state is not what it must be.")
    if state is AlertState.OVER:
        _end(session, envelope)
        return
    columns = _read(body, envelope)
    recipient = get_authority(session, envelope.recipient)
    if Function.COMPETENT_AUTHORITY not in recipient.functions:
        raise MessageRefusedError(
            "alert_not_for_recipient", "Only competent authorities read alerts."
        )
    key = (envelope.sender, envelope.message.conversation)
    if session.get(EndedAlertElsewhere, key) is not None:
        raise MessageRefusedError("alert_over", "It was over before.")
    _keep(session, envelope, columns, now)


def remove_alerts_elsewhere(session: Session, *, now: datetime) -> None:
    """Delete alerts of other installations that hold no longer, without a trace.

    The caller owns the transaction. Gone are those whose last day has passed where the
    sender is, and those of senders that cannot tell us any more that one is over.
    """
    senders = session.scalars(select(AlertElsewhere.authority_id).distinct()).all()
    for name in senders:
        sender = get_authority(session, name)
        over = delete(AlertElsewhere).where(AlertElsewhere.authority_id == name)
        if can_end(session, sender, at=now - FORGOTTEN_AFTER):
            today = legal_day(sender, now)
            over = over.where(AlertElsewhere.applies_until < today)
        session.execute(over)


def can_end(session: Session, sender: Authority, *, at: datetime) -> bool:
    """Tell whether an authority elsewhere could tell us that an alert is over.

    It cannot once it is trusted no longer, or nothing is exchanged with its
    installation any more.
    """
    ends = sender.trusted_until, get_peer(session, home_name(sender.id).peer).ended_at
    return all(end is None or end > at for end in ends)


def _end(session: Session, envelope: Envelope) -> None:
    """Forget an alert, and that nothing may bring it back; once or more often."""
    said = dict(envelope.message.body)
    del said["state"]
    if any(value is not None for value in said.values()):
        raise BodyUnfitError("An alert that is over says nothing else.")
    sender, alert_id = envelope.sender, envelope.message.conversation
    session.execute(
        insert_for(session, EndedAlertElsewhere)
        .values(authority_id=sender, id=alert_id)
        .on_conflict_do_nothing()
    )
    session.execute(
        delete(AlertElsewhere).where(
            AlertElsewhere.authority_id == sender, AlertElsewhere.id == alert_id
        )
    )


def _keep(
    session: Session, envelope: Envelope, columns: dict[str, Any], now: datetime
) -> None:
    """Write an alert down as it is told now, whoever of ours was told before."""
    key = {
        "authority_id": envelope.sender,
        "id": envelope.message.conversation,
    }
    columns = columns | {"received_at": now}
    session.execute(
        insert_for(session, AlertElsewhere)
        .values(**key, **columns)
        .on_conflict_do_update(index_elements=list(key), set_=columns)
    )
    row = session.get_one(AlertElsewhere, tuple(key.values()), populate_existing=True)
    if has_run_out(row, legal_day(get_authority(session, envelope.sender), now)):
        session.delete(row)


def _read(body: Body, envelope: Envelope) -> dict[str, Any]:
    """Return the columns that a message tells, each as it must be."""
    person = body.within("professional", PROFESSIONAL)
    decided = body.within("authority", AUTHORITY)
    sent_at = body.instant("sent_at")
    scope = body.optional("scope", lambda name: _prose(body, name))
    first, last = _period(body)
    if (scope is None) != (first is None):
        raise BodyUnfitError("/scope and /period belong together.")
    if first is None and not decided.truth("is_court"):
        raise BodyUnfitError("/authority: only a court finds papers forged.")
    if sent_at > envelope.message.issued_at + LEEWAY:
        raise BodyUnfitError("/sent_at is later than the message.")
    return {
        "destinations": _destinations(body),
        "family_name": _line(person, "family_name"),
        "given_name": person.optional("given_name", partial(_line, person)),
        "birth_date": person.optional("birth_date", person.day),
        "birth_place": person.optional("birth_place", partial(_line, person)),
        "profession": _code(body.text("profession"), _LONGEST_CODE, "profession"),
        "decided_by": _line(decided, "name"),
        "is_court": decided.truth("is_court"),
        "scope": scope,
        "applies_from": first,
        "applies_until": last,
        "appeal": _appeal(body),
        "sent_at": sent_at,
    }


def _period(body: Body) -> tuple[date | None, date | None]:
    period = body.optional("period", lambda name: body.within(name, PERIOD))
    if period is None:
        return None, None
    first, last = period.day("from"), period.optional("until", period.day)
    if last is not None and last < first:
        raise BodyUnfitError("/period ends before it begins.")
    return first, last


def _appeal(body: Body) -> dict[str, Any] | None:
    appeal = body.optional("appeal", lambda name: body.within(name, APPEAL))
    if appeal is None:
        return None
    lodged_on = appeal.day("lodged_on").isoformat()
    return {"body": _line(appeal, "body"), "lodged_on": lodged_on}


def _destinations(body: Body) -> list[str]:
    found = body.items("destinations", str)
    if not 0 < len(found) <= _MOST_DESTINATIONS:
        raise BodyUnfitError("/destinations are none, or too many.")
    return [_code(each, _LONGEST_JURISDICTION, "destinations") for each in found]


def _code(value: str, longest: int, name: str) -> str:
    """Return a text if it can be a code of the tables."""
    if len(value) > longest or not _CODE.match(value):
        raise BodyUnfitError(f"/{name} is no code.")
    return value


def _line(body: Body, name: str) -> str:
    """Return a member that is a name: one line that is not empty."""
    value = body.text(name, longest=_LONGEST_NAME)
    if not value.strip() or not _IN_PROSE.isdisjoint(value):
        raise BodyUnfitError(f"/{name} is no name.")
    return value


def _prose(body: Body, name: str) -> str:
    value = body.text(name, longest=_LONGEST_SCOPE)
    if not value.strip():
        raise BodyUnfitError(f"/{name} is empty.")
    return value
