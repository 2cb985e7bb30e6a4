"""The phrases that officers reuse in reasons: a closed catalogue.

The sentences stand in `locale/` under `[phrase]`. What an officer makes of a phrase is
written into the assessment or the decision as text: a decision must read the same for
ever, whatever becomes of the catalogue.

Source: Lisbon Recognition Convention, article III.5 (reasons); Directive 2005/36/EC,
article 14(6).
"""

from collections.abc import Mapping
from enum import StrEnum

from recognition_service.frameworks.instruments import ElementResult
from recognition_service.recognition.assess import ELEMENTS


class PhraseGroup(StrEnum):
    """What a phrase is for."""

    ELEMENT = "element"
    DIFFERENCE = "difference"
    NOT_COVERED = "not_covered"
    COVERED = "covered"
    PARTIAL_RECOGNITION = "partial_recognition"
    LATER_POSSIBILITY = "later_possibility"


PHRASES: Mapping[str, PhraseGroup] = {
    **{
        f"{element}_{result}": PhraseGroup.ELEMENT
        for element in ELEMENTS
        for result in ElementResult
    },
    **dict.fromkeys(
        (
            "institution_not_recognised",
            "lower_level",
            "no_practical_training",
            "no_quality_assurance",
            "shorter_duration",
            "subject_missing",
        ),
        PhraseGroup.DIFFERENCE,
    ),
    **dict.fromkeys(
        (
            "experience_elsewhere",
            "experience_not_proven",
            "experience_too_short",
            "nothing_shown",
        ),
        PhraseGroup.NOT_COVERED,
    ),
    **dict.fromkeys(
        (
            "covered_by_experience",
            "covered_by_learning",
            "covered_by_qualification",
            "covered_by_unit",
        ),
        PhraseGroup.COVERED,
    ),
    **dict.fromkeys(
        ("partial_activities", "partial_credits", "partial_level"),
        PhraseGroup.PARTIAL_RECOGNITION,
    ),
    **dict.fromkeys(
        (
            "later_after_measure",
            "later_after_training",
            "later_another_purpose",
            "later_with_evidence",
        ),
        PhraseGroup.LATER_POSSIBILITY,
    ),
}
"""What each phrase is for, by code, in the order in which they are listed."""
