"""Working on a batch: taking its lines, and settling what became of them.

Each step is one transaction with what it stands for, so that whoever dies between two
of them leaves a batch that goes on where it stopped.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Integer, bindparam, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.batches import (
    BatchState,
    RowState,
    of_batch,
    problem_of,
    progress,
)
from recognition_service.attestations.models import Attestation, Batch, BatchRow
from recognition_service.attestations.reserve import Reservation
from recognition_service.errors import RecognitionError
from recognition_service.storage import audit
from recognition_service.storage.prepared import Prepared, among


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line.

    Attributes:
        attestation_id: What was issued or changed, None if it failed.
        problem: Why it failed, or None.
    """

    position: int
    attestation_id: UUID | None
    problem: Mapping[str, Any] | None = None


_GIVEN_UP = {
    "code": "attestation_pending",
    "detail": "Its key was compromised before it was signed. Hand it in again.",
    "errors": [],
}
_SETTLE = Prepared(
    lambda _: (
        update(BatchRow)
        .where(
            BatchRow.authority_id == bindparam("_authority"),
            BatchRow.batch_id == bindparam("_batch"),
            BatchRow.position == bindparam("_position"),
        )
        .values(
            state=bindparam("_state"),
            content=None,
            attestation_id=bindparam("_attestation"),
            problem=bindparam("_problem"),
        )
    )
)


_WAITING = Prepared(
    lambda _: (
        select(BatchRow.position, BatchRow.content)
        .where(
            BatchRow.authority_id == bindparam("authority_id"),
            BatchRow.batch_id == bindparam("batch_id"),
            BatchRow.state == RowState.WAITING.value,
            BatchRow.position > bindparam("after"),
        )
        .order_by(BatchRow.position)
        .limit(bindparam("limit", type_=Integer))
    )
)
_STILL_WAITING = Prepared(
    lambda dialect: (
        select(BatchRow.position)
        .where(
            BatchRow.authority_id == bindparam("authority_id"),
            BatchRow.batch_id == bindparam("batch_id"),
            among(BatchRow.position, "positions", dialect),
            BatchRow.state == RowState.WAITING.value,
        )
        .with_for_update(skip_locked=True)
    )
)
_ISSUED = Prepared(
    lambda dialect: select(Attestation.id).where(
        Attestation.authority_id == bindparam("authority_id"),
        among(Attestation.id, "attestations", dialect),
        Attestation.issued_at.is_not(None),
    )
)
_COUNT_AS_DONE = Prepared(
    lambda dialect: (
        update(BatchRow)
        .where(
            BatchRow.authority_id == bindparam("_authority"),
            BatchRow.batch_id == bindparam("_batch"),
            among(BatchRow.position, "_positions", dialect),
        )
        .values(state=RowState.DONE.value)
    )
)


def running_batches(session: Session) -> list[Batch]:
    """Return the batches that are to be worked on, oldest first."""
    return list(
        session.scalars(
            select(Batch)
            .where(Batch.state == BatchState.RUNNING)
            .order_by(Batch.created_at, Batch.id)
        )
    )


def waiting_lines(
    session: Session, batch: Batch, *, after: int, limit: int
) -> dict[int, dict[str, Any]]:
    """Return the next lines that wait after a position, or the first ones of all.

    They are in their order, by position. Nothing is locked: see `lock_waiting`.
    """
    named = {"authority_id": batch.authority_id, "batch_id": batch.id, "limit": limit}
    rows = _WAITING.all(session, **named, after=after)
    if not rows and after:
        rows = _WAITING.all(session, **named, after=0)
    return {position: orjson.loads(content or b"{}") for position, content in rows}


def lock_waiting(
    session: Session, batch: Batch, positions: Collection[int]
) -> set[int]:
    """Return which lines still wait, locked.

    The caller owns the transaction and settles them in it. Lines that another
    worker has taken meanwhile are left out.
    """
    rows = _STILL_WAITING.all(
        session,
        authority_id=batch.authority_id,
        batch_id=batch.id,
        positions=positions,
    )
    return {position for (position,) in rows}


def reserved_attestations(
    session: Session, batch: Batch, *, before: datetime
) -> dict[UUID, int]:
    """Return the positions of lines reserved before an instant and not finished."""
    rows = session.execute(
        select(BatchRow.attestation_id, BatchRow.position)
        .join(
            Attestation,
            (Attestation.authority_id == BatchRow.authority_id)
            & (Attestation.id == BatchRow.attestation_id),
        )
        .where(
            *of_batch(batch),
            BatchRow.state == RowState.RESERVED,
            Attestation.reserved_at <= before,
        )
        .order_by(BatchRow.position)
    )
    return {row.attestation_id: row.position for row in rows if row.attestation_id}


def settle(
    session: Session, batch: Batch, state: RowState, outcomes: Iterable[Outcome]
) -> None:
    """Write down what became of lines. The caller owns the transaction.

    What a line said is forgotten as soon as it needs not be read again: it holds
    personal data.
    """
    rows = [
        {
            "_authority": batch.authority_id,
            "_batch": batch.id,
            "_position": outcome.position,
            "_state": state.value,
            "_attestation": outcome.attestation_id,
            "_problem": outcome.problem,
        }
        for outcome in outcomes
    ]
    _SETTLE.run_many(session, rows)


def settle_chunk(
    session: Session,
    batch: Batch,
    order: Sequence[int],
    failed: Mapping[int, RecognitionError],
    reservation: Reservation,
) -> dict[UUID, int]:
    """Write down which lines were reserved and which failed.

    The caller owns the transaction. `order` holds the positions of the lines that
    were to be reserved.

    Returns:
        The position of each attestation.
    """
    positions = {
        attestation_id: order[place]
        for place, attestation_id in reservation.attestations.items()
    }
    refused = {order[place]: error for place, error in reservation.refused.items()}
    settle(
        session,
        batch,
        RowState.RESERVED,
        [Outcome(place, found) for found, place in positions.items()],
    )
    settle(
        session,
        batch,
        RowState.FAILED,
        [
            Outcome(place, None, problem_of(error))
            for place, error in {**failed, **refused}.items()
        ],
    )
    return positions


def settle_reserved(
    session: Session, batch: Batch, positions: Mapping[UUID, int]
) -> None:
    """Count reserved lines as done, as far as their attestations were issued.

    The caller owns the transaction. One whose copies were all given up, because their
    key was compromised meanwhile, has failed; it can be handed in again.
    """
    found = _ISSUED.all(
        session, authority_id=batch.authority_id, attestations=list(positions)
    )
    issued = {attestation_id for (attestation_id,) in found}
    _COUNT_AS_DONE.run(
        session,
        _authority=batch.authority_id,
        _batch=batch.id,
        _positions=[positions[each] for each in issued],
    )
    given_up = positions.keys() - issued
    settle(
        session,
        batch,
        RowState.FAILED,
        [Outcome(positions[each], None, _GIVEN_UP) for each in given_up],
    )


def finish_if_done(session: Session, batch: Batch, *, now: datetime) -> bool:
    """Close a batch none of whose lines is left; tell whether it is closed.

    The caller owns the transaction.
    """
    left = session.scalar(
        select(BatchRow.position)
        .where(
            *of_batch(batch),
            BatchRow.state.in_((RowState.WAITING, RowState.RESERVED)),
        )
        .limit(1)
    )
    if left is not None:
        return False
    closed = session.execute(
        update(Batch)
        .where(
            Batch.authority_id == batch.authority_id,
            Batch.id == batch.id,
            Batch.state == BatchState.RUNNING,
        )
        .values(state=BatchState.FINISHED, finished_at=now)
        .returning(Batch.id)
    ).first()
    if closed is not None:
        counted = progress(session, batch)
        audit.append(
            session,
            batch.authority_id,
            actor=batch.actor,
            action="batch.finished",
            subject=f"batch/{batch.id}",
            content={"done": counted.done, "failed": counted.failed},
            now=now,
        )
    return True
