"""An attestation as SD-JWT VC: the same facts, in snake_case, disclosed one by one.

What an employer needs is always visible: what was decided, for what, where, since
and until when, and every restriction. Who the person is, where the qualification
comes from and whatever links two presentations is shown only if the holder wants it.
Every list of digests has one fixed length, so that it tells nothing.

Source: SD-JWT VC draft-25 section 2.2.2; RFC 9901 sections 4.2 and 10.4; ETSI TS
119 472-1 V1.2.1 (names of the issuer's claims).
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from recognition_service.clock import format_instant
from recognition_service.credentials.attestation_claims import (
    AttestationClaims,
    Clause,
    Holder,
    JointAward,
    Reasoning,
    Remedy,
    SourceQualification,
    Target,
)
from recognition_service.credentials.concealment import Secured
from recognition_service.credentials.disclosures import (
    DIGESTS,
    HASH_CLAIM,
    HASH_NAME,
    Concealment,
)
from recognition_service.credentials.type_metadata import type_integrity, vct_url
from recognition_service.credentials.vc_jwt import CopyClaims

DISCLOSABLE_ABOUT_HOLDER = (
    "family_name",
    "given_name",
    "birthdate",
    "name_on_evidence",
)
DISCLOSABLE_ABOUT_DECISION = (
    "attestation_id",
    "attestation_number",
    "decision_id",
    "source",
    "compensation_measures",
    "reasoning",
    "decision_digest",
    "agreement",
)
DISCLOSABLE_ABOUT_SOURCE = (
    "name",
    "country",
    "framework",
    "level",
    "awarded_by",
    "award_date",
    "authenticity",
    "evidence_digest",
)
_HOLDER_SLOTS = len(DISCLOSABLE_ABOUT_HOLDER)
_DECISION_SLOTS = len(DISCLOSABLE_ABOUT_DECISION)
_SOURCE_SLOTS = len(DISCLOSABLE_ABOUT_SOURCE)
_SALTS = _HOLDER_SLOTS + _DECISION_SLOTS + _SOURCE_SLOTS


@dataclass(frozen=True, slots=True)
class WalletCopy:
    """What belongs to one copy for a wallet.

    Attributes:
        copy: What every copy has. `expires_at` is technical, see there.
        issuing_country: ISO 3166-1 code of the authority's country.
        holder_jwk: Public key of the wallet, None for a copy bound to no key.
    """

    copy: CopyClaims
    issuing_country: str
    holder_jwk: Mapping[str, str] | None = None


def attestation_sd_jwt(
    claims: AttestationClaims,
    wallet: WalletCopy,
    *,
    public_url: str,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> Secured:
    """Return the payload and disclosures of one copy; nothing is signed yet.

    `public_url` is the installation's address without a trailing slash. `draw` gives
    random bytes and is asked once.
    """
    concealment = Concealment(_SALTS, draw)
    payload = _technical(claims, wallet, public_url)
    payload[DIGESTS] = _digests(concealment, _holder(claims.holder), _HOLDER_SLOTS)
    decision = _decision(claims)
    concealed = _concealed_decision(claims)
    concealed["source"] = {
        DIGESTS: _digests(concealment, _source(claims.source), _SOURCE_SLOTS)
    }
    decision[DIGESTS] = _digests(concealment, concealed, _DECISION_SLOTS)
    payload["recognition"] = decision
    payload[HASH_CLAIM] = HASH_NAME
    return Secured(orjson.dumps(payload), tuple(concealment.texts))


def _digests(
    concealment: Concealment, members: Mapping[str, Any], slots: int
) -> list[str]:
    given = [member for member in members.items() if member[1] is not None]
    return concealment.add_sorted(given, slots)


def _technical(
    claims: AttestationClaims, wallet: WalletCopy, public_url: str
) -> dict[str, Any]:
    copy = wallet.copy
    issued_at = int(copy.issued_at.timestamp())
    payload: dict[str, Any] = {
        "iss": claims.issuer_id,
        "iat": issued_at,
        "nbf": issued_at,
        "jti": copy.jti,
        "vct": vct_url(public_url),
        "vct#integrity": type_integrity(public_url),
        "status": {"status_list": {"idx": copy.status_index, "uri": copy.status_uri}},
        "issuing_authority": claims.issuer_name,
        "issuing_country": wallet.issuing_country,
        "mandate": claims.mandate,
        "valid_from": format_instant(claims.valid_from),
    }
    if claims.valid_until is not None:
        payload["valid_until"] = format_instant(claims.valid_until)
    if copy.expires_at is not None:
        payload["exp"] = int(copy.expires_at.timestamp())
    if wallet.holder_jwk is not None:
        payload["cnf"] = {"jwk": dict(wallet.holder_jwk)}
    return payload


def _decision(claims: AttestationClaims) -> dict[str, Any]:
    """Return what is always visible."""
    validity = {"from": claims.validity_from.isoformat()}
    if claims.validity_until is not None:
        validity["until"] = claims.validity_until.isoformat()
    decision: dict[str, Any] = {
        "decision_kind": claims.decision_kind,
        "outcome": claims.outcome,
        "purpose": claims.purpose,
        "legal_basis": claims.legal_basis,
        "legal_force": dict(claims.legal_force),
        "decision_date": claims.decision_date.isoformat(),
        "jurisdiction": claims.jurisdictions,
        "validity": validity,
        "target": _target(claims.target),
        "limitations": _clauses(claims.limitations),
        "conditions": _clauses(claims.conditions),
        "does_not_allow": claims.does_not_allow,
    }
    if claims.regime is not None:
        decision["regime"] = claims.regime
    if claims.remedy is not None:
        decision["remedy"] = _remedy(claims.remedy)
    if claims.joint is not None:
        decision["joint"] = _joint(claims.joint, claims.decision_digest)
    return decision


def _concealed_decision(claims: AttestationClaims) -> dict[str, Any]:
    return {
        "attestation_id": claims.attestation_id,
        "attestation_number": claims.number,
        "decision_id": claims.decision_id,
        "compensation_measures": _clauses(claims.compensation_measures),
        "reasoning": _reasoning(claims.reasoning),
        "decision_digest": claims.decision_digest,
        "agreement": claims.agreement,
    }


def _holder(holder: Holder) -> dict[str, Any]:
    return {
        "family_name": holder.family_name,
        "given_name": holder.given_name,
        "birthdate": holder.birth_date and holder.birth_date.isoformat(),
        "name_on_evidence": holder.name_on_evidence,
    }


def _source(source: SourceQualification) -> dict[str, Any]:
    return {
        "name": source.title,
        "country": source.origin,
        "framework": source.framework,
        "level": source.level,
        "awarded_by": source.awarded_by,
        "award_date": source.awarded_on and source.awarded_on.isoformat(),
        "authenticity": source.authenticity,
        "evidence_digest": source.evidence_digest,
    }


def _target(target: Target) -> dict[str, Any]:
    return _present(
        {
            "name": target.title,
            "framework": target.framework,
            "level": target.level,
            "eqf": target.eqf,
            "profession": target.profession,
            "field": target.isced_field,
        }
    )


def _clauses(clauses: tuple[Clause, ...]) -> list[dict[str, Any]]:
    return [
        _present(
            {
                "code": clause.code,
                "text": dict(clause.text) or None,
                "until": clause.until and clause.until.isoformat(),
                "max_months": clause.max_months,
            }
        )
        for clause in clauses
    ]


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return _present(
        {
            "body": remedy.body,
            "route": remedy.route,
            "within_days": remedy.within_days,
            "form": remedy.form,
        }
    )


def _reasoning(reasoning: Reasoning) -> dict[str, Any]:
    return {
        "edition": _present(
            {"base": reasoning.edition_base, "overlay": reasoning.edition_overlay}
        ),
        "rows": reasoning.rows,
        "engine": reasoning.engine,
    }


def _joint(joint: JointAward, decision_digest: str) -> dict[str, Any]:
    return {
        "group": joint.group,
        "required": joint.required,
        "decision_digest": decision_digest,
        "subject": joint.subject,
        "role": joint.role,
    }


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
