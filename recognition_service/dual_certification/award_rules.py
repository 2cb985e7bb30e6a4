"""When a body may decide about its award, and how: the same for one and for many.

Source: Lisbon Recognition Convention, article III.5 (reasons are given).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from recognition_service.dual_certification.errors import (
    AwardInvalidError,
    BaseNotAwardedError,
    NotAwardingBodyError,
    RequirementsOpenError,
)
from recognition_service.dual_certification.file_views import (
    AwardView,
    FileView,
    award_of,
    results_in,
)
from recognition_service.dual_certification.lifecycle import (
    AwardStatus,
    How,
    next_award_status,
)
from recognition_service.equivalence.progress import Plan, open_requirements
from recognition_service.equivalence.standards_document import open_document


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDecision:
    """What a body decides about its award.

    Attributes:
        status: Awarded, refused or revoked.
        awarded_on: Of an award only.
        how: Of an award only.
        rests_on: The other award's attestation, of a recognised award only.
        reason: Of a refusal or a revocation, in the words of the body.
    """

    status: AwardStatus
    awarded_on: date | None = None
    how: How | None = None
    rests_on: UUID | None = None
    reason: str | None = None


def require_decidable(
    award: AwardView, decision: AwardDecision, authority_id: str
) -> AwardStatus:
    """Return what an award becomes by a decision, apart from what it rests on.

    Raises:
        NotAwardingBodyError: The award is another body's.
        AwardInvalidError: A member is missing, or does not belong to the status.
        AwardTransitionError: The award stands where this cannot follow.
    """
    if award.authority_id != authority_id:
        raise NotAwardingBodyError(
            f"{award.authority_id} decides about {award.target}."
        )
    faults = tuple(_faults(decision))
    if faults:
        raise AwardInvalidError("The decision is not complete.", faults)
    return next_award_status(award.status, decision.status)


def require_declared_base(file: FileView, award: AwardView) -> None:
    """Make sure that the award was made that this one depends on, if any.

    Raises:
        BaseNotAwardedError: It was not.
    """
    depends_on = declared_base(file.curriculum, award.target)
    if depends_on is not None:
        require_awarded(award, award_of(file.awards, depends_on))


def require_awarded(award: AwardView, base: AwardView) -> None:
    """Make sure that an award was made, on which another one depends or rests.

    Raises:
        BaseNotAwardedError: It was not.
    """
    if base.status != AwardStatus.AWARDED:
        raise BaseNotAwardedError(award.target, base.target, base.status)


def require_earned(
    file: FileView, plan: Plan, award: AwardView, on: date | None
) -> None:
    """Make sure that everything that an award demands was achieved by a day.

    Raises:
        RequirementsOpenError: Something is missing.
    """
    by_then = {
        unit: result
        for unit, result in results_in(file.results).items()
        if on is None or result.achieved_on <= on
    }
    found = open_requirements(plan, by_then)[award.target]
    if found:
        raise RequirementsOpenError(
            award.target, [open_document(each) for each in found]
        )


def declared_base(curriculum: Mapping[str, Any], key: str) -> str | None:
    """Return the award that an award depends on by the curriculum, or None."""
    (base,) = (
        target["depends_on"] for target in curriculum["targets"] if target["key"] == key
    )
    return str(base) if base is not None else None


def fault(name: str, code: str, detail: str) -> dict[str, str]:
    """Return what is wrong with a member of a decision."""
    return {"pointer": f"/{name}", "code": code, "detail": detail}


def _faults(decision: AwardDecision) -> Iterator[dict[str, str]]:
    """Yield what a decision lacks, and what it says although it may not."""
    is_award = decision.status is AwardStatus.AWARDED
    is_recognised = decision.how is How.RECOGNISED
    expected = {
        "awarded_on": (decision.awarded_on, is_award),
        "how": (decision.how, is_award),
        "rests_on": (decision.rests_on, is_award and is_recognised),
    }
    for name, (value, is_needed) in expected.items():
        if is_needed and value is None:
            yield fault(name, "required", "This decision needs it.")
        elif value is not None and not is_needed:
            yield fault(name, "not_expected", "This decision has none.")
    if not is_award and decision.reason is None:
        yield fault("reason", "required", "Whoever is refused is told why.")
