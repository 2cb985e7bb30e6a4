"""Deliveries: what is sent to an endpoint, how it went, and sending it again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.delivery.errors import (
    ReplayTooLargeError,
    WebhookDeliveryNotFoundError,
    WebhookDisabledError,
)
from recognition_service.delivery.webhook_events import Event, event_for_test
from recognition_service.delivery.webhook_models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from recognition_service.delivery.webhooks import EndpointState
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.upsert import insert_rows

KEPT_FOR = timedelta(days=30)
"""How long a delivery that is over can be read and replayed."""
MOST_REPLAYED = 1000
_FORGOTTEN_AT_ONCE = 500


class DeliveryState(StrEnum):
    """Where a delivery stands.

    `pending` was not tried yet, or is sent again; `failed` was tried and will be tried
    again; `abandoned` was given up.
    """

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    ABANDONED = "abandoned"


def put_deliveries(
    session: Session, endpoint: WebhookEndpoint, events: Iterable[Event], now: datetime
) -> None:
    """Let events be sent to an endpoint. The caller owns the transaction."""
    rows = [_row(endpoint, event, now) for event in events]
    insert_rows(session, WebhookDelivery, rows)


def send_test(
    session: Session, endpoint: WebhookEndpoint, *, mode: str, now: datetime
) -> WebhookDelivery:
    """Let an event be sent that says nothing. The caller owns the transaction.

    Raises:
        WebhookDisabledError: The endpoint is disabled.
    """
    _require_active(endpoint)
    event = event_for_test(
        new_id(now), endpoint.authority_id, endpoint.id, mode=mode, now=now
    )
    delivery = WebhookDelivery(**_row(endpoint, event, now))
    session.add(delivery)
    return delivery


def replay_delivery(
    session: Session,
    caller: Caller,
    endpoint: WebhookEndpoint,
    delivery_id: UUID,
    *,
    now: datetime,
) -> WebhookDelivery:
    """Send an event again, under the same id. The caller owns the transaction.

    Raises:
        WebhookDeliveryNotFoundError: The endpoint has no such delivery any more.
        WebhookDisabledError: The endpoint is disabled.
    """
    _require_active(endpoint)
    delivery = get_delivery(session, endpoint, delivery_id)
    _replay(session, endpoint, WebhookDelivery.id == delivery_id, now=now)
    _note_replay(session, caller, endpoint, count=1, now=now)
    session.refresh(delivery)
    return delivery


def replay_between(
    session: Session,
    caller: Caller,
    endpoint: WebhookEndpoint,
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> int:
    """Send again what happened from one instant until before another; return how many.

    The caller owns the transaction.

    Raises:
        WebhookDisabledError: The endpoint is disabled.
        ReplayTooLargeError: These are more than a thousand events.
    """
    _require_active(endpoint)
    between = (
        WebhookDelivery.event_at >= since,
        WebhookDelivery.event_at < until,
    )
    found = select(WebhookDelivery.id).where(*_of(endpoint), *between)
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    if count > MOST_REPLAYED:
        raise ReplayTooLargeError(
            f"{count} events lie in between; {MOST_REPLAYED} are sent again at once."
        )
    _replay(session, endpoint, *between, now=now)
    _note_replay(session, caller, endpoint, count=count, now=now)
    return count


def get_delivery(
    session: Session, endpoint: WebhookEndpoint, delivery_id: UUID
) -> WebhookDelivery:
    """Return a delivery of an endpoint.

    Raises:
        WebhookDeliveryNotFoundError: It has none of this id, or not any more.
    """
    delivery = session.get(WebhookDelivery, (endpoint.authority_id, delivery_id))
    if delivery is None or delivery.endpoint_id != endpoint.id:
        raise WebhookDeliveryNotFoundError(f"There is no delivery {delivery_id}.")
    return delivery


def list_deliveries(
    session: Session,
    endpoint: WebhookEndpoint,
    state: str | None,
    *,
    before: UUID | None,
    limit: int,
) -> list[WebhookDelivery]:
    """Return deliveries of an endpoint, newest first, before a given one."""
    statement = select(WebhookDelivery).where(*_of(endpoint))
    if state is not None:
        statement = statement.where(WebhookDelivery.state == state)
    if before is not None:
        statement = statement.where(WebhookDelivery.id < before)
    newest_first = statement.order_by(WebhookDelivery.id.desc())
    return list(session.scalars(newest_first.limit(limit)))


def attempts_of(session: Session, delivery: WebhookDelivery) -> list[WebhookAttempt]:
    """Return the last attempts to deliver, oldest first."""
    return list(
        session.scalars(
            select(WebhookAttempt)
            .where(
                WebhookAttempt.authority_id == delivery.authority_id,
                WebhookAttempt.delivery_id == delivery.id,
            )
            .order_by(WebhookAttempt.number, WebhookAttempt.id)
        )
    )


def forget_deliveries(session: Session, *, now: datetime) -> int:
    """Forget deliveries that were over a month ago; return how many.

    The caller owns the transaction. At most 500 are forgotten at once.
    """
    is_over = WebhookDelivery.finished_at < now - KEPT_FOR
    over = session.execute(
        select(WebhookDelivery.authority_id, WebhookDelivery.id)
        .where(is_over)
        .limit(_FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    by_owner: dict[str, list[UUID]] = {}
    for row in over:
        by_owner.setdefault(row.authority_id, []).append(row.id)
    for owner, ids in by_owner.items():
        session.execute(
            delete(WebhookAttempt).where(
                WebhookAttempt.authority_id == owner,
                WebhookAttempt.delivery_id.in_(ids),
            )
        )
        session.execute(
            delete(WebhookDelivery).where(
                WebhookDelivery.authority_id == owner,
                WebhookDelivery.id.in_(ids),
            )
        )
    return len(over)


def _row(endpoint: WebhookEndpoint, event: Event, now: datetime) -> dict[str, object]:
    return {
        "authority_id": endpoint.authority_id,
        "id": new_id(now),
        "endpoint_id": endpoint.id,
        "event_id": event.id,
        "event_type": event.type,
        "event_at": event.at,
        "body": event.body.decode(),
        "state": DeliveryState.PENDING.value,
        "tries": 0,
        "attempts": 0,
        "next_at": now,
        "created_at": now,
    }


def _replay(
    session: Session,
    endpoint: WebhookEndpoint,
    *which: ColumnElement[bool],
    now: datetime,
) -> None:
    session.execute(
        update(WebhookDelivery)
        .where(*_of(endpoint), *which)
        .values(
            state=DeliveryState.PENDING.value, tries=0, next_at=now, finished_at=None
        )
        .execution_options(synchronize_session=False)
    )


def _note_replay(
    session: Session,
    caller: Caller,
    endpoint: WebhookEndpoint,
    *,
    count: int,
    now: datetime,
) -> None:
    audit.append(
        session,
        endpoint.authority_id,
        actor=caller.actor,
        action="webhook.replayed",
        subject=f"webhook/{endpoint.id}",
        content={"deliveries": count},
        now=now,
    )


def _require_active(endpoint: WebhookEndpoint) -> None:
    if endpoint.state != EndpointState.ACTIVE:
        raise WebhookDisabledError("Enable the webhook first.")


def _of(endpoint: WebhookEndpoint) -> tuple[ColumnElement[bool], ...]:
    return (
        WebhookDelivery.authority_id == endpoint.authority_id,
        WebhookDelivery.endpoint_id == endpoint.id,
    )
