"""Rows of dual certification.

A track is a row of the authority that opened it, its keeper. Every authority that
takes part, the keeper included, has a participation of its own; without one a track
does not exist for it. An award is a row of the body that makes it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, OwnedByAuthority, TenantRow

_NOTHING_IS_NULL = JSON(none_as_null=True)


class CurriculumRow(OwnedByAuthority, Base):
    """A curriculum, kept once for all tracks that follow it; never changed.

    Attributes:
        digest: Of the canonical form of its content.
        content: `targets`, `units` and `destinations`.
    """

    __tablename__ = "curriculum"
    __table_args__ = (ForeignKeyConstraint(["authority_id"], ["authority.id"]),)

    digest: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[dict[str, Any]]


class Track(TenantRow, Base):
    """One participant's way to several awards.

    Attributes:
        programme: Id of the tables, or the label of an example; empty without one.
        is_example: Whether the programme is made up.
        participant_ref: What the keeper calls the participant.
        origin: Jurisdiction in which the participant lived before; None: not told.
        course: A `Course`.
        consent: `joint_form`, `follow_up` and `given_on`.
        interruptions: In order; the last one is open while the track is interrupted.
        returned_on: When the participant came back to the state of origin.
        joint_group: The joint award that was opened last over this track, or None.
        version: Counts changes by any of the authorities, for `ETag`.
    """

    __tablename__ = "track"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "curriculum"],
            ["curriculum.authority_id", "curriculum.digest"],
        ),
        UniqueConstraint("authority_id", "programme", "participant_ref"),
        # All that reports of a programme count, so that they read nothing else.
        Index(
            "ix_track_counted",
            "authority_id",
            "programme",
            "id",
            "enrolled_on",
            "course",
            "status",
        ),
    )

    curriculum: Mapped[str] = mapped_column(String(60))
    programme: Mapped[str] = mapped_column(String(120))
    is_example: Mapped[bool]
    participant_ref: Mapped[str] = mapped_column(String(120))
    origin: Mapped[str | None] = mapped_column(String(16))
    course: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20))
    enrolled_on: Mapped[date]
    consent: Mapped[dict[str, Any]]
    interruptions: Mapped[list[Any]]
    returned_on: Mapped[date | None]
    joint_group: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(Integer)


class TrackParticipant(TenantRow, Base):
    """All that names the person on a track; the id is the track's.

    Attributes:
        other_names: Names in other scripts or of other times.
        experience: What was worked on abroad, as told on return.
    """

    __tablename__ = "track_participant"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "id"], ["track.authority_id", "track.id"]
        ),
    )

    family_name: Mapped[str | None] = mapped_column(Text)
    given_name: Mapped[str | None] = mapped_column(Text)
    other_names: Mapped[list[Any]]
    birth_date: Mapped[date | None]
    experience: Mapped[list[Any]]


class TrackBackground(TenantRow, Base):
    """What nobody must see who decides about an award; the id is the track's.

    It leaves as a count only.

    Attributes:
        sex: A `Sex`, as it was stated at enrolment.
        age_band: An `AgeBand`, on the day of enrolment.

    Source: Lisbon Recognition Convention, article III.1 (no discrimination on any
    ground not related to the merits of the qualification).
    """

    __tablename__ = "track_background"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "id"], ["track.authority_id", "track.id"]
        ),
        {"sqlite_with_rowid": False},
    )

    sex: Mapped[str] = mapped_column(String(20))
    age_band: Mapped[str] = mapped_column(String(12))


class TrackFollowUp(OwnedByAuthority, Base):
    """What a participant answered some months after the awards, with consent.

    Attributes:
        months: After how many; see `follow_up.PERIODS`.
        occupation: Of ISCO-08; None: no work, or not told.
        same_sector: Likewise.
        expected_skill: Skill level of the awards when this was recorded; None: not
            established.
        work: A `Work`, as it followed then; what is published counts these three.
        sector: A `Sector`.
        movement: A `Movement`.
    """

    __tablename__ = "track_follow_up"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "track_id"], ["track.authority_id", "track.id"]
        ),
    )

    track_id: Mapped[UUID] = mapped_column(primary_key=True)
    months: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    answered_on: Mapped[date]
    employed: Mapped[bool]
    occupation: Mapped[str | None] = mapped_column(String(4))
    same_sector: Mapped[bool | None]
    residence: Mapped[str] = mapped_column(String(16))
    expected_skill: Mapped[int | None] = mapped_column(Integer)
    work: Mapped[str] = mapped_column(String(24))
    sector: Mapped[str] = mapped_column(String(12))
    movement: Mapped[str] = mapped_column(String(16))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(120))


class TrackParticipation(TenantRow, Base):
    """That an authority takes part in a track; the id is the track's.

    Attributes:
        keeper_id: The authority whose row the track is.
    """

    __tablename__ = "track_participation"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        ForeignKeyConstraint(["keeper_id", "id"], ["track.authority_id", "track.id"]),
    )

    keeper_id: Mapped[str] = mapped_column(String(64))


class UnitResult(TenantRow, Base):
    """That a unit of a track was achieved.

    Attributes:
        unit: Id of the unit in the curriculum.
        evidence: Digest of the document that shows it.
        kind: Assessed, or prior learning.
    """

    __tablename__ = "unit_result"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "track_id"], ["track.authority_id", "track.id"]
        ),
        UniqueConstraint("authority_id", "track_id", "unit"),
    )

    track_id: Mapped[UUID]
    unit: Mapped[str] = mapped_column(String(60))
    achieved_on: Mapped[date]
    assessor: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(120))


class TrackAward(TenantRow, Base):
    """An award of a track, as its body has decided it.

    Attributes:
        target: Key of the award in the curriculum.
        how: Earned or recognised; None until it is awarded.
        rests_on: Attestation of the other award that was recognised as this one.
        rests_on_target: Key of that award.
        attestation_id: The body's attestation of the joint award, or None.
        own_attestation_id: Its attestation over this award alone, or None.
        reason: Why it was refused or revoked; for the body itself only.
        decided_on: Legal day of the last decision.
    """

    __tablename__ = "track_award"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        ForeignKeyConstraint(
            ["keeper_id", "track_id"], ["track.authority_id", "track.id"]
        ),
        UniqueConstraint("keeper_id", "track_id", "target"),
        Index(
            "ix_track_award_counted",
            "keeper_id",
            "track_id",
            "status",
            "how",
            "awarded_on",
            "decided_on",
            "authority_id",
        ),
    )

    keeper_id: Mapped[str] = mapped_column(String(64))
    track_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(Integer)
    target: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10))
    how: Mapped[str | None] = mapped_column(String(12))
    awarded_on: Mapped[date | None]
    rests_on: Mapped[UUID | None]
    rests_on_target: Mapped[str | None] = mapped_column(String(20))
    attestation_id: Mapped[UUID | None]
    own_attestation_id: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(Text)
    decided_on: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(120))


class TrackEvent(TenantRow, Base):
    """Something that happened on a track; never changed.

    Attributes:
        by_authority: The authority whose act it was.
        actor: The principal, for that authority only.
        content: Codes, dates and digests; nothing that names the person.
    """

    __tablename__ = "track_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "track_id"], ["track.authority_id", "track.id"]
        ),
        Index("ix_track_event_track", "authority_id", "track_id"),
    )

    track_id: Mapped[UUID]
    at: Mapped[datetime]
    by_authority: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]]


class CohortFileRecord(TenantRow, Base):
    """A file about a whole cohort that somebody has handed in.

    Attributes:
        kind: A `CohortFileKind`.
        actor: Who handed it in, as the audit names them.
        settings: `like` or `programme`, as `apply_rows.FileSettings` describes them.
        total: Number of rows.
        finished_at: None while rows are waiting.
    """

    __tablename__ = "cohort_file"
    __table_args__ = (ForeignKeyConstraint(["authority_id"], ["authority.id"]),)

    kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(120))
    settings: Mapped[dict[str, Any]]
    total: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class CohortFileRow(OwnedByAuthority, Base):
    """A row of such a file that waits or has failed; a row that is done is gone.

    Attributes:
        line: Of the file, the header being line 1.
        content: The checked cells by column; None once it has failed.
        problem: Why it failed: `code`, `detail` and more; None while it waits.
    """

    __tablename__ = "cohort_file_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "file_id"], ["cohort_file.authority_id", "cohort_file.id"]
        ),
    )

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[dict[str, Any] | None] = mapped_column(_NOTHING_IS_NULL)
    problem: Mapped[dict[str, Any] | None] = mapped_column(_NOTHING_IS_NULL)
