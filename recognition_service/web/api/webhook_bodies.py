"""What callers may send about webhooks, and how webhooks are answered."""

from typing import Any

import marshmallow as ma

from recognition_service.clock import format_instant
from recognition_service.delivery.webhook_deliveries import KEPT_FOR
from recognition_service.delivery.webhook_events import EVENT_TYPES
from recognition_service.delivery.webhook_models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from recognition_service.delivery.webhooks import EndpointState
from recognition_service.web.fields import InstantField, Items
from recognition_service.web.schemas import Fault, Input, Messages, describe
from recognition_service.web.text_fields import Choice, Code, Text

LONGEST_URL = 2048
_BACKWARDS = Fault("ends_before_it_begins", "`to` lies before `from`.")
_TOO_LONG = Fault("too_long", f"At most {KEPT_FOR.days} days lie in between.")
_TYPE_FAULTS: Messages = {
    "type": Fault("not_in_enum", "No event of this type is sent."),
}


class EventType(Code):
    """One of the types of events that are sent."""

    default_error_messages = _TYPE_FAULTS

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        describe(self, enum=list(EVENT_TYPES))

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in EVENT_TYPES:
            raise self.make_error("type")
        return text


class WebhookIn(Input):
    """Where events go, and which; without types all, also those to come."""

    url = Code(longest=LONGEST_URL, required=True)
    description = Text(longest=500, load_default=None, allow_none=True)
    event_types = Items(
        EventType(),
        least=1,
        most=len(EVENT_TYPES),
        load_default=None,
        allow_none=True,
    )


class WebhookChangeIn(WebhookIn):
    """An endpoint as it is to be; an endpoint that was disabled can be enabled."""

    state = Choice(EndpointState, load_default=EndpointState.ACTIVE)


class ReplayIn(Input):
    """From which instant on, and until before which, events are sent again."""

    from_ = InstantField(required=True, data_key="from")
    to = InstantField(required=True)

    @ma.validates_schema
    def check_order(self, members: dict[str, Any], **_: Any) -> None:
        """Refuse a span that is none, or longer than deliveries are kept."""
        if members["to"] < members["from_"]:
            raise ma.ValidationError(_BACKWARDS, "to")
        if members["to"] - members["from_"] > KEPT_FOR:
            raise ma.ValidationError(_TOO_LONG, "to")


def endpoint_document(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """Return an endpoint as everybody of the authority may read it: no secret."""
    return {
        "id": str(endpoint.id),
        "url": endpoint.url,
        "description": endpoint.description,
        "event_types": endpoint.event_types or None,
        "state": endpoint.state,
        "disabled_because": endpoint.disabled_because,
        "disabled_at": _instant(endpoint.disabled_at),
        "failing_since": _instant(endpoint.failing_since),
        "previous_secret_until": _instant(endpoint.previous_until),
        "created_at": format_instant(endpoint.created_at),
        "created_by": endpoint.created_by,
    }


def delivery_document(delivery: WebhookDelivery) -> dict[str, Any]:
    """Return a delivery, without its body."""
    return {
        "id": str(delivery.id),
        "event": delivery.event_id,
        "type": delivery.event_type,
        "happened_at": format_instant(delivery.event_at),
        "state": delivery.state,
        "attempt_count": delivery.attempts,
        "next_attempt_at": _instant(delivery.next_at),
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
        "created_at": format_instant(delivery.created_at),
        "finished_at": _instant(delivery.finished_at),
    }


def attempt_document(attempt: WebhookAttempt) -> dict[str, Any]:
    """Return how an attempt ended."""
    return {
        "number": attempt.number,
        "at": format_instant(attempt.at),
        "status": attempt.status,
        "error": attempt.error,
        "duration_ms": attempt.duration_ms,
    }


def _instant(instant: Any) -> str | None:
    return None if instant is None else format_instant(instant)
