"""Whom a request can be sent to, and as what that body takes part then."""

from datetime import datetime

from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import (
    home_name,
    is_elsewhere,
    name_elsewhere,
)
from recognition_service.authorities.errors import AuthorityNotFoundError
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.models import Authority, Function
from recognition_service.authorities.peers import find_peer, wire_name
from recognition_service.authorities.trust import THROW_AWAY_ISSUER
from recognition_service.mutual_recognition.conversation import Side
from recognition_service.mutual_recognition.errors import misfit

_ANSWERS = frozenset({Function.COMPETENT_AUTHORITY, Function.PROVIDER})
_AUTHORITY, _INSTALLATION = "/to/authority", "/to/installation"


def require_addressee(
    session: Session,
    sender: Authority,
    to: str,
    *,
    installation: str | None,
    now: datetime,
) -> Authority:
    """Return the body that a request is to be sent to.

    Raises:
        MutualRequestInvalidError: There is none, or it cannot be asked by this one.
    """
    name = to
    if installation is not None:
        peer = find_peer(session, installation)
        if peer is None:
            raise misfit(
                _INSTALLATION,
                "unknown_installation",
                "It is not connected with this one.",
            )
        name = name_elsewhere(to, peer.name)
    elif is_elsewhere(to) and find_peer(session, home_name(to).peer) is None:
        raise misfit(_AUTHORITY, "unknown_authority", f"There is nobody at {to}.")
    try:
        found = get_authority(session, name)
    except AuthorityNotFoundError as error:
        raise misfit(_AUTHORITY, "unknown_authority", str(error)) from error
    if found.id == THROW_AWAY_ISSUER:
        raise misfit(_AUTHORITY, "unknown_authority", f"There is nobody at {to}.")
    if found.id == sender.id:
        raise misfit(_AUTHORITY, "same_authority", "Ask somebody else.")
    if found.mode != sender.mode:
        raise misfit(
            _AUTHORITY,
            "other_mode",
            f"{to} is a {found.mode} authority, and {sender.id} a {sender.mode} one.",
        )
    if found.trusted_until is not None and found.trusted_until <= now:
        raise misfit(_AUTHORITY, "trust_ended", f"{to} is no longer trusted.")
    return found


def wire_address(session: Session, to: str, installation: str | None) -> str | None:
    """Return the issuer URL of a body that is named like this, or None."""
    peer = find_peer(session, installation) if installation is not None else None
    if installation is not None and peer is None:
        return None
    name = name_elsewhere(to, peer.name) if peer is not None else to
    try:
        return wire_name(session, get_authority(session, name).id)
    except AuthorityNotFoundError:
        return None


def side_of(addressee: Authority) -> Side:
    """Return as what a body receives a request: to answer it, or to pass it on."""
    answers = not _ANSWERS.isdisjoint(addressee.functions)
    return Side.ANSWERER if answers else Side.DISPATCHER
