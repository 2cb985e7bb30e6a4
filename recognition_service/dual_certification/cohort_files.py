"""The files of many tracks as plain rows, each kind read with one statement.

For a whole cohort an object for each row would cost more than all that is decided.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
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
from recognition_service.equivalence.standards_document import read_curriculum
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Prepared, among
from recognition_service.storage.upsert import insert_rows

_SERVICE = "service"


@dataclass(slots=True)
class TrackRow:
    """What is read and changed of a track; see `Track`."""

    authority_id: str
    id: UUID
    curriculum: str
    programme: str
    origin: str | None
    course: str
    status: str
    enrolled_on: date
    consent: dict[str, Any]
    joint_group: UUID | None
    version: int


@dataclass(slots=True)
class AwardRow:
    """What is read and changed of an award; see `TrackAward`."""

    track_id: UUID
    authority_id: str
    id: UUID
    target: str
    status: str
    how: str | None
    awarded_on: date | None
    rests_on: UUID | None
    rests_on_target: str | None
    attestation_id: UUID | None
    reason: str | None
    decided_on: date | None
    decided_at: datetime | None
    decided_by: str | None


class ResultRow(NamedTuple):
    """A result; see `UnitResult`."""

    track_id: UUID
    unit: str
    achieved_on: date
    assessor: str
    evidence: str
    kind: str


class PersonRow(NamedTuple):
    """Who is on a track; see `TrackParticipant`."""

    id: UUID
    family_name: str | None
    given_name: str | None
    birth_date: date | None
    other_names: list[Any]


_NOBODY = PersonRow(UUID(int=0), None, None, None, [])


@dataclass(slots=True)
class CohortFile:
    """A track with all that belongs to it; see `TrackFile`.

    Attributes:
        results: Empty until `read_results` has read them.
        participant: Nobody until `read_people` has read who it is.
    """

    track: TrackRow
    curriculum: Mapping[str, Any]
    awards: Sequence[AwardRow]
    results: dict[str, ResultRow] = field(default_factory=dict)
    participant: PersonRow = _NOBODY


@dataclass(frozen=True, slots=True)
class Curricula:
    """Curricula that many tracks follow, each read and compiled once.

    Attributes:
        contents: By keeper and digest.
        plans: By digest.
    """

    contents: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)

    def read(self, session: Session, keeper: str, digests: Iterable[str]) -> None:
        """Read what is not known yet of a keeper's curricula."""
        new = {digest for digest in digests if (keeper, digest) not in self.contents}
        if new:
            rows = _CURRICULA.all(session, keeper=keeper, digests=sorted(new))
            self.contents.update(
                ((keeper, digest), content) for digest, content in rows
            )

    def plan(self, track: TrackRow) -> Plan:
        """Return the compiled curriculum of a track that was read."""
        plan = self.plans.get(track.curriculum)
        if plan is None:
            content = self.contents[track.authority_id, track.curriculum]
            plan = self.plans[track.curriculum] = Plan.build(read_curriculum(content))
        return plan


class TrackAct(NamedTuple):
    """An act on a track, of those that are written together.

    Attributes:
        content: Codes, dates and digests; nothing that names the participant.
    """

    track: TrackRow
    event: str
    content: Mapping[str, Any]


_TRACK_COLUMNS = tuple(TrackRow.__dataclass_fields__)
_AWARD_COLUMNS = tuple(AwardRow.__dataclass_fields__)
_DECIDED = (
    "status",
    "how",
    "awarded_on",
    "rests_on",
    "rests_on_target",
    "attestation_id",
    "reason",
    "decided_on",
    "decided_at",
    "decided_by",
)
_TRACKS = Prepared(
    lambda dialect: (
        select(*(getattr(Track, name) for name in _TRACK_COLUMNS))
        .join(
            TrackParticipation,
            (TrackParticipation.keeper_id == Track.authority_id)
            & (TrackParticipation.id == Track.id),
        )
        .where(
            TrackParticipation.authority_id == bindparam("authority_id"),
            among(TrackParticipation.id, "tracks", dialect),
        )
        .order_by(Track.authority_id, Track.id)
        .with_for_update(of=Track)
    )
)
_AWARDS = Prepared(
    lambda dialect: (
        select(*(getattr(TrackAward, name) for name in _AWARD_COLUMNS))
        .where(
            TrackAward.keeper_id == bindparam("keeper"),
            among(TrackAward.track_id, "tracks", dialect),
        )
        .order_by(TrackAward.track_id, TrackAward.position)
    )
)
_RESULTS = Prepared(
    lambda dialect: select(
        *(getattr(UnitResult, name) for name in ResultRow._fields)
    ).where(
        UnitResult.authority_id == bindparam("keeper"),
        among(UnitResult.track_id, "tracks", dialect),
    )
)
_PEOPLE = Prepared(
    lambda dialect: select(
        *(getattr(TrackParticipant, name) for name in PersonRow._fields)
    ).where(
        TrackParticipant.authority_id == bindparam("keeper"),
        among(TrackParticipant.id, "tracks", dialect),
    )
)
_CURRICULA = Prepared(
    lambda dialect: select(CurriculumRow.digest, CurriculumRow.content).where(
        CurriculumRow.authority_id == bindparam("keeper"),
        among(CurriculumRow.digest, "digests", dialect),
    )
)
_KEEP_TRACK = Prepared(
    lambda _: (
        update(Track)
        .where(
            Track.authority_id == bindparam("_authority_id"),
            Track.id == bindparam("_id"),
        )
        .values(
            status=bindparam("_status"),
            joint_group=bindparam("_joint_group"),
            version=bindparam("_version"),
        )
    )
)
_KEEP_AWARD = Prepared(
    lambda _: (
        update(TrackAward)
        .where(
            TrackAward.authority_id == bindparam("_authority_id"),
            TrackAward.id == bindparam("_id"),
        )
        .values({name: bindparam(f"_{name}") for name in _DECIDED})
    )
)


def open_files(
    session: Session,
    authority_id: str,
    tracks: Collection[UUID],
    curricula: Curricula,
) -> dict[UUID, CohortFile]:
    """Return the files of many tracks, locked to be changed, by the track's id.

    Tracks in which the authority takes no part are not among them. All are locked in
    one order, so that nobody waits in a circle; the rest is read after that.
    """
    rows = _TRACKS.all(session, authority_id=authority_id, tracks=sorted(set(tracks)))
    files: dict[UUID, CohortFile] = {}
    for keeper, kept in groupby(
        (TrackRow(*row) for row in rows), key=lambda track: track.authority_id
    ):
        own = {track.id: track for track in kept}
        curricula.read(session, keeper, {track.curriculum for track in own.values()})
        awards: dict[UUID, list[AwardRow]] = {each: [] for each in own}
        for row in _AWARDS.all(session, keeper=keeper, tracks=list(own)):
            awards[row[0]].append(AwardRow(*row))
        for each, track in own.items():
            content = curricula.contents[keeper, track.curriculum]
            files[each] = CohortFile(track, content, awards[each])
    return files


def read_results(session: Session, files: Iterable[CohortFile]) -> None:
    """Read what was achieved on tracks whose files are open."""
    for keeper, own in _by_keeper(files).items():
        for row in _RESULTS.all(session, keeper=keeper, tracks=list(own)):
            own[row[0]].results[row[1]] = ResultRow(*row)


def read_people(session: Session, files: Iterable[CohortFile]) -> None:
    """Read who is on tracks whose files are open."""
    for keeper, own in _by_keeper(files).items():
        for row in _PEOPLE.all(session, keeper=keeper, tracks=list(own)):
            own[row[0]].participant = PersonRow(*row)


def _by_keeper(files: Iterable[CohortFile]) -> dict[str, dict[UUID, CohortFile]]:
    found: dict[str, dict[UUID, CohortFile]] = {}
    for file in files:
        found.setdefault(file.track.authority_id, {})[file.track.id] = file
    return found


def write_awards(session: Session, awards: Iterable[AwardRow]) -> None:
    """Write what has become of awards."""
    _KEEP_AWARD.run_many(
        session,
        [
            {f"_{name}": getattr(award, name) for name in _KEPT_OF_AWARD}
            for award in awards
        ],
    )


_KEPT_OF_AWARD = ("authority_id", "id", *_DECIDED)


def write_acts(
    session: Session, caller: Caller, acts: Sequence[TrackAct], *, now: datetime
) -> None:
    """Write the tracks of many acts, their histories, and the audits.

    As `note_event` does for one: the version of a track goes up with each act, which
    stands in the audit of the caller's authority, and in the keeper's without the
    person.
    """
    by, changes = caller.authority_id, dict[str, list[audit.Change]]()
    for track, event, content in acts:
        track.version += 1
        change = audit.Change(
            f"dual_certification.{event}",
            f"dual_certification/{track.id}",
            {**content, "by": by},
        )
        for authority_id in {by, track.authority_id}:
            changes.setdefault(authority_id, []).append(change)
    _write_tracks(session, {id(act.track): act.track for act in acts}.values())
    insert_rows(
        session,
        TrackEvent,
        [
            {
                "authority_id": track.authority_id,
                "id": new_id(now),
                "track_id": track.id,
                "at": now,
                "by_authority": by,
                "actor": caller.actor,
                "event": event,
                "content": dict(content),
            }
            for track, event, content in acts
        ],
    )
    for authority_id in sorted(changes):
        actor = caller.actor if authority_id == by else _SERVICE
        audit.append_many(
            session, authority_id, changes[authority_id], actor=actor, now=now
        )


def _write_tracks(session: Session, tracks: Iterable[TrackRow]) -> None:
    _KEEP_TRACK.run_many(
        session,
        [
            {
                "_authority_id": track.authority_id,
                "_id": track.id,
                "_status": track.status,
                "_joint_group": track.joint_group,
                "_version": track.version,
            }
            for track in tracks
        ],
    )
