"""Issuers of other installations, as far as their own trust lists vouch for them.

Whoever connects two installations lets each verify what the other one issues. A list
speaks for the addresses of its own installation alone, and is shown under that name.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.models import Peer
from recognition_service.authorities.peers import peer_trust
from recognition_service.verification.trust import TrustedIssuer


class IssuerElsewhere(NamedTuple):
    """An issuer of another installation.

    Attributes:
        peer: What that installation is called here.
        url: Its public URL.
    """

    peer: str
    url: str
    issuer: TrustedIssuer


def issuers_elsewhere(session: Session, *, now: datetime) -> Iterator[IssuerElsewhere]:
    """Yield the issuers of all connected installations whose list is not stale."""
    peers = session.scalars(
        select(Peer).where(Peer.ended_at.is_(None)).order_by(Peer.name)
    )
    for peer in peers:
        trust = peer_trust(peer)
        if trust is None or trust.fresh_until < now:
            continue
        domain = urlsplit(peer.url).netloc
        for id_, issuer in sorted(trust.issuers.items()):
            if id_.startswith(f"{peer.url}/issuers/"):
                shown = replace(issuer, domain=domain)
                yield IssuerElsewhere(peer.name, peer.url, shown)
