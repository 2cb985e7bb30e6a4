"""Who may be admitted to a programme: limits of age, on admission only.

An age limit is a rule of some programmes about who takes part. Nothing that is
recognised or awarded later may depend on it.
"""

from dataclasses import dataclass
from datetime import date

from recognition_service.equivalence.admission import (
    Admission,
    AdmissionReason,
    check_admission,
)
from recognition_service.frameworks.programmes import ProgrammeLimit
from recognition_service.frameworks.tables import Tables


@dataclass(frozen=True, slots=True)
class AdmissionFault:
    """Why somebody is not admitted.

    Attributes:
        code: The rule: `birth_date_needed`, `under_age_limit` or `over_age_limit`.
        detail: A sentence about it.
    """

    code: str
    detail: str


def admission_fault(
    tables: Tables, programme: str, birth_date: date | None, enrolled_on: date
) -> AdmissionFault | None:
    """Return why a programme does not admit somebody on a day, or None.

    A limit that is not established keeps nobody out.
    """
    limits = [
        row for row in tables.programme_limits.values() if row.programme == programme
    ]
    found = check_admission(limits, birth_date, enrolled_on)
    rule = _rule(limits, tables.programmes[programme].name_en)
    if found.reason is AdmissionReason.BIRTH_DATE_UNKNOWN:
        return AdmissionFault("birth_date_needed", f"Give the birth date. {rule}")
    match found.admission:
        case Admission.TOO_YOUNG:
            return AdmissionFault("under_age_limit", f"The age is {found.age}. {rule}")
        case Admission.TOO_OLD:
            return AdmissionFault("over_age_limit", f"The age is {found.age}. {rule}")
        case Admission.ADMITTED | Admission.NOT_ESTABLISHED:
            return None


def _rule(limits: list[ProgrammeLimit], name: str) -> str:
    told = " and ".join(
        f"from the age of {row.age_min or '…'} to that of {row.age_max or '…'}"
        for row in limits
        if row.age_min is not None or row.age_max is not None
    )
    return f"{name} admits {told}. The limit is one of admission, never of recognition."
