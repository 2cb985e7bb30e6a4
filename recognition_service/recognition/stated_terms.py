"""What a decision states beside its outcome, told in words before it is signed.

Source: Lisbon Recognition Convention, article III.5 (the applicant is told what a
decision means).
"""

from collections.abc import Mapping
from typing import Any

from recognition_service.recognition.attested_experience import with_experience
from recognition_service.recognition.errors import ConditionInvalidError
from recognition_service.recognition.language_proofs import level_faults
from recognition_service.regimes.contents import LANGUAGE, LICENCE_LANGUAGE
from recognition_service.wording import LANGUAGES, text


def with_stated_terms(decision: Mapping[str, Any]) -> dict[str, Any]:
    """Return a decision whose stated experience and languages are told in words too.

    Words that the decision has itself stay as they are.

    Raises:
        ConditionInvalidError: A condition names a level that its scale does not have.
        ExperienceInvalidError: As `attested_experience.with_experience`.
    """
    conditions = decision.get("conditions") or ()
    faults = level_faults(conditions)
    if faults:
        raise ConditionInvalidError("There is no such level.", tuple(faults))
    told = with_experience(decision)
    if not any(each.get("language") for each in conditions):
        return told
    return {**told, "conditions": [_with_text(each) for each in conditions]}


def _with_text(condition: Mapping[str, Any]) -> dict[str, Any]:
    named = condition.get("language")
    if not named or condition.get("text"):
        return dict(condition)
    is_of_licence = condition["code"] == LICENCE_LANGUAGE
    code = f"language_condition.{LICENCE_LANGUAGE if is_of_licence else LANGUAGE}"
    return {
        **condition,
        "text": {language: text(code, named, language) for language in LANGUAGES},
    }
