"""Automatic decisions: switched on per instrument, by two people."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.errors import (
    SecondPersonNeededError,
    StandingOrderNotFoundError,
)
from recognition_service.authorities.models import PrincipalKind, StandingOrder
from recognition_service.storage import audit

RETENTION = "retention"
"""Stands in the place of an instrument: what is kept too long may be erased, though
the time was not confirmed. See `recognition.retention`."""


def propose_standing_order(
    session: Session,
    authority_id: str,
    instrument: str,
    *,
    actor: str,
    note: str | None,
    now: datetime,
) -> StandingOrder:
    """Ask that rules of an instrument decide by themselves.

    The caller owns the transaction. A new proposal replaces an older order, which
    is thereby no longer in force until a second person approves.
    """
    order = session.get(StandingOrder, (authority_id, instrument))
    if order is None:
        order = StandingOrder(authority_id=authority_id, instrument=instrument)
        session.add(order)
    order.proposed_by, order.proposed_at, order.note = actor, now, note
    order.approved_by = order.approved_at = order.ended_at = None
    _note(session, order, "standing_order.proposed", actor, now)
    return order


def approve_standing_order(
    session: Session, authority_id: str, instrument: str, *, actor: str, now: datetime
) -> StandingOrder:
    """Put a proposed order into force, as the second person.

    The caller owns the transaction.

    Raises:
        StandingOrderNotFoundError: Nothing was proposed, or it was ended.
        SecondPersonNeededError: The proposer cannot approve, nor can a system
            propose or approve.
    """
    order = _get(session, authority_id, instrument)
    if order.ended_at is not None:
        raise StandingOrderNotFoundError(
            f"Automatic decisions under {instrument} were ended; propose them anew."
        )
    require_two_people(order.proposed_by, actor)
    order.approved_by, order.approved_at = actor, now
    _note(session, order, "standing_order.approved", actor, now)
    return order


def end_standing_order(
    session: Session, authority_id: str, instrument: str, *, actor: str, now: datetime
) -> StandingOrder:
    """End automatic decisions at once; one person suffices for that.

    The caller owns the transaction.

    Raises:
        StandingOrderNotFoundError: Nothing was proposed.
    """
    order = _get(session, authority_id, instrument)
    order.ended_at = now
    _note(session, order, "standing_order.ended", actor, now)
    return order


def all_standing_orders(session: Session, authority_id: str) -> list[StandingOrder]:
    """Return an authority's orders, by instrument."""
    return list(
        session.scalars(
            select(StandingOrder)
            .where(StandingOrder.authority_id == authority_id)
            .order_by(StandingOrder.instrument)
        )
    )


def instruments_ordered(session: Session, authority_id: str) -> frozenset[str]:
    """Return the instruments whose rules may decide by themselves now."""
    return frozenset(
        order.instrument
        for order in all_standing_orders(session, authority_id)
        if order.approved_at is not None and order.ended_at is None
    )


def require_two_people(proposed_by: str, approved_by: str) -> None:
    """Make sure that an order is proposed by one person and approved by another.

    Raises:
        SecondPersonNeededError: Both are the same, or one of them is a system.
    """
    if proposed_by == approved_by:
        raise SecondPersonNeededError("Who proposed it cannot approve it.")
    if not (_is_person(proposed_by) and _is_person(approved_by)):
        raise SecondPersonNeededError("Two people order it; a system cannot.")


def _is_person(actor: str) -> bool:
    return actor.startswith(f"{PrincipalKind.PERSON}:")


def _get(session: Session, authority_id: str, instrument: str) -> StandingOrder:
    order = session.get(StandingOrder, (authority_id, instrument))
    if order is None:
        raise StandingOrderNotFoundError(
            f"Nobody has proposed automatic decisions under {instrument}."
        )
    return order


def _note(
    session: Session, order: StandingOrder, action: str, actor: str, now: datetime
) -> None:
    audit.append(
        session,
        order.authority_id,
        actor=actor,
        action=action,
        subject=f"standing_order/{order.instrument}",
        content={},
        now=now,
    )
