"""Tracks as the documents that callers get."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.joint_parts import get_part, joint_document
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.peers import issuer_of
from recognition_service.clock import format_instant
from recognition_service.dual_certification.follow_up import DESKILLING, Work
from recognition_service.dual_certification.lifecycle import is_dual_certification
from recognition_service.dual_certification.models import (
    Track,
    TrackAward,
    TrackParticipant,
    UnitResult,
)
from recognition_service.dual_certification.record_follow_ups import follow_ups_of
from recognition_service.dual_certification.track_file import TrackFile, events_of
from recognition_service.equivalence.destination_gaps import Gap
from recognition_service.equivalence.progress import missing
from recognition_service.equivalence.standards_document import (
    missing_document,
    open_document,
)


def as_document(
    session: Session, file: TrackFile, *, viewer: str, public_url: str
) -> dict[str, Any]:
    """Return a track whole, for an authority that takes part in it.

    Why an award was refused or revoked is told to the body that decided so, and to
    no other; who acted is told of the viewer's own people. What the participant
    answered afterwards is told to the keeper alone.

    Args:
        session: Any session.
        file: The track's file.
        viewer: The authority that asks.
        public_url: Prefix of ids and links.
    """
    track, curriculum = file.track, file.curriculum
    plan = file.plan()
    found = missing(plan, file.achieved(), targets=file.open_targets())
    return {
        **_head(track),
        "applicant": _person(file.participant),
        "consent": track.consent,
        "targets": curriculum["targets"],
        "destinations": curriculum["destinations"],
        "units": [
            {**unit, "result": _result(file.results.get(unit["id"]))}
            for unit in curriculum["units"]
        ],
        "missing": missing_document(found),
        "phases": _phases(curriculum["units"], file.results),
        "awards": [_award(award, viewer) for award in file.awards],
        "dual_certification": is_dual_certification(file.standings()),
        "joint": _joint(session, file, public_url),
        "interruptions": track.interruptions,
        "return": {
            "returned_on": track.returned_on.isoformat() if track.returned_on else None,
            "experience": file.participant.experience,
        },
        "follow_ups": _follow_ups(session, track, viewer),
        "history": [
            {
                "at": format_instant(event.at),
                "by": event.by_authority,
                "actor": event.actor if event.by_authority == viewer else None,
                "event": event.event,
                **event.content,
            }
            for event in events_of(session, track)
        ],
        "links": _links(track, public_url),
    }


def summary(
    track: Track, awards: Sequence[TrackAward], *, public_url: str
) -> dict[str, Any]:
    """Return what lists show of a track: nothing that names the person."""
    return {
        **_head(track),
        "awards": [
            {
                "target": award.target,
                "authority": award.authority_id,
                "status": award.status,
            }
            for award in awards
        ],
        "links": _links(track, public_url),
    }


def gap_documents(gaps: Iterable[Gap]) -> list[dict[str, Any]]:
    """Return gaps towards destinations."""
    return [
        {
            "destination": gap.destination.code,
            "qualification": gap.destination.qualification,
            "units_count": "as_if" if gap.destination.counting is None else "by_rule",
            "missing": [open_document(each) for each in gap.now],
            "missing_in_the_end": [open_document(each) for each in gap.in_the_end],
            "differences": {
                "covered": list(gap.covered),
                "planned": list(gap.planned),
                "open": list(gap.open),
            },
            "decides": False,
        }
        for gap in gaps
    ]


def _head(track: Track) -> dict[str, Any]:
    return {
        "id": str(track.id),
        "keeper": track.authority_id,
        "programme": track.programme or None,
        "is_example": track.is_example,
        "participant_ref": track.participant_ref,
        "origin": track.origin,
        "track": track.course,
        "status": track.status,
        "enrolled_on": track.enrolled_on.isoformat(),
    }


def _person(participant: TrackParticipant) -> dict[str, Any] | None:
    """Return the person; None where the keeper has told nothing."""
    told = {
        "family_name": participant.family_name,
        "given_name": participant.given_name,
        "birth_date": participant.birth_date.isoformat()
        if participant.birth_date
        else None,
        "other_names": participant.other_names,
    }
    return told if any(told.values()) else None


def _result(row: UnitResult | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "achieved_on": row.achieved_on.isoformat(),
        "assessor": row.assessor,
        "evidence": row.evidence,
        "kind": row.kind,
    }


def _phases(
    units: Sequence[Mapping[str, Any]], results: Mapping[str, UnitResult]
) -> list[dict[str, Any]]:
    """Return how far each phase has come, in their order."""
    phases: dict[int, list[Mapping[str, Any]]] = {}
    for unit in units:
        if unit["phase"] is not None:
            phases.setdefault(unit["phase"], []).append(unit)
    return [
        {
            "phase": number,
            "places": sorted({unit["place"] for unit in part if unit["place"]}),
            "units": len(part),
            "achieved": sum(unit["id"] in results for unit in part),
        }
        for number, part in sorted(phases.items())
    ]


def _award(award: TrackAward, viewer: str) -> dict[str, Any]:
    # The keeper tells the participant what a body of another installation has said.
    keeps = viewer == award.keeper_id and is_elsewhere(award.authority_id)
    is_told = viewer == award.authority_id or keeps
    return {
        "target": award.target,
        "status": award.status,
        "awarded_on": award.awarded_on.isoformat() if award.awarded_on else None,
        "how": award.how,
        "attestation": _text(award.attestation_id or award.own_attestation_id),
        "stand_alone": _text(award.own_attestation_id),
        "rests_on": str(award.rests_on) if award.rests_on else None,
        "decided_on": award.decided_on.isoformat() if award.decided_on else None,
        "reason": award.reason if is_told else None,
    }


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def _joint(session: Session, file: TrackFile, public_url: str) -> dict[str, Any]:
    """Return where the joint attestation stands, and whose signatures it needs."""
    awards, group = file.awards, file.track.joint_group
    if group is not None:
        part = get_part(session, awards[0].authority_id, group)
        found = joint_document(session, part, public_url=public_url)
        del found["role"]  # It is that of one of the bodies.
        return found
    bodies = dict.fromkeys(award.authority_id for award in awards)
    return {
        "state": "none",
        "group": None,
        "required": [issuer_of(session, public_url, body) for body in bodies],
        "signed": [],
        "expires_on": None,
    }


def _follow_ups(
    session: Session, track: Track, viewer: str
) -> list[dict[str, Any]] | None:
    """Return what the participant answered; None: that is not for the viewer."""
    if viewer != track.authority_id:
        return None
    return [
        {
            "months": row.months,
            "answered_on": row.answered_on.isoformat(),
            "employed": row.employed,
            "occupation": row.occupation,
            "same_sector": row.same_sector,
            "residence": row.residence,
            "movement": row.movement,
            "expected_skill_level": row.expected_skill,
            "deskilling": DESKILLING[Work(row.work)],
        }
        for row in follow_ups_of(session, track)
    ]


def _links(track: Track, public_url: str) -> dict[str, str]:
    url = f"{public_url}/api/v1/dual-certifications/{track.id}"
    return {"self": url, "gap": f"{url}/gap"}
