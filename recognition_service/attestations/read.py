"""Reading attestations: one, many, and as the documents that callers get."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from recognition_service.attestations.copies import issued_copies, newest_text
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.errors import AttestationNotFoundError
from recognition_service.attestations.issuer import Issuer
from recognition_service.attestations.joint_parts import joint_document, part_of
from recognition_service.attestations.joint_record import decision_in, is_joint
from recognition_service.attestations.joint_status import INCOMPLETE
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyFormat,
    Status,
)
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.trust import issuer_url
from recognition_service.clock import format_instant

EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of attestations is narrowed to; None: not narrowed."""

    status: str | None = None
    request_id: UUID | None = None


def get_attestation(
    session: Session,
    authority_id: str,
    attestation_id: UUID,
    *,
    to_change: bool = False,
) -> Attestation:
    """Return an authority's attestation; locked if something is to rest on its status.

    Raises:
        AttestationNotFoundError: It has none of this id.
    """
    attestation = session.get(
        Attestation, (authority_id, attestation_id), with_for_update=to_change
    )
    if attestation is None:
        raise AttestationNotFoundError(f"There is no attestation {attestation_id}.")
    return attestation


def find_by_decision(
    session: Session, authority_id: str, decision_id: UUID
) -> Attestation | None:
    """Return the attestation over a decision, or None."""
    return session.scalars(
        select(Attestation).where(
            Attestation.authority_id == authority_id,
            Attestation.decision_id == decision_id,
        )
    ).first()


def find_by_request(
    session: Session, authority_id: str, request_id: UUID
) -> list[Attestation]:
    """Return the issued attestations of one request, oldest first.

    One that is held until a joint award is complete is not handed out yet.
    """
    return list(
        session.scalars(
            select(Attestation)
            .where(
                Attestation.authority_id == authority_id,
                Attestation.request_id == request_id,
                Attestation.issued_at.is_not(None),
                Attestation.status_reason.is_distinct_from(INCOMPLETE),
            )
            .order_by(Attestation.id)
        )
    )


def find_by_decisions(
    session: Session, authority_id: str, decision_ids: Collection[UUID]
) -> list[Row[tuple[UUID, UUID, str]]]:
    """Return decision, id and number of the issued attestations of many decisions."""
    return list(
        session.execute(
            select(Attestation.decision_id, Attestation.id, Attestation.number).where(
                Attestation.authority_id == authority_id,
                Attestation.decision_id.in_(decision_ids),
                Attestation.issued_at.is_not(None),
            )
        )
    )


def count_issued(session: Session, authority_id: str, decisions: Select[UUID]) -> int:
    """Return over how many of some decisions an attestation was issued.

    `decisions` selects their ids.
    """
    return (
        session.scalar(
            select(func.count())
            .select_from(Attestation)
            .where(
                Attestation.authority_id == authority_id,
                Attestation.decision_id.in_(decisions),
                Attestation.issued_at.is_not(None),
            )
        )
        or 0
    )


def list_attestations(
    session: Session,
    authority_id: str,
    *,
    filters: Filters,
    after: UUID | None,
    limit: int,
) -> list[Attestation]:
    """Return an authority's attestations, oldest first, after a given one."""
    statement = select(Attestation).where(
        Attestation.authority_id == authority_id, Attestation.issued_at.is_not(None)
    )
    if filters.status is not None:
        statement = statement.where(Attestation.status == filters.status)
    if filters.request_id is not None:
        statement = statement.where(Attestation.request_id == filters.request_id)
    if after is not None:
        statement = statement.where(Attestation.id > after)
    return list(session.scalars(statement.order_by(Attestation.id).limit(limit)))


def token_of(
    session: Session,
    authority_id: str,
    attestation_id: UUID,
    kind: CopyFormat = CopyFormat.VC_JWT,
) -> str:
    """Return the newest issued text of an attestation in a format.

    Raises:
        AttestationNotFoundError: The authority has no such attestation.
        AttestationPendingError: It is not signed yet.
    """
    attestation = get_attestation(session, authority_id, attestation_id)
    return newest_text(session, attestation, kind)


def status_on(attestation: Attestation, today: date) -> str:
    """Return the status as told: "expired" when the decision's last day is over."""
    over = attestation.validity_until is not None and attestation.validity_until < today
    if over and attestation.status in {Status.VALID, Status.SUSPENDED}:
        return EXPIRED
    return attestation.status


def as_document(
    session: Session, attestation: Attestation, *, public_url: str, today: date
) -> dict[str, Any]:
    """Return an attestation as callers see it; nothing that names the person.

    Args:
        session: Any session.
        attestation: The attestation.
        public_url: Prefix of ids and links.
        today: The date in the authority's zone.
    """
    authority = get_authority(session, attestation.authority_id)
    joint = None
    if is_joint(attestation.record["inputs"]):
        part = part_of(session, attestation.authority_id, attestation.id)
        joint = joint_document(session, part, public_url=public_url)
    return describe(
        attestation,
        attestation.record,
        issued_copies(session, attestation),
        issuer={
            "id": issuer_url(public_url, authority.id),
            "name": authority.name,
            "country": authority.country,
        },
        public_url=public_url,
        today=today,
        joint=joint,
    )


def describe(
    attestation: Attestation,
    record: Mapping[str, Any],
    copies: Sequence[Copy],
    *,
    issuer: Mapping[str, str],
    public_url: str,
    today: date,
    joint: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an attestation as callers see it, from what is at hand.

    Args:
        attestation: Its row; anything with the same attributes will do.
        record: Its decision record.
        copies: The rows of its copies, likewise.
        issuer: The authority: `id`, `name` and `country`.
        public_url: Prefix of ids and links.
        today: The date in the authority's zone.
        joint: How the joint award stands that it is part of; None: of none.
    """
    inputs, findings = decision_in(record["inputs"], record["findings"], issuer["id"])
    held = inputs["held"]
    return {
        **_identity(attestation, issuer, today),
        "decision_kind": inputs["decision_kind"],
        "outcome": findings["outcome"],
        "purpose": inputs["purpose"],
        "source": _source(held),
        "target": findings["target"],
        "legal": findings["legal"],
        "conditions": findings["conditions"],
        "measures": findings["measures"],
        "limitations": findings["limitations"],
        "experience": _experience(inputs),
        "validity": findings["validity"],
        "edition": inputs["edition"],
        "rows": findings["rows"],
        "decision_digest": attestation.decision_digest,
        "supersedes": _text(attestation.supersedes),
        "superseded_by": _text(attestation.superseded_by),
        "depends_on": [held["attestation"]] if held.get("attestation") else [],
        "joint": None if joint is None else dict(joint),
        "mandate": attestation.mandate,
        "copies": [copy_document(copy) for copy in copies],
        "links": _links(attestation, public_url),
    }


def describe_new(
    issuer: Issuer,
    record: DecisionRecord,
    attestation: Mapping[str, Any],
    copies: Sequence[Mapping[str, Any]],
    *,
    today: date,
    now: datetime,
) -> dict[str, Any]:
    """Return an attestation as callers see it, right after it was issued.

    Args:
        issuer: The authority.
        record: Its decision record.
        attestation: Its row, by column.
        copies: The rows of its copies, by column.
        today: The date in the authority's zone.
        now: When it was issued.
    """
    row: Any = SimpleNamespace(**attestation, status_reason=None, superseded_by=None)
    copy_rows: Any = [SimpleNamespace(**{**copy, "issued_at": now}) for copy in copies]
    return describe(
        row,
        {"inputs": record.inputs, "findings": record.findings},
        copy_rows,
        issuer={"id": issuer.url, "name": issuer.name, "country": issuer.country},
        public_url=issuer.public_url,
        today=today,
    ) | {"history": []}


def _identity(
    attestation: Attestation, issuer: Mapping[str, str], today: date
) -> dict[str, Any]:
    """Return who attests which decision, and whether the word still holds."""
    return {
        "id": str(attestation.id),
        "number": attestation.number,
        "status": status_on(attestation, today),
        "status_reason": attestation.status_reason,
        "status_since": format_instant(attestation.status_since),
        "issuer": dict(issuer),
        "request": _text(attestation.request_id),
        "decision": str(attestation.decision_id),
    }


def copy_document(copy: Copy) -> dict[str, Any]:
    """Return an issued copy as callers see it, without its text."""
    return {
        "format": copy.format,
        "jti": copy.jti,
        "issued_at": format_instant(copy.issued_at) if copy.issued_at else None,
        "expires_at": format_instant(copy.expires_at) if copy.expires_at else None,
    }


def _links(attestation: Attestation, public_url: str) -> dict[str, str]:
    here = f"{public_url}/api/v1/attestations/{attestation.id}"
    return {
        "self": here,
        "vc_jwt": f"{here}.jwt",
        "sd_jwt": f"{here}.sd-jwt",
        "replay": f"{here}/replay",
        "verify": f"{public_url}/verify",
    }


def _source(held: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": held["title"],
        "origin": held["origin"],
        "framework": held.get("framework"),
        "level": held.get("level"),
        "awarded_on": held.get("awarded_on"),
        "authenticity": held["authenticity"]["grade"],
    }


def _experience(inputs: Mapping[str, Any]) -> list[Any]:
    """Return the experience that a decision states, if it states any."""
    reference = (inputs["decision"] or {}).get("reference") or {}
    return list(reference.get("experience") or ())


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
