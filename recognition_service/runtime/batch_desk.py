"""Batches, worked on chunk by chunk.

Of each chunk everything is reserved in one transaction, then signed, then recorded in
another one. While the keys work on one chunk the next one is reserved. Several workers
share a batch: each goes on from a place of its own, and a line that another one has
taken meanwhile is left to it.
"""

import secrets
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from recognition_service.attestations import batch_work, batches, issue
from recognition_service.attestations.batch_work import Outcome
from recognition_service.attestations.batches import RowState, problem_of
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
    _begins_anywhere = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open the desk; no batch is begun."""
        super().__init__(*args, **kwargs)
        self._places: dict[tuple[str, UUID], int] = {}

    def begin_anywhere(self) -> None:
        """Begin batches at a random line, so that several workers share one.

        A worker that is alone goes through the lines in their order.
        """
        self._begins_anywhere = True

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
            self._places.pop((batch.authority_id, batch.id), None)
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
        """Reserve the next lines; None when none waits.

        What the lines mean is found out before the transaction, as other workers
        cannot write as long as one is open.
        """
        now = self.now()
        self._require_clock(batch.authority_id, now)
        edition = self._edition_of(batch)
        with self.database.reading() as session:
            lines = batch_work.waiting_lines(
                session, batch, after=self._place_in(batch), limit=CHUNK
            )
            if not lines:
                return None
            caller = find_caller(session, batch.authority_id, batch.actor)
            desk = open_desk(session, caller, edition=edition, now=now)
        self._places[batch.authority_id, batch.id] = max(lines)
        copies = tuple(NewCopy(CopyFormat(kind)) for kind in batch.formats)
        asked = ((line, copies) for line in lines.values())
        taken = dict(zip(lines, take_over_many(desk, asked), strict=True))
        with self.database.transaction() as session:
            waiting = batch_work.lock_waiting(session, batch, list(lines))
            wanted = {
                position: new
                for position, new in taken.items()
                if position in waiting and isinstance(new, NewAttestation)
            }
            failed = {
                position: new
                for position, new in taken.items()
                if position in waiting and isinstance(new, RecognitionError)
            }
            issuer = find_issuer(
                session, batch.authority_id, public_url=self.public_url, now=now
            )
            reservation = reserve_many(
                session, issuer, list(wanted.values()), actor=batch.actor, now=now
            )
            positions = batch_work.settle_chunk(
                session, batch, list(wanted), failed, reservation
            )
        return _Chunk(positions, sealer.submit(self.seal, reservation.intents))

    def _place_in(self, batch: Batch) -> int:
        """Return after which line of a batch this process goes on."""
        name = (batch.authority_id, batch.id)
        if name not in self._places:
            first = secrets.randbelow(batch.total) if self._begins_anywhere else 0
            self._places[name] = first
        return self._places[name]

    def _record_chunk(self, batch: Batch, chunk: _Chunk) -> None:
        sealed = chunk.sealed.result()
        with self.database.transaction() as session:
            issue.record(session, sealed, actor=batch.actor, now=self.now())
            batch_work.settle_reserved(session, batch, chunk.positions)

    def _change_lines(self, batch: Batch) -> None:
        """Change the status of attestations; the lists are published at the end."""
        for _ in range(_CHUNKS_PER_TURN):
            with self.database.transaction() as session:
                lines = batch_work.waiting_lines(session, batch, after=0, limit=CHUNK)
                waiting = batch_work.lock_waiting(session, batch, list(lines))
                rows = {place: lines[place] for place in lines if place in waiting}
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
