"""The rows of a change of status: read and locked first, written together at last."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.bases import tell_dependents
from recognition_service.attestations.marks import mark_places
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    Status,
    StatusChange,
)
from recognition_service.credentials import token_status_list as tsl
from recognition_service.credentials.canonical import digest
from recognition_service.storage import audit
from recognition_service.storage.audit import Change
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Prepared, among
from recognition_service.storage.upsert import insert_rows

_ROWS_AT_ONCE = 1000
_FEW = 16
_VALUES = {
    Status.VALID: tsl.VALID,
    Status.REVOKED: tsl.REVOKED,
    Status.SUSPENDED: tsl.SUSPENDED,
    Status.SUPERSEDED: tsl.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class WantedChange:
    """What an authority wants to say of one attestation from now on.

    Attributes:
        note: Internal; never published.
        superseded_by: What replaces it; means nothing with other statuses.
    """

    attestation_id: UUID
    status: Status
    reason: str
    note: str | None = None
    superseded_by: UUID | None = None

    @property
    def successor(self) -> UUID | None:
        """What the attestation will be replaced by."""
        return self.superseded_by if self.status is Status.SUPERSEDED else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an attestation stands, changes of this transaction included."""

    status: Status
    superseded_by: UUID | None
    is_issued: bool
    valid_until: date | None


def standing_of(
    session: Session, authority_id: str, attestations: Iterable[UUID]
) -> dict[UUID, Standing]:
    """Return how attestations stand; nobody else changes them meanwhile.

    All are locked in the order of their ids, so that nobody waits in a circle.
    """
    found = {}
    for some in _portions(sorted(attestations)):
        rows = session.execute(
            select(
                Attestation.id,
                Attestation.status,
                Attestation.superseded_by,
                Attestation.issued_at,
                Attestation.validity_until,
            )
            .where(Attestation.authority_id == authority_id, Attestation.id.in_(some))
            .order_by(Attestation.id)
            .with_for_update()
        )
        for row in rows:
            found[row.id] = Standing(
                Status(row.status),
                row.superseded_by,
                row.issued_at is not None,
                row.validity_until,
            )
    return found


def write(
    session: Session,
    authority_id: str,
    changes: Sequence[WantedChange],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write changes that are allowed: rows, history, places and audit."""
    if not changes:
        return
    _change_rows(session, authority_id, changes, actor=actor, now=now)
    revoked = [each.attestation_id for each in changes if each.status is Status.REVOKED]
    tell_dependents(session, authority_id, revoked, now=now)
    values = {each.attestation_id: _VALUES[each.status] for each in changes}
    mark_places(
        session, authority_id, _places_of(session, authority_id, values), now=now
    )
    audit.append_many(
        session,
        authority_id,
        (
            Change(
                f"attestation.{each.status}",
                f"attestation/{each.attestation_id}",
                {"reason": each.reason},
            )
            for each in changes
        ),
        actor=actor,
        now=now,
    )


def write_first(
    session: Session,
    authority_id: str,
    copies: Mapping[UUID, Iterable[Mapping[str, Any]]],
    status: Status,
    reason: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write down the status with which attestations were inserted just now.

    Of many the audit keeps one entry; each has its own history.

    Args:
        session: The caller's.
        authority_id: Whose attestations they are.
        copies: The rows of their copies, by attestation.
        status: What the rows of the attestations say already.
        reason: Why it is not the common one.
        actor: Who reserved them.
        now: The present.
    """
    _keep_history(
        session,
        authority_id,
        [WantedChange(each, status, reason) for each in copies],
        actor=actor,
        now=now,
    )
    places = {
        (copy["list_number"], copy["status_index"]): _VALUES[status]
        for rows in copies.values()
        for copy in rows
    }
    mark_places(session, authority_id, places, now=now)
    ids = [str(each) for each in copies]
    changes = [
        Change(f"attestation.{status}", f"attestation/{each}", {"reason": reason})
        for each in ids
    ]
    if len(ids) > _FEW:
        content = {"reason": reason, "count": len(ids), "digest": digest(ids)}
        changes = [Change(f"attestations.{status}", f"attestations/{ids[0]}", content)]
    audit.append_many(session, authority_id, changes, actor=actor, now=now)


def _change_rows(
    session: Session,
    authority_id: str,
    changes: Sequence[WantedChange],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Change the attestations and add to their history."""
    _CHANGE_ROW.run_many(
        session,
        [
            {
                "_authority": authority_id,
                "_id": each.attestation_id,
                "_status": each.status.value,
                "_reason": each.reason,
                "_now": now,
                "_superseded_by": each.successor,
            }
            for each in changes
        ],
    )
    _look_up_anew(session, authority_id, {each.attestation_id for each in changes})
    _keep_history(session, authority_id, changes, actor=actor, now=now)


def _keep_history(
    session: Session,
    authority_id: str,
    changes: Sequence[WantedChange],
    *,
    actor: str,
    now: datetime,
) -> None:
    insert_rows(
        session,
        StatusChange,
        [
            {
                "authority_id": authority_id,
                "id": new_id(now),
                "attestation_id": each.attestation_id,
                "at": now,
                "actor": actor,
                "status": each.status.value,
                "reason": each.reason,
                "note": each.note,
            }
            for each in changes
        ],
    )


_CHANGE_ROW = Prepared(
    lambda _: (
        update(Attestation)
        .where(
            Attestation.authority_id == bindparam("_authority"),
            Attestation.id == bindparam("_id"),
        )
        .values(
            status=bindparam("_status"),
            status_reason=bindparam("_reason"),
            status_since=bindparam("_now"),
            superseded_by=bindparam("_superseded_by"),
            version=Attestation.version + 1,
        )
    )
)
_PLACES = Prepared(
    lambda dialect: select(
        Copy.attestation_id, Copy.list_number, Copy.status_index
    ).where(
        Copy.authority_id == bindparam("authority_id"),
        among(Copy.attestation_id, "attestations", dialect),
    )
)


def _places_of(
    session: Session, authority_id: str, values: Mapping[UUID, int]
) -> dict[tuple[int, int], int]:
    """Return the values of all copies, by list and index."""
    rows = _PLACES.all(session, authority_id=authority_id, attestations=sorted(values))
    return {(number, index): values[named] for named, number, index in rows}


def _look_up_anew(session: Session, authority_id: str, changed: set[UUID]) -> None:
    """Have objects that the session holds read again what was written past them."""
    for held in list(session.identity_map.values()):
        if (
            isinstance(held, Attestation)
            and held.authority_id == authority_id
            and held.id in changed
        ):
            session.expire(held)


def _portions(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        yield ids[start : start + _ROWS_AT_ONCE]
