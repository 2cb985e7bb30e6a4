"""Who may be admitted to a programme: limits of age, on admission only.

An age limit is a rule of some programmes about who takes part. Nothing that is
recognised or awarded later may depend on it.

Source: EMN Inform "Skills Mobility Partnerships" (2022), section 5.3 (Luxembourg:
participants of 18 to 35 years).
"""

from dataclasses import dataclass
from datetime import date

from recognition_service.frameworks.instruments import Programme


@dataclass(frozen=True, slots=True)
class AdmissionFault:
    """Why somebody is not admitted.

    Attributes:
        code: The rule: `birth_date_needed`, `under_age_limit` or `over_age_limit`.
        detail: A sentence about it.
    """

    code: str
    detail: str


def age_on(birth_date: date, day: date) -> int:
    """Return the full years of life on a day; of 29 February from 1 March on."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def admission_fault(
    programme: Programme, birth_date: date | None, enrolled_on: date
) -> AdmissionFault | None:
    """Return why a programme does not admit somebody on a day, or None.

    Both limits are included: who is 35 is admitted up to the 36th birthday.
    """
    least, most = programme.age_min, programme.age_max
    if least is None and most is None:
        return None
    rule = (
        f"{programme.name_en} admits {_told(least, most)}. "
        "The limit is one of admission, never of recognition."
    )
    if birth_date is None:
        return AdmissionFault("birth_date_needed", f"Give the birth date. {rule}")
    age = age_on(birth_date, enrolled_on)
    if least is not None and age < least:
        return AdmissionFault("under_age_limit", f"The age is {age}. {rule}")
    if most is not None and age > most:
        return AdmissionFault("over_age_limit", f"The age is {age}. {rule}")
    return None


def _told(least: int | None, most: int | None) -> str:
    if most is None:
        return f"from the age of {least}"
    if least is None:
        return f"up to the age of {most}"
    return f"from the age of {least} to that of {most}"
