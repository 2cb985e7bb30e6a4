"""A track's file: finding it, what belongs to it, and its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.dual_certification.errors import (
    NotKeeperError,
    TrackNotFoundError,
)
from recognition_service.dual_certification.file_views import award_of, results_in
from recognition_service.dual_certification.lifecycle import (
    AwardStatus,
    How,
    Standing,
)
from recognition_service.dual_certification.models import (
    CurriculumRow,
    Track,
    TrackAward,
    TrackEvent,
    TrackParticipant,
    TrackParticipation,
    UnitResult,
)
from recognition_service.equivalence.progress import Plan
from recognition_service.equivalence.standards import Result
from recognition_service.equivalence.standards_document import read_curriculum
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id

SERVICE = "service"


@dataclass(frozen=True, slots=True)
class TrackFile:
    """A track with all that belongs to it.

    Attributes:
        curriculum: `targets`, `units` and `destinations` as JSON values.
        awards: In the order of the targets.
        results: By the id of the unit.
    """

    track: Track
    curriculum: Mapping[str, Any]
    participant: TrackParticipant
    awards: tuple[TrackAward, ...]
    results: Mapping[str, UnitResult]

    def plan(self) -> Plan:
        """Return the curriculum, compiled."""
        return Plan.build(read_curriculum(self.curriculum))

    def achieved(self) -> dict[str, Result]:
        """Return the results as values, by the id of the unit."""
        return results_in(self.results)

    def award(self, target: str) -> TrackAward:
        """Return the award of a target.

        Raises:
            TargetNotFoundError: The track leads to no such award.
        """
        return award_of(self.awards, target)

    def standings(self) -> list[Standing]:
        """Return what counts of the awards."""
        return [
            Standing(
                award.authority_id,
                AwardStatus(award.status),
                How(award.how) if award.how else None,
            )
            for award in self.awards
        ]

    def open_targets(self) -> list[str]:
        """Return the keys of the awards that may still be earned."""
        may = {AwardStatus.OPEN, AwardStatus.REFUSED}
        return [award.target for award in self.awards if award.status in may]


def get_track(
    session: Session, authority_id: str, track_id: UUID, *, to_change: bool = False
) -> Track:
    """Return a track in which an authority takes part; locked if it is to change.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
    """
    part = session.get(TrackParticipation, (authority_id, track_id))
    if part is None:
        raise TrackNotFoundError(f"There is no track {track_id}.")
    return session.get_one(Track, (part.keeper_id, track_id), with_for_update=to_change)


def open_file(
    session: Session, authority_id: str, track_id: UUID, *, to_change: bool = False
) -> TrackFile:
    """Return a track with all that belongs to it.

    Args:
        session: A writing session if `to_change`.
        authority_id: The authority that asks; it has to take part.
        track_id: The track.
        to_change: Whether to lock the track until the end of the transaction.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
    """
    track = get_track(session, authority_id, track_id, to_change=to_change)
    keeper = track.authority_id
    awards = session.scalars(
        select(TrackAward)
        .where(TrackAward.keeper_id == keeper, TrackAward.track_id == track_id)
        .order_by(TrackAward.position)
    )
    results = session.scalars(
        select(UnitResult).where(
            UnitResult.authority_id == keeper, UnitResult.track_id == track_id
        )
    )
    return TrackFile(
        track,
        session.get_one(CurriculumRow, (keeper, track.curriculum)).content,
        session.get_one(TrackParticipant, (keeper, track_id)),
        tuple(awards),
        {row.unit: row for row in results},
    )


def open_own_file(session: Session, caller: Caller, track_id: UUID) -> TrackFile:
    """Return a track that the caller's authority keeps, locked to be changed.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotKeeperError: It takes part, but another body keeps the track.
    """
    file = open_file(session, caller.authority_id, track_id, to_change=True)
    if file.track.authority_id != caller.authority_id:
        raise NotKeeperError(
            f"{file.track.authority_id} keeps this track and records what happens."
        )
    return file


def list_tracks(
    session: Session,
    authority_id: str,
    *,
    status: str | None,
    after: UUID | None,
    limit: int,
) -> list[tuple[Track, list[TrackAward]]]:
    """Return the tracks in which an authority takes part, oldest first, with awards."""
    statement = (
        select(Track)
        .join(
            TrackParticipation,
            (TrackParticipation.keeper_id == Track.authority_id)
            & (TrackParticipation.id == Track.id),
        )
        .where(TrackParticipation.authority_id == authority_id)
    )
    if status is not None:
        statement = statement.where(Track.status == status)
    if after is not None:
        statement = statement.where(TrackParticipation.id > after)
    tracks = session.scalars(
        statement.order_by(TrackParticipation.id).limit(limit)
    ).all()
    awards: dict[UUID, list[TrackAward]] = {track.id: [] for track in tracks}
    for award in session.scalars(
        select(TrackAward)
        .where(
            TrackAward.keeper_id.in_({track.authority_id for track in tracks}),
            TrackAward.track_id.in_(awards),
        )
        .order_by(TrackAward.position)
    ):
        awards[award.track_id].append(award)
    return [(track, awards[track.id]) for track in tracks]


def note_event(
    session: Session,
    track: Track,
    event: str,
    *,
    by: str,
    actor: str,
    now: datetime,
    content: Mapping[str, Any] | None = None,
) -> None:
    """Write down what happened on a track, in its history and in the audits.

    The caller owns the transaction. The track's version goes up. An act of another
    body stands in that body's audit, and in the keeper's without the person.

    Args:
        session: A writing session.
        track: The track, locked.
        event: Name of the event.
        by: The authority whose act it is.
        actor: Who acts for it.
        now: The instant.
        content: Codes, dates and digests; nothing that names the participant.
    """
    track.version += 1
    told = dict(content or {})
    session.add(
        TrackEvent(
            authority_id=track.authority_id,
            id=new_id(now),
            track_id=track.id,
            at=now,
            by_authority=by,
            actor=actor,
            event=event,
            content=told,
        )
    )
    for authority_id in sorted({by, track.authority_id}):
        if is_elsewhere(authority_id):
            continue
        audit.append(
            session,
            authority_id,
            actor=actor if authority_id == by else SERVICE,
            action=f"dual_certification.{event}",
            subject=f"dual_certification/{track.id}",
            content={**told, "by": by},
            now=now,
        )


def note_own_event(
    session: Session,
    caller: Caller,
    track: Track,
    event: str,
    *,
    content: Mapping[str, Any],
    now: datetime,
) -> None:
    """Write down an act of the caller, as `note_event` does."""
    note_event(
        session,
        track,
        event,
        by=caller.authority_id,
        actor=caller.actor,
        now=now,
        content=content,
    )


def events_of(session: Session, track: Track) -> list[TrackEvent]:
    """Return what happened on a track, oldest first."""
    return list(
        session.scalars(
            select(TrackEvent)
            .where(
                TrackEvent.authority_id == track.authority_id,
                TrackEvent.track_id == track.id,
            )
            .order_by(TrackEvent.at, TrackEvent.id)
        )
    )
