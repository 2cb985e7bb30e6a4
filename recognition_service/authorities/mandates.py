"""Mandates: what an authority may decide, granted by the operator, published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from recognition_service.authorities.errors import (
    MandateInvalidError,
    MandateMissingError,
    MandateNotFoundError,
)
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import Authority, Function, Mandate
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Prepared
from recognition_service.verification import mandate as coverage
from recognition_service.verification import trust

_LISTS = ("decision_kinds", "jurisdictions", "levels", "fields", "professions")
_ACCESS = frozenset({"professional_access", "licence"})
_MEMBERS = {*_LISTS, "basis", "valid_from", "valid_to"}
_GRANTED = Prepared(
    lambda _: (
        select(Mandate.id, Mandate.valid_from, Mandate.valid_to, Mandate.content)
        .where(Mandate.authority_id == bindparam("authority_id"))
        .order_by(Mandate.valid_from, Mandate.id)
    )
)


def grant_mandate(
    session: Session,
    authority_id: str,
    document: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> UUID:
    """Record what an authority may decide. The caller owns the transaction.

    Args:
        session: A writing session.
        authority_id: Whose mandate it is.
        document: `decision_kinds`, `jurisdictions`, `levels`, `fields`,
            `professions` (lists; absent: not limited), `basis` (the act that
            grants it), `valid_from` (absent: the legal day of recording),
            `valid_to` (YYYY-MM-DD).
        actor: Who records it.
        now: The instant of recording.

    Raises:
        MandateInvalidError: A member is unknown or of the wrong kind.
        AuthorityNotFoundError: There is no such authority.
    """
    content = _read(document)
    valid_from, valid_to = _period(session, authority_id, document, now)
    row = Mandate(
        authority_id=authority_id,
        id=new_id(now),
        content=content,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_at=now,
        granted_by=actor,
    )
    session.add(row)
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="mandate.granted",
        subject=f"mandate/{row.id}",
        content=content,
        now=now,
    )
    return row.id


def end_mandate(
    session: Session,
    authority_id: str,
    mandate_id: UUID,
    *,
    on: date,
    actor: str,
    now: datetime,
) -> None:
    """Let a mandate end with a day, its last. The caller owns the transaction.

    What was decided up to that day stays covered; the mandate stays published. A
    day in the past takes the cover from what was decided after it.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        MandateNotFoundError: It has no such mandate.
        MandateInvalidError: The day lies before the first day, or after the last
            day that was granted.
    """
    get_authority(session, authority_id)
    row = session.get(Mandate, (authority_id, mandate_id), with_for_update=True)
    if row is None:
        raise MandateNotFoundError(f"{authority_id} has no mandate {mandate_id}.")
    if on < row.valid_from:
        raise MandateInvalidError(
            f"The mandate begins on {row.valid_from}; it cannot end before."
        )
    if row.valid_to is not None and on > row.valid_to:
        raise MandateInvalidError(
            f"The mandate ends on {row.valid_to}; grant another one for later days."
        )
    row.valid_to = on
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="mandate.ended",
        subject=f"mandate/{mandate_id}",
        content={"valid_to": on.isoformat()},
        now=now,
    )


def mandates_of(
    session: Session, authority_id: str, issuer: str
) -> tuple[trust.Mandate, ...]:
    """Return all mandates of an authority as values, past ones included."""
    return tuple(
        trust.Mandate(
            id=str(mandate_id),
            href=competence_url(issuer, first.year),
            valid_from=first,
            valid_to=last,
            **{name: tuple(content.get(name, ())) for name in _LISTS},
        )
        for mandate_id, first, last, content in _GRANTED.all(
            session, authority_id=authority_id
        )
    )


@dataclass(frozen=True, slots=True)
class Competence:
    """Where an authority decides, by one of its mandates.

    Attributes:
        professions: None of them: it is not limited to some.
        basis: The act that grants the mandate; None: it is not named.
    """

    authority_id: str
    name: str
    mode: str
    jurisdiction: str
    professions: tuple[str, ...]
    basis: str | None


def competent_authorities(session: Session, *, on: date) -> list[Competence]:
    """Return where each competent authority decides on a day, by id.

    A mandate that names no jurisdiction is one for the authority's own. An authority
    without a mandate in force decides nowhere.
    """
    rows = session.execute(
        select(
            Authority.id,
            Authority.name,
            Authority.mode,
            Authority.jurisdiction,
            Authority.functions,
            Mandate.content,
        )
        .join(Mandate, Mandate.authority_id == Authority.id)
        .where(
            Mandate.valid_from <= on,
            or_(Mandate.valid_to.is_(None), Mandate.valid_to >= on),
        )
        .order_by(Authority.id, Mandate.valid_from, Mandate.id)
    )
    found = [
        Competence(
            row.id,
            row.name,
            row.mode,
            place,
            tuple(row.content.get("professions") or ()),
            row.content.get("basis"),
        )
        for row in rows
        if Function.COMPETENT_AUTHORITY in row.functions
        for place in row.content.get("jurisdictions") or [row.jurisdiction]
    ]
    return list(dict.fromkeys(found))


def require_mandate(
    mandates: tuple[trust.Mandate, ...], recognition: Mapping[str, Any], on: date
) -> trust.Mandate:
    """Return the mandate that covers a decision on a day.

    Args:
        mandates: Of the deciding authority.
        recognition: The `recognition` member of the credential to be issued; what
            a verifier will look at later.
        on: The legal date of the decision.

    Raises:
        MandateMissingError: None does.
    """
    for mandate in mandates:
        if mandate.is_in_force(on) and coverage.covers(mandate, recognition):
            return mandate
    raise MandateMissingError(
        f"No mandate covers {recognition['decisionKind']} "
        f"for {', '.join(recognition['validInJurisdiction'])} on {on.isoformat()}."
    )


def decides_access_to(
    mandates: tuple[trust.Mandate, ...], profession: str, on: date
) -> bool:
    """Tell whether an authority with these mandates decides who may practise.

    Args:
        mandates: Of the authority.
        profession: Id of the profession.
        on: The legal date.
    """
    return any(
        mandate.is_in_force(on)
        and (
            not mandate.decision_kinds or not _ACCESS.isdisjoint(mandate.decision_kinds)
        )
        and (not mandate.professions or profession in mandate.professions)
        for mandate in mandates
    )


def competence_url(issuer: str, year: int) -> str:
    """Return where an issuer's mandates of a year are published."""
    return f"{issuer}/competence/{year}"


def competence_document(
    session: Session, authority_id: str, issuer: str, year: int
) -> dict[str, Any]:
    """Return the published mandates that were in force in a year.

    The names of the limits follow the accreditation claims of the European
    blockchain services infrastructure (`limitJurisdiction`, `limitQFLevel`).
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = session.scalars(
        select(Mandate)
        .where(Mandate.authority_id == authority_id)
        .order_by(Mandate.valid_from, Mandate.id)
    )
    return {
        "id": competence_url(issuer, year),
        "issuer": issuer,
        "mandates": [
            {
                "id": str(row.id),
                "basis": row.content.get("basis"),
                "validFrom": row.valid_from.isoformat(),
                "validUntil": row.valid_to.isoformat() if row.valid_to else None,
                "limitDecisionKind": row.content.get("decision_kinds", []),
                "limitJurisdiction": row.content.get("jurisdictions", []),
                "limitQFLevel": row.content.get("levels", []),
                "limitField": row.content.get("fields", []),
                "limitProfession": row.content.get("professions", []),
            }
            for row in rows
            if row.valid_from <= last
            and (row.valid_to is None or row.valid_to >= first)
        ],
    }


def _read(document: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(document) - _MEMBERS
    if unknown:
        raise MandateInvalidError(
            "The mandate has unknown members.",
            tuple(
                {"pointer": f"/{name}", "code": "unknown_member"}
                for name in sorted(unknown)
            ),
        )
    content: dict[str, Any] = {"basis": document.get("basis")}
    for name in _LISTS:
        value = document.get(name, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise MandateInvalidError(
                "The mandate has a member of the wrong kind.",
                ({"pointer": f"/{name}", "code": "not_a_list_of_words"},),
            )
        content[name] = value
    return content


def _period(
    session: Session, authority_id: str, document: Mapping[str, Any], now: datetime
) -> tuple[date, date | None]:
    today = legal_day(get_authority(session, authority_id), now)
    first = _day(document, "valid_from") or today
    last = _day(document, "valid_to")
    if last is not None and last < first:
        raise MandateInvalidError(
            "The mandate ends before it begins.",
            ({"pointer": "/valid_to", "code": "before_valid_from"},),
        )
    return first, last


def _day(document: Mapping[str, Any], name: str) -> date | None:
    value = document.get(name)
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise MandateInvalidError(
            "The mandate has a date that is none.",
            ({"pointer": f"/{name}", "code": "not_a_date"},),
        ) from error
