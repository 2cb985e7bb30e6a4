"""Founding an authority, and finding it again."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import home_name, is_elsewhere
from recognition_service.authorities.errors import (
    AuthorityExistsError,
    AuthorityNotFoundError,
)
from recognition_service.authorities.models import (
    Authority,
    Function,
    Mode,
    Principal,
    PrincipalKind,
    Role,
)
from recognition_service.errors import InvalidInputError
from recognition_service.storage import audit
from recognition_service.storage.base import PLATFORM
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Prepared, among

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?\Z")
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuthority:
    """What must be known of an authority to found it.

    Attributes:
        id: Lower case letters, digits and hyphens; part of all its URLs.
        country: ISO 3166-1 alpha-2.
        jurisdiction: Code of the equivalence tables, such as "BE-FL".
        language: BCP 47, of its decisions.
        time_zone: IANA name.
        functions: What it is among the others.
    """

    id: str
    name: str
    country: str
    jurisdiction: str
    mode: Mode
    language: str = "en"
    time_zone: str = "UTC"
    functions: frozenset[Function] = frozenset({Function.COMPETENT_AUTHORITY})


def found_authority(
    session: Session, new: NewAuthority, *, actor: str, now: datetime
) -> Authority:
    """Create an authority. The caller owns the transaction.

    Raises:
        AuthorityExistsError: The id is taken.
        InvalidInputError: The id or the time zone cannot be used, or it is nothing.
    """
    if not new.functions:
        raise InvalidInputError("An authority has at least one function.")
    if not _ID.match(new.id) or new.id == PLATFORM:
        raise InvalidInputError(
            f"{new.id!r} cannot be an id: use a to z, 0 to 9 and hyphens."
        )
    try:
        ZoneInfo(new.time_zone)
    except (KeyError, ValueError) as error:
        raise InvalidInputError(
            f"{new.time_zone!r} is no time zone; write it like Europe/Brussels."
        ) from error
    if session.get(Authority, new.id) is not None:
        raise AuthorityExistsError(f"There is an authority {new.id} already.")
    authority = Authority(
        id=new.id,
        name=new.name,
        country=new.country,
        jurisdiction=new.jurisdiction,
        mode=new.mode,
        language=new.language,
        time_zone=new.time_zone,
        functions=sorted(new.functions),
        created_at=now,
        trusted_from=now,
    )
    session.add(authority)
    session.flush()
    audit.append(
        session,
        new.id,
        actor=actor,
        action="authority.founded",
        subject=f"authority/{new.id}",
        content={"mode": new.mode, "jurisdiction": new.jurisdiction},
        now=now,
    )
    return authority


def add_principal(
    session: Session,
    authority_id: str,
    *,
    kind: PrincipalKind,
    name: str,
    roles: frozenset[Role],
    actor: str,
    now: datetime,
) -> UUID:
    """Let a person or system act for an authority. The caller owns the transaction.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        InvalidInputError: A system cannot be a signatory, or the name is empty or
            too long.
    """
    get_authority(session, authority_id)
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise InvalidInputError(
            f"A name has 1 to {_LONGEST_NAME} characters, not only blanks."
        )
    if kind is PrincipalKind.SYSTEM and Role.SIGNATORY in roles:
        raise InvalidInputError("A system prepares; only a person signs.")
    principal = Principal(
        authority_id=authority_id,
        id=new_id(now),
        kind=kind,
        name=name.strip(),
        roles=sorted(roles),
        created_at=now,
    )
    session.add(principal)
    session.flush()
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="principal.added",
        subject=f"principal/{principal.id}",
        content={"kind": kind, "roles": principal.roles},
        now=now,
    )
    return principal.id


def get_authority(session: Session, authority_id: str) -> Authority:
    """Return an authority.

    Raises:
        AuthorityNotFoundError: There is none of this id.
    """
    authority = session.get(Authority, authority_id)
    if authority is None:
        raise AuthorityNotFoundError(f"There is no authority {authority_id}.")
    return authority


class AuthorityFacts(NamedTuple):
    """What most questions about an authority ask for, as `Authority` explains it."""

    id: str
    name: str
    country: str
    jurisdiction: str
    time_zone: str


_FACTS = Prepared(
    lambda _: select(
        *(getattr(Authority, name) for name in AuthorityFacts._fields)
    ).where(Authority.id == bindparam("authority_id"))
)


_MODES = Prepared(
    lambda dialect: select(Authority.mode).where(among(Authority.id, "ids", dialect))
)


def read_authority(session: Session, authority_id: str) -> AuthorityFacts:
    """Return what is known of an authority, faster than its row.

    Raises:
        AuthorityNotFoundError: There is none of this id.
    """
    row = _FACTS.first(session, authority_id=authority_id)
    if row is None:
        raise AuthorityNotFoundError(f"There is no authority {authority_id}.")
    return AuthorityFacts(*row)


def modes_of(session: Session, authority_ids: Collection[str]) -> set[str]:
    """Return the modes of authorities, each once."""
    return {row[0] for row in _MODES.all(session, ids=authority_ids)}


def all_authorities(session: Session) -> list[Authority]:
    """Return all authorities of the installation, by id."""
    found = session.scalars(select(Authority).order_by(Authority.id))
    return [authority for authority in found if not is_elsewhere(authority.id)]


def modes_of_known(session: Session) -> dict[str, str]:
    """Return the mode of every authority that is known here, by id.

    Those of other installations are among them while they are trusted.
    """
    rows = session.execute(
        select(Authority.id, Authority.mode).where(
            or_(~Authority.id.contains("@"), Authority.trusted_until.is_(None))
        )
    )
    return {row.id: row.mode for row in rows}


def coordinator_for(session: Session, authority: Authority) -> Authority | None:
    """Return who coordinates where an authority acts, or None.

    The coordinator of its jurisdiction comes before that of its country; it is never
    the authority itself, never one of the other mode, and never one of another
    installation than the authority's.
    """
    home = home_name(authority.id).peer
    found = session.scalars(
        select(Authority)
        .where(
            Authority.jurisdiction.in_({authority.jurisdiction, authority.country}),
            Authority.mode == authority.mode,
            Authority.id != authority.id,
        )
        .order_by(Authority.id)
    ).all()
    coordinators = [
        row
        for row in found
        if Function.COORDINATOR in row.functions and home_name(row.id).peer == home
    ]
    own = [row for row in coordinators if row.jurisdiction == authority.jurisdiction]
    return next(iter(own or coordinators), None)


def all_principals(session: Session, authority_id: str) -> list[Principal]:
    """Return who ever acted for an authority, those who left included, in order."""
    return list(
        session.scalars(
            select(Principal)
            .where(Principal.authority_id == authority_id)
            .order_by(Principal.created_at, Principal.id)
        )
    )


def legal_day(authority: Authority | AuthorityFacts, now: datetime) -> date:
    """Return the date in the authority's zone at an instant."""
    return now.astimezone(ZoneInfo(authority.time_zone)).date()


def day_begins(authority: Authority, day: date) -> datetime:
    """Return the instant at which a day begins in the authority's zone."""
    midnight = datetime.combine(day, time.min, ZoneInfo(authority.time_zone))
    return midnight.astimezone(UTC)
