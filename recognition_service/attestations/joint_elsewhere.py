"""Telling bodies in other installations how a joint award stands.

Whoever opens an award proposes its record to every body elsewhere. From then on each
body tells every other one what it does itself: that it has signed, that its attestation
is valid, that it leaves. No installation waits for another one to lead; what was not
told yet, whoever verifies all attestations together finds out from their lists.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from recognition_service.attestations.copies import newest_text
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.joint_models import JointPart, JointState
from recognition_service.attestations.joint_rows import PartRow
from recognition_service.attestations.models import Attestation, CopyFormat
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.exchange.post import post

PROPOSED = "joint.proposed"
SIGNED = "joint.signed"
RELEASED = "joint.released"
WITHDRAWN = "joint.withdrawn"

REFUSED = "refused"
"""Why a body withdraws that does not make the award that was proposed to it."""


class Farewell(NamedTuple):
    """Why a body leaves a joint award, or gives it up.

    Attributes:
        reason: A code.
        text: In the words of the body, where it refuses the award.
    """

    reason: str
    text: str | None = None


def tell_proposed(
    session: Session,
    records: Iterable[DecisionRecord],
    names: Mapping[str, str],
    *,
    expires_on: date,
    by: str,
    actor: str,
    now: datetime,
) -> None:
    """Propose awards to their bodies elsewhere. The caller owns the transaction.

    Nothing is told of awards that a body elsewhere has opened.

    Args:
        session: A writing session.
        records: What all shall attest, for each award.
        names: What the bodies are called here, by issuer.
        expires_on: Last day to complete them.
        by: The body that opens them.
        actor: Who opens them.
        now: The instant.
    """
    if is_elsewhere(by):
        return
    for record in records:
        body = {
            "record": {"inputs": record.inputs, "findings": record.findings},
            "digest": record.digest,
            "expires_on": expires_on.isoformat(),
        }
        for target in record.inputs["targets"]:
            recipient = names[target["issuer"]]
            if is_elsewhere(recipient):
                post(
                    session,
                    by,
                    recipient,
                    UUID(record.inputs["group"]),
                    type=PROPOSED,
                    body=body,
                    actor=actor,
                    now=now,
                )


def shared_groups(parts: Iterable[PartRow]) -> set[UUID]:
    """Return the awards in which a body elsewhere has a part, out of all parts."""
    return {part.group_id for part in parts if is_elsewhere(part.authority_id)}


def with_told_form(copies: tuple[NewCopy, ...]) -> tuple[NewCopy, ...]:
    """Return copies among which is the form that bodies elsewhere are told."""
    has_it = any(copy.format is CopyFormat.VC_JWT for copy in copies)
    return copies if has_it else (NewCopy(CopyFormat.VC_JWT), *copies)


def untold_joints(session: Session) -> list[UUID]:
    """Return the awards with a signature of which bodies elsewhere were not told."""
    away = aliased(JointPart)
    return list(
        session.scalars(
            select(JointPart.group_id)
            .join(
                Attestation,
                and_(
                    Attestation.authority_id == JointPart.authority_id,
                    Attestation.id == JointPart.attestation_id,
                ),
            )
            .join(away, away.group_id == JointPart.group_id)
            .where(
                JointPart.state == JointState.HELD,
                JointPart.signed_at.is_(None),
                Attestation.issued_at.is_not(None),
                away.authority_id.contains("@"),
            )
            .order_by(JointPart.group_id)
            .distinct()
        )
    )


def tell_signed(
    session: Session, groups: Collection[UUID], *, actor: str, now: datetime
) -> None:
    """Tell bodies elsewhere of signatures that they were not told of.

    The caller owns the transaction, and has locked all parts of the awards, in each
    of which a body elsewhere has one.
    """
    for parts in _parts_of(session, groups):
        for part in parts:
            is_told = is_elsewhere(part.authority_id) or part.signed_at is not None
            if is_told or part.attestation_id is None or part.state != JointState.HELD:
                continue
            key = (part.authority_id, part.attestation_id)
            attestation = session.get_one(Attestation, key)
            if attestation.issued_at is None:
                continue
            part.signed_at = now
            content = {
                "attestation": str(attestation.id),
                "token": newest_text(session, attestation, CopyFormat.VC_JWT),
            }
            _tell_all(session, part, parts, SIGNED, content, actor=actor, now=now)


def tell_released(
    session: Session, groups: Collection[UUID], *, actor: str, now: datetime
) -> None:
    """Tell bodies elsewhere that attestations of awards are valid now.

    The caller owns the transaction, and has locked all parts of the awards, in each
    of which a body elsewhere has one.
    """
    for parts in _parts_of(session, groups):
        for part in parts:
            if not is_elsewhere(part.authority_id):
                _tell_all(session, part, parts, RELEASED, {}, actor=actor, now=now)


def tell_withdrawn(
    session: Session,
    parts: Sequence[JointPart],
    farewell: Farewell,
    *,
    by: str | None,
    actor: str,
    now: datetime,
) -> None:
    """Tell bodies elsewhere that a body leaves an award, or that it is given up.

    The caller owns the transaction. Where time is up `by` is None, and each body
    here says so for itself.
    """
    if not any(is_elsewhere(part.authority_id) for part in parts):
        return
    content = {"reason": farewell.reason, "text": farewell.text}
    for part in parts:
        if not is_elsewhere(part.authority_id) and by in {None, part.authority_id}:
            _tell_all(session, part, parts, WITHDRAWN, content, actor=actor, now=now)


def _parts_of(session: Session, groups: Collection[UUID]) -> list[list[JointPart]]:
    """Return the parts of awards, by award; what others have written is seen."""
    found: dict[UUID, list[JointPart]] = {}
    if groups:
        rows = session.scalars(
            select(JointPart)
            .where(JointPart.group_id.in_(groups))
            .order_by(JointPart.group_id, JointPart.authority_id)
            .execution_options(populate_existing=True)
        )
        for row in rows:
            found.setdefault(row.group_id, []).append(row)
    return list(found.values())


def _tell_all(
    session: Session,
    own: JointPart,
    parts: Sequence[JointPart],
    kind: str,
    content: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Let a body tell all bodies elsewhere the same."""
    digest = DecisionRecord(**own.record).digest
    for part in parts:
        if is_elsewhere(part.authority_id):
            post(
                session,
                own.authority_id,
                part.authority_id,
                own.group_id,
                type=kind,
                body={"digest": digest, **content},
                actor=actor,
                now=now,
            )
