"""From a decision record to what its attestation says."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from recognition_service.attestations import joint_record
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.legal_basis import (
    agreement_address,
    without_names,
)
from recognition_service.clock import parse_day
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


def claims_of(
    record: DecisionRecord,
    *,
    attestation_id: UUID,
    number: str | None,
    decision_id: UUID,
    issuer_id: str,
    issuer_name: str,
    mandate: str,
    time_zone: str,
) -> AttestationClaims:
    """Return the claims of an attestation, as every format will carry them.

    Legal days begin and end at midnight in the authority's zone. Of a joint award
    each issuer attests its own.
    """
    inputs, findings, joint = record.inputs, record.findings, None
    if joint_record.is_joint(inputs):
        role = joint_record.role_of(inputs, issuer_id)
        joint = _joint(inputs, findings, role)
        inputs, findings = joint_record.decision_of(inputs, findings, role)
    legal, target = findings["legal"], findings["target"]
    first = date.fromisoformat(findings["validity"]["from"])
    last = parse_day(findings["validity"]["until"])
    zone = ZoneInfo(time_zone)
    return AttestationClaims(
        attestation_id=str(attestation_id),
        number=number,
        issuer_id=issuer_id,
        issuer_name=issuer_name,
        holder=_holder(inputs["holder"]),
        decision_id=str(decision_id),
        decision_kind=inputs["decision_kind"],
        outcome=findings["outcome"],
        purpose=inputs["purpose"],
        regime=legal["regime"],
        legal_basis=without_names(legal["basis"]),
        legal_force=legal["force"],
        decision_date=first,
        jurisdictions=tuple(target["jurisdiction"]),
        source=_source(inputs["held"]),
        target=_target(target),
        reasoning=_reasoning(inputs, findings),
        decision_digest=record.digest,
        mandate=mandate,
        validity_from=first,
        valid_from=_midnight(first, zone),
        validity_until=last,
        valid_until=_end_of(last, zone) if last else None,
        limitations=_clauses(findings["limitations"]),
        conditions=_clauses(findings["conditions"]),
        compensation_measures=_clauses(findings["measures"]),
        does_not_allow=tuple(legal["does_not_allow"]),
        remedy=_remedy(legal["remedy"]),
        joint=joint,
        agreement=agreement_address(legal["basis"], issuer_id),
    )


def _joint(
    inputs: Mapping[str, Any], findings: Mapping[str, Any], role: str
) -> JointAward:
    return JointAward(
        group=inputs["group"],
        required=tuple(findings["required"]),
        role=role,
        subject=findings["subject"],
    )


def _holder(value: Mapping[str, Any]) -> Holder:
    return Holder(
        family_name=value["family_name"],
        given_name=value.get("given_name"),
        birth_date=parse_day(value.get("birth_date")),
        name_on_evidence=value.get("name_on_evidence"),
    )


def _source(held: Mapping[str, Any]) -> SourceQualification:
    body = held.get("awarding_body") or {}
    return SourceQualification(
        title=held["title"],
        origin=held["origin"],
        authenticity=held["authenticity"]["grade"],
        framework=held.get("framework"),
        level=held.get("level"),
        awarded_on=parse_day(held.get("awarded_on")),
        awarded_by=body.get("name"),
    )


def _target(value: Mapping[str, Any]) -> Target:
    return Target(
        title=value["title"],
        framework=value["framework"],
        level=value["level"],
        eqf=value["eqf"],
        profession=value["profession"],
    )


def _reasoning(inputs: Mapping[str, Any], findings: Mapping[str, Any]) -> Reasoning:
    return Reasoning(
        edition_base=inputs["edition"]["base"],
        edition_overlay=inputs["edition"]["overlay"],
        rows=tuple(findings["rows"]),
        engine=inputs["engine"],
    )


def _clauses(values: list[Mapping[str, Any]]) -> tuple[Clause, ...]:
    return tuple(
        Clause(
            code=value["code"],
            text=value.get("text") or {},
            until=parse_day(value.get("until")),
            max_months=value.get("max_months"),
        )
        for value in values
    )


def _remedy(value: Mapping[str, Any] | None) -> Remedy | None:
    if value is None:
        return None
    return Remedy(
        body=value["body"],
        route=value.get("route"),
        within_days=value.get("within_days"),
        form=value.get("form"),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a day; the calendar ends with the year 9999."""
    if day == date.max:
        return datetime.combine(day, time(23, 59, 59), UTC)
    return _midnight(day + timedelta(days=1), zone) - timedelta(seconds=1)
