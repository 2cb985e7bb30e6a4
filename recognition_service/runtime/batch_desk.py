"""Batches, worked on chunk by chunk.

Of each chunk everything is reserved in one transaction, then signed, then recorded in
another one. While the keys work on one chunk the next one is reserved.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from recognition_service.attestations import batch_work, batches, issue
from recognition_service.attestations.batch_work import Outcome
from recognition_service.attestations.batches import RowState
from recognition_service.attestations.drafts import NewAttestation, NewCopy
from recognition_service.attestations.issue import Sealed
from recognition_service.attestations.issuer import find_issuer
from recognition_service.attestations.models import (
    Batch,
    BatchKind,
    CopyFormat,
    Status,
)
from recognition_service.attestations.reserve import reserve_many
from recognition_service.attestations.status import change_many
from recognition_service.attestations.status_rows import WantedChange
from recognition_service.authorities.access import find_caller
from recognition_service.editions.find import EditionInForce
from recognition_service.errors import RecognitionError
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.recognition.records import open_desk, take_over_many
from recognition_service.runtime.issuing_desk import UNFINISHED_AFTER
from recognition_service.runtime.trust_desk import TrustDesk

CHUNK = 500
_CHUNKS_PER_TURN = 20
_ABANDONED_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines whose copies are being signed."""

    positions: Mapping[UUID, int]
    sealed: Future[list[Sealed]]


class BatchDesk(TrustDesk):
    """Works on batches; any number of workers may do so at once."""

    _adopted: frozenset[tuple[str, UUID]] = frozenset()

    def running_batches(self) -> list[Batch]:
        """Return the batches that have lines left, oldest first."""
        with self.database.reading() as session:
            return batch_work.running_batches(session)

    def run_batches(self) -> bool:
        """Work on every batch for a while; tell whether anything is left.

        Raises:
            RecognitionError: One cannot go on now, such as without a key.
        """
        left = [self.run_batch(batch) for batch in self.running_batches()]
        return any(left)

    def run_batch(self, batch: Batch) -> bool:
        """Work on a batch for a while; tell whether anything of it is left.

        Raises:
            RecognitionError: It cannot go on now, such as without a key.
        """
        match BatchKind(batch.kind):
            case BatchKind.ISSUE:
                self._issue_lines(batch)
            case BatchKind.STATUS:
                self._change_lines(batch)
        with self.database.transaction() as session:
            is_done = batch_work.finish_if_done(session, batch, now=self.now())
        if is_done:
            self.publish_lists(batch.authority_id)
        return not is_done

    def forget_abandoned_batches(self) -> None:
        """Drop the batches whose receiving was cut off an hour ago."""
        before = self.now() - _ABANDONED_AFTER
        with self.database.transaction() as session:
            for batch in batches.abandoned_batches(session, before=before):
                batches.drop_batch(session, batch.authority_id, batch.id)

    def _issue_lines(self, batch: Batch) -> None:
        with ThreadPoolExecutor(1, thread_name_prefix="seal") as sealer:
            pending = self._adopt(batch, sealer)
            for _ in range(_CHUNKS_PER_TURN):
                following = self._reserve_chunk(batch, sealer)
                if pending is not None:
                    self._record_chunk(batch, pending)
                pending = following
                if pending is None:
                    return
            if pending is not None:
                self._record_chunk(batch, pending)

    def _adopt(self, batch: Batch, sealer: ThreadPoolExecutor) -> _Chunk | None:
        """Take over what was reserved and is worked on by nobody any more.

        A process that has just begun takes all; later what has waited for a while, as
        when the keys were away. Where another process still works on it, both sign
        the same, and the first signature is kept.
        """
        name, before = (batch.authority_id, batch.id), self.now()
        if name in self._adopted:
            before -= UNFINISHED_AFTER
        self._adopted |= {name}
        with self.database.reading() as session:
            positions = batch_work.reserved_attestations(session, batch, before=before)
            if not positions:
                return None
            intents = issue.intents_of(session, batch.authority_id, list(positions))
        return _Chunk(positions, sealer.submit(self.seal, intents))

    def _reserve_chunk(self, batch: Batch, sealer: ThreadPoolExecutor) -> _Chunk | None:
        """Reserve the next lines; None when none waits."""
        now = self.now()
        self._require_clock(batch.authority_id, now)
        edition = self._edition_of(batch)
        with self.database.transaction() as session:
            rows = batch_work.take_waiting(session, batch, limit=CHUNK)
            if not rows:
                return None
            caller = find_caller(session, batch.authority_id, batch.actor)
            desk = open_desk(session, caller, edition=edition, now=now)
            copies = tuple(NewCopy(CopyFormat(kind)) for kind in batch.formats)
            asked = ((line, copies) for line in rows.values())
            taken = dict(zip(rows, take_over_many(desk, asked), strict=True))
            wanted = {
                position: new
                for position, new in taken.items()
                if isinstance(new, NewAttestation)
            }
            failed = {
                position: new
                for position, new in taken.items()
                if isinstance(new, RecognitionError)
            }
            issuer = find_issuer(
                session, batch.authority_id, public_url=self.public_url, now=now
            )
            reservation = reserve_many(
                session, issuer, list(wanted.values()), actor=batch.actor, now=now
            )
            order = list(wanted)
            positions = {
                attestation_id: order[place]
                for place, attestation_id in reservation.attestations.items()
            }
            failed |= {
                order[place]: error for place, error in reservation.refused.items()
            }
            batch_work.settle(
                session,
                batch,
                RowState.RESERVED,
                [Outcome(place, found) for found, place in positions.items()],
            )
            batch_work.settle(
                session,
                batch,
                RowState.FAILED,
                [
                    Outcome(place, None, problem_of(error))
                    for place, error in failed.items()
                ],
            )
        return _Chunk(positions, sealer.submit(self.seal, reservation.intents))

    def _record_chunk(self, batch: Batch, chunk: _Chunk) -> None:
        sealed = chunk.sealed.result()
        with self.database.transaction() as session:
            issue.record(session, sealed, actor=batch.actor, now=self.now())
            batch_work.settle_reserved(session, batch, chunk.positions)

    def _change_lines(self, batch: Batch) -> None:
        """Change the status of attestations; the lists are published at the end."""
        for _ in range(_CHUNKS_PER_TURN):
            with self.database.transaction() as session:
                rows = batch_work.take_waiting(session, batch, limit=CHUNK)
                if not rows:
                    return
                results = change_many(
                    session,
                    batch.authority_id,
                    [_wanted_change(line) for line in rows.values()],
                    actor=batch.actor,
                    now=self.now(),
                )
                pairs = list(zip(rows, results, strict=True))
                batch_work.settle(
                    session,
                    batch,
                    RowState.DONE,
                    [
                        Outcome(position, result.attestation_id)
                        for position, result in pairs
                        if result.error is None
                    ],
                )
                batch_work.settle(
                    session,
                    batch,
                    RowState.FAILED,
                    [
                        Outcome(position, None, problem_of(result.error))
                        for position, result in pairs
                        if result.error is not None
                    ],
                )

    def _edition_of(self, batch: Batch) -> EditionAtHand:
        """Return the edition that was in force when the batch was handed in."""
        named = batch.edition or {}
        return self.stored_edition(EditionInForce(named["base"], named.get("overlay")))


def _wanted_change(line: Mapping[str, Any]) -> WantedChange:
    superseded_by = line.get("superseded_by")
    return WantedChange(
        UUID(line["attestation"]),
        Status(line["status"]),
        reason=line["reason"],
        note=line.get("note"),
        superseded_by=None if superseded_by is None else UUID(superseded_by),
    )


def problem_of(error: RecognitionError) -> dict[str, Any]:
    """Return what a line is told that failed."""
    errors: Sequence[Mapping[str, Any]] = getattr(error, "errors", ())
    return {
        "code": error.code,
        "detail": str(error),
        "errors": [dict(each) for each in errors],
    }
