"""What callers may send about rules of eligibility."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from recognition_service.delivery.eligibility import AttestedOutcome, RulePurpose
from recognition_service.recognition.vocabulary import DecisionKind
from recognition_service.web.api.casework_bodies import LanguageLevelIn
from recognition_service.web.fields import Identifier, Items, Part, Whole, YesNo
from recognition_service.web.schemas import Fault, Input
from recognition_service.web.text_fields import (
    Choice,
    Code,
    LanguageMap,
    LanguageTag,
    Text,
)

_OLDEST = 150
_PROTECTED = ("sex", "nationality")
_PROTECTED_FAULT = Fault(
    "protected_ground",
    "No rule may ask for sex or nationality, whatever it is about.",
)
_AGE_FAULT = Fault(
    "age_in_recognition",
    "A limit of age is one of admission, never of recognition.",
)
_LANGUAGE_FAULT = Fault(
    "language_in_recognition",
    "A language is asked for at admission or for a licence, never for recognition.",
)
_NO_LIMIT_FAULT = Fault("required", "Give an age from which, or up to which.")
_ORDER_FAULT = Fault("out_of_order", "This is lower than the age from which.")
_NOTHING_FAULT = Fault("required", "Ask for something that an attestation says.")


class AgeIn(Input):
    """Completed years of age at admission, and the law that sets the limit."""

    from_ = Whole(largest=_OLDEST, data_key="from", load_default=None, allow_none=True)
    to = Whole(largest=_OLDEST, load_default=None, allow_none=True)
    legal_basis = Text(longest=500, lines=False, required=True)

    @ma.validates_schema
    def _is_limit(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        least, most = data.get("from_"), data.get("to")
        if least is None and most is None:
            raise ma.ValidationError([_NO_LIMIT_FAULT])
        if least is not None and most is not None and most < least:
            raise ma.ValidationError({"to": [_ORDER_FAULT]})


class LevelIn(Input):
    """A level of a framework."""

    framework = Code(required=True, longest=60)
    level = Code(required=True, longest=60)


class LanguageIn(LanguageLevelIn):
    """The least level of a language, on a scale that a certificate may use."""

    language = LanguageTag(required=True)


class CriteriaIn(Input):
    """What a rule asks for; what is not given is not asked for."""

    decision_kinds = Items(Choice(DecisionKind), load_default=list)
    outcomes = Items(Choice(AttestedOutcome), load_default=list)
    destination = Code(longest=16, load_default=None, allow_none=True)
    profession = Code(longest=80, load_default=None, allow_none=True)
    level = Part(LevelIn, load_default=None, allow_none=True)
    language = Part(LanguageIn, load_default=None, allow_none=True)
    age = Part(AgeIn, load_default=None, allow_none=True)

    @ma.pre_load
    def _asks_for_no_protected_ground(self, data: Any, **_kwargs: Any) -> Any:
        given = [name for name in _PROTECTED if isinstance(data, dict) and name in data]
        if given:
            raise ma.ValidationError({name: [_PROTECTED_FAULT] for name in given})
        return data

    @ma.validates_schema
    def _asks_for_something(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        of_person = ("age", "language")
        if not any(value for name, value in data.items() if name not in of_person):
            raise ma.ValidationError([_NOTHING_FAULT])


class EligibilityRuleIn(Input):
    """A rule of eligibility."""

    purpose = Choice(RulePurpose, required=True)
    title = LanguageMap(longest=200, required=True)
    criteria = Part(CriteriaIn, required=True)

    @ma.validates_schema
    def _asks_for_no_person_in_recognition(
        self, data: Mapping[str, Any], **_kwargs: Any
    ) -> None:
        if data.get("purpose") is not RulePurpose.RECOGNITION:
            return
        criteria = data.get("criteria") or {}
        never = {"age": _AGE_FAULT, "language": _LANGUAGE_FAULT}
        faults = {
            name: [fault]
            for name, fault in never.items()
            if criteria.get(name) is not None
        }
        if faults:
            raise ma.ValidationError({"criteria": faults})


class OptInIn(Input):
    """In which rule somebody takes part, and whether by name."""

    rule = Identifier(required=True)
    disclose_name = YesNo(load_default=False)


def read_criteria(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked criteria as the JSON values that are kept."""
    age = given["age"]
    return {
        "decision_kinds": [each.value for each in given["decision_kinds"]],
        "outcomes": [each.value for each in given["outcomes"]],
        "destination": given["destination"],
        "profession": given["profession"],
        "level": dict(given["level"]) if given["level"] else None,
        "language": _language(given["language"]),
        "age": {
            "from": age["from_"],
            "to": age["to"],
            "legal_basis": age["legal_basis"],
        }
        if age
        else None,
    }


def _language(given: Mapping[str, Any] | None) -> dict[str, str] | None:
    if given is None:
        return None
    return {
        "language": given["language"],
        "scale": given["scale"].value,
        "level": given["level"],
    }
