"""Other installations: what is pinned of them, their trust lists, their authorities.

An authority of another installation is known here because the trust list of that
installation names it, and only as far as the list goes: keys, dates and mandates are
read from the list itself whenever they are needed.

Source: The Update Framework (22 January 2026), sections 5.3 and 5.4, as carried out by
`verification.trust_list`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Text, bindparam, cast, select
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import (
    LONGEST_ID,
    home_name,
    is_elsewhere,
    name_elsewhere,
)
from recognition_service.authorities.errors import (
    PeerExistsError,
    PeerInvalidError,
    PeerListRefusedError,
    PeerNotFoundError,
)
from recognition_service.authorities.models import Authority, Function, Peer
from recognition_service.authorities.trust import issuer_url
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.storage import audit
from recognition_service.storage.base import PLATFORM
from recognition_service.storage.prepared import Glance, Prepared
from recognition_service.storage.settings import PUBLIC_URL, read_setting
from recognition_service.verification import trust_list
from recognition_service.verification.recognized_entities import list_issuer
from recognition_service.verification.trust import TrustedIssuer, TrustSnapshot
from recognition_service.verification.trust_list import AcceptedList, read_anchors

_HOME_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?\Z")
_LONGEST_NAME, _LONGEST_CODE, _LONGEST_LANGUAGE = 300, 16, 35
_COUNTRY_LETTERS = 2
_LISTS_AT_HAND = 64
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,18}[a-z0-9])?\Z")


class Correspondent(NamedTuple):
    """Another installation as far as messages need it, found faster than its row.

    Attributes:
        tokens: The trust list that was accepted last, as its row holds it.
        anchors: The keys that vouch for it, as its row holds them.
    """

    name: str
    url: str
    tokens: str
    anchors: str

    @property
    def trust(self) -> TrustSnapshot | None:
        """The trust list that was accepted last, or None."""
        held = _reopened(self.tokens, self.anchors)
        return None if held is None else held.snapshot


_CORRESPONDENT = (
    Peer.name,
    Peer.url,
    cast(Peer.tokens, Text),
    cast(Peer.anchors, Text),
)
_AT = Prepared(
    lambda _: select(*_CORRESPONDENT).where(
        Peer.url == bindparam("url"), Peer.ended_at.is_(None)
    )
)
_NAMED = Prepared(
    lambda _: select(*_CORRESPONDENT).where(Peer.name == bindparam("name"))
)
_URL = Prepared(lambda _: select(Peer.url).where(Peer.name == bindparam("name")))
_CALLED = Prepared(lambda _: select(Peer.name).where(Peer.url == bindparam("url")))
_KNOWN = Prepared(lambda _: select(Authority.id).where(Authority.id == bindparam("id")))


def add_peer(
    session: Session,
    name: str,
    url: str,
    anchors: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> Peer:
    """Register another installation. The caller owns the transaction.

    Nothing is exchanged before its trust list was accepted.

    Args:
        session: A writing session.
        name: What it is called here.
        url: Its public URL.
        anchors: The keys of its operator, as `read_anchors` takes them.
        actor: Who registers it.
        now: The instant.

    Raises:
        PeerInvalidError: The name, the URL or the keys cannot be used.
        PeerExistsError: The name or the URL is taken.
    """
    if not _NAME.match(name):
        raise PeerInvalidError(
            f"{name!r} cannot be a name: use a to z, 0 to 9 and hyphens, 20 at most."
        )
    address = url.rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
        raise PeerInvalidError(f"{url!r} is not like https://recognition.example")
    if address == read_setting(session, PUBLIC_URL):
        raise PeerInvalidError("This is the URL of this installation itself.")
    try:
        read_anchors(dict(anchors))
    except UnusableKeyError as error:
        raise PeerInvalidError(f"The keys cannot be used: {error.reason}.") from error
    taken = session.scalars(
        select(Peer).where((Peer.name == name) | (Peer.url == address))
    ).first()
    if taken is not None:
        raise PeerExistsError(f"{taken.name} is {taken.url} already.")
    peer = Peer(
        name=name,
        url=address,
        anchors=dict(anchors),
        tokens=[],
        version=0,
        added_at=now,
        wanted_at=now,
    )
    session.add(peer)
    _note(session, peer, "added", {"url": address}, actor=actor, now=now)
    return peer


def end_peer(session: Session, name: str, *, actor: str, now: datetime) -> None:
    """Exchange nothing with an installation any more.

    The caller owns the transaction. What was exchanged stays.

    Raises:
        PeerNotFoundError: There is none of this name, or it was ended before.
    """
    peer = get_peer(session, name)
    if peer.ended_at is not None:
        raise PeerNotFoundError(f"{name} was ended before.")
    peer.ended_at = now
    _note(session, peer, "ended", {}, actor=actor, now=now)


def get_peer(session: Session, name: str) -> Peer:
    """Return an installation by its name here.

    Raises:
        PeerNotFoundError: There is none.
    """
    peer = session.get(Peer, name)
    if peer is None:
        raise PeerNotFoundError(f"There is no installation {name}.")
    return peer


def find_peer(session: Session, name_or_url: str) -> Peer | None:
    """Return the installation with which there is exchange, or None."""
    peer = session.get(Peer, name_or_url)
    if peer is None:
        return peer_at(session, name_or_url)
    return peer if peer.ended_at is None else None


def all_peers(session: Session) -> list[Peer]:
    """Return all installations that were ever registered, by name."""
    return list(session.scalars(select(Peer).order_by(Peer.name)))


def peer_at(session: Session, url: str) -> Peer | None:
    """Return the installation with which there is exchange under a URL, or None."""
    return session.scalars(
        select(Peer).where(Peer.url == url.rstrip("/"), Peer.ended_at.is_(None))
    ).first()


def correspondent_of(session: Session | Glance, issuer: str) -> Correspondent | None:
    """Return the installation with which there is exchange, by one of its issuers.

    Its list is read anew each time, as another process may have accepted a newer one.
    """
    url, sign, _ = issuer.rpartition("/issuers/")
    row = _AT.first(session, url=url.rstrip("/")) if sign else None
    return None if row is None else Correspondent(*row)


def get_correspondent(session: Session | Glance, name: str) -> Correspondent:
    """Return an installation by its name here.

    Raises:
        PeerNotFoundError: There is none.
    """
    row = _NAMED.first(session, name=name)
    if row is None:
        raise PeerNotFoundError(f"There is no installation {name}.")
    return Correspondent(*row)


def accept_peer_list(
    session: Session, name: str, tokens: Sequence[str], *, now: datetime
) -> bool:
    """Take over the trust list of another installation.

    The caller owns the transaction. The authorities that it names can be asked from
    then on; those that it names no more, or with an end of trust, cannot.

    Returns:
        Whether the list is another one than before.

    Raises:
        PeerNotFoundError: There is no such installation.
        PeerListRefusedError: The list is not believed; the one before still holds.
    """
    peer = get_peer(session, name)
    peer.asked_at = now
    found = trust_list.accept(
        tokens, read_anchors(peer.anchors), _accepted(peer), now=now
    )
    if not isinstance(found, AcceptedList):
        raise PeerListRefusedError(name, found.value)
    if found.issuer != list_issuer(peer.url):
        raise PeerListRefusedError(name, "other_installation")
    is_new = list(found.tokens) != peer.tokens
    peer.tokens, peer.version = list(found.tokens), found.snapshot.version
    peer.fresh_until = found.snapshot.fresh_until
    peer.wanted_at = peer.problem = None
    if is_new:
        _mirror(session, peer, found.snapshot, now)
        content = {"version": peer.version, "digest": found.digest}
        _note(session, peer, "list_accepted", content, actor="service", now=now)
    return is_new


def peer_trust(peer: Peer) -> TrustSnapshot | None:
    """Return the trust list of an installation that was accepted last, or None."""
    held = _accepted(peer)
    return None if held is None else held.snapshot


def wire_name(session: Session | Glance, authority_id: str) -> str:
    """Return the issuer URL of an authority, wherever it lives.

    Raises:
        PeerNotFoundError: Its installation is not known here.
    """
    if not is_elsewhere(authority_id):
        return issuer_url(read_setting(session, PUBLIC_URL) or "", authority_id)
    home = home_name(authority_id)
    row = _URL.first(session, name=home.peer)
    if row is None:
        raise PeerNotFoundError(f"There is no installation {home.peer}.")
    return issuer_url(row[0], home.authority)


def issuer_of(session: Session, public_url: str, authority_id: str) -> str:
    """Return the issuer URL of an authority, as `wire_name`.

    `public_url` is that of this installation; it is not looked up for each name.
    """
    if is_elsewhere(authority_id):
        return wire_name(session, authority_id)
    return issuer_url(public_url, authority_id)


def local_name(session: Session | Glance, issuer: str) -> str | None:
    """Return what an issuer is called here, or None for one that is not known."""
    url, sign, authority = issuer.rpartition("/issuers/")
    if not sign:
        return None
    name = authority
    if url != read_setting(session, PUBLIC_URL):
        peer = _CALLED.first(session, url=url)
        if peer is None:
            return None
        name = name_elsewhere(authority, peer[0])
    return None if _KNOWN.first(session, id=name) is None else name


def _accepted(peer: Peer) -> AcceptedList | None:
    return _reopened(
        orjson.dumps(peer.tokens).decode(), orjson.dumps(peer.anchors).decode()
    )


@lru_cache(maxsize=_LISTS_AT_HAND)
def _reopened(tokens: str, anchors: str) -> AcceptedList | None:
    """Return the list that tokens are; its signatures and keys are checked once."""
    listed = orjson.loads(tokens)
    if not listed:
        return None
    found = trust_list.reopen(listed, read_anchors(orjson.loads(anchors)))
    return found if isinstance(found, AcceptedList) else None


def _mirror(
    session: Session, peer: Peer, snapshot: TrustSnapshot, now: datetime
) -> None:
    """Keep a row for every authority that the list names and that can be asked."""
    listed = set()
    for issuer in snapshot.issuers.values():
        home = issuer.id.removeprefix(f"{peer.url}/issuers/")
        name = name_elsewhere(home, peer.name)
        if not _fits(home, name, issuer):
            continue
        listed.add(name)
        row = session.get(Authority, name)
        if row is None:
            row = Authority(id=name, created_at=now)
            session.add(row)
        _write(row, issuer)
    pattern = name_elsewhere("%", peer.name)
    for row in session.scalars(select(Authority).where(Authority.id.like(pattern))):
        if row.id not in listed and row.trusted_until is None:
            row.trusted_until = now


def _fits(home: str, name: str, issuer: TrustedIssuer) -> bool:
    """Tell whether an authority can be reached, and named here."""
    profile = issuer.profile
    return (
        profile is not None
        and _HOME_ID.match(home) is not None
        and len(name) <= LONGEST_ID
        and len(issuer.registered_name) <= _LONGEST_NAME
        and len(issuer.country) == _COUNTRY_LETTERS
        and len(profile.jurisdiction) <= _LONGEST_CODE
        and len(profile.language) <= _LONGEST_LANGUAGE
        and _is_time_zone(profile.time_zone)
        and set(profile.functions) <= set(Function)
        and bool(profile.functions)
    )


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _write(row: Authority, issuer: TrustedIssuer) -> None:
    profile = issuer.profile
    if profile is None:
        return
    row.name, row.country = issuer.registered_name, issuer.country
    row.mode, row.jurisdiction = issuer.mode.value, profile.jurisdiction
    row.language, row.time_zone = profile.language, profile.time_zone
    row.functions = list(profile.functions)
    row.trusted_from, row.trusted_until = issuer.trusted_from, issuer.trusted_until


def _note(
    session: Session,
    peer: Peer,
    action: str,
    content: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> None:
    audit.append(
        session,
        PLATFORM,
        actor=actor,
        action=f"peer.{action}",
        subject=f"peer/{peer.name}",
        content=dict(content),
        now=now,
    )
