"""What bodies attest jointly over the tracks of a whole cohort.

Every track is looked at by the rules for one; the rows of many are written together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.joint_many import WantedJoint, open_joints
from recognition_service.attestations.joint_models import OVER, JointState
from recognition_service.attestations.joint_record import freeze
from recognition_service.attestations.joint_rows import states_of
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.dual_certification.attest_award import (
    LIFE_DAYS,
    own_award,
    require_joint_form,
    require_other_person,
)
from recognition_service.dual_certification.award_contents import (
    joint_decision,
    joint_targets,
)
from recognition_service.dual_certification.cohort_files import (
    CohortFile,
    Curricula,
    TrackAct,
    open_files,
    read_people,
    read_results,
    write_acts,
    write_awards,
)
from recognition_service.dual_certification.errors import TrackNotFoundError
from recognition_service.dual_certification.lifecycle import AwardStatus
from recognition_service.dual_certification.models import (
    Track,
    TrackAward,
    TrackParticipation,
)
from recognition_service.errors import RecognitionError
from recognition_service.recognition.case_file import EditionAtHand

_Freezes = Callable[[CohortFile], DecisionRecord]


@dataclass(frozen=True, slots=True)
class OpenedJoints:
    """The joint awards of some tracks, for one body to attest.

    Attributes:
        wanted: By track.
        refused: Why nothing can be attested over a track, by track.
    """

    wanted: dict[UUID, WantedJoint] = field(default_factory=dict)
    refused: dict[UUID, RecognitionError] = field(default_factory=dict)


def open_joint_awards(
    session: Session,
    caller: Caller,
    tracks: Sequence[UUID],
    *,
    curricula: Curricula,
    edition: EditionAtHand,
    public_url: str,
    now: datetime,
) -> OpenedJoints:
    """Freeze what many tracks have led to, as `open_joint_award` does for one.

    The caller owns the transaction. A track that does not allow it stops no other.
    """
    opened = OpenedJoints()
    files = open_files(session, caller.authority_id, tracks, curricula)
    groups = [file.track.joint_group for file in files.values()]
    states = states_of(session, caller.authority_id, filter(None, groups))
    fresh = [file for file in files.values() if not _is_open(file, states)]
    read_people(session, fresh)
    read_results(session, fresh)
    known: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def freezes(file: CohortFile) -> DecisionRecord:
        name = (file.track.authority_id, file.track.curriculum)
        if name not in known:
            known[name] = joint_targets(session, file.curriculum, edition, public_url)
        return freeze(
            joint_decision(file, edition, known[name], curricula.plan(file.track))
        )

    frozen: dict[UUID, DecisionRecord] = {}
    for track_id in tracks:
        try:
            file = files.get(track_id)
            if file is None:
                raise TrackNotFoundError(f"There is no track {track_id}.")
            found = _joint_of(file, caller, states, freezes)
        except RecognitionError as error:
            opened.refused[track_id] = error
            continue
        opened.wanted[track_id] = found
        if found.record is not None:
            frozen[track_id] = found.record
    _open(session, caller, files, frozen, now)
    return opened


def note_joint_signatures(
    session: Session,
    caller: Caller,
    files: Mapping[UUID, CohortFile],
    attestations: Mapping[UUID, UUID],
    *,
    now: datetime,
) -> None:
    """Note which attestations of joint awards a body has issued, by track.

    The caller owns the transaction, in which it has opened the files. Noting them
    again changes nothing.
    """
    signed, acts = [], []
    for track_id, attestation_id in attestations.items():
        file = files[track_id]
        own = own_award(file.awards, caller)
        if own.attestation_id == attestation_id:
            continue
        own.attestation_id = attestation_id
        content = {"target": own.target, "attestation": str(attestation_id)}
        signed.append(own)
        acts.append(TrackAct(file.track, "joint_signed", content))
    write_awards(session, signed)
    write_acts(session, caller, acts, now=now)


def unsigned_tracks(
    session: Session, authority_id: str, programme: str, *, limit: int
) -> list[UUID]:
    """Return the tracks of a programme whose award an authority has not signed yet.

    Only those whose award it has made, oldest first.
    """
    return list(
        session.scalars(
            select(Track.id)
            .join(
                TrackParticipation,
                (TrackParticipation.keeper_id == Track.authority_id)
                & (TrackParticipation.id == Track.id),
            )
            .join(
                TrackAward,
                (TrackAward.keeper_id == Track.authority_id)
                & (TrackAward.track_id == Track.id),
            )
            .where(
                TrackParticipation.authority_id == authority_id,
                Track.programme == programme,
                TrackAward.authority_id == authority_id,
                TrackAward.status == AwardStatus.AWARDED,
                TrackAward.attestation_id.is_(None),
            )
            .order_by(Track.id)
            .distinct()
            .limit(limit)
        )
    )


def _is_open(file: CohortFile, states: Mapping[UUID, JointState]) -> bool:
    """Tell whether a joint award of a track is under way or complete."""
    group = file.track.joint_group
    state = states.get(group) if group is not None else None
    return state is not None and state not in OVER


def _joint_of(
    file: CohortFile,
    caller: Caller,
    states: Mapping[UUID, JointState],
    freezes: _Freezes,
) -> WantedJoint:
    """Return the joint award of a track, with its record if it is a new one.

    Raises:
        RecognitionError: As `open_joint_award`.
    """
    prepared_by = require_other_person(own_award(file.awards, caller), caller)
    group = file.track.joint_group
    if group is not None and _is_open(file, states):
        return WantedJoint(group, prepared_by)
    require_joint_form(file)
    record = freezes(file)
    return WantedJoint(UUID(record.inputs["group"]), prepared_by, record=record)


def _open(
    session: Session,
    caller: Caller,
    files: Mapping[UUID, CohortFile],
    frozen: Mapping[UUID, DecisionRecord],
    now: datetime,
) -> None:
    """Write the parts of frozen awards, and what that means for their tracks."""
    if not frozen:
        return
    today = legal_day(read_authority(session, caller.authority_id), now)
    open_joints(
        session,
        list(frozen.values()),
        expires_on=today + timedelta(days=LIFE_DAYS),
        by=caller.authority_id,
        actor=caller.actor,
        now=now,
    )
    acts = []
    for track_id, record in frozen.items():
        track, group = files[track_id].track, record.inputs["group"]
        track.joint_group = UUID(group)
        acts.append(TrackAct(track, "joint_opened", {"group": group}))
    write_acts(session, caller, acts, now=now)
