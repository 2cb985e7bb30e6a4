"""Batches: many lines that one principal handed in at once, and what became of them.

A line is received, then waiting, then reserved, then done, or failed with a problem.
Each step is one transaction with what it stands for, so that whoever dies between two
of them leaves a batch that goes on where it stopped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import BatchNotFoundError
from recognition_service.attestations.models import (
    Attestation,
    Batch,
    BatchKind,
    BatchRow,
)
from recognition_service.storage import audit
from recognition_service.storage.upsert import insert_rows


class BatchState(StrEnum):
    """How far a batch has come."""

    RECEIVING = "receiving"
    RUNNING = "running"
    FINISHED = "finished"


class RowState(StrEnum):
    """How far a line has come."""

    WAITING = "waiting"
    RESERVED = "reserved"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read.

    Attributes:
        position: Counted from 1.
        content: The checked line as JSON text; None if it failed.
        problem: What is wrong with it, or None.
    """

    position: int
    content: bytes | None
    problem: Mapping[str, Any] | None = None


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How many lines have come how far."""

    total: int
    waiting: int
    done: int
    failed: int


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


def open_batch(
    session: Session,
    authority_id: str,
    batch_id: UUID,
    *,
    kind: BatchKind,
    actor: str,
    formats: Sequence[str] = (),
    edition: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Begin to receive a batch. The caller owns the transaction."""
    session.add(
        Batch(
            authority_id=authority_id,
            id=batch_id,
            kind=kind,
            state=BatchState.RECEIVING,
            actor=actor,
            formats=list(formats),
            edition=dict(edition) if edition is not None else None,
            total=0,
            created_at=now,
        )
    )


def add_lines(
    session: Session, authority_id: str, batch_id: UUID, lines: Iterable[Line]
) -> None:
    """Keep lines of a batch that is being received. The caller owns the transaction."""
    rows = [
        {
            "authority_id": authority_id,
            "batch_id": batch_id,
            "position": line.position,
            "content": line.content,
            "state": (
                RowState.WAITING if line.content is not None else RowState.FAILED
            ).value,
            "problem": line.problem,
        }
        for line in lines
    ]
    insert_rows(session, BatchRow, rows)


def start_batch(
    session: Session, authority_id: str, batch_id: UUID, *, total: int, now: datetime
) -> None:
    """Let a batch that was received whole be worked on.

    The caller owns the transaction.
    """
    batch = session.get_one(Batch, (authority_id, batch_id))
    batch.state, batch.total = BatchState.RUNNING, total
    audit.append(
        session,
        authority_id,
        actor=batch.actor,
        action="batch.started",
        subject=f"batch/{batch_id}",
        content={"kind": batch.kind, "total": total},
        now=now,
    )


def drop_batch(session: Session, authority_id: str, batch_id: UUID) -> None:
    """Forget a batch that was not received whole. The caller owns the transaction."""
    session.execute(
        delete(BatchRow).where(
            BatchRow.authority_id == authority_id, BatchRow.batch_id == batch_id
        )
    )
    session.execute(
        delete(Batch).where(
            Batch.authority_id == authority_id,
            Batch.id == batch_id,
            Batch.state == BatchState.RECEIVING,
        )
    )


def abandoned_batches(session: Session, *, before: datetime) -> list[Batch]:
    """Return the batches whose receiving began before an instant and never ended."""
    return list(
        session.scalars(
            select(Batch).where(
                Batch.state == BatchState.RECEIVING, Batch.created_at < before
            )
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
            .where(*_of(batch), BatchRow.state == RowState.WAITING)
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
            *_of(batch),
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
        .where(*_of(batch), BatchRow.position.in_([positions[id_] for id_ in issued]))
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
        .where(*_of(batch), BatchRow.state.in_((RowState.WAITING, RowState.RESERVED)))
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


def get_batch(
    session: Session, authority_id: str, batch_id: UUID, kind: BatchKind
) -> Batch:
    """Return an authority's batch.

    Raises:
        BatchNotFoundError: It has none of this id and kind.
    """
    batch = session.get(Batch, (authority_id, batch_id))
    if batch is None or batch.kind != kind:
        raise BatchNotFoundError(f"There is no batch {batch_id}.")
    return batch


def find_batch(session: Session, authority_id: str, batch_id: UUID) -> Batch | None:
    """Return an authority's batch of any kind, or None."""
    return session.get(Batch, (authority_id, batch_id))


def list_batches(
    session: Session,
    authority_id: str,
    kind: BatchKind,
    *,
    after: UUID | None,
    limit: int,
) -> list[Batch]:
    """Return an authority's batches by id, those after a given one."""
    statement = select(Batch).where(
        Batch.authority_id == authority_id, Batch.kind == kind
    )
    if after is not None:
        statement = statement.where(Batch.id > after)
    return list(session.scalars(statement.order_by(Batch.id).limit(limit)))


def progress(session: Session, batch: Batch) -> Progress:
    """Return how far the lines of a batch have come."""
    rows = session.execute(
        select(BatchRow.state, func.count()).where(*_of(batch)).group_by(BatchRow.state)
    )
    counted: dict[str, int] = {state: number for state, number in rows}  # noqa: C416  # rows are no pairs to the type checker
    return Progress(
        sum(counted.values()),
        counted.get(RowState.WAITING, 0) + counted.get(RowState.RESERVED, 0),
        counted.get(RowState.DONE, 0),
        counted.get(RowState.FAILED, 0),
    )


def list_rows(
    session: Session, batch: Batch, *, state: str | None, after: int, limit: int
) -> list[BatchRow]:
    """Return lines of a batch in their order, after a position."""
    statement = select(BatchRow).where(*_of(batch), BatchRow.position > after)
    if state is not None:
        statement = statement.where(BatchRow.state == state)
    return list(session.scalars(statement.order_by(BatchRow.position).limit(limit)))


def _of(batch: Batch) -> tuple[Any, Any]:
    return (
        BatchRow.authority_id == batch.authority_id,
        BatchRow.batch_id == batch.id,
    )
