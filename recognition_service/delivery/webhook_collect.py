"""Events from the audit: what was sealed becomes deliveries to those who want it.

No room calls this one. Every change leaves an audit entry in its own transaction, and
the sealer gives it the next place in the chain of its authority. An endpoint remembers
up to which place it was served; reading on from there misses nothing, in whatever order
transactions end.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.copies import first_copies
from recognition_service.authorities.found import get_authority
from recognition_service.delivery.webhook_deliveries import put_deliveries
from recognition_service.delivery.webhook_events import Event, event_of
from recognition_service.delivery.webhook_models import WebhookEndpoint
from recognition_service.delivery.webhooks import EndpointState
from recognition_service.storage import audit
from recognition_service.storage.audit import SealedEntry

_READ_AT_ONCE = 500
_ISSUED = "attestation.issued"


class EndpointKey(NamedTuple):
    """Which endpoint of which authority."""

    authority_id: str
    id: UUID


def endpoints_with_news(session: Session) -> list[EndpointKey]:
    """Return the active endpoints whose authority has sealed entries they lack."""
    rows = session.execute(
        select(
            WebhookEndpoint.authority_id, WebhookEndpoint.id, WebhookEndpoint.position
        ).where(WebhookEndpoint.state == EndpointState.ACTIVE)
    ).all()
    lengths = {
        owner: audit.chain_length(session, owner)
        for owner in {row.authority_id for row in rows}
    }
    return [
        EndpointKey(row.authority_id, row.id)
        for row in rows
        if row.position < lengths[row.authority_id]
    ]


def collect(
    session: Session, key: EndpointKey, *, public_url: str, now: datetime
) -> bool:
    """Make deliveries of the next entries of the audit; return whether more are left.

    The caller owns the transaction. An endpoint that another worker has in hand is left
    to it.
    """
    endpoint = session.scalars(
        select(WebhookEndpoint)
        .where(
            WebhookEndpoint.authority_id == key.authority_id,
            WebhookEndpoint.id == key.id,
            WebhookEndpoint.state == EndpointState.ACTIVE,
        )
        .with_for_update(skip_locked=True)
    ).first()
    if endpoint is None:
        return False
    entries = audit.sealed_after(
        session, key.authority_id, endpoint.position, limit=_READ_AT_ONCE
    )
    if not entries:
        return False
    events = _events(session, key.authority_id, entries, public_url)
    wanted = set(endpoint.event_types)
    put_deliveries(
        session,
        endpoint,
        [event for event in events if not wanted or event.type in wanted],
        now,
    )
    endpoint.position = entries[-1].position
    return len(entries) == _READ_AT_ONCE


def _events(
    session: Session, authority_id: str, entries: Sequence[SealedEntry], public_url: str
) -> list[Event]:
    """Return what is told of entries; of an attestation's copies only the first."""
    mode = get_authority(session, authority_id).mode
    first = first_copies(
        session,
        authority_id,
        {_subject(entry) for entry in entries if entry.action == _ISSUED},
    )
    made = (
        event_of(entry, authority_id, mode=mode, public_url=public_url)
        for entry in entries
        if entry.action != _ISSUED
        or entry.content.get("copy") == str(first.get(_subject(entry)))
    )
    return [event for event in made if event is not None]


def _subject(entry: SealedEntry) -> UUID:
    return UUID(entry.subject.partition("/")[2])
