"""Whether the issuer was competent for this decision when it took it.

Source: Lisbon Recognition Convention, article II.1 (the competent authority is
named and its competence published); Directive 2005/36/EC, article 56(3).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from recognition_service.credentials.attestation_credential import EQF_LEVEL
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.report import MandateFinding
from recognition_service.verification.trust import Mandate, TrustedIssuer


def find_mandate(
    issuer: TrustedIssuer,
    recognition: Mapping[str, Any],
    decided_on: date,
    at: datetime,
) -> MandateFinding:
    """Return how the issuer's mandates cover a decision, then and at `at`."""
    covering = [mandate for mandate in issuer.mandates if covers(mandate, recognition)]
    then = [mandate for mandate in covering if mandate.is_in_force(decided_on)]
    return MandateFinding(
        in_force_at_issue=bool(then),
        in_force_now=any(mandate.is_in_force(at.date()) for mandate in covering),
        href=then[0].href if then else None,
    )


def check_mandate(finding: MandateFinding) -> MandateFinding:
    """Check that a mandate covered the decision on the day it was taken.

    A mandate that ended later takes nothing away.

    Raises:
        CheckFailedError: None did.
    """
    if not finding.in_force_at_issue:
        raise CheckFailedError(Code.MANDATE_MISSING)
    return finding


def covers(mandate: Mandate, recognition: Mapping[str, Any]) -> bool:
    """Tell whether a mandate includes such a decision, whatever the day.

    A mandate that is limited in some respect does not include a decision that is
    silent about it.
    """
    target = recognition["target"]
    kinds, professions = mandate.decision_kinds, mandate.professions
    return (
        (not kinds or recognition["decisionKind"] in kinds)
        and (not professions or target.get("profession") in professions)
        and (
            not mandate.jurisdictions
            or set(mandate.jurisdictions).issuperset(recognition["validInJurisdiction"])
        )
        and (not mandate.levels or _includes_level(mandate.levels, target))
        and (not mandate.fields or _includes_field(mandate.fields, target.get("field")))
    )


def _includes_level(allowed: tuple[str, ...], target: Mapping[str, Any]) -> bool:
    eqf = target.get("EQFLevel", "").removeprefix(EQF_LEVEL)
    own = f"{target.get('framework')}:{target.get('level')}"
    return own in allowed or f"EQF:{eqf}" in allowed


def _includes_field(allowed: tuple[str, ...], value: str | None) -> bool:
    return value is not None and value.startswith(allowed)
