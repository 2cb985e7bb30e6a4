"""Telling authorities in other installations of alerts that they may read.

Who could read an alert if it lived here is told of it there. Who was told once is told
each change from then on, whatever became of its mandate: it must learn of the end.

Source: Directive 2005/36/EC, article 56a(1), (2), (5) and (7).
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import home_name
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.mandates import decides_access_to
from recognition_service.authorities.models import Authority, Function
from recognition_service.authorities.peers import get_peer, peer_trust, wire_name
from recognition_service.clock import format_instant
from recognition_service.exchange.post import (
    State,
    post,
    replace_waiting,
    told_in,
)
from recognition_service.recognition.alert_content import (
    AlertState,
    five_things,
    reaches,
    state_of,
)
from recognition_service.recognition.alert_models import Alert
from recognition_service.verification.trust import Mandate

ALERT_STATE = "alert.state"
STATE = "state sent_at professional profession authority scope period appeal"
STATE += " destinations"
"""Members of the body of a message about an alert."""
_SERVICE = "service"
_OVER = {**dict.fromkeys(STATE.split()), "state": AlertState.OVER.value}


class Reader(NamedTuple):
    """An authority elsewhere that is trusted and competent for something.

    Attributes:
        today: Its legal day.
    """

    authority: Authority
    mandates: tuple[Mandate, ...]
    today: date

    def may_read(self, alert: Alert, mode: str) -> bool:
        """Tell whether it may read an alert of a sender in a mode."""
        return (
            self.authority.mode == mode
            and reaches(alert, self.authority.jurisdiction)
            and decides_access_to(self.mandates, alert.profession, self.today)
        )


def tell_alert(session: Session, alert: Alert, *, actor: str, now: datetime) -> None:
    """Tell other installations how an alert stands.

    The caller owns the transaction, and holds a lock on the alert. Nothing is told of
    one that was not sent. That it is over is told once, and nothing about the person
    with it, nor with what still waits.
    """
    if alert.sent_at is None or alert.over_told_at is not None:
        return
    sender = get_authority(session, alert.authority_id)
    told = told_in(session, alert.authority_id, [alert.id])
    recipients = {each.recipient for each in told if each.state != State.REFUSED}
    if state_of(alert, legal_day(sender, now)) is AlertState.OVER:
        alert.over_told_at, body = now, _OVER
        replace_waiting(session, alert.authority_id, alert.id, _OVER)
    else:
        body = _body(alert, alert.sent_at)
        recipients |= {
            reader.authority.id
            for reader in _readers(session, now)
            if reader.may_read(alert, sender.mode)
        }
    _post(session, alert, recipients, body, actor=actor, now=now)


def unheard_alerts(session: Session, *, now: datetime) -> list[tuple[str, UUID]]:
    """Return alerts that somebody elsewhere may read by now and was never told.

    Installations are connected, and mandates granted, while an alert holds. Each is
    named by its authority and its id.
    """
    readers = list(_readers(session, now))
    if not readers:
        return []
    found = []
    senders = session.scalars(
        select(Alert.authority_id).where(Alert.sent_at.is_not(None)).distinct()
    ).all()
    for sender in senders:
        alerts = session.scalars(
            select(Alert)
            .where(Alert.authority_id == sender, Alert.sent_at.is_not(None))
            .order_by(Alert.id)
        ).all()
        unheard = _newcomers(session, sender, alerts, readers, now=now)
        found += [(sender, alert.id) for alert in alerts if unheard[alert.id]]
    return found


def tell_newcomers(
    session: Session, authority_id: str, alert_id: UUID, *, now: datetime
) -> None:
    """Tell an alert to those elsewhere who were never told of it and may read it.

    The caller owns the transaction. An alert that is gone by now is told nobody.
    """
    alert = session.get(Alert, (authority_id, alert_id), with_for_update=True)
    if alert is None or alert.sent_at is None:
        return
    readers = list(_readers(session, now))
    newcomers = _newcomers(session, authority_id, [alert], readers, now=now)
    body = _body(alert, alert.sent_at)
    _post(session, alert, newcomers[alert_id], body, actor=_SERVICE, now=now)


def _newcomers(
    session: Session,
    authority_id: str,
    alerts: Sequence[Alert],
    readers: Sequence[Reader],
    *,
    now: datetime,
) -> dict[UUID, set[str]]:
    """Return who may read alerts of an authority and was never told, by alert.

    Who has refused one was told.
    """
    sender = get_authority(session, authority_id)
    today = legal_day(sender, now)
    found = {
        alert.id: {
            reader.authority.id
            for reader in readers
            if state_of(alert, today) is AlertState.SENT
            and reader.may_read(alert, sender.mode)
        }
        for alert in alerts
    }
    for told in told_in(session, authority_id, list(found)):
        found[told.conversation].discard(told.recipient)
    return found


def _readers(session: Session, now: datetime) -> Iterator[Reader]:
    """Yield the competent authorities elsewhere, as fresh trust lists name them."""
    rows = session.scalars(
        select(Authority)
        .where(Authority.id.contains("@"), Authority.trusted_until.is_(None))
        .order_by(Authority.id)
    )
    for row in rows:
        peer = get_peer(session, home_name(row.id).peer)
        trust = peer_trust(peer)
        if (
            Function.COMPETENT_AUTHORITY not in row.functions
            or peer.ended_at is not None
            or trust is None
            or trust.fresh_until < now
        ):
            continue
        issuer = trust.issuers.get(wire_name(session, row.id))
        if issuer is not None:
            yield Reader(row, issuer.mandates, legal_day(row, now))


def _body(alert: Alert, sent_at: datetime) -> dict[str, Any]:
    return {
        "state": AlertState.SENT.value,
        "sent_at": format_instant(sent_at),
        **five_things(alert),
        "destinations": list(alert.destinations),
    }


def _post(
    session: Session,
    alert: Alert,
    recipients: set[str],
    body: dict[str, Any],
    *,
    actor: str,
    now: datetime,
) -> None:
    for recipient in sorted(recipients):
        post(
            session,
            alert.authority_id,
            recipient,
            alert.id,
            type=ALERT_STATE,
            body=body,
            is_lasting=True,
            actor=actor,
            now=now,
        )
