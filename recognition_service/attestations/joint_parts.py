"""The rows of joint awards: found, locked, and as the documents that callers get.

A joint award has one row for each body, of which each reads its own alone. Whoever
changes one locks all rows of the group first, so that acts of several bodies on one
award follow each other.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.errors import JointAwardNotFoundError
from recognition_service.attestations.joint_models import JointPart
from recognition_service.attestations.joint_rows import signed_parts
from recognition_service.authorities.errors import AuthorityNotFoundError
from recognition_service.authorities.peers import issuer_of, local_name

Parts = list[JointPart]
"""The rows of one group, by authority."""


def lock_group(session: Session, group_id: UUID) -> Parts:
    """Return all parts of a joint award; nobody else changes them meanwhile.

    Raises:
        JointAwardNotFoundError: There is none of this id.
    """
    found = lock_groups(session, [group_id]).get(group_id)
    if found is None:
        raise JointAwardNotFoundError(f"There is no joint award {group_id}.")
    return found


def lock_groups(session: Session, groups: Iterable[UUID]) -> dict[UUID, Parts]:
    """Return the parts of joint awards by group; nobody else changes them meanwhile.

    All are locked in one order, so that nobody waits in a circle.
    """
    wanted = set(groups)
    found: dict[UUID, Parts] = {}
    if wanted:
        rows = session.scalars(
            select(JointPart)
            .where(JointPart.group_id.in_(wanted))
            .order_by(JointPart.group_id, JointPart.authority_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        for row in rows:
            found.setdefault(row.group_id, []).append(row)
    return found


def lock_awards_of(
    session: Session, authority_id: str, attestations: Iterable[UUID]
) -> dict[UUID, Parts]:
    """Return the joint awards that attestations of an authority are part of, locked.

    Most attestations are part of none and are not among the answers.
    """
    rows = session.execute(
        select(JointPart.attestation_id, JointPart.group_id).where(
            JointPart.authority_id == authority_id,
            JointPart.attestation_id.in_(set(attestations)),
        )
    ).all()
    groups = lock_groups(session, (row.group_id for row in rows))
    return {row.attestation_id: groups[row.group_id] for row in rows}


def own_part(parts: Parts, authority_id: str) -> JointPart:
    """Return an authority's part of a joint award.

    Raises:
        JointAwardNotFoundError: It has none.
    """
    for part in parts:
        if part.authority_id == authority_id:
            return part
    raise JointAwardNotFoundError("The authority has no part in this joint award.")


def get_part(session: Session, authority_id: str, group_id: UUID) -> JointPart:
    """Return an authority's part of a joint award, to read it.

    Raises:
        JointAwardNotFoundError: It has none.
    """
    part = session.get(JointPart, (authority_id, group_id))
    if part is None:
        raise JointAwardNotFoundError(f"There is no joint award {group_id}.")
    return part


def part_of(session: Session, authority_id: str, attestation_id: UUID) -> JointPart:
    """Return the part in a joint award that an attestation was issued for.

    Raises:
        JointAwardNotFoundError: It is no part of one.
    """
    found = session.scalars(
        select(JointPart).where(
            JointPart.authority_id == authority_id,
            JointPart.attestation_id == attestation_id,
        )
    ).first()
    if found is None:
        raise JointAwardNotFoundError("This is no part of a joint award.")
    return found


def signed_by(session: Session, group_id: UUID) -> set[str]:
    """Return the bodies whose attestation of a joint award is issued."""
    return signed_parts(session, [group_id]).get(group_id, set())


def names_of_bodies(
    session: Session, records: Iterable[DecisionRecord]
) -> dict[str, str]:
    """Return what the bodies of joint awards are called here, by issuer.

    Raises:
        AuthorityNotFoundError: One of them is not known here.
    """
    names = {}
    for target in (each for record in records for each in record.inputs["targets"]):
        issuer = target["issuer"]
        if issuer in names:
            continue
        name = local_name(session, issuer)
        if name is None:
            raise AuthorityNotFoundError(f"There is no authority {issuer}.")
        names[issuer] = name
    return names


def joint_document(
    session: Session, part: JointPart, *, public_url: str
) -> dict[str, Any]:
    """Return how a joint award stands, as the body that has this part is told."""
    signed = signed_by(session, part.group_id)
    issuers = {each: issuer_of(session, public_url, each) for each in part.required}
    return {
        "group": str(part.group_id),
        "state": part.state,
        "required": list(issuers.values()),
        "signed": [issuers[each] for each in part.required if each in signed],
        "role": part.role,
        "expires_on": part.expires_on.isoformat(),
    }
