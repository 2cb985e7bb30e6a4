"""What a digital credential says about the qualification that is held.

It is offered to the officer, who compares it; the case is never written over.
"""

from typing import Any

from recognition_service.recognition.models import Applicant
from recognition_service.recognition.paper_authenticity import GOOD
from recognition_service.verification.report import HolderFinding, Report


def proposal_of(report: Report, applicant: Applicant) -> dict[str, Any] | None:
    """Return what a genuine credential tells of its award, None if it tells nothing.

    `same_name` compares the names in the credential with the applicant's, without
    regard to capital letters; None: no name was disclosed. That the names are the same
    does not prove that the persons are.
    """
    recognition = report.recognition
    if report.verdict not in GOOD or recognition is None or recognition.source is None:
        return None
    source = recognition.source
    return {
        "title": source["title"],
        "origin": source["origin"],
        "framework": source["framework"],
        "level": source["level"],
        "awarded_on": source["awarded_on"],
        "awarding_body": source["awarded_by"],
        "same_name": _is_same_name(report.holder, applicant),
    }


def _is_same_name(holder: HolderFinding | None, applicant: Applicant) -> bool | None:
    if holder is None:
        return None
    pairs = (
        (holder.family_name, applicant.family_name),
        (holder.given_name, applicant.given_name),
    )
    return all(
        told is None or (known is not None and told.casefold() == known.casefold())
        for told, known in pairs
    )
