"""Which alerts an authority reads: its own, and those that others sent to it.

Source: Directive 2005/36/EC, article 56a(1), (2), (5) and (7).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from heapq import merge
from itertools import islice, takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from recognition_service.authorities.found import (
    all_authorities,
    get_authority,
    legal_day,
)
from recognition_service.authorities.mandates import decides_access_to, mandates_of
from recognition_service.authorities.models import Authority, Function
from recognition_service.clock import format_instant
from recognition_service.recognition.alert_content import (
    AlertState,
    five_things,
    has_run_out,
    reaches,
    state_of,
)
from recognition_service.recognition.alert_models import Alert, AlertElsewhere
from recognition_service.recognition.alerts import GONE_WITHIN, is_overdue
from recognition_service.recognition.alerts_elsewhere import tell_alert
from recognition_service.recognition.follow_alerts import can_end
from recognition_service.storage import audit

AnyAlert = Alert | AlertElsewhere
_SERVICE = "service"
_MOST_AT_ONCE = 500


class View(StrEnum):
    """Which alerts a list shows; `overdue`: own ones that should have been sent."""

    OWN = "own"
    OVERDUE = "overdue"
    RECEIVED = "received"


def list_alerts(
    session: Session,
    authority_id: str,
    view: View,
    *,
    after: UUID | None,
    limit: int,
    now: datetime,
) -> list[AnyAlert]:
    """Return alerts that an authority may read, oldest first, after a given one.

    Each installation draws ids itself. Where several alerts have the id of the last
    one they are all among them, so that there may be more than `limit`.
    """
    if view is View.RECEIVED:
        found = _received(session, authority_id, after, now=now)
        first = list(islice(found, limit))
        return first + list(takewhile(lambda each: each.id == first[-1].id, found))
    statement = select(Alert).order_by(Alert.id)
    if after is not None:
        statement = statement.where(Alert.id > after)
    statement = statement.where(Alert.authority_id == authority_id)
    if view is View.OVERDUE:
        statement = statement.where(Alert.sent_at.is_(None), Alert.due_at <= now)
    return list[AnyAlert](session.scalars(statement.limit(limit)))


def first_page(found: Sequence[AnyAlert], limit: int) -> list[AnyAlert]:
    """Return what a page shows of a list with one more; it divides no id."""
    shown = list(found[:limit])
    return shown + [each for each in found[limit:] if each.id == shown[-1].id]


def alerts_about(session: Session, authority_id: str, request_id: UUID) -> list[Alert]:
    """Return the alerts that were sent about the person of a case, oldest first."""
    return list(
        session.scalars(
            select(Alert)
            .where(
                Alert.authority_id == authority_id,
                Alert.request_id == request_id,
                Alert.sent_at.is_not(None),
            )
            .order_by(Alert.id)
        )
    )


def remove_alerts(session: Session, *, now: datetime) -> int:
    """Delete own alerts that do not hold any more; return how many.

    The caller owns the transaction. Nothing stays but the entries of the audit, which
    name no person. At most 500 are deleted at once. Other installations are told.

    Source: Directive 2005/36/EC, article 56a(7).
    """
    left = _MOST_AT_ONCE
    for authority in all_authorities(session):
        today = legal_day(authority, now)
        over = session.scalars(
            select(Alert)
            .where(
                Alert.authority_id == authority.id,
                or_(Alert.revoked_on.is_not(None), Alert.applies_until < today),
            )
            .limit(left)
            .with_for_update()
        ).all()
        for alert in over:
            tell_alert(session, alert, actor=_SERVICE, now=now)
            end = alert.revoked_on or alert.applies_until or today
            audit.append(
                session,
                authority.id,
                actor=_SERVICE,
                action="alert.removed",
                subject=f"alert/{alert.id}",
                content={"gone_by": (end + GONE_WITHIN).isoformat()},
                now=now,
            )
        session.execute(
            delete(Alert).where(
                Alert.authority_id == authority.id,
                Alert.id.in_([alert.id for alert in over]),
            )
        )
        left -= len(over)
    return _MOST_AT_ONCE - left


def own_document(alert: Alert, *, today: date, now: datetime) -> dict[str, Any]:
    """Return an alert as the authority that makes it reads it."""
    return {
        **received_document(alert),
        "request": str(alert.request_id) if alert.request_id else None,
        "ground": alert.ground,
        "regime": alert.regime,
        "state": state_of(alert, today),
        "found_on": alert.found_on.isoformat(),
        "due_on": alert.due_on.isoformat(),
        "is_overdue": is_overdue(alert, now),
        "prepared_by": alert.prepared_by,
        "sent_by": alert.sent_by,
        "told_at": _instant(alert.told_at),
        "notice": alert.notice,
        "remedy": alert.remedy,
        "revoked_on": _iso(alert.revoked_on),
    }


def received_document(alert: AnyAlert) -> dict[str, Any]:
    """Return an alert as others read it: five things about the person, nothing more.

    Beside them stands who sent it, when, and whether it is contested.
    """
    return {
        "id": str(alert.id),
        "from": alert.authority_id,
        "sent_at": _instant(alert.sent_at),
        **five_things(alert),
    }


def told_document(alert: Alert) -> dict[str, Any]:
    """Return an alert as the person reads it whom it is about."""
    return {
        **received_document(alert),
        "ground": alert.ground,
        "told_at": _instant(alert.told_at),
        "notice": alert.notice,
        "remedy": alert.remedy,
    }


def _received(
    session: Session, authority_id: str, after: UUID | None, *, now: datetime
) -> Iterator[AnyAlert]:
    """Yield what others sent and this authority may read, by id.

    It must be competent for the profession, lie where the instrument holds, and be no
    test authority unless the sender is one.
    """
    reader = get_authority(session, authority_id)
    if Function.COMPETENT_AUTHORITY not in reader.functions:
        return
    mandates = mandates_of(session, authority_id, "")
    today = legal_day(reader, now)
    senders: dict[str, Authority] = {}
    for alert in _of_others(session, authority_id, after):
        owner = alert.authority_id
        sender = senders.get(owner) or senders.setdefault(
            owner, get_authority(session, owner)
        )
        if (
            sender.mode == reader.mode
            and reaches(alert, reader.jurisdiction)
            and decides_access_to(mandates, alert.profession, today)
            and _holds(session, alert, sender, now)
        ):
            yield alert


def _of_others(
    session: Session, authority_id: str, after: UUID | None
) -> Iterator[AnyAlert]:
    """Yield what others have sent, here and in other installations, by id."""
    here = select(Alert).where(
        Alert.authority_id != authority_id, Alert.sent_at.is_not(None)
    )
    elsewhere = select(AlertElsewhere)
    if after is not None:
        here = here.where(Alert.id > after)
        elsewhere = elsewhere.where(AlertElsewhere.id > after)
    both: tuple[Iterable[AnyAlert], ...] = (
        session.scalars(here.order_by(Alert.id)),
        session.scalars(
            elsewhere.order_by(AlertElsewhere.id, AlertElsewhere.authority_id)
        ),
    )
    return merge(*both, key=lambda alert: alert.id)


def _holds(session: Session, alert: AnyAlert, sender: Authority, now: datetime) -> bool:
    """Tell whether an alert holds, and its sender could tell us if it did not."""
    today = legal_day(sender, now)
    if isinstance(alert, Alert):
        return state_of(alert, today) is AlertState.SENT
    return not has_run_out(alert, today) and can_end(session, sender, at=now)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(at: datetime | None) -> str | None:
    return format_instant(at) if at else None
