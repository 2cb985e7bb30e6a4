"""Joint awards of a whole cohort: opened, reserved and released many at a time.

The rules are those of `joint_issue`, whose functions for one award rest on these. The
caller owns the transaction everywhere here. Rows are written past what the session
holds.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.drafts import (
    COMMON_COPIES,
    NewAttestation,
    NewCopy,
)
from recognition_service.attestations.errors import (
    JointAwardClosedError,
    JointAwardNotFoundError,
)
from recognition_service.attestations.issue import Intent, intents_of
from recognition_service.attestations.issuer import find_issuer
from recognition_service.attestations.joint_elsewhere import (
    shared_groups,
    tell_proposed,
    tell_released,
    tell_signed,
    with_told_form,
)
from recognition_service.attestations.joint_models import OVER, JointPart, JointState
from recognition_service.attestations.joint_parts import names_of_bodies
from recognition_service.attestations.joint_rows import (
    PartRow,
    complete_parts,
    keep_attestations,
    locked_parts,
    new_parts,
    records_of,
    signed_parts,
)
from recognition_service.attestations.joint_status import (
    COMPLETE,
    INCOMPLETE,
    actor_for,
    changes_to,
    write_for_all,
)
from recognition_service.attestations.models import Status
from recognition_service.attestations.reserve import reserve_many
from recognition_service.attestations.status_rows import (
    WantedChange,
    write,
    write_first,
)
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.errors import RecognitionError
from recognition_service.storage import audit
from recognition_service.storage.audit import Change
from recognition_service.storage.upsert import insert_rows

_EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class WantedJoint:
    """A joint award that a body is to attest; see `joint_issue.reserve_joint`.

    Attributes:
        record: What all attest, where the caller has it at hand.
    """

    group_id: UUID
    prepared_by: str | None = None
    request_id: UUID | None = None
    record: DecisionRecord | None = None


@dataclass(frozen=True, slots=True)
class JointReservations:
    """One body's attestations of joint awards, and their copies that wait.

    Attributes:
        attestations: By group.
        refused: Why an award cannot be attested, by group.
    """

    attestations: dict[UUID, UUID] = field(default_factory=dict)
    intents: list[Intent] = field(default_factory=list)
    refused: dict[UUID, RecognitionError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Releases:
    """What has become of joint awards that may be complete.

    Attributes:
        complete: Those that are complete now, by the bodies that have a part in them.
        refused: Why an award cannot be released, by group.
    """

    complete: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[UUID, RecognitionError] = field(default_factory=dict)


def open_joints(
    session: Session,
    records: Sequence[DecisionRecord],
    *,
    expires_on: date,
    by: str,
    actor: str,
    now: datetime,
) -> None:
    """Give every body its part in many joint awards that were frozen just now.

    Raises:
        AuthorityNotFoundError: A body is not known here.
    """
    names = names_of_bodies(session, records)
    rows = [
        row for record in records for row in new_parts(record, names, expires_on, now)
    ]
    changes: dict[str, list[Change]] = {}
    for row in rows:
        row["proposed_by"] = by if is_elsewhere(by) else None
        content = {"by": by, "decision_digest": row.pop("digest")}
        subject = f"joint_award/{row['group_id']}"
        change = Change("joint.opened", subject, content)
        changes.setdefault(row["authority_id"], []).append(change)
    insert_rows(session, JointPart, rows)
    _tell(session, changes, by=by, actor=actor, now=now)
    tell_proposed(
        session, records, names, expires_on=expires_on, by=by, actor=actor, now=now
    )


def reserve_joints(
    session: Session,
    authority_id: str,
    wanted: Sequence[WantedJoint],
    *,
    public_url: str,
    actor: str,
    now: datetime,
    copies: tuple[NewCopy, ...] = COMMON_COPIES,
) -> JointReservations:
    """Reserve one body's attestations of many joint awards, suspended from the start.

    As `joint_issue.reserve_joint` does for one: what was reserved before is returned
    again with what still waits. One that cannot be attested stops no other.

    Raises:
        NoActiveKeyError: The authority has no key to sign with.
        StatusListFullError: There are no places.
    """
    reservations = JointReservations()
    locked = locked_parts(session, [each.group_id for each in wanted])
    own = {part.group_id: part for part in locked if part.authority_id == authority_id}
    _return_again(session, authority_id, own, reservations)
    fresh = _refuse_closed(session, own, wanted, reservations, now)
    if fresh:
        new = _new_attestations(
            session, authority_id, fresh, copies, shared_groups(locked)
        )
        _reserve(
            session,
            authority_id,
            new,
            reservations,
            given_up={each for part in own.values() if (each := part.attestation_id)},
            public_url=public_url,
            actor=actor,
            now=now,
        )
    return reservations


def release_joints(
    session: Session,
    groups: Iterable[UUID],
    *,
    by: str | None,
    actor: str,
    now: datetime,
) -> Releases:
    """Make all attestations valid of those joint awards of which each is issued.

    All in this one transaction; nothing changes where an award is complete already.
    `by` is the authority whose `actor` acts; None: the service itself.
    """
    releases = Releases()
    by_group: dict[UUID, list[PartRow]] = {}
    locked = locked_parts(session, groups)
    for part in locked:
        by_group.setdefault(part.group_id, []).append(part)
    signed = signed_parts(session, by_group)
    shared = shared_groups(locked)
    tell_signed(session, shared, actor=actor, now=now)
    released: list[PartRow] = []
    for group, parts in by_group.items():
        bodies = tuple(part.authority_id for part in parts)
        state = JointState(parts[0].state)
        if state in OVER:
            releases.refused[group] = JointAwardClosedError(state)
        elif state is JointState.COMPLETE:
            releases.complete[group] = bodies
        elif signed.get(group) == set(bodies):
            releases.complete[group] = bodies
            released += parts
    _release(session, released, by=by, actor=actor, now=now)
    new = shared.intersection(part.group_id for part in released)
    tell_released(session, new, actor=actor, now=now)
    return releases


def _release(
    session: Session,
    parts: Sequence[PartRow],
    *,
    by: str | None,
    actor: str,
    now: datetime,
) -> None:
    """Let all attestations of some parts be valid, and write that down."""
    if not parts:
        return
    named: dict[str, list[UUID]] = {}
    told: dict[str, list[Change]] = {}
    content = {} if by is None else {"by": by}
    for part in parts:
        if part.attestation_id is not None:
            named.setdefault(part.authority_id, []).append(part.attestation_id)
        subject = f"joint_award/{part.group_id}"
        change = Change(f"joint.{JointState.COMPLETE.value}", subject, content)
        told.setdefault(part.authority_id, []).append(change)
    changes = changes_to(session, named, Status.VALID, COMPLETE)
    write_for_all(session, changes, by=by, actor=actor, now=now)
    complete_parts(session, {part.group_id for part in parts}, now)
    _tell(session, told, by=by, actor=actor, now=now)


def _return_again(
    session: Session,
    authority_id: str,
    own: Mapping[UUID, PartRow],
    reservations: JointReservations,
) -> None:
    """Find what was reserved before, unless all its copies were given up."""
    known = {
        part.attestation_id: part
        for part in own.values()
        if part.attestation_id is not None
    }
    if not known:
        return
    waiting: dict[UUID, list[Intent]] = {}
    for intent in intents_of(session, authority_id, list(known)):
        waiting.setdefault(intent.attestation_id, []).append(intent)
    signed = signed_parts(session, own)
    for attestation_id, part in known.items():
        group = part.group_id
        if attestation_id not in waiting and authority_id not in signed.get(group, ()):
            continue
        if part.state in OVER:
            reservations.refused[group] = JointAwardClosedError(part.state)
            continue
        reservations.attestations[group] = attestation_id
        reservations.intents.extend(waiting.get(attestation_id, ()))


def _refuse_closed(
    session: Session,
    own: Mapping[UUID, PartRow],
    wanted: Sequence[WantedJoint],
    reservations: JointReservations,
    now: datetime,
) -> list[WantedJoint]:
    """Return what can be reserved now; refuse what is unknown, closed or over."""
    fresh = []
    days: dict[str, date] = {}
    for each in wanted:
        group, part = each.group_id, own.get(each.group_id)
        if group in reservations.attestations or group in reservations.refused:
            continue
        if part is None:
            reservations.refused[group] = JointAwardNotFoundError(
                f"The authority has no part in a joint award {group}."
            )
            continue
        owner = part.authority_id
        if owner not in days:
            days[owner] = legal_day(read_authority(session, owner), now)
        if part.state != JointState.HELD:
            reservations.refused[group] = JointAwardClosedError(part.state)
        elif days[owner] > part.expires_on:
            reservations.refused[group] = JointAwardClosedError(_EXPIRED)
        else:
            fresh.append(each)
    return fresh


def _new_attestations(
    session: Session,
    authority_id: str,
    wanted: Sequence[WantedJoint],
    copies: tuple[NewCopy, ...],
    shared: Collection[UUID],
) -> list[NewAttestation]:
    """Return what is to be attested; bodies elsewhere need a form that is told them."""
    asked = [each.group_id for each in wanted if each.record is None]
    records = {each.group_id: each.record for each in wanted if each.record is not None}
    records |= records_of(session, authority_id, asked)
    return [
        NewAttestation(
            decision_id=each.group_id,
            request_id=each.request_id,
            record=records[each.group_id],
            prepared_by=each.prepared_by,
            copies=with_told_form(copies) if each.group_id in shared else copies,
        )
        for each in wanted
    ]


def _reserve(
    session: Session,
    authority_id: str,
    new: Sequence[NewAttestation],
    reservations: JointReservations,
    *,
    given_up: Collection[UUID],
    public_url: str,
    actor: str,
    now: datetime,
) -> None:
    """Reserve attestations, let each part know its own, and suspend them.

    `given_up` are attestations that had an earlier reservation.
    """
    issuer = find_issuer(session, authority_id, public_url=public_url, now=now)
    reserved = reserve_many(session, issuer, new, actor=actor, now=now, held=INCOMPLETE)
    named = {
        new[position].decision_id: attestation_id
        for position, attestation_id in reserved.attestations.items()
    }
    reservations.attestations.update(named)
    reservations.intents.extend(reserved.intents)
    for position, error in reserved.refused.items():
        reservations.refused[new[position].decision_id] = error
    keep_attestations(session, authority_id, named, now)
    again = [each for each in named.values() if each in given_up]
    changes = [WantedChange(each, Status.SUSPENDED, INCOMPLETE) for each in again]
    write(session, authority_id, changes, actor=actor, now=now)
    write_first(
        session,
        authority_id,
        {
            row["id"]: copies
            for row, copies in reserved.rows.values()
            if row["id"] not in given_up
        },
        Status.SUSPENDED,
        INCOMPLETE,
        actor=actor,
        now=now,
    )


def _tell(
    session: Session,
    changes: Mapping[str, Sequence[Change]],
    *,
    by: str | None,
    actor: str,
    now: datetime,
) -> None:
    """Write changes into the audit of each body."""
    for owner in sorted(changes):
        if is_elsewhere(owner):
            continue
        audit.append_many(
            session,
            owner,
            changes[owner],
            actor=actor_for(owner, by=by, actor=actor),
            now=now,
        )
