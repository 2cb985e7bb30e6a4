"""Taking deliveries that are due, and writing down how sending them went.

Nothing is sent here. Whoever takes a delivery has two minutes to send it; who dies
meanwhile loses it to another worker, which sends it again under the same id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from recognition_service.credentials import standard_webhooks
from recognition_service.delivery.webhook_deliveries import DeliveryState
from recognition_service.delivery.webhook_models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from recognition_service.delivery.webhook_schedule import (
    GIVEN_UP_AFTER,
    GONE,
    asked_to_wait,
    is_success,
    next_attempt,
    rest,
)
from recognition_service.delivery.webhooks import (
    DisablingReason,
    EndpointState,
    disable_by_itself,
    signing_secrets,
)
from recognition_service.storage.ids import new_id

LEASE = timedelta(minutes=2)
_MOST_ENDPOINTS = 100
_AT_ONCE = 4
_AT_ONCE_WHILE_FAILING = 1
_KEPT_ATTEMPTS = 20
_LONGEST_ERROR = 40


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery that was taken to be sent.

    Attributes:
        number: Of this attempt over the life of the delivery.
        headers: With signatures as of the instant at which it was taken.
    """

    authority_id: str
    endpoint_id: UUID
    delivery_id: UUID
    number: int
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending a parcel went.

    Attributes:
        status: What the receiver answered; None: nothing.
        error: Why there was no answer, as a code, or None.
        retry_after: The header `Retry-After` of the answer, or None.
    """

    status: int | None
    error: str | None
    retry_after: str | None
    duration_ms: int


def is_anything_due(session: Session, *, now: datetime) -> bool:
    """Tell whether a delivery waits to be sent, to an endpoint at rest or not."""
    due = select(WebhookDelivery.id).where(*_due(now)).limit(1)
    return session.scalar(due) is not None


def take(session: Session, *, most: int, now: datetime) -> list[Parcel]:
    """Lease deliveries that are due. The caller commits.

    Endpoints take turns, and of each some are on their way at a time, one while the
    last attempts have failed: who answers slowly holds up itself. Who has failed for a
    while, or asks for it, is left alone for a while.
    """
    parcels: list[Parcel] = []
    due = exists().where(
        WebhookDelivery.authority_id == WebhookEndpoint.authority_id,
        WebhookDelivery.endpoint_id == WebhookEndpoint.id,
        *_due(now),
    )
    endpoints = session.scalars(
        select(WebhookEndpoint)
        .where(
            WebhookEndpoint.state == EndpointState.ACTIVE,
            or_(
                WebhookEndpoint.resting_until.is_(None),
                WebhookEndpoint.resting_until <= now,
            ),
            due,
        )
        .order_by(
            func.coalesce(WebhookEndpoint.served_at, WebhookEndpoint.created_at),
            WebhookEndpoint.id,
        )
        .limit(_MOST_ENDPOINTS)
        .with_for_update(skip_locked=True)
    ).all()
    for endpoint in endpoints:
        room = min(_room(session, endpoint, now), most - len(parcels))
        if room > 0:
            parcels += _taken(session, endpoint, room, now)
            endpoint.served_at = now
    return parcels


def record(
    session: Session, parcel: Parcel, outcome: Outcome, *, now: datetime
) -> DeliveryState | None:
    """Write down how sending a parcel went, and what follows. The caller commits.

    A failure counts only for who holds the delivery. A success is one, whoever tells
    of it.

    Returns:
        Where the delivery stands; None: it was forgotten meanwhile.
    """
    owner = parcel.authority_id
    endpoint = session.get(
        WebhookEndpoint, (owner, parcel.endpoint_id), with_for_update=True
    )
    delivery = session.get(
        WebhookDelivery, (owner, parcel.delivery_id), with_for_update=True
    )
    if endpoint is None or delivery is None:
        return None
    _keep_attempt(session, delivery, parcel, outcome, now)
    is_holder = delivery.attempts == parcel.number
    if is_holder:
        delivery.lease_until = None
        delivery.last_status, delivery.last_error = outcome.status, outcome.error
    if is_success(outcome.status):
        endpoint.failing_since = endpoint.resting_until = None
        _finish(delivery, DeliveryState.DELIVERED, now)
    elif is_holder and delivery.next_at is not None:
        _fail(session, endpoint, delivery, outcome, now)
    return DeliveryState(delivery.state)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        WebhookDelivery.next_at <= now,
        or_(WebhookDelivery.lease_until.is_(None), WebhookDelivery.lease_until < now),
    )


def _room(session: Session, endpoint: WebhookEndpoint, now: datetime) -> int:
    """Return how many more deliveries of an endpoint may be on their way."""
    on_their_way = session.scalar(
        select(func.count())
        .select_from(WebhookDelivery)
        .where(
            WebhookDelivery.authority_id == endpoint.authority_id,
            WebhookDelivery.endpoint_id == endpoint.id,
            WebhookDelivery.next_at.is_not(None),
            WebhookDelivery.lease_until >= now,
        )
    )
    most = _AT_ONCE if endpoint.failing_since is None else _AT_ONCE_WHILE_FAILING
    return most - (on_their_way or 0)


def _taken(
    session: Session, endpoint: WebhookEndpoint, room: int, now: datetime
) -> list[Parcel]:
    rows = session.scalars(
        select(WebhookDelivery)
        .where(
            WebhookDelivery.authority_id == endpoint.authority_id,
            WebhookDelivery.endpoint_id == endpoint.id,
            *_due(now),
        )
        .order_by(WebhookDelivery.next_at, WebhookDelivery.id)
        .limit(room)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.lease_until = now + LEASE
        row.attempts += 1
        row.tries += 1
    return [_parcel(endpoint, row, now) for row in rows]


def _parcel(
    endpoint: WebhookEndpoint, delivery: WebhookDelivery, now: datetime
) -> Parcel:
    body = delivery.body.encode()
    signed = standard_webhooks.headers(
        signing_secrets(endpoint, now), delivery.event_id, int(now.timestamp()), body
    )
    return Parcel(
        endpoint.authority_id,
        endpoint.id,
        delivery.id,
        delivery.attempts,
        endpoint.url,
        {"content-type": "application/json"} | signed,
        body,
    )


def _fail(
    session: Session,
    endpoint: WebhookEndpoint,
    delivery: WebhookDelivery,
    outcome: Outcome,
    now: datetime,
) -> None:
    """Try again later or give up, and give the endpoint up where it is time."""
    endpoint.failing_since = endpoint.failing_since or now
    wait = asked_to_wait(outcome.status, outcome.retry_after, now=now)
    endpoint.resting_until = now + rest(
        now - endpoint.failing_since, asked_to_wait=wait
    )
    following = next_attempt(delivery.tries, asked_to_wait=wait, now=now)
    if outcome.status == GONE or following is None:
        _finish(delivery, DeliveryState.ABANDONED, now)
    else:
        delivery.state, delivery.next_at = DeliveryState.FAILED.value, following
    if endpoint.state != EndpointState.ACTIVE:
        return
    if outcome.status == GONE:
        disable_by_itself(session, endpoint, DisablingReason.GONE, now=now)
    elif now - endpoint.failing_since >= GIVEN_UP_AFTER:
        disable_by_itself(session, endpoint, DisablingReason.FAILING, now=now)


def _finish(delivery: WebhookDelivery, state: DeliveryState, now: datetime) -> None:
    delivery.state = state.value
    delivery.next_at, delivery.finished_at = None, now


def _keep_attempt(
    session: Session,
    delivery: WebhookDelivery,
    parcel: Parcel,
    outcome: Outcome,
    now: datetime,
) -> None:
    """Note the attempt; older ones than the last twenty are forgotten."""
    session.add(
        WebhookAttempt(
            authority_id=delivery.authority_id,
            id=new_id(now),
            delivery_id=delivery.id,
            number=parcel.number,
            at=now,
            status=outcome.status,
            error=None if outcome.error is None else outcome.error[:_LONGEST_ERROR],
            duration_ms=outcome.duration_ms,
        )
    )
    session.execute(
        delete(WebhookAttempt).where(
            WebhookAttempt.authority_id == delivery.authority_id,
            WebhookAttempt.delivery_id == delivery.id,
            WebhookAttempt.number <= parcel.number - _KEPT_ATTEMPTS,
        )
    )
