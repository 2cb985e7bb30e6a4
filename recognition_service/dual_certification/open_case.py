"""A graduate's case at another authority, opened or supplemented from the track.

The authority that is asked decides; the track says which award is held, and which of
the differences that are looked for there a passed unit makes up for.

Source: Lisbon Recognition Convention, article III.3 (who has awarded helps who has to
recognise); for a return to the state of origin, the same from the other side.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.bases import base_in, within_base
from recognition_service.attestations.errors import BaseNotValidError
from recognition_service.attestations.joint_status import INCOMPLETE
from recognition_service.attestations.models import Status
from recognition_service.attestations.read import get_attestation
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import read_authority
from recognition_service.clock import parse_day
from recognition_service.dual_certification.award_rules import require_awarded
from recognition_service.dual_certification.errors import (
    NoTrackBehindError,
    OwnAwardError,
    ParticipantUnnamedError,
    TrackOfAnotherPersonError,
)
from recognition_service.dual_certification.models import TrackAward
from recognition_service.dual_certification.shown_training import (
    find_award,
    training_on,
)
from recognition_service.dual_certification.track_file import (
    TrackFile,
    note_own_event,
    open_file,
)
from recognition_service.recognition.case_file import (
    CaseFile,
    EditionAtHand,
)
from recognition_service.recognition.case_file import open_file as open_case_file
from recognition_service.recognition.decide import SignedDecision
from recognition_service.recognition.experience import (
    NewExperience,
    NewPeriod,
    record_experience,
)
from recognition_service.recognition.models import RecognitionRequest
from recognition_service.recognition.record_training import record_training
from recognition_service.recognition.submit import NewApplicant, NewRequest, submit
from recognition_service.recognition.vocabulary import Stage

VersionCheck = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrackCase:
    """What is asked for on a track; who asks and what is held the track says.

    Attributes:
        award: Key of the award that is held.
        jurisdiction: None: the one of the authority that is asked.
    """

    award: str
    decision_kind: str
    purpose: str
    jurisdiction: str | None = None
    profession: str | None = None
    language: str = "en"
    stage: str = "in_destination"
    external_reference: str | None = None
    regime: str | None = None


def open_case_on_track(
    session: Session,
    caller: Caller,
    track_id: UUID,
    new: NewTrackCase,
    *,
    edition: EditionAtHand,
    now: datetime,
) -> tuple[RecognitionRequest, SignedDecision | None]:
    """Open a case of the caller's authority about an award of a track.

    The caller owns the transaction. Where a valid attestation of the award is there,
    the case rests on it and ends with it. Unless a rule decides at once, the assessment
    is written as far as the passed units say something; after a return it has the
    experience along that the participant told of.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        TargetNotFoundError: The track leads to no such award.
        OwnAwardError: The authority has made the award itself.
        BaseNotAwardedError: The award was not made, or is gone.
        BaseNotValidError: Its attestation is suspended or revoked.
        ParticipantUnnamedError: The keeper has not told who the participant is.
        RecognitionError: As `submit`.
    """
    file = open_file(session, caller.authority_id, track_id, to_change=True)
    award = file.award(new.award)
    if award.authority_id == caller.authority_id:
        raise OwnAwardError(f"{caller.authority_id} has made {new.award} itself.")
    require_awarded(award, award)
    request, signed = submit(
        session,
        caller,
        _request(session, caller, file, award, new),
        edition=edition,
        now=now,
    )
    if signed is None:
        case = open_case_file(session, caller.authority_id, request.id, to_change=True)
        record_training(
            session,
            caller,
            case,
            training_on(file, request.destination),
            snapshot=edition.compiled.snapshot,
            now=now,
        )
        told = file.participant.experience
        if told and new.stage == Stage.AFTER_RETURN:
            record_experience(session, caller, case, _experience(told), now=now)
    note_own_event(
        session,
        caller,
        file.track,
        "case_opened",
        content={"target": award.target},
        now=now,
    )
    return request, signed


def record_track(
    session: Session,
    caller: Caller,
    request_id: UUID,
    track_id: UUID | None,
    *,
    check: VersionCheck,
    edition: EditionAtHand,
    now: datetime,
) -> None:
    """Bring a case to what the track behind its held qualification shows now.

    The caller owns the transaction. Without a track the one is taken whose award the
    attestation is over that the case rests on: the person has brought it along.

    Args:
        session: A writing session.
        caller: Of the authority whose case it is.
        request_id: The case.
        track_id: A track in which the authority takes part, or None.
        check: Refuses a version of the case that is not the one that was read.
        edition: The edition in force for the authority.
        now: The instant.

    Raises:
        RequestNotFoundError: The authority has no such case.
        TrackNotFoundError: It takes part in no such track.
        NoTrackBehindError: What is held rests on no award of a track.
        BaseNotValidError: Its attestation is not valid any more.
        BaseNotAwardedError: The award was taken back.
        TrackOfAnotherPersonError: Case and track state different birth dates.
        TransitionNotAllowedError: The case is decided or over.
    """
    # The track is locked before the case, as by whoever takes a result back.
    track = _track_behind(session, caller, request_id, track_id, now=now)
    case = open_case_file(session, caller.authority_id, request_id, to_change=True)
    check(case.request.version)
    _require_same_person(case, track)
    record_training(
        session,
        caller,
        case,
        training_on(track, case.request.destination),
        snapshot=edition.compiled.snapshot,
        now=now,
    )


def _track_behind(
    session: Session,
    caller: Caller,
    request_id: UUID,
    track_id: UUID | None,
    *,
    now: datetime,
) -> TrackFile:
    """Return the track on which a held qualification of a case rests, locked.

    Raises:
        NoTrackBehindError: None does.
        BaseNotValidError: What is held is attested by nothing that is valid now.
    """
    case = open_case_file(session, caller.authority_id, request_id)
    if track_id is not None:
        return open_file(session, caller.authority_id, track_id, to_change=True)
    for held in case.held:
        base = base_in(held.content)
        award = find_award(session, *base) if base is not None else None
        if award is None:
            continue
        within_base(session, held.content, now=now)
        track = open_file(session, award.keeper_id, award.track_id, to_change=True)
        found = track.award(award.target)
        require_awarded(found, found)
        return track
    raise NoTrackBehindError("No held qualification is an attested award of a track.")


def _require_same_person(case: CaseFile, track: TrackFile) -> None:
    """Refuse a track of somebody else: names differ by spelling, birth dates do not.

    Raises:
        TrackOfAnotherPersonError: Two birth dates are stated.
    """
    stated = case.applicant.birth_date, track.participant.birth_date
    if None not in stated and stated[0] != stated[1]:
        raise TrackOfAnotherPersonError("Case and track state other birth dates.")


def _request(
    session: Session,
    caller: Caller,
    file: TrackFile,
    award: TrackAward,
    new: NewTrackCase,
) -> NewRequest:
    """Return what is asked for, about whom and about what."""
    authority = read_authority(session, caller.authority_id)
    return NewRequest(
        decision_kind=new.decision_kind,
        purpose=new.purpose,
        jurisdiction=new.jurisdiction or authority.jurisdiction,
        profession=new.profession,
        language=new.language,
        stage=new.stage,
        external_reference=new.external_reference,
        regime=new.regime,
        applicant=_applicant(file),
        held=(_held(session, file, award),),
    )


def _applicant(file: TrackFile) -> NewApplicant:
    person = file.participant
    if not person.family_name:
        raise ParticipantUnnamedError("Record the participant's name first.")
    return NewApplicant(
        family_name=person.family_name,
        given_name=person.given_name,
        birth_date=person.birth_date,
        other_names=tuple(person.other_names),
    )


def _experience(told: Iterable[Mapping[str, Any]]) -> NewExperience:
    """Return what a participant told of work abroad; nobody vouches for it yet."""
    return NewExperience(
        periods=tuple(
            NewPeriod(
                activity=each["activity"],
                occupation=each.get("occupation"),
                employer=each.get("employer"),
                place=each.get("place"),
                began_on=parse_day(each.get("began_on")),
                ended_on=parse_day(each.get("ended_on")),
                hours_per_week=each.get("hours_per_week"),
                full_time_hours=each.get("full_time_hours"),
            )
            for each in told
        )
    )


def _held(session: Session, file: TrackFile, award: TrackAward) -> Mapping[str, Any]:
    """Return an award as a held qualification: its body has made it, and says so."""
    body = read_authority(session, award.authority_id)
    (target,) = (
        each for each in file.curriculum["targets"] if each["key"] == award.target
    )
    attestation = _attestation(session, award)
    return {
        "qualification": target["qualification"],
        "origin": body.jurisdiction,
        "awarded_on": str(award.awarded_on),
        "awarding_body": {"name": body.name, "country": body.country, "id": None},
        "authenticity": {
            "grade": "issuer_signed" if attestation else "confirmed_by_issuer",
            "established_by": f"authority:{body.id}",
            "established_on": str(award.decided_on),
        },
        **(
            {"attestation": {"authority": body.id, "id": str(attestation)}}
            if attestation
            else {}
        ),
    }


def _attestation(session: Session, award: TrackAward) -> UUID | None:
    """Return the attestation of an award on which a case can rest, if there is one.

    A joint award that not all bodies have signed yet attests nothing.

    Raises:
        BaseNotValidError: What was attested is suspended, revoked or superseded.
    """
    gone: UUID | None = None
    for attestation_id in (award.own_attestation_id, award.attestation_id):
        if attestation_id is None:
            continue
        found = get_attestation(session, award.authority_id, attestation_id)
        if found.issued_at is not None and found.status == Status.VALID:
            return attestation_id
        if found.issued_at is not None and found.status_reason != INCOMPLETE:
            gone = attestation_id
    if gone is not None:
        raise BaseNotValidError(gone)
    return None
