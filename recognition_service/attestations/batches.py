"""Batches: many lines that one principal handed in at once, and what became of them.

A line is received, then waiting, then reserved, then done, or failed with a problem.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import BatchNotFoundError
from recognition_service.attestations.models import (
    Batch,
    BatchKind,
    BatchRow,
)
from recognition_service.errors import RecognitionError
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
class Progress:
    """How many lines have come how far."""

    total: int
    waiting: int
    done: int
    failed: int


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
        select(BatchRow.state, func.count())
        .where(*of_batch(batch))
        .group_by(BatchRow.state)
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
    statement = select(BatchRow).where(*of_batch(batch), BatchRow.position > after)
    if state is not None:
        statement = statement.where(BatchRow.state == state)
    return list(session.scalars(statement.order_by(BatchRow.position).limit(limit)))


def problem_of(error: RecognitionError) -> dict[str, Any]:
    """Return what a line is told that failed."""
    errors: Sequence[Mapping[str, Any]] = getattr(error, "errors", ())
    return {
        "code": error.code,
        "detail": str(error),
        "errors": [dict(each) for each in errors],
    }


def of_batch(batch: Batch) -> tuple[Any, Any]:
    """Return the conditions that the lines of a batch meet."""
    return (
        BatchRow.authority_id == batch.authority_id,
        BatchRow.batch_id == batch.id,
    )
