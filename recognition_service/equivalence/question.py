"""The question: from where, to where, for what, and with which dates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from recognition_service.frameworks.instruments import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to know about a qualification or a level.

    Either `qualification` is given, or `framework` and `level`. Level codes are
    strings scoped to a framework version.

    Attributes:
        origin: Jurisdiction that awarded, never a nationality.
        destination: Jurisdiction that is asked.
        asked_on: The day on which the answer must hold.
        qualification: Id of a qualification type.
        awarded_on: `None` when unknown; then no rule decides.
        training_started_on: Decides between the routes of Directive 2005/36/EC.
        profession: Narrows the question to one regulated profession.
        target_framework: Limits the answer to one framework, which may be a hub.
        facts: What else is known about the award, by the name of the fact; see
            `facts.faults_of`.
    """

    origin: str
    destination: str
    asked_on: date
    purpose: Purpose = Purpose.GENERAL_EMPLOYMENT
    qualification: str | None = None
    framework: str | None = None
    level: str | None = None
    awarded_on: date | None = None
    training_started_on: date | None = None
    profession: str | None = None
    target_framework: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_about_a_regulated_profession(self) -> bool:
        """Whether the answer would be read as access to a regulated profession."""
        return (
            self.purpose is Purpose.REGULATED_PROFESSION or self.profession is not None
        )
