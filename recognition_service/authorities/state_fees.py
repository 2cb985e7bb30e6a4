"""Fees that an authority states in its standing orders: by two people, in versions.

A list that is proposed changes nothing until a second person approves it: the one in
force holds until then. All versions are kept.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from recognition_service.authorities.errors import (
    AuthorityNotFoundError,
    FeesChangedError,
    StandingOrderNotFoundError,
)
from recognition_service.authorities.fees import Fee, read_fee, write_fee
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.authorities.models import Authority, FeeList
from recognition_service.authorities.standing_orders import require_two_people
from recognition_service.credentials.canonical import digest
from recognition_service.storage import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFees:
    """The list of fees of an authority that is in force.

    Attributes:
        stated_on: The day of its approval where the authority is.
    """

    authority_id: str
    name: str
    stated_on: date
    fees: tuple[Fee, ...]


def propose_fees(
    session: Session,
    authority_id: str,
    fees: Sequence[Fee],
    *,
    actor: str,
    note: str | None,
    now: datetime,
) -> FeeList:
    """Ask that a list of fees be stated. The caller owns the transaction.

    A list that was proposed before and not approved can no longer be.

    Raises:
        AuthorityNotFoundError: There is no such authority.
    """
    _take_turn(session, authority_id)
    last = _newest(session, authority_id)
    row = FeeList(
        authority_id=authority_id,
        version=1 if last is None else last.version + 1,
        fees=[write_fee(fee) for fee in fees],
        proposed_by=actor,
        proposed_at=now,
        approved_by=None,
        approved_at=None,
        ended_at=None,
        note=note,
    )
    session.add(row)
    _note(session, row, "proposed", actor, now)
    return row


def approve_fees(
    session: Session, authority_id: str, version: int, *, actor: str, now: datetime
) -> FeeList:
    """State the list that was proposed last, as the second person.

    The caller owns the transaction. `version` names the list that was read, so that
    nobody approves another one.

    Raises:
        StandingOrderNotFoundError: Nothing was proposed, or it was ended.
        FeesChangedError: Another list was proposed last, or this one is approved.
        SecondPersonNeededError: The proposer cannot approve, nor can a system
            propose or approve.
    """
    _take_turn(session, authority_id)
    row = _newest(session, authority_id)
    if row is None or row.ended_at is not None:
        raise StandingOrderNotFoundError("No list of fees waits for an approval.")
    if row.version != version or row.approved_at is not None:
        raise FeesChangedError(
            f"The list of fees that was proposed last has version {row.version}, and "
            f"{'waits' if row.approved_at is None else 'does not wait'} for an "
            "approval."
        )
    require_two_people(row.proposed_by, actor)
    row.approved_by, row.approved_at = actor, now
    _note(session, row, "approved", actor, now)
    return row


def end_fees(
    session: Session, authority_id: str, *, actor: str, now: datetime
) -> list[FeeList]:
    """State no fees any more, at once; one person suffices for that.

    The caller owns the transaction. A list that waits can no longer be approved.

    Returns:
        The lists that ended, the oldest first.

    Raises:
        StandingOrderNotFoundError: There is no list to end.
    """
    _take_turn(session, authority_id)
    rows = [each for each in fee_lists(session, authority_id) if each is not None]
    if not rows:
        raise StandingOrderNotFoundError("There is no list of fees to end.")
    for row in rows:
        row.ended_at = now
        _note(session, row, "ended", actor, now)
    return rows


def fee_lists(
    session: Session, authority_id: str
) -> tuple[FeeList | None, FeeList | None]:
    """Return the list that is in force and the one that waits; None: there is none."""
    in_force = session.scalars(
        select(FeeList)
        .where(FeeList.authority_id == authority_id, FeeList.approved_at.is_not(None))
        .order_by(FeeList.version.desc())
        .limit(1)
    ).first()
    if in_force is not None and in_force.ended_at is not None:
        in_force = None
    waiting = _newest(session, authority_id)
    if waiting is not None and (waiting.approved_at or waiting.ended_at) is not None:
        waiting = None
    return in_force, waiting


def stated_fees(session: Session, authorities: Collection[str]) -> list[StatedFees]:
    """Return the lists that are in force of some authorities, by their ids."""
    newest = (
        select(FeeList.authority_id, func.max(FeeList.version).label("version"))
        .where(FeeList.authority_id.in_(authorities), FeeList.approved_at.is_not(None))
        .group_by(FeeList.authority_id)
        .subquery()
    )
    rows = session.execute(
        select(FeeList.authority_id, FeeList.approved_at, FeeList.fees)
        .join(
            newest,
            (FeeList.authority_id == newest.c.authority_id)
            & (FeeList.version == newest.c.version),
        )
        .where(FeeList.ended_at.is_(None))
        .order_by(FeeList.authority_id)
    )
    found = []
    for authority_id, approved_at, entries in rows:
        authority = read_authority(session, authority_id)
        found.append(
            StatedFees(
                authority_id=authority_id,
                name=authority.name,
                stated_on=legal_day(authority, approved_at),
                fees=tuple(read_fee(entry) for entry in entries),
            )
        )
    return found


def _take_turn(session: Session, authority_id: str) -> None:
    """Let changes of one authority's lists follow each other.

    Raises:
        AuthorityNotFoundError: There is no such authority.
    """
    found = session.scalar(
        select(Authority.id)
        .where(Authority.id == authority_id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise AuthorityNotFoundError(f"There is no authority {authority_id}.")


def _newest(session: Session, authority_id: str) -> FeeList | None:
    return session.scalars(
        select(FeeList)
        .where(FeeList.authority_id == authority_id)
        .order_by(FeeList.version.desc())
        .limit(1)
    ).first()


def _note(session: Session, row: FeeList, act: str, actor: str, now: datetime) -> None:
    audit.append(
        session,
        row.authority_id,
        actor=actor,
        action=f"fees.{act}",
        subject=f"fees/{row.version}",
        content={"digest": digest(row.fees)},
        now=now,
    )
