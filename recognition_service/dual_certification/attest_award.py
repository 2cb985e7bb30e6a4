"""What bodies attest over a track: the joint award of all, or each its own alone.

Here it is only said what is to be attested; keys are used elsewhere. Whoever decided
about an award does not sign its attestation: two people act for each body.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import (
    DecisionRecord,
)
from recognition_service.attestations.drafts import NewAttestation
from recognition_service.attestations.findings import findings_of
from recognition_service.attestations.joint_issue import open_joint
from recognition_service.attestations.joint_models import OVER, JointState
from recognition_service.attestations.joint_parts import get_part
from recognition_service.attestations.joint_record import freeze
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.authorities.models import PrincipalKind
from recognition_service.dual_certification.award_contents import (
    joint_decision,
    joint_targets,
    own_inputs,
)
from recognition_service.dual_certification.errors import (
    BaseNotAwardedError,
    JointFormNotWantedError,
    NotAwardingBodyError,
)
from recognition_service.dual_certification.file_views import AwardView, FileView
from recognition_service.dual_certification.lifecycle import AwardStatus
from recognition_service.dual_certification.track_file import (
    TrackFile,
    note_own_event,
    open_file,
)
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.recognition.errors import (
    SameSignatoryError,
    SystemCannotSignError,
)

LIFE_DAYS = 90
"""How long a joint award waits for the last signature."""
_AWARDS = UUID("2b0f4f64-2a53-5d0c-8f6b-6f2b7d1e9a40")
"""Namespace of the ids of decisions about single awards of tracks."""


_Award = TypeVar("_Award", bound=AwardView)


def open_joint_award(
    session: Session,
    caller: Caller,
    track_id: UUID,
    *,
    edition: EditionAtHand,
    public_url: str,
    now: datetime,
) -> tuple[UUID, str]:
    """Freeze what a track has led to, for all its bodies to attest.

    The caller owns the transaction. A joint award that is under way or complete is
    returned as it is; after one that was given up another one is opened.

    Returns:
        The group, and who decided about the caller's award.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotAwardingBodyError: It makes no award of it.
        JointFormNotWantedError: The participant has not consented, or has no name.
        JointAwardNotEarnedError: An award was not made, or was not earned.
        SameSignatoryError: The caller has decided about the award.
        SystemCannotSignError: The caller is no person.
    """
    file = open_file(session, caller.authority_id, track_id, to_change=True)
    own = own_award(file.awards, caller)
    prepared_by = require_other_person(own, caller)
    group = file.track.joint_group
    if group is not None and not _is_over(session, file, group):
        return group, prepared_by
    require_joint_form(file)
    targets = joint_targets(session, file.curriculum, edition, public_url)
    decision = joint_decision(file, edition, targets, file.plan())
    today = legal_day(read_authority(session, caller.authority_id), now)
    opened = open_joint(
        session,
        freeze(decision),
        expires_on=today + timedelta(days=LIFE_DAYS),
        by=caller.authority_id,
        actor=caller.actor,
        now=now,
    )
    file.track.joint_group = opened
    note_own_event(
        session,
        caller,
        file.track,
        "joint_opened",
        content={"group": str(opened)},
        now=now,
    )
    return opened, prepared_by


def note_joint_signature(
    session: Session,
    caller: Caller,
    track_id: UUID,
    attestation_id: UUID,
    *,
    now: datetime,
) -> None:
    """Note which attestation of the joint award a body has issued.

    The caller owns the transaction. Noting it again changes nothing.
    """
    file = open_file(session, caller.authority_id, track_id, to_change=True)
    own = own_award(file.awards, caller)
    if own.attestation_id == attestation_id:
        return
    own.attestation_id = attestation_id
    note_own_event(
        session,
        caller,
        file.track,
        "joint_signed",
        content={"target": own.target, "attestation": str(attestation_id)},
        now=now,
    )


def attest_alone(
    session: Session,
    caller: Caller,
    track_id: UUID,
    target: str,
    *,
    edition: EditionAtHand,
) -> NewAttestation:
    """Return what a body attests over its own award alone, as the holder asked.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        TargetNotFoundError: The track leads to no such award.
        NotAwardingBodyError: The award is another body's.
        BaseNotAwardedError: It was not awarded.
        JointFormNotWantedError: The participant has no name.
        SameSignatoryError: The caller has decided about the award.
        SystemCannotSignError: The caller is no person.
    """
    file = open_file(session, caller.authority_id, track_id, to_change=True)
    award = file.award(target)
    if award.authority_id != caller.authority_id:
        raise NotAwardingBodyError(f"{award.authority_id} attests {target}.")
    prepared_by = require_other_person(award, caller)
    if not file.participant.family_name:
        raise JointFormNotWantedError("Record the participant's name first.")
    inputs = own_inputs(session, file, award, edition)
    return NewAttestation(
        decision_id=uuid5(_AWARDS, f"{track_id}/{target}"),
        request_id=None,
        record=DecisionRecord(inputs, findings_of(inputs, edition.compiled)),
        prepared_by=prepared_by,
    )


def own_attestation(
    session: Session, caller: Caller, track_id: UUID, target: str
) -> UUID | None:
    """Return what a body has attested over its award alone, or None."""
    file = open_file(session, caller.authority_id, track_id)
    return file.award(target).own_attestation_id


def note_own_attestation(
    session: Session,
    caller: Caller,
    track_id: UUID,
    target: str,
    attestation_id: UUID,
    *,
    now: datetime,
) -> None:
    """Note which attestation a body has reserved over its award alone.

    The caller owns the transaction, which is the one of the reservation.
    """
    file = open_file(session, caller.authority_id, track_id, to_change=True)
    file.award(target).own_attestation_id = attestation_id
    note_own_event(
        session,
        caller,
        file.track,
        "attested_alone",
        content={"target": target, "attestation": str(attestation_id)},
        now=now,
    )


def own_award(awards: Iterable[_Award], caller: Caller) -> _Award:
    """Return the award that the caller's authority makes.

    Raises:
        NotAwardingBodyError: It makes none.
    """
    for award in awards:
        if award.authority_id == caller.authority_id:
            return award
    raise NotAwardingBodyError("Only a body that makes an award signs.")


def require_joint_form(file: FileView) -> None:
    """Make sure that the participant is named and wants the joint form.

    Raises:
        JointFormNotWantedError: The participant is not named, or has not consented.
    """
    if not file.track.consent["joint_form"] or not file.participant.family_name:
        raise JointFormNotWantedError(
            "Record the participant's name and consent to the joint form first."
        )


def require_other_person(award: AwardView, caller: Caller) -> str:
    """Return who decided about an award, which must be somebody else.

    Raises:
        SystemCannotSignError: The caller is no person.
        BaseNotAwardedError: The award was not made.
        SameSignatoryError: The caller has decided about the award.
    """
    if caller.kind is not PrincipalKind.PERSON:
        raise SystemCannotSignError("An award is attested by a person.")
    if award.status != AwardStatus.AWARDED or award.decided_by is None:
        raise BaseNotAwardedError(award.target, award.target, award.status)
    if award.decided_by == caller.actor:
        raise SameSignatoryError("Who decided about the award cannot sign it.")
    return award.decided_by


def _is_over(session: Session, file: TrackFile, group: UUID) -> bool:
    part = get_part(session, file.awards[0].authority_id, group)
    return JointState(part.state) in OVER
