"""The rows of many joint awards, read and written without an object for each."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import LargeBinary, and_, bindparam, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.joint_models import JointPart, JointState
from recognition_service.attestations.models import Attestation
from recognition_service.storage.prepared import Prepared, among


class PartRow(NamedTuple):
    """One body's part in a joint award, without its record; see `JointPart`."""

    group_id: UUID
    authority_id: str
    state: str
    attestation_id: UUID | None
    expires_on: date


_PARTS = Prepared(
    lambda dialect: (
        select(*(getattr(JointPart, name) for name in PartRow._fields))
        .where(among(JointPart.group_id, "groups", dialect))
        .order_by(JointPart.group_id, JointPart.authority_id)
        .with_for_update()
    )
)
_RECORDS = Prepared(
    lambda dialect: select(
        JointPart.group_id, type_coerce(JointPart.record, LargeBinary)
    ).where(
        JointPart.authority_id == bindparam("authority_id"),
        among(JointPart.group_id, "groups", dialect),
    )
)
_STATES = Prepared(
    lambda dialect: select(JointPart.group_id, JointPart.state).where(
        JointPart.authority_id == bindparam("authority_id"),
        among(JointPart.group_id, "groups", dialect),
    )
)
_SIGNED = Prepared(
    lambda dialect: (
        select(JointPart.group_id, JointPart.authority_id)
        .outerjoin(
            Attestation,
            and_(
                Attestation.authority_id == JointPart.authority_id,
                Attestation.id == JointPart.attestation_id,
            ),
        )
        .where(
            among(JointPart.group_id, "groups", dialect),
            or_(Attestation.issued_at.is_not(None), JointPart.token.is_not(None)),
        )
    )
)
_KEEP_ATTESTATION = Prepared(
    lambda _: (
        update(JointPart)
        .where(
            JointPart.authority_id == bindparam("_authority"),
            JointPart.group_id == bindparam("_group"),
        )
        .values(attestation_id=bindparam("_attestation"), changed_at=bindparam("_now"))
    )
)
_COMPLETE = Prepared(
    lambda dialect: (
        update(JointPart)
        .where(among(JointPart.group_id, "_groups", dialect))
        .values(state=JointState.COMPLETE.value, changed_at=bindparam("_now"))
    )
)


def new_parts(
    record: DecisionRecord,
    names: Mapping[str, str],
    expires_on: date,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the rows of an award's parts by column, with the `digest` beside them.

    `names` tells what each issuer is called here.
    """
    inputs = record.inputs
    targets = inputs["targets"]
    required = [names[target["issuer"]] for target in targets]
    return [
        {
            "authority_id": authority_id,
            "group_id": UUID(inputs["group"]),
            "role": str(target["key"]),
            "state": JointState.HELD.value,
            "required": required,
            "record": record.packed,
            "expires_on": expires_on,
            "opened_at": now,
            "changed_at": now,
            "digest": record.digest,
        }
        for authority_id, target in zip(required, targets, strict=True)
    ]


def states_of(
    session: Session, authority_id: str, groups: Iterable[UUID]
) -> dict[UUID, JointState]:
    """Return how joint awards stand in which an authority has a part, by group."""
    rows = _STATES.all(session, authority_id=authority_id, groups=list(groups))
    return {group: JointState(state) for group, state in rows}


def locked_parts(session: Session, groups: Iterable[UUID]) -> list[PartRow]:
    """Return all parts of joint awards, by group and authority.

    Nobody else changes them meanwhile; all are locked in one order.
    """
    rows = _PARTS.all(session, groups=sorted(set(groups)))
    return [PartRow(*row) for row in rows]


def records_of(
    session: Session, authority_id: str, groups: Iterable[UUID]
) -> dict[UUID, DecisionRecord]:
    """Return the records of joint awards in which an authority has a part."""
    rows = _RECORDS.all(session, authority_id=authority_id, groups=list(groups))
    return {group: DecisionRecord.unpacked(packed) for group, packed in rows}


def signed_parts(session: Session, groups: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Return the bodies whose attestation is issued, by group.

    One of a body elsewhere is, once it was told and found good.
    """
    signed: dict[UUID, set[str]] = {}
    for group, authority_id in _SIGNED.all(session, groups=list(groups)):
        signed.setdefault(group, set()).add(authority_id)
    return signed


def keep_attestations(
    session: Session, authority_id: str, named: Mapping[UUID, UUID], now: datetime
) -> None:
    """Let an authority's parts know their attestations, by group."""
    _KEEP_ATTESTATION.run_many(
        session,
        [
            {
                "_authority": authority_id,
                "_group": group,
                "_attestation": attestation_id,
                "_now": now,
            }
            for group, attestation_id in named.items()
        ],
    )


def complete_parts(session: Session, groups: Iterable[UUID], now: datetime) -> None:
    """Let all parts of joint awards be complete."""
    _COMPLETE.run(session, _groups=sorted(groups), _now=now)
