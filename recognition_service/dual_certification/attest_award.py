"""What bodies attest over a track: the joint award of all, or each its own alone.

Here it is only said what is to be attested; keys are used elsewhere. Whoever decided
about an award does not sign its attestation: two people act for each body.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import (
    ENGINE,
    DecisionRecord,
    new_nonce,
)
from recognition_service.attestations.drafts import NewAttestation
from recognition_service.attestations.findings import OFFICER, findings_of
from recognition_service.attestations.joint_issue import open_joint
from recognition_service.attestations.joint_parts import get_part
from recognition_service.attestations.joint_record import JointDecision, freeze
from recognition_service.attestations.models import JointState
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.authorities.models import PrincipalKind
from recognition_service.authorities.trust import issuer_url
from recognition_service.dual_certification.errors import (
    BaseNotAwardedError,
    JointFormNotWantedError,
    NotAwardingBodyError,
)
from recognition_service.dual_certification.lifecycle import AwardStatus, How
from recognition_service.dual_certification.models import TrackAward
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
from recognition_service.regimes.routing import NEUTRAL
from recognition_service.wording import LANGUAGES, text

LIFE_DAYS = 90
"""How long a joint award waits for the last signature."""
_AWARDS = UUID("2b0f4f64-2a53-5d0c-8f6b-6f2b7d1e9a40")
"""Namespace of the ids of decisions about single awards of tracks."""
_OVER = frozenset({JointState.WITHDRAWN, JointState.CANCELLED})


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
    own = _own_award(file, caller)
    prepared_by = _require_other_person(own, caller)
    group = file.track.joint_group
    if group is not None and not _is_over(session, file, group):
        return group, prepared_by
    if not file.track.consent["joint_form"] or not file.participant.family_name:
        raise JointFormNotWantedError(
            "Record the participant's name and consent to the joint form first."
        )
    decision = _joint_decision(session, file, edition, public_url)
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
    own = _own_award(file, caller)
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
    prepared_by = _require_other_person(award, caller)
    if not file.participant.family_name:
        raise JointFormNotWantedError("Record the participant's name first.")
    inputs = _own_inputs(session, file, award, edition)
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


def _own_award(file: TrackFile, caller: Caller) -> TrackAward:
    for award in file.awards:
        if award.authority_id == caller.authority_id:
            return award
    raise NotAwardingBodyError("Only a body that makes an award signs.")


def _require_other_person(award: TrackAward, caller: Caller) -> str:
    """Return who decided about an award, which must be somebody else."""
    if caller.kind is not PrincipalKind.PERSON:
        raise SystemCannotSignError("An award is attested by a person.")
    if award.status != AwardStatus.AWARDED or award.decided_by is None:
        raise BaseNotAwardedError(award.target, award.target, award.status)
    if award.decided_by == caller.actor:
        raise SameSignatoryError("Who decided about the award cannot sign it.")
    return award.decided_by


def _is_over(session: Session, file: TrackFile, group: UUID) -> bool:
    part = get_part(session, file.awards[0].authority_id, group)
    return JointState(part.state) in _OVER


def _joint_decision(
    session: Session, file: TrackFile, edition: EditionAtHand, public_url: str
) -> JointDecision:
    days = [award.decided_on for award in file.awards if award.decided_on is not None]
    dates = [award.awarded_on for award in file.awards if award.awarded_on is not None]
    return JointDecision(
        holder=_holder(file),
        edition=edition.in_force.base,
        targets=list(_targets(session, file, edition, public_url)),
        units=list(_units(file)),
        awards=[
            {
                "target": award.target,
                "awarded_on": award.awarded_on.isoformat()
                if award.awarded_on
                else None,
                "how": award.how,
            }
            for award in file.awards
            if award.status == AwardStatus.AWARDED
        ],
        decided_on=max((*days, *dates), default=file.track.enrolled_on),
    )


def _holder(file: TrackFile) -> dict[str, Any]:
    person = file.participant
    on_evidence = [
        name["name"] for name in person.other_names if name["kind"] == "on_evidence"
    ]
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "name_on_evidence": on_evidence[0] if on_evidence else None,
    }


def _targets(
    session: Session, file: TrackFile, edition: EditionAtHand, public_url: str
) -> Iterator[dict[str, Any]]:
    for target in file.curriculum["targets"]:
        body = read_authority(session, target["authority"])
        yield {
            "key": target["key"],
            "authority": body.id,
            "issuer": issuer_url(public_url, body.id),
            "qualification": _qualification(target, edition),
            "jurisdiction": body.jurisdiction,
            "profession": None,
            "requirements": target["requirements"],
            "legal_basis": [target["basis"] or "curriculum"],
        }


def _qualification(
    target: Mapping[str, Any], edition: EditionAtHand
) -> dict[str, str | None]:
    known = edition.compiled.snapshot.tables.qualifications
    row = known.get(target["qualification"])
    return {
        "title": row.title if row else target["qualification"],
        "framework": row.framework if row else None,
        "level": row.level if row else None,
        "eqf": None,
    }


def _units(file: TrackFile) -> Iterator[dict[str, Any]]:
    """Yield the units that were achieved; who assessed them is no part of it."""
    for unit in file.curriculum["units"]:
        result = file.results.get(unit["id"])
        if result is not None and unit["counts_for"]:
            yield {
                "id": unit["id"],
                "title": unit["title"],
                "credits": unit.get("credits"),
                "hours": unit.get("hours"),
                "provider": unit["provider"],
                "place": unit["place"],
                "counts_for": unit["counts_for"],
                "result": {
                    "achieved_on": result.achieved_on.isoformat(),
                    "evidence": result.evidence,
                    "kind": result.kind,
                },
            }


def _own_inputs(
    session: Session, file: TrackFile, award: TrackAward, edition: EditionAtHand
) -> dict[str, Any]:
    """Return the inputs of a decision that is about one award and no other."""
    body = read_authority(session, award.authority_id)
    by_key = {target["key"]: target for target in file.curriculum["targets"]}
    own = _qualification(by_key[award.target], edition)
    is_recognised = award.how == How.RECOGNISED
    base = file.award(award.rests_on_target or award.target)
    held = _qualification(by_key[str(base.target)], edition)
    awarded_on = str(award.awarded_on)
    code = "award.recognised" if is_recognised else "award.earned"
    return {
        "nonce": new_nonce(),
        "engine": ENGINE,
        "edition": edition.as_value(),
        "authority": body.id,
        "regime": NEUTRAL,
        "decided_by": OFFICER,
        "decided_on": awarded_on,
        "decision_kind": "equivalence_finding",
        "purpose": "general_employment",
        "destination": {"jurisdiction": body.jurisdiction, "profession": None},
        "holder": _holder(file),
        "held": {
            "qualification": None,
            "title": held["title"],
            "title_language": None,
            "framework": None,
            "level": None,
            "origin": read_authority(session, base.authority_id).jurisdiction,
            "awarded_on": str(base.awarded_on),
            "training_started_on": None,
            "awarding_body": {
                "name": read_authority(session, base.authority_id).name,
                "country": None,
                "id": None,
            },
            "institution_status": None,
            "authenticity": {
                "grade": "issuer_signed",
                "established_by": award.decided_by,
            },
            "prior_recognitions": [],
            "facts": {},
        },
        "decision": {
            "decision_kind": "equivalence_finding",
            "outcome": "full",
            "reference": {
                "qualification": own["title"],
                "framework": own["framework"],
                "level": own["level"],
            },
            "legal_basis": [by_key[award.target]["basis"] or "curriculum"],
            "text": {
                language: text(code, {"title": own["title"]}, language)
                for language in LANGUAGES
            },
        },
    }
