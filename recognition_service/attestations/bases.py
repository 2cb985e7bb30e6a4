"""What an attestation rests on: another one of this service, with which it ends.

A held qualification may itself be attested here, by the same body or by another. What
is decided about it then holds no longer than it, and is revoked with it. Superseding
the base changes nothing: whoever rests on it looks at the case again.

Source: STCW Convention 1978, regulation I/10 (an endorsement ends with the certificate
that it attests); Lisbon Recognition Convention, article III.1 (what is recognised are
qualifications that are held).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from recognition_service.attestations.drafts import NewAttestation
from recognition_service.attestations.errors import BaseNotValidError
from recognition_service.attestations.issuer import Issuer
from recognition_service.attestations.models import Attestation, Status
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.clock import parse_day
from recognition_service.storage import outbox
from recognition_service.storage.prepared import Prepared, among

BASE_REVOKED = "base_revoked"
END_WITH_BASE = "attestation.base_revoked"


class BaseName(NamedTuple):
    """Which attestation it is, and whose."""

    authority_id: str
    id: UUID


def base_in(held: Mapping[str, Any]) -> BaseName | None:
    """Return the attestation that a held qualification names, `None` if none."""
    named = held.get("attestation")
    return BaseName(named["authority"], UUID(named["id"])) if named else None


def within_base(
    session: Session, held: Mapping[str, Any], *, now: datetime
) -> dict[str, Any]:
    """Return a held qualification that ends with the attestation it names, or before.

    Raises:
        BaseNotValidError: It names one that is not valid.
    """
    content = dict(held)
    base = base_in(held)
    if base is None:
        return content
    last = _last_day(session, base, now)
    days = (content.get("valid_until"), last and last.isoformat())
    content["valid_until"] = min((day for day in days if day), default=None)
    return content


def refuse_baseless(
    session: Session, issuer: Issuer, wanted: Sequence[NewAttestation], now: datetime
) -> dict[int, BaseNotValidError]:
    """Refuse, by position, what rests on nothing valid or would outlive it.

    The caller owns the transaction. Until its end no base is revoked unseen: it is
    locked, and whoever revokes it afterwards finds what rests on it.
    """
    refused = {}
    for position, new in enumerate(wanted):
        inputs, findings = new.decision(issuer.url)
        base = base_in(inputs["held"])
        if base is None:
            continue
        try:
            last = _last_day(session, base, now, to_rest_on=True)
            _require_end(base, last, parse_day(findings["validity"]["until"]))
        except BaseNotValidError as error:
            refused[position] = error
    return refused


def tell_dependents(
    session: Session, authority_id: str, revoked: Sequence[UUID], *, now: datetime
) -> None:
    """Have everything revoked that rests on attestations which just were.

    The caller owns the transaction and has written the revocations in it. Each body
    gets a message; its own attestation is revoked in a transaction of its own.
    """
    if not revoked:
        return
    rows = _DEPENDENTS.all(session, base_authority=authority_id, bases=list(revoked))
    for owner, dependent, base in sorted(rows):
        outbox.put(
            session,
            owner,
            kind=END_WITH_BASE,
            content={"attestation": str(dependent), "base": str(base)},
            now=now,
        )


_DEPENDENTS = Prepared(
    lambda dialect: select(
        Attestation.authority_id, Attestation.id, Attestation.base_id
    ).where(
        Attestation.base_authority == bindparam("base_authority"),
        among(Attestation.base_id, "bases", dialect),
        or_(
            Attestation.status == Status.VALID.value,
            Attestation.status == Status.SUSPENDED.value,
        ),
    )
)


def _last_day(
    session: Session, base: BaseName, now: datetime, *, to_rest_on: bool = False
) -> date | None:
    """Return the last day of a base, `None` without end.

    Raises:
        BaseNotValidError: It is not there, not signed, not valid or over.
    """
    found = select(
        Attestation.status, Attestation.issued_at, Attestation.validity_until
    ).where(Attestation.authority_id == base.authority_id, Attestation.id == base.id)
    if to_rest_on:
        found = found.with_for_update(read=True)
    row = session.execute(found).one_or_none()
    if row is None or row.issued_at is None or row.status != Status.VALID:
        raise BaseNotValidError(base.id)
    last: date | None = row.validity_until
    if last is not None and last < legal_day(
        get_authority(session, base.authority_id), now
    ):
        raise BaseNotValidError(base.id)
    return last


def _require_end(base: BaseName, last: date | None, wanted: date | None) -> None:
    """Make sure that what rests on a base does not outlive it.

    Raises:
        BaseNotValidError: It would.
    """
    if last is not None and (wanted is None or last < wanted):
        raise BaseNotValidError(base.id, ends_on=last)
