"""An attestation as a Verifiable Credential: the same facts, in camelCase.

Source: Verifiable Credentials Data Model v2.0, sections 4.3 to 4.11.
"""

from typing import Any

from recognition_service.clock import format_instant
from recognition_service.credentials.attestation_claims import (
    AttestationClaims,
    Clause,
    Holder,
    Reasoning,
    SourceQualification,
    Target,
)
from recognition_service.credentials.recognition_context import context_url
from recognition_service.credentials.recognition_schema import schema_url

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
CREDENTIAL_TYPES = ("VerifiableCredential", "QualificationRecognitionCredential")
EQF_LEVEL = "http://data.europa.eu/snb/eqf/"


def attestation_credential(
    claims: AttestationClaims, *, public_url: str
) -> dict[str, Any]:
    """Return the unsecured credential; members without a value are left out.

    `public_url` is the installation's address without a trailing slash. What
    belongs to one copy (`jti`, status entry, dates of the signature) is added by
    `vc_jwt.encode`.
    """
    return _present(
        {
            "@context": [VC_CONTEXT, context_url(public_url)],
            "id": f"urn:uuid:{claims.attestation_id}",
            "type": list(CREDENTIAL_TYPES),
            "issuer": {"id": claims.issuer_id, "name": claims.issuer_name},
            "validFrom": format_instant(claims.valid_from),
            "validUntil": claims.valid_until and format_instant(claims.valid_until),
            "credentialSubject": _subject(claims.holder)
            | {"recognition": _recognition(claims)},
            "credentialSchema": {"id": schema_url(public_url), "type": "JsonSchema"},
            "termsOfUse": [{"type": "RecognitionScope", "id": claims.mandate}],
        }
    )


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _subject(holder: Holder) -> dict[str, Any]:
    return _present(
        {
            "type": "Person",
            "familyName": holder.family_name,
            "givenName": holder.given_name,
            "birthDate": holder.birth_date and holder.birth_date.isoformat(),
            "nameOnEvidence": holder.name_on_evidence,
        }
    )


def _recognition(claims: AttestationClaims) -> dict[str, Any]:
    until = claims.validity_until
    return _present(
        {
            "type": "QualificationRecognition",
            "attestationNumber": claims.number,
            "decisionId": claims.decision_id,
            "decisionKind": claims.decision_kind,
            "outcome": claims.outcome,
            "purpose": claims.purpose,
            "regime": claims.regime,
            "legalBasis": list(claims.legal_basis),
            "legalForce": dict(claims.legal_force),
            "decisionDate": claims.decision_date.isoformat(),
            "validInJurisdiction": list(claims.jurisdictions),
            "validity": _present(
                {
                    "from": claims.validity_from.isoformat(),
                    "until": until and until.isoformat(),
                }
            ),
            "source": _source(claims.source),
            "target": _target(claims.target),
            "limitations": [_clause(clause) for clause in claims.limitations],
            "conditions": [_clause(clause) for clause in claims.conditions],
            "compensationMeasures": [
                _clause(clause) for clause in claims.compensation_measures
            ],
            "doesNotAllow": list(claims.does_not_allow),
            "remedy": _remedy(claims),
            "reasoning": _reasoning(claims.reasoning),
            "decisionDigest": claims.decision_digest,
            "agreement": claims.agreement,
            "joint": _joint(claims),
        }
    )


def _source(source: SourceQualification) -> dict[str, Any]:
    return _present(
        {
            "type": "Qualification",
            "name": source.title,
            "country": source.origin,
            "framework": source.framework,
            "level": source.level,
            "awardedBy": source.awarded_by,
            "awardDate": source.awarded_on and source.awarded_on.isoformat(),
            "authenticity": source.authenticity,
            "evidenceDigest": source.evidence_digest,
        }
    )


def _target(target: Target) -> dict[str, Any]:
    return _present(
        {
            "type": "Qualification",
            "name": target.title,
            "framework": target.framework,
            "level": target.level,
            "EQFLevel": target.eqf and EQF_LEVEL + target.eqf,
            "profession": target.profession,
            "field": target.isced_field,
        }
    )


def _clause(clause: Clause) -> dict[str, Any]:
    return _present(
        {
            "code": clause.code,
            "text": dict(clause.text) or None,
            "until": clause.until and clause.until.isoformat(),
            "maxMonths": clause.max_months,
        }
    )


def _remedy(claims: AttestationClaims) -> dict[str, Any] | None:
    remedy = claims.remedy
    if remedy is None:
        return None
    return _present(
        {
            "body": remedy.body,
            "route": remedy.route,
            "withinDays": remedy.within_days,
            "form": remedy.form,
        }
    )


def _reasoning(reasoning: Reasoning) -> dict[str, Any]:
    return {
        "edition": _present(
            {"base": reasoning.edition_base, "overlay": reasoning.edition_overlay}
        ),
        "rows": list(reasoning.rows),
        "engine": reasoning.engine,
    }


def _joint(claims: AttestationClaims) -> dict[str, Any] | None:
    joint = claims.joint
    if joint is None:
        return None
    return {
        "group": joint.group,
        "required": list(joint.required),
        "decisionDigest": claims.decision_digest,
        "subject": joint.subject,
        "role": joint.role,
    }
