"""What a training has shown for a case: passed units, and what they make up for.

`units` lists {id, title, provider, achieved_on, assessor, evidence, kind, covers,
taken_back_on}, `differences` {subject, why_essential, named_by, units}, where
`named_by` is a list of {source, reference} and `units` one of ids. Days are text.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.clock import format_instant
from recognition_service.equivalence.compensation import Compensation, PassedUnit
from recognition_service.recognition.assessment_models import CaseTraining

_OF_EVIDENCE = ("title", "achieved_on", "assessor", "evidence")


def training_of(
    session: Session, authority_id: str, request_id: UUID
) -> CaseTraining | None:
    """Return what a training has shown for a case; None: nobody looked at one."""
    return session.scalars(
        select(CaseTraining).where(
            CaseTraining.authority_id == authority_id,
            CaseTraining.request_id == request_id,
        )
    ).first()


def standing_units(training: CaseTraining | None) -> dict[str, Mapping[str, Any]]:
    """Return the passed units whose results still stand, by their ids."""
    units: Iterable[Mapping[str, Any]] = training.content["units"] if training else ()
    return {each["id"]: each for each in units if each["taken_back_on"] is None}


def evidence_of(unit: Mapping[str, Any]) -> dict[str, Any]:
    """Return what shows that a unit was passed, as a decision names it."""
    told = {name: unit[name] for name in _OF_EVIDENCE}
    return {**told, "kind_of_result": unit["kind"]}


def training_document(training: CaseTraining | None) -> dict[str, Any] | None:
    """Return what a training has shown, with what of it stands now.

    A difference is compensated while one of its units stands.
    """
    if training is None:
        return None
    standing = standing_units(training)
    return {
        "source": {
            "authority": training.source_authority,
            "id": str(training.source_id),
        },
        "units": training.content["units"],
        "differences": [
            {
                **difference,
                "compensated": any(each in standing for each in difference["units"]),
            }
            for difference in training.content["differences"]
        ],
        "recorded_by": training.recorded_by,
        "recorded_at": format_instant(training.recorded_at),
    }


def unit_value(unit: PassedUnit) -> dict[str, Any]:
    """Return a unit as a case keeps it."""
    taken_back_on = unit.taken_back_on
    return {
        "id": unit.id,
        "title": unit.title,
        "provider": unit.provider,
        "achieved_on": unit.achieved_on.isoformat(),
        "assessor": unit.assessor,
        "evidence": unit.evidence,
        "kind": unit.kind,
        "covers": list(unit.covers),
        "taken_back_on": taken_back_on.isoformat() if taken_back_on else None,
    }


def difference_value(found: Compensation) -> dict[str, Any]:
    """Return a known difference as a case keeps it."""
    return {
        "subject": found.subject,
        "why_essential": found.why_essential,
        "named_by": [
            {"source": each.source.value, "reference": each.reference}
            for each in found.named_by
        ],
        "units": list(found.units),
    }
