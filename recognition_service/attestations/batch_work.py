"""Working on a batch: taking its lines, and settling what became of them.

Each step is one transaction with what it stands for, so that whoever dies between two
of them leaves a batch that goes on where it stopped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.batches import (
    BatchState,
    RowState,
    of_batch,
    progress,
)
from recognition_service.attestations.models import Attestation, Batch, BatchRow
from recognition_service.storage import audit


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
_rows = cast("Table", BatchRow.__table__)
_settle = (
    update(_rows)
    .where(
        _rows.c.authority_id == bindparam("_authority"),
        _rows.c.batch_id == bindparam("_batch"),
        _rows.c.position == bindparam("_position"),
    )
    .values(
        state=bindparam("state"),
        content=None,
        attestation_id=bindparam("attestation_id"),
        problem=bindparam("problem"),
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


def take_waiting(session: Session, batch: Batch, *, limit: int) -> list[BatchRow]:
    """Return the next lines that wait, in their order, locked.

    The caller owns the transaction and settles them in it. Lines that another
    worker has taken are passed over.
    """
    return list(
        session.scalars(
            select(BatchRow)
            .where(*of_batch(batch), BatchRow.state == RowState.WAITING)
            .order_by(BatchRow.position)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


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
            "state": state.value,
            "attestation_id": outcome.attestation_id,
            "problem": outcome.problem,
        }
        for outcome in outcomes
    ]
    if rows:
        session.connection().execute(_settle, rows)


def settle_reserved(
    session: Session, batch: Batch, positions: Mapping[UUID, int]
) -> None:
    """Count reserved lines as done, as far as their attestations were issued.

    The caller owns the transaction. One whose copies were all given up, because their
    key was compromised meanwhile, has failed; it can be handed in again.
    """
    issued = set(
        session.scalars(
            select(Attestation.id).where(
                Attestation.authority_id == batch.authority_id,
                Attestation.id.in_(list(positions)),
                Attestation.issued_at.is_not(None),
            )
        )
    )
    session.execute(
        update(BatchRow)
        .where(
            *of_batch(batch),
            BatchRow.position.in_([positions[each] for each in issued]),
        )
        .values(state=RowState.DONE)
        .execution_options(synchronize_session=False)
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
