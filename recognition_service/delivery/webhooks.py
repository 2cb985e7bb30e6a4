"""Endpoints: the addresses to which an authority has its events sent."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.credentials.standard_webhooks import write_secret
from recognition_service.delivery.errors import (
    TooManyWebhooksError,
    WebhookNotFoundError,
)
from recognition_service.delivery.webhook_models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id

MOST_ENDPOINTS = 20
BOTH_SIGN_FOR = timedelta(hours=24)
"""How long the secret before the present one signs too."""
_SECRET_BYTES = 32
_SERVICE = "service"


class EndpointState(StrEnum):
    """Whether anything is sent to an endpoint."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DisablingReason(StrEnum):
    """Why nothing is sent: by a person, or by what the receiver said or did not say."""

    BY_HAND = "by_hand"
    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """What a person says of an endpoint.

    Attributes:
        event_types: Of `webhook_events.EVENT_TYPES`; empty: all, also those to come.
    """

    url: str
    description: str | None = None
    event_types: Sequence[str] = ()


def add_endpoint(
    session: Session, caller: Caller, new: NewEndpoint, *, now: datetime
) -> WebhookEndpoint:
    """Let events be sent to a URL from now on.

    The caller owns the transaction, and has made sure that requests may go there.

    Raises:
        TooManyWebhooksError: The authority has twenty.
    """
    count = session.scalar(
        select(func.count())
        .select_from(WebhookEndpoint)
        .where(WebhookEndpoint.authority_id == caller.authority_id)
    )
    if (count or 0) >= MOST_ENDPOINTS:
        raise TooManyWebhooksError(
            f"An authority has {MOST_ENDPOINTS} webhooks at most; remove one first."
        )
    endpoint = WebhookEndpoint(
        authority_id=caller.authority_id,
        id=new_id(now),
        url=new.url,
        description=new.description,
        event_types=list(new.event_types),
        state=EndpointState.ACTIVE.value,
        secret=_new_secret(),
        position=audit.chain_length(session, caller.authority_id),
        created_at=now,
        created_by=caller.actor,
        version=1,
    )
    session.add(endpoint)
    _note(session, endpoint, "added", actor=caller.actor, now=now)
    return endpoint


def change_endpoint(
    session: Session,
    caller: Caller,
    endpoint: WebhookEndpoint,
    new: NewEndpoint,
    *,
    state: EndpointState,
    now: datetime,
) -> None:
    """Change an endpoint that was locked. The caller owns the transaction.

    One that is enabled again gets what happened meanwhile, and what was not delivered
    is tried anew.
    """
    endpoint.url, endpoint.description = new.url, new.description
    endpoint.event_types = list(new.event_types)
    endpoint.version += 1
    if state is EndpointState.DISABLED:
        if endpoint.state != state:
            _disable(endpoint, DisablingReason.BY_HAND, now)
    elif endpoint.state != state:
        _enable(session, endpoint, now)
    _note(session, endpoint, "changed", actor=caller.actor, now=now)


def disable_by_itself(
    session: Session,
    endpoint: WebhookEndpoint,
    reason: DisablingReason,
    *,
    now: datetime,
) -> None:
    """Send nothing any more, because of the receiver. The caller owns the transaction.

    Other endpoints of the authority are told.
    """
    _disable(endpoint, reason, now)
    endpoint.version += 1
    audit.append(
        session,
        endpoint.authority_id,
        actor=_SERVICE,
        action="webhook.disabled",
        subject=f"webhook/{endpoint.id}",
        content={"reason": reason},
        now=now,
    )


def remove_endpoint(
    session: Session, caller: Caller, endpoint: WebhookEndpoint, *, now: datetime
) -> None:
    """Forget an endpoint that was locked, with all that was sent to it.

    The caller owns the transaction.
    """
    owner = endpoint.authority_id
    of_endpoint = (
        WebhookDelivery.authority_id == owner,
        WebhookDelivery.endpoint_id == endpoint.id,
    )
    session.execute(
        delete(WebhookAttempt).where(
            WebhookAttempt.authority_id == owner,
            WebhookAttempt.delivery_id.in_(
                select(WebhookDelivery.id).where(*of_endpoint)
            ),
        )
    )
    session.execute(delete(WebhookDelivery).where(*of_endpoint))
    _note(session, endpoint, "removed", actor=caller.actor, now=now)
    session.delete(endpoint)


def rotate_secret(
    session: Session, caller: Caller, endpoint: WebhookEndpoint, *, now: datetime
) -> str:
    """Give an endpoint that was locked another secret, and return it.

    The caller owns the transaction. The secret before signs too for a day; an older one
    does not any more.
    """
    endpoint.previous_secret = endpoint.secret
    endpoint.previous_until = now + BOTH_SIGN_FOR
    endpoint.secret = _new_secret()
    endpoint.version += 1
    _note(session, endpoint, "secret_rotated", actor=caller.actor, now=now)
    return endpoint.secret


def get_endpoint(
    session: Session, authority_id: str, endpoint_id: UUID, *, to_change: bool = False
) -> WebhookEndpoint:
    """Return an endpoint of an authority, locked if it is `to_change`.

    Raises:
        WebhookNotFoundError: The authority has none of this id.
    """
    endpoint = session.get(
        WebhookEndpoint, (authority_id, endpoint_id), with_for_update=to_change
    )
    if endpoint is None:
        raise WebhookNotFoundError(f"There is no webhook {endpoint_id}.")
    return endpoint


def list_endpoints(
    session: Session,
    authority_id: str,
    state: str | None,
    *,
    after: UUID | None,
    limit: int,
) -> list[WebhookEndpoint]:
    """Return endpoints of an authority, oldest first, after a given one."""
    statement = select(WebhookEndpoint).where(
        WebhookEndpoint.authority_id == authority_id
    )
    if state is not None:
        statement = statement.where(WebhookEndpoint.state == state)
    if after is not None:
        statement = statement.where(WebhookEndpoint.id > after)
    return list(session.scalars(statement.order_by(WebhookEndpoint.id).limit(limit)))


def signing_secrets(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    """Return the secrets that sign now, the present one first."""
    if endpoint.previous_secret is None or endpoint.previous_until is None:
        return (endpoint.secret,)
    if endpoint.previous_until <= now:
        return (endpoint.secret,)
    return endpoint.secret, endpoint.previous_secret


def _enable(session: Session, endpoint: WebhookEndpoint, now: datetime) -> None:
    endpoint.state = EndpointState.ACTIVE.value
    endpoint.disabled_because, endpoint.disabled_at = None, None
    endpoint.failing_since = endpoint.resting_until = None
    session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.authority_id == endpoint.authority_id,
            WebhookDelivery.endpoint_id == endpoint.id,
            WebhookDelivery.next_at.is_not(None),
        )
        .values(next_at=now, tries=0)
    )


def _disable(endpoint: WebhookEndpoint, reason: DisablingReason, now: datetime) -> None:
    endpoint.state = EndpointState.DISABLED.value
    endpoint.disabled_because, endpoint.disabled_at = reason.value, now


def _new_secret() -> str:
    return write_secret(secrets.token_bytes(_SECRET_BYTES))


def _note(
    session: Session,
    endpoint: WebhookEndpoint,
    action: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write a change down; the URL, which may hold a secret, as its digest."""
    audit.append(
        session,
        endpoint.authority_id,
        actor=actor,
        action=f"webhook.{action}",
        subject=f"webhook/{endpoint.id}",
        content={
            "url_digest": digest_of_bytes(endpoint.url.encode()),
            "event_types": list(endpoint.event_types),
            "state": endpoint.state,
        },
        now=now,
    )
