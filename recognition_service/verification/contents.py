"""Reads the decision out of a credential whose signature is good."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from recognition_service.credentials import recognition_schema
from recognition_service.credentials.attestation_credential import EQF_LEVEL
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.form import OpenedToken
from recognition_service.verification.report import (
    HolderFinding,
    RecognitionFinding,
)
from recognition_service.verification.verdict import Effect

ALLOWS: Mapping[str, str] = MappingProxyType(
    {
        "level_comparability": "compare_level",
        "study_recognition": "apply_for_study",
        "equivalence_finding": "use_as_equivalent",
        "professional_access": "practise_profession",
        "licence": "practise_under_licence",
        "language_proof": "prove_language_skills",
        "background_assessment": "describe_background",
        "provisional_authorisation": "practise_provisionally",
    }
)
# Where the outcome is not full, it names what is allowed instead.
ALLOWS_BY_OUTCOME: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("professional_access", "conditional"): "practise_after_conditions",
        ("professional_access", "partial_access"): "practise_listed_activities",
        ("licence", "conditional"): "practise_after_conditions",
        ("licence", "partial_access"): "practise_listed_activities",
        ("equivalence_finding", "conditional"): "equivalent_after_conditions",
        ("equivalence_finding", "partial"): "use_as_partly_equivalent",
        ("study_recognition", "conditional"): "study_after_conditions",
        ("study_recognition", "partial"): "credit_towards_study",
        ("study_recognition", "alternative"): "apply_for_other_study",
    }
)


def check_schema(opened: OpenedToken) -> Mapping[str, Any]:
    """Check the credential against the published schema; return the decision.

    Raises:
        CheckFailedError: It does not fit, at the JSON Pointer told.
    """
    fault = recognition_schema.first_fault(opened.payload)
    if fault is not None:
        raise CheckFailedError(Code.SCHEMA_MISMATCH, {"pointer": fault})
    recognition: Mapping[str, Any] = opened.payload["credentialSubject"]["recognition"]
    return recognition


def check_joint(recognition: Mapping[str, Any]) -> None:
    """Check that a joint award does not stand alone.

    Raises:
        CheckFailedError: It is one, and its peers were not presented.
    """
    raise CheckFailedError(
        Code.JOINT_AWARD_INCOMPLETE,
        {"required": ", ".join(recognition["joint"]["required"])},
    )


def effect_of(recognition: Mapping[str, Any]) -> Effect:
    """Return what decides between valid and valid with conditions."""
    return Effect(
        recognition["decisionKind"],
        recognition["outcome"],
        bool(recognition["compensationMeasures"]),
        bool(recognition["limitations"] or recognition["conditions"]),
    )


def read_holder(opened: OpenedToken) -> HolderFinding:
    """Return whom the attestation names."""
    subject = opened.payload["credentialSubject"]
    return HolderFinding(subject["familyName"], subject.get("givenName"))


def read_recognition(recognition: Mapping[str, Any]) -> RecognitionFinding:
    """Return the decision, in the spelling of our API."""
    target, source = recognition["target"], recognition["source"]
    eqf = target.get("EQFLevel")
    validity = recognition["validity"]
    return RecognitionFinding(
        recognition["decisionKind"],
        recognition["outcome"],
        recognition["purpose"],
        {
            "title": target.get("name"),
            "jurisdiction": recognition["validInJurisdiction"],
            "framework": target.get("framework"),
            "level": target.get("level"),
            "eqf": None if eqf is None else eqf.removeprefix(EQF_LEVEL),
            "profession": target.get("profession"),
        },
        {
            "title": source["name"],
            "origin": source["country"],
            "framework": source.get("framework"),
            "level": source.get("level"),
            "awarded_on": source.get("awardDate"),
            "authenticity": source["authenticity"],
        },
        allowed_by(recognition["decisionKind"], recognition["outcome"]),
        tuple(recognition["doesNotAllow"]),
        _clauses(recognition["conditions"]),
        _clauses(recognition["compensationMeasures"]),
        _clauses(recognition["limitations"]),
        recognition["legalForce"],
        recognition.get("regime"),
        validity["from"],
        validity.get("until"),
        recognition["decisionDigest"],
    )


def allowed_by(decision_kind: str, outcome: str) -> tuple[str, ...]:
    """Return the codes of what a decision lets its holder do; a refusal nothing."""
    if outcome == "refused" or decision_kind not in ALLOWS:
        return ()
    return (ALLOWS_BY_OUTCOME.get((decision_kind, outcome), ALLOWS[decision_kind]),)


def _clauses(clauses: list[dict[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "code": clause["code"],
            "text": clause.get("text", {}),
            "until": clause.get("until"),
            "max_months": clause.get("maxMonths"),
        }
        for clause in clauses
    )
