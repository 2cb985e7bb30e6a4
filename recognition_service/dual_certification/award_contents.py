"""What is said in the attestations over a track, from what its file holds."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import ENGINE, new_nonce
from recognition_service.attestations.findings import OFFICER
from recognition_service.attestations.joint_record import JointDecision
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.found import read_authority
from recognition_service.authorities.peers import issuer_of
from recognition_service.dual_certification.file_views import (
    AwardView,
    FileView,
    results_in,
)
from recognition_service.dual_certification.lifecycle import AwardStatus, How
from recognition_service.dual_certification.models import TrackAward
from recognition_service.dual_certification.track_file import TrackFile
from recognition_service.equivalence.progress import Plan, open_requirements
from recognition_service.equivalence.standards_document import open_document
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.regimes.routing import NEUTRAL
from recognition_service.wording import LANGUAGES, text


def joint_decision(
    file: FileView, edition: EditionAtHand, targets: list[dict[str, Any]], plan: Plan
) -> JointDecision:
    """Return what the bodies of a track have decided, to be frozen.

    Who assessed a unit is no part of it. An award of a body in another installation is
    proposed for the day of the last award here; whether it is made that body decides
    before it signs.

    Args:
        file: The track.
        edition: The tables in force.
        targets: As `joint_targets` returns them.
        plan: The curriculum, compiled.
    """
    awarded = [award for award in file.awards if award.status == AwardStatus.AWARDED]
    days = [award.decided_on for award in file.awards if award.decided_on is not None]
    dates = [award.awarded_on for award in awarded if award.awarded_on is not None]
    proposed_on = max(dates, default=file.track.enrolled_on)
    proposed = [award.target for award in file.awards if _is_proposed(award)]
    return JointDecision(
        holder=_holder(file),
        edition=edition.in_force.base,
        targets=targets,
        units=list(_units(file)),
        awards=[
            *(_award(each.target, each.awarded_on, each.how) for each in awarded),
            *(_award(target, proposed_on, How.EARNED) for target in proposed),
        ],
        decided_on=max((*days, *dates), default=file.track.enrolled_on),
        missing=_missing(file, plan, proposed, proposed_on),
    )


def _is_proposed(award: AwardView) -> bool:
    """Tell whether another installation is to decide about an award."""
    return is_elsewhere(award.authority_id) and award.status in {
        AwardStatus.OPEN,
        AwardStatus.REFUSED,
    }


def _award(target: str, awarded_on: date | None, how: str | None) -> dict[str, Any]:
    return {
        "target": target,
        "awarded_on": awarded_on.isoformat() if awarded_on else None,
        "how": how,
    }


def _missing(
    file: FileView, plan: Plan, targets: Sequence[str], on: date
) -> dict[str, list[Any]]:
    """Return what awards lack that nobody has decided about yet, by target."""
    if not targets:
        return {}
    by_then = {
        unit: result
        for unit, result in results_in(file.results).items()
        if result.achieved_on <= on
    }
    found = open_requirements(plan, by_then)
    return {
        target: [open_document(each) for each in found[target]] for target in targets
    }


def joint_targets(
    session: Session,
    curriculum: Mapping[str, Any],
    edition: EditionAtHand,
    public_url: str,
) -> list[dict[str, Any]]:
    """Return the awards of a curriculum as they stand in a joint record."""
    found = []
    for target in curriculum["targets"]:
        body = read_authority(session, target["authority"])
        found.append(
            {
                "key": target["key"],
                "issuer": issuer_of(session, public_url, body.id),
                "qualification": _qualification(target, edition),
                "jurisdiction": body.jurisdiction,
                "profession": None,
                "requirements": target["requirements"],
                "legal_basis": [target["basis"] or "curriculum"],
            }
        )
    return found


def _holder(file: FileView) -> dict[str, Any]:
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


def _units(file: FileView) -> Iterator[dict[str, Any]]:
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


def own_inputs(
    session: Session, file: TrackFile, award: TrackAward, edition: EditionAtHand
) -> dict[str, Any]:
    """Return the inputs of a decision that is about one award and no other."""
    body = read_authority(session, award.authority_id)
    return {
        "nonce": new_nonce(),
        "engine": ENGINE,
        "edition": edition.as_value(),
        "authority": body.id,
        "regime": NEUTRAL,
        "decided_by": OFFICER,
        "decided_on": str(award.awarded_on),
        "decision_kind": "equivalence_finding",
        "purpose": "general_employment",
        "destination": {"jurisdiction": body.jurisdiction, "profession": None},
        "holder": _holder(file),
        "held": _held(session, file, award, edition),
        "decision": _decision(file, award, edition),
    }


def _held(
    session: Session, file: TrackFile, award: TrackAward, edition: EditionAtHand
) -> dict[str, Any]:
    """Return what the award rests on: itself, or the award that was recognised."""
    base = file.award(award.rests_on_target or award.target)
    by = read_authority(session, base.authority_id)
    return {
        "qualification": None,
        "title": _qualification(_target(file, base), edition)["title"],
        "title_language": None,
        "framework": None,
        "level": None,
        "origin": by.jurisdiction,
        "awarded_on": str(base.awarded_on),
        "training_started_on": None,
        "awarding_body": {"name": by.name, "country": by.country, "id": None},
        "institution_status": None,
        "authenticity": {"grade": "issuer_signed", "established_by": award.decided_by},
        "prior_recognitions": [],
        "facts": {},
    }


def _decision(
    file: TrackFile, award: TrackAward, edition: EditionAtHand
) -> dict[str, Any]:
    target = _target(file, award)
    own = _qualification(target, edition)
    code = "award.recognised" if award.how == How.RECOGNISED else "award.earned"
    return {
        "decision_kind": "equivalence_finding",
        "outcome": "full",
        "reference": {
            "qualification": own["title"],
            "framework": own["framework"],
            "level": own["level"],
        },
        "legal_basis": [target["basis"] or "curriculum"],
        "text": {
            language: text(code, {"title": own["title"]}, language)
            for language in LANGUAGES
        },
    }


def _target(file: TrackFile, award: TrackAward) -> Mapping[str, Any]:
    targets: list[Mapping[str, Any]] = file.curriculum["targets"]
    return next(each for each in targets if each["key"] == award.target)
