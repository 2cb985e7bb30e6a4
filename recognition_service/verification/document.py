"""A report as JSON, with codes where a door puts sentences beside them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from recognition_service.clock import format_instant
from recognition_service.verification.report import (
    NUMBERS,
    Check,
    CheckID,
    CheckOutcome,
    HolderFinding,
    InputFinding,
    IssuerFinding,
    JointFinding,
    RecognitionFinding,
    Report,
    StatusFinding,
)

ORIGINAL_LANGUAGE = "en"
# Written once, as nearly every check of every report reads like one of them.
_OUTCOMES: Mapping[tuple[CheckID, CheckOutcome], dict[str, Any]] = {
    (check, outcome): {
        "number": NUMBERS[check],
        "id": check.value,
        "outcome": outcome.value,
        "code": None,
        "detail": None,
        "params": {},
    }
    for check in CheckID
    for outcome in CheckOutcome
}
# The reports of a while are about the same few instants.
_instant = lru_cache(maxsize=256)(format_instant)


def as_document(report: Report, *, language: str = ORIGINAL_LANGUAGE) -> dict[str, Any]:
    """Return the JSON document of a report.

    Texts of the decision itself are chosen by language. `summary`, the `text` of
    each code and `detail` are left to the door, which asks `wording`; `params` of a
    check are there for these sentences.
    """
    return {
        "verdict": str(report.verdict),
        "code": str(report.code),
        "checked_at": _instant(report.checked_at),
        "as_of": _instant(report.as_of),
        "format": report.format,
        "id": report.id,
        "issuer": _issuer(report.issuer),
        "holder": _holder(report.holder),
        "recognition": _recognition(report.recognition, language),
        "status": _status(report.status),
        "replaced_by": None,
        "joint": _joint(report.joint),
        "checks": _checks(report.checks),
        "inputs": [_input(finding) for finding in report.inputs],
        "language": language,
    }


def in_language(texts: Mapping[str, str], language: str) -> str | None:
    """Return a text in a language, else in English, else in any; None without."""
    for wanted in (language, ORIGINAL_LANGUAGE):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()), None)


def _issuer(issuer: IssuerFinding | None) -> dict[str, Any] | None:
    if issuer is None:
        return None
    mandate = issuer.mandate
    return {
        "id": issuer.id,
        "registered_name": issuer.registered_name,
        "domain": issuer.domain,
        "country": issuer.country,
        "mandate": None
        if mandate is None
        else {
            "in_force_at_issue": mandate.in_force_at_issue,
            "in_force_now": mandate.in_force_now,
            "href": mandate.href,
        },
    }


def _holder(holder: HolderFinding | None) -> dict[str, Any] | None:
    if holder is None:
        return None
    return {
        "family_name": holder.family_name,
        "given_name": holder.given_name,
        "binding": str(holder.binding),
    }


def _recognition(
    recognition: RecognitionFinding | None, language: str
) -> dict[str, Any] | None:
    if recognition is None:
        return None
    return {
        "decision_kind": recognition.decision_kind,
        "outcome": recognition.outcome,
        "purpose": recognition.purpose,
        "target": dict(recognition.target),
        "source": None if recognition.source is None else dict(recognition.source),
        "allows": [{"code": code} for code in recognition.allows],
        "does_not_allow": [{"code": code} for code in recognition.does_not_allow],
        "conditions": _clauses(recognition.conditions, language),
        "measures": _clauses(recognition.measures, language),
        "limitations": _clauses(recognition.limitations, language),
        "legal": {
            "force": in_language(recognition.legal_force, language),
            "regime": recognition.regime,
        },
        "validity": {
            "from": recognition.valid_from,
            "until": recognition.valid_until,
        },
        "decision_digest": recognition.decision_digest,
    }


def _clauses(
    clauses: tuple[Mapping[str, Any], ...], language: str
) -> list[dict[str, Any]]:
    return [
        dict(clause) | {"text": in_language(clause["text"], language)}
        for clause in clauses
    ]


def _status(status: StatusFinding | None) -> dict[str, Any] | None:
    if status is None:
        return None
    return {
        "value": status.value,
        "as_of": _instant(status.as_of),
        "fresh_until": _instant(status.fresh_until),
        "source": status.source,
    }


def _joint(joint: JointFinding | None) -> dict[str, Any] | None:
    if joint is None:
        return None
    return {
        "group": joint.group,
        "required": list(joint.required),
        "present": list(joint.present),
        "complete": joint.complete,
        "parts": [
            {
                "issuer": part.issuer_id,
                "name": part.name,
                "code": None if part.code is None else part.code.value,
                "params": dict(part.params),
            }
            for part in joint.parts
        ],
    }


def _checks(checks: tuple[Check, ...]) -> list[dict[str, Any]]:
    documents = []
    for check in checks:
        document = _OUTCOMES[check.id, check.outcome].copy()
        if check.code is not None:
            document["code"] = str(check.code)
        document["params"] = {**check.params}
        documents.append(document)
    return documents


def _input(finding: InputFinding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "version": finding.version,
        "as_of": _instant(finding.as_of),
        "fresh": finding.fresh,
    }
