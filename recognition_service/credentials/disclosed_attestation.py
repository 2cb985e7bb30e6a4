"""A disclosed attestation in the words of the W3C form, so that one engine judges both.

What the holder did not disclose is absent, and only that may be: everything that
restricts the decision must be there, or the attestation does not fit.

Source: SD-JWT VC draft-25 sections 2.2.2 and 5.6 (claim metadata); Verifiable
Credentials Data Model v2.0 sections 4.3 to 4.11.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from recognition_service.credentials.attestation_credential import EQF_LEVEL
from recognition_service.credentials.attestation_sd_jwt import (
    DISCLOSABLE_ABOUT_DECISION,
    DISCLOSABLE_ABOUT_HOLDER,
    DISCLOSABLE_ABOUT_SOURCE,
)
from recognition_service.credentials.claim_paths import Path
from recognition_service.credentials.recognition_schema import recognition_schema
from recognition_service.credentials.shape import Shape

DISCLOSABLE: frozenset[Path] = frozenset(
    [(name,) for name in DISCLOSABLE_ABOUT_HOLDER]
    + [("recognition", name) for name in DISCLOSABLE_ABOUT_DECISION]
    + [("recognition", "source", name) for name in DISCLOSABLE_ABOUT_SOURCE]
)
_VCT = re.compile(r"https?://[!-~]{1,400}/vct/recognition/1")
_HOLDER = {
    "family_name": "familyName",
    "given_name": "givenName",
    "birthdate": "birthDate",
    "name_on_evidence": "nameOnEvidence",
}
_DECISION = {
    "attestation_number": "attestationNumber",
    "decision_id": "decisionId",
    "decision_kind": "decisionKind",
    "legal_basis": "legalBasis",
    "legal_force": "legalForce",
    "decision_date": "decisionDate",
    "jurisdiction": "validInJurisdiction",
    "compensation_measures": "compensationMeasures",
    "does_not_allow": "doesNotAllow",
    "decision_digest": "decisionDigest",
}
_SOURCE = {
    "awarded_by": "awardedBy",
    "award_date": "awardDate",
    "evidence_digest": "evidenceDigest",
}
_TARGET = {"eqf": "EQFLevel"}
_CLAUSE = {"max_months": "maxMonths"}
_REMEDY = {"within_days": "withinDays"}
_JOINT = {"decision_digest": "decisionDigest"}
_TAKEN = frozenset(
    {"type"}.union(
        *(names.values() for names in (_DECISION, _SOURCE, _TARGET, _CLAUSE)),
        *(names.values() for names in (_REMEDY, _JOINT)),
    )
)


def as_credential(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return processed claims as a credential of the W3C form, as far as disclosed.

    Nothing is checked: what is of the wrong type stays so, and `first_fault` tells.
    There is neither `@context` nor `credentialSchema`.
    """
    recognition = claims.get("recognition")
    credential: dict[str, Any] = {
        "issuer": _given(
            {"id": claims.get("iss"), "name": claims.get("issuing_authority")}
        ),
        "validFrom": claims.get("valid_from"),
        "validUntil": claims.get("valid_until"),
        "credentialSubject": as_credential_subject(claims),
    }
    if isinstance(recognition, dict) and "attestation_id" in recognition:
        credential["id"] = f"urn:uuid:{recognition['attestation_id']}"
    if "mandate" in claims:
        credential["termsOfUse"] = [
            {"type": "RecognitionScope", "id": claims["mandate"]}
        ]
    return _given(credential)


def as_credential_subject(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return the person and the decision in processed claims, as far as disclosed."""
    subject: dict[str, Any] = {"type": "Person"}
    for name, renamed in _HOLDER.items():
        if name in claims:
            subject[renamed] = claims[name]
    if "recognition" in claims:
        subject["recognition"] = _recognition(claims["recognition"])
    return subject


def first_fault(
    claims: Mapping[str, Any],
    disclosed: Collection[Path] = (),
    credential: Mapping[str, Any] | None = None,
) -> str | None:
    """Return where processed claims break the type, or None when they fit.

    `disclosed` names the places that came by disclosure; another one there would let
    a holder hide what must be visible. The answer is a JSON Pointer (RFC 6901) into
    the credential of `as_credential`, or "/vct". Who has made that credential of
    these claims already gives it as well.
    """
    vct = claims.get("vct")
    if not isinstance(vct, str) or not _VCT.fullmatch(vct):
        return "/vct"
    if not DISCLOSABLE.issuperset(disclosed):
        path = next(path for path in disclosed if path not in DISCLOSABLE)
        return "/" + "/".join(str(step) for step in path)
    return _SHAPE.first_fault(credential or as_credential(claims))


def _given(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _recognition(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    found = {
        name: _PARTS[name](member) if name in _PARTS else member
        for name, member in value.items()
        if name != "attestation_id"
    }
    return _renamed(found, _DECISION, "QualificationRecognition")


def _renamed(value: Any, names: Mapping[str, str], type_: str | None = None) -> Any:
    """Return an object with its members renamed; those that have no place stay odd.

    A member that already bears one of the new names would pass for another, so it
    is given a name that no schema knows.
    """
    if not isinstance(value, dict):
        return value
    renamed = {} if type_ is None else {"type": type_}
    for name, member in value.items():
        renamed[names.get(name) or (f"{name}?" if name in _TAKEN else name)] = member
    return renamed


def _clauses(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [_renamed(clause, _CLAUSE) for clause in value]


def _target(value: Any) -> Any:
    if isinstance(value, dict) and isinstance(value.get("eqf"), str):
        value = value | {"eqf": EQF_LEVEL + value["eqf"]}
    return _renamed(value, _TARGET, "Qualification")


_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "source": lambda value: _renamed(value, _SOURCE, "Qualification"),
    "target": _target,
    "limitations": _clauses,
    "conditions": _clauses,
    "compensation_measures": _clauses,
    "remedy": lambda value: _renamed(value, _REMEDY),
    "joint": lambda value: _renamed(value, _JOINT),
}


def _shape_of_disclosed() -> Shape:
    """Compile the published schema with what may stay undisclosed made optional."""
    schema = recognition_schema("")
    subject = schema["properties"]["credentialSubject"]
    definitions = schema["$defs"]
    optional = {
        "schema": {"@context", "id", "type", "credentialSchema"},
        "subject": {_HOLDER[name] for name in DISCLOSABLE_ABOUT_HOLDER},
        "recognition": {
            _DECISION.get(name, name) for name in DISCLOSABLE_ABOUT_DECISION
        },
        "source": {_SOURCE.get(name, name) for name in DISCLOSABLE_ABOUT_SOURCE},
    }
    for part, rules in (
        ("schema", schema),
        ("subject", subject),
        ("recognition", definitions["recognition"]),
        ("source", definitions["source"]),
    ):
        rules["required"] = [
            name for name in rules["required"] if name not in optional[part]
        ]
    return Shape(schema)


_SHAPE = _shape_of_disclosed()
