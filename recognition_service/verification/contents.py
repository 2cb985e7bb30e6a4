"""Reads the decision out of a credential whose signature is good."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from recognition_service.credentials import (
    disclosed_attestation,
    recognition_schema,
)
from recognition_service.credentials.attestation_credential import EQF_LEVEL
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.form import OpenedToken
from recognition_service.verification.report import (
    CheckOutcome,
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
_NEVER_HIDDEN = frozenset({"type"})


def read_credential(opened: OpenedToken) -> Mapping[str, Any]:
    """Check a token's contents against the published schema; return the credential.

    Whatever the format, it is returned in the W3C form. What the holder of an SD-JWT
    did not disclose is absent there.

    Raises:
        CheckFailedError: It does not fit, at the JSON Pointer told.
    """
    credential = opened.claims
    if opened.disclosed is None:
        fault = recognition_schema.first_fault(credential)
    else:
        credential = disclosed_attestation.as_credential(opened.claims)
        fault = disclosed_attestation.first_fault(
            opened.claims, opened.disclosed.places, credential
        )
    if fault is not None:
        raise CheckFailedError(Code.SCHEMA_MISMATCH, {"pointer": fault})
    return credential


def effect_of(recognition: Mapping[str, Any]) -> Effect:
    """Return what decides between valid and valid with conditions."""
    return Effect(
        recognition["decisionKind"],
        recognition["outcome"],
        bool(recognition.get("compensationMeasures")),
        bool(recognition["limitations"] or recognition["conditions"]),
    )


def read_holder(
    subject: Mapping[str, Any], binding: CheckOutcome
) -> HolderFinding | None:
    """Return whom the attestation names, None when no name was disclosed."""
    family_name, given_name = subject.get("familyName"), subject.get("givenName")
    if family_name is None and given_name is None:
        return None
    return HolderFinding(family_name, given_name, binding)


def read_recognition(recognition: Mapping[str, Any]) -> RecognitionFinding:
    """Return the decision, in the spelling of our API."""
    target = recognition["target"]
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
        _source(recognition.get("source", {})),
        allowed_by(recognition["decisionKind"], recognition["outcome"]),
        tuple(recognition["doesNotAllow"]),
        _clauses(recognition["conditions"]),
        _clauses(recognition.get("compensationMeasures", [])),
        _clauses(recognition["limitations"]),
        recognition["legalForce"],
        recognition.get("regime"),
        validity["from"],
        validity.get("until"),
        recognition.get("decisionDigest"),
    )


def allowed_by(decision_kind: str, outcome: str) -> tuple[str, ...]:
    """Return the codes of what a decision lets its holder do; a refusal nothing."""
    if outcome == "refused" or decision_kind not in ALLOWS:
        return ()
    return (ALLOWS_BY_OUTCOME.get((decision_kind, outcome), ALLOWS[decision_kind]),)


def _source(source: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if source.keys() <= _NEVER_HIDDEN:
        return None
    member = source.get
    return {
        "title": member("name"),
        "origin": member("country"),
        "framework": member("framework"),
        "level": member("level"),
        "awarded_on": member("awardDate"),
        "awarded_by": member("awardedBy"),
        "authenticity": member("authenticity"),
    }


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
