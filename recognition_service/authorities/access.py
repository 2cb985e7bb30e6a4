"""API keys: who is calling, and what may they do."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from recognition_service.authorities.errors import (
    APIKeyNotFoundError,
    PrincipalLeftError,
    PrincipalNotFoundError,
    RoleMissingError,
    UnknownAPIKeyError,
)
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.models import (
    APIKey,
    Authority,
    Mode,
    Principal,
    PrincipalKind,
    Role,
)
from recognition_service.clock import format_instant
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Glance, Prepared

NOBODY = UUID(int=0)
"""Stands where a principal would, for authorities of other installations."""
_SECRET_BYTES = 32
_FORM = re.compile(r"rk_(?:test|live)_[A-Za-z0-9_-]{8,80}\Z")
_PREFIX_LENGTH = 16
_WHO = Prepared(
    lambda _: (
        select(
            Principal.authority_id,
            Principal.id,
            Principal.kind,
            Principal.name,
            Principal.roles,
            Principal.left_at,
            Authority.mode,
        )
        .join(
            APIKey,
            (APIKey.authority_id == Principal.authority_id)
            & (APIKey.principal_id == Principal.id),
        )
        .join(Authority, Authority.id == Principal.authority_id)
        .where(APIKey.digest == bindparam("digest"), APIKey.revoked_at.is_(None))
    )
)
_PEOPLE = Prepared(
    lambda _: select(Principal.id, Principal.roles).where(
        Principal.authority_id == bindparam("authority_id"),
        Principal.kind == PrincipalKind.PERSON.value,
    )
)


class _Who(NamedTuple):
    """Columns of who an API key belongs to."""

    authority_id: str
    id: UUID
    kind: str
    name: str
    roles: list[str]
    left_at: datetime | None
    mode: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who presented an API key.

    Attributes:
        actor: The principal as the audit writes it: "person:<id>".
        mode: The authority's mode; a test key can only ever touch test data.
        message: The message by which an authority of another installation acts; None
            for everybody here.
    """

    authority_id: str
    principal_id: UUID
    kind: PrincipalKind
    name: str
    roles: frozenset[Role]
    mode: Mode
    message: str | None = None

    @property
    def actor(self) -> str:
        """The principal, as the audit names it."""
        return f"{self.kind}:{self.principal_id}"

    @classmethod
    def elsewhere(cls, authority: Authority, message: str | None) -> "Caller":
        """Return the caller for which an authority of another installation speaks.

        Who acted there is known there; here it is the authority.
        """
        return cls(
            authority_id=authority.id,
            principal_id=NOBODY,
            kind=PrincipalKind.SYSTEM,
            name=authority.name,
            roles=frozenset({Role.CLERK, Role.OFFICER, Role.SIGNATORY}),
            mode=Mode(authority.mode),
            message=message,
        )

    def require(self, *roles: Role) -> None:
        """Refuse unless the caller has one of the roles.

        Raises:
            RoleMissingError: None of them.
        """
        if self.roles.isdisjoint(roles):
            needed = " or ".join(roles)
            raise RoleMissingError(f"This needs the role {needed}.")


def issue_api_key(
    session: Session,
    authority_id: str,
    principal_id: UUID,
    *,
    actor: str,
    now: datetime,
) -> str:
    """Make an API key and return it; it is shown this once and never stored.

    The caller owns the transaction.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        PrincipalNotFoundError: It has no such principal.
        PrincipalLeftError: The principal has left, so that no key would be accepted.
    """
    authority = get_authority(session, authority_id)
    _present(session, authority_id, principal_id)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    presented = f"rk_{authority.mode}_{secret}"
    key = APIKey(
        authority_id=authority_id,
        id=new_id(now),
        principal_id=principal_id,
        prefix=presented[:_PREFIX_LENGTH],
        digest=_digest(presented),
        created_at=now,
    )
    session.add(key)
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="api_key.issued",
        subject=f"api_key/{key.id}",
        content={"principal": str(principal_id), "prefix": key.prefix},
        now=now,
    )
    return presented


def revoke_api_key(
    session: Session, authority_id: str, prefix: str, *, actor: str, now: datetime
) -> int:
    """Withdraw the keys with a prefix at once. The caller owns the transaction.

    Returns:
        How many keys were withdrawn.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        APIKeyNotFoundError: None that is in use has the prefix.
    """
    get_authority(session, authority_id)
    keys = session.scalars(
        select(APIKey).where(
            APIKey.authority_id == authority_id,
            APIKey.prefix == prefix,
            APIKey.revoked_at.is_(None),
        )
    ).all()
    if not keys:
        # Whoever pastes a whole key by mistake does not see it again.
        raise APIKeyNotFoundError(
            f"{authority_id} has no API key in use with the prefix "
            f"{prefix[:_PREFIX_LENGTH]!r}."
        )
    for key in keys:
        key.revoked_at = now
        audit.append(
            session,
            authority_id,
            actor=actor,
            action="api_key.revoked",
            subject=f"api_key/{key.id}",
            content={"prefix": prefix},
            now=now,
        )
    return len(keys)


def authenticate(session: Session | Glance, presented: str, now: datetime) -> Caller:
    """Return who an API key speaks for.

    Raises:
        UnknownAPIKeyError: Unknown, withdrawn, or of a principal who left.
    """
    row = None
    if _FORM.match(presented):
        row = _WHO.first(session, digest=_digest(presented))
    found = None if row is None else _Who(*row)
    if found is None or (found.left_at is not None and found.left_at <= now):
        raise UnknownAPIKeyError("This API key is not valid.")
    return _caller(found, Mode(found.mode))


def find_caller(session: Session, authority_id: str, actor: str) -> Caller:
    """Return a principal as it called once, though its key may be gone by now.

    Raises:
        PrincipalNotFoundError: The authority never had it.
    """
    principal_id = UUID(actor.rpartition(":")[2])
    principal = session.get(Principal, (authority_id, principal_id))
    if principal is None:
        raise PrincipalNotFoundError(f"{authority_id} has no principal {actor}.")
    mode = get_authority(session, authority_id).mode
    return _caller(principal, Mode(mode))


def let_go(
    session: Session,
    authority_id: str,
    principal_id: UUID,
    *,
    actor: str,
    now: datetime,
) -> None:
    """End a principal's access at an instant. The caller owns the transaction.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        PrincipalNotFoundError: It has no such principal.
        PrincipalLeftError: The principal left before.
    """
    get_authority(session, authority_id)
    _present(session, authority_id, principal_id).left_at = now
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="principal.left",
        subject=f"principal/{principal_id}",
        content={},
        now=now,
    )


def all_api_keys(session: Session, authority_id: str) -> list[APIKey]:
    """Return every API key that was ever made for an authority, oldest first."""
    return list(
        session.scalars(
            select(APIKey)
            .where(APIKey.authority_id == authority_id)
            .order_by(APIKey.created_at, APIKey.id)
        )
    )


def all_principals(session: Session, authority_id: str) -> list[Principal]:
    """Return everybody who ever acted for an authority, oldest first."""
    return list(
        session.scalars(
            select(Principal)
            .where(Principal.authority_id == authority_id)
            .order_by(Principal.created_at, Principal.id)
        )
    )


def principals_with(session: Session, authority_id: str, role: Role) -> frozenset[str]:
    """Return the people of an authority who have a role, as the audit names them.

    Who has left is among them: a decision may be older than that.
    """
    return frozenset(
        f"{PrincipalKind.PERSON}:{principal_id}"
        for principal_id, roles in _PEOPLE.all(session, authority_id=authority_id)
        if role in roles
    )


def actor_of(principal: Principal) -> str:
    """Return a principal as the audit names it: "person:<id>"."""
    return f"{principal.kind}:{principal.id}"


def _present(session: Session, authority_id: str, principal_id: UUID) -> Principal:
    """Return a principal who has not left, locked until the transaction ends."""
    principal = session.get(
        Principal, (authority_id, principal_id), with_for_update=True
    )
    if principal is None:
        raise PrincipalNotFoundError(
            f"{authority_id} has no person or system {principal_id}."
        )
    if principal.left_at is not None:
        raise PrincipalLeftError(
            f"{principal_id} left {authority_id} at "
            f"{format_instant(principal.left_at)}."
        )
    return principal


def _caller(principal: Any, mode: Mode) -> Caller:
    """Return the caller that a principal, or the columns of one, stands for."""
    return Caller(
        authority_id=principal.authority_id,
        principal_id=principal.id,
        kind=PrincipalKind(principal.kind),
        name=principal.name,
        roles=frozenset(Role(role) for role in principal.roles),
        mode=mode,
    )


def _digest(presented: str) -> str:
    return hashlib.sha256(presented.encode()).hexdigest()
