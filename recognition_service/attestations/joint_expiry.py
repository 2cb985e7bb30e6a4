"""Joint awards that nobody asks about any more: complete ones, and overdue ones.

Whoever dies between the last signature and the release leaves an award of which every
attestation is issued and none is valid; the worker releases it. What is not complete
by its last day is cancelled.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from recognition_service.attestations.joint_models import JointPart, JointState
from recognition_service.attestations.joint_parts import lock_groups, signed_by
from recognition_service.attestations.joint_status import (
    CANCELLED,
    SERVICE,
    changes_of_all,
    is_over,
    move,
    write_for_all,
)
from recognition_service.attestations.models import Attestation, Status

_FIRST_ZONE = timedelta(hours=14)
_IS_ISSUED = or_(Attestation.issued_at.is_not(None), JointPart.token.is_not(None))


def ready_joints(session: Session) -> list[UUID]:
    """Return the held joint awards of which every attestation is issued."""
    return list(
        session.scalars(
            select(JointPart.group_id)
            .outerjoin(
                Attestation,
                and_(
                    Attestation.authority_id == JointPart.authority_id,
                    Attestation.id == JointPart.attestation_id,
                ),
            )
            .where(JointPart.state == JointState.HELD)
            .group_by(JointPart.group_id)
            .having(
                func.count()
                == func.count(case((_IS_ISSUED, JointPart.group_id), else_=None))
            )
            .order_by(JointPart.group_id)
        )
    )


def overdue_joints(session: Session, *, now: datetime) -> list[UUID]:
    """Return the held joint awards whose last day is over in every body's zone.

    One of which every attestation is issued by now is not among them: it is released.
    """
    begun = (now + _FIRST_ZONE).date()
    rows = session.scalars(
        select(JointPart)
        .where(JointPart.state == JointState.HELD, JointPart.expires_on < begun)
        .order_by(JointPart.group_id, JointPart.authority_id)
    ).all()
    overdue = {part.group_id for part in rows}
    overdue -= {part.group_id for part in rows if not is_over(session, part, now)}
    return sorted(overdue.difference(ready_joints(session)) if overdue else ())


def expire_joints(session: Session, *, now: datetime) -> list[UUID]:
    """Cancel the joint awards that were not completed by their last day.

    The caller owns the transaction. What was signed is revoked.

    Returns:
        The groups that were cancelled.
    """
    locked = lock_groups(session, overdue_joints(session, now=now))
    awards = {
        group_id: parts
        for group_id, parts in locked.items()
        if parts[0].state == JointState.HELD
        and len(signed_by(session, group_id)) < len(parts)
    }
    changes = changes_of_all(session, awards.values(), Status.REVOKED, CANCELLED)
    write_for_all(session, changes, by=None, actor=SERVICE, now=now)
    for parts in awards.values():
        move(session, parts, JointState.CANCELLED, by=None, actor=SERVICE, now=now)
    return list(awards)
