"""What a change of status means where attestations only count together.

A joint attestation is suspended from its first publication on and becomes valid with
all the others, never alone. Whoever revokes or replaces its own leaves the award: the
others are suspended, and their bodies are told.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.errors import JointAwardHeldError
from recognition_service.attestations.joint_elsewhere import Farewell, tell_withdrawn
from recognition_service.attestations.joint_models import JointPart, JointState
from recognition_service.attestations.joint_parts import Parts, own_part
from recognition_service.attestations.models import Status
from recognition_service.attestations.status_rows import (
    WantedChange,
    standing_of,
    write,
)
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.storage import audit, outbox

JOINT_WITHDRAWN = "joint.withdrawn"
INCOMPLETE = "joint_incomplete"
COMPLETE = "joint_complete"
CANCELLED = "joint_cancelled"
PARTY_WITHDREW = "party_withdrew"
SERVICE = "service"

_FAREWELLS = {JointState.CANCELLED: CANCELLED, JointState.WITHDRAWN: PARTY_WITHDREW}
_LEAVES = frozenset({Status.REVOKED, Status.SUPERSEDED})
_STANDS = frozenset({Status.VALID, Status.SUSPENDED})
_ALLOWED: Mapping[JointState, tuple[Status, ...]] = {
    JointState.HELD: (Status.REVOKED,),
    JointState.COMPLETE: tuple(Status),
    JointState.WITHDRAWN: (Status.REVOKED, Status.SUPERSEDED),
    JointState.CANCELLED: (),
}


def is_allowed(parts: Parts | None, status: Status) -> bool:
    """Tell whether a joint award lets one of its attestations have a status."""
    return parts is None or status in _ALLOWED[JointState(parts[0].state)]


def require_allowed(parts: Parts | None, status: Status) -> None:
    """Make sure that a joint award lets one of its attestations have a status.

    Raises:
        JointAwardHeldError: It does not.
    """
    if parts is not None and not is_allowed(parts, status):
        state = JointState(parts[0].state)
        raise JointAwardHeldError(state, status, _ALLOWED[state])


def write_with_peers(
    session: Session,
    authority_id: str,
    changes: Sequence[WantedChange],
    awards: Mapping[UUID, Parts],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write changes that are allowed, and what they mean for the other bodies.

    Args:
        session: The caller's.
        authority_id: Whose attestations are changed.
        changes: What becomes of them.
        awards: The joint awards, locked, by the attestation that is part of them.
        actor: Who changes them; other bodies are told which body it was.
        now: The present.
    """
    by_authority = {authority_id: list(changes)}
    for change in changes:
        parts = awards.get(change.attestation_id)
        if parts is None or change.status not in _LEAVES:
            continue
        if JointState(parts[0].state) in {JointState.HELD, JointState.COMPLETE}:
            others = leave(session, parts, authority_id, actor=actor, now=now)
            for owner, following in others.items():
                by_authority.setdefault(owner, []).extend(following)
    write_for_all(session, by_authority, by=authority_id, actor=actor, now=now)


def write_for_all(
    session: Session,
    changes: Mapping[str, Sequence[WantedChange]],
    *,
    by: str | None,
    actor: str,
    now: datetime,
) -> None:
    """Write changes of several authorities, in one order for everybody.

    `by` is the authority whose `actor` acts; None: the service itself.
    """
    for owner in sorted(changes):
        write(
            session,
            owner,
            changes[owner],
            actor=actor_for(owner, by=by, actor=actor),
            now=now,
        )


def actor_for(owner: str, *, by: str | None, actor: str) -> str:
    """Return who an authority is told has acted: of another body only which it is."""
    if by is None:
        return SERVICE
    return actor if owner == by else f"authority:{by}"


def move(
    session: Session,
    parts: Parts,
    state: JointState,
    *,
    by: str | None,
    actor: str,
    now: datetime,
    farewell: Farewell | None = None,
) -> None:
    """Put a joint award into another state, and write that down for each body.

    Bodies in other installations are told, unless one of them has done it. `farewell`
    says why, where the state does not.
    """
    for part in parts:
        part.state, part.changed_at = state.value, now
        if is_elsewhere(part.authority_id):
            continue
        audit.append(
            session,
            part.authority_id,
            actor=actor_for(part.authority_id, by=by, actor=actor),
            action=f"joint.{state.value}",
            subject=f"joint_award/{part.group_id}",
            content={} if by is None else {"by": by},
            now=now,
        )
    told = farewell or Farewell(_FAREWELLS[state])
    tell_withdrawn(session, parts, told, by=by, actor=actor, now=now)


def changes_of_all(
    session: Session, awards: Iterable[Parts], status: Status, reason: str
) -> dict[str, list[WantedChange]]:
    """Return what gives all attestations of joint awards a status, by authority.

    Those that are final already stay what they are. All are locked.
    """
    named: dict[str, set[UUID]] = {}
    for part in (part for parts in awards for part in parts):
        if part.attestation_id is not None:
            named.setdefault(part.authority_id, set()).add(part.attestation_id)
    return changes_to(session, named, status, reason)


def changes_to(
    session: Session,
    named: Mapping[str, Collection[UUID]],
    status: Status,
    reason: str,
) -> dict[str, list[WantedChange]]:
    """Return what gives attestations a status, by authority, except the final ones.

    All are locked, in one order for everybody.
    """
    return {
        owner: [
            WantedChange(attestation_id, status, reason)
            for attestation_id, found in standing_of(
                session, owner, named[owner]
            ).items()
            if found.status in _STANDS
        ]
        for owner in sorted(named)
    }


def is_over(session: Session, part: JointPart, now: datetime) -> bool:
    """Tell whether the last day of a joint award is over in the zone of a body."""
    return legal_day(get_authority(session, part.authority_id), now) > part.expires_on


def leave(
    session: Session, parts: Parts, authority_id: str, *, actor: str, now: datetime
) -> dict[str, list[WantedChange]]:
    """Let a body leave a joint award; return what becomes of the others here."""
    own = own_part(parts, authority_id)
    others = [part for part in parts if part is not own]
    changes = changes_of_all(session, [others], Status.SUSPENDED, PARTY_WITHDREW)
    move(session, parts, JointState.WITHDRAWN, by=authority_id, actor=actor, now=now)
    for part in others:
        if is_elsewhere(part.authority_id):
            continue
        outbox.put(
            session,
            part.authority_id,
            kind=JOINT_WITHDRAWN,
            content={"group": str(part.group_id), "by": authority_id},
            now=now,
        )
    return changes
