"""What a person may demand with a claim: all that is held, a correction, erasure.

Source: Regulation (EU) 2016/679, articles 15, 16, 17 and 20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.attestations.models import Attestation, Status
from recognition_service.attestations.read import as_document, find_by_request, token_of
from recognition_service.attestations.status import change_status
from recognition_service.authorities.found import legal_day
from recognition_service.clock import format_instant
from recognition_service.delivery.claim import opened_claim
from recognition_service.delivery.eligibility_rules import opt_ins_of
from recognition_service.mutual_recognition.applicant_view import questions_to_others
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import CaseFile, open_file
from recognition_service.recognition.erasure import (
    Erased,
    erase_for_person,
    require_closed,
)
from recognition_service.recognition.own_data import data_of_person
from recognition_service.recognition.rectification import (
    Correctable,
    ask_rectification,
    rectifications_of,
)
from recognition_service.recognition.vocabulary import StatusReason
from recognition_service.storage import audit

_HOLDER = "holder"
_LAWS = "Regulation (EU) 2016/679"
KEPT: Mapping[str, str] = {
    "outcome": f"{_LAWS}, article 17(3)(b)",
    "attestations": f"{_LAWS}, article 17(3)(b)",
    "alerts": "Directive 2005/36/EC, article 56a(7)",
    "audit": f"{_LAWS}, article 17(3)(e)",
}
"""What the law keeps of a case, and the article that lets it."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What became of the demand to erase.

    Attributes:
        authority_id: Whose case it was; its status lists may have to be published.
        attestations: Each {id, number, status} as they stand now.
        proof: Signed tokens and records to keep, made before anything went; None:
            not wanted.
    """

    authority_id: str
    erased: Erased
    attestations: tuple[Mapping[str, Any], ...]
    proof: Mapping[str, Any] | None


def export_own_data(
    session: Session, claim_token: str, *, public_url: str, now: datetime
) -> dict[str, Any]:
    """Return everything that is held about a person's case, in one document.

    The caller owns the transaction: that it was handed out is written down.

    Raises:
        ClaimTokenError: The claim is unknown or its half hour is over.
    """
    file = _file(session, claim_token, now=now)
    owner, request_id = file.request.authority_id, file.request.id
    today = legal_day(file.authority, now)
    audit.append(
        session,
        owner,
        actor=_HOLDER,
        action="claim.exported",
        subject=f"recognition_request/{request_id}",
        content={},
        now=now,
    )
    return {
        "made_at": format_instant(now),
        "authority": {"id": owner, "name": file.authority.name},
        "legal_basis": [f"{_LAWS}, article 15", f"{_LAWS}, article 20"],
        **data_of_person(session, file, public_url=public_url, now=now),
        "attestations": [
            {
                **as_document(session, each, public_url=public_url, today=today),
                "token": token_of(session, owner, each.id),
            }
            for each in find_by_request(session, owner, request_id)
        ],
        "questions_to_others": questions_to_others(session, owner, request_id),
        "eligibility": [
            {
                "rule": str(each.rule_id),
                "reference": str(each.id),
                "discloses_name": each.disclose_name,
            }
            for each in opt_ins_of(session, owner, request_id)
        ],
    }


def ask_for_rectification(
    session: Session,
    claim_token: str,
    *,
    member: Correctable,
    value: str,
    now: datetime,
) -> list[dict[str, Any]]:
    """Note that a person asks for a correction; return all that they asked for.

    The caller owns the transaction.

    Raises:
        ClaimTokenError: The claim is unknown or its half hour is over.
        RectificationInvalidError: The value does not fit the member.
    """
    file = _file(session, claim_token, to_change=True, now=now)
    ask_rectification(session, file, member=member, value=value, now=now)
    session.flush()
    events = events_of(session, file.request.authority_id, file.request.id)
    return rectifications_of(events)


def erase_own_data(
    session: Session,
    claim_token: str,
    *,
    withdraw_attestations: bool,
    with_proof: bool,
    now: datetime,
) -> Erasure:
    """Erase what a person can demand; what the law keeps is blocked.

    The caller owns the transaction and has the lists published afterwards. Attestations
    stay valid unless the person wants them withdrawn.

    Raises:
        ClaimTokenError: The claim is unknown or its half hour is over.
        CaseOpenError: The case is not closed.
        LegalHoldError: The case is kept for a legal claim.
        JointAwardHeldError: An attestation counts together with others only.
    """
    file = _file(session, claim_token, to_change=True, now=now)
    require_closed(session, file, now=now)
    owner = file.request.authority_id
    issued = find_by_request(session, owner, file.request.id)
    proof = _proof(session, file, issued, now) if with_proof else None
    for each in issued:
        if withdraw_attestations and each.status in {Status.VALID, Status.SUSPENDED}:
            change_status(
                session,
                owner,
                each.id,
                status=Status.REVOKED,
                reason=StatusReason.HOLDER_REQUEST,
                actor=_HOLDER,
                now=now,
            )
    for taken in opt_ins_of(session, owner, file.request.id):
        session.delete(taken)
    erased = erase_for_person(session, file, now=now)
    session.flush()
    return Erasure(
        owner,
        erased,
        tuple(
            {"id": str(each.id), "number": each.number, "status": each.status}
            for each in issued
        ),
        proof,
    )


def _file(
    session: Session, claim_token: str, *, to_change: bool = False, now: datetime
) -> CaseFile:
    opened = opened_claim(session, claim_token, now=now)
    return open_file(
        session,
        opened.authority_id,
        opened.request_id,
        to_change=to_change,
        despite_block=True,
    )


def _proof(
    session: Session, file: CaseFile, issued: list[Attestation], now: datetime
) -> dict[str, Any]:
    """Return what proves the outcome alone: tokens, records and their digests."""
    return {
        "made_at": format_instant(now),
        "authority": {"id": file.authority.id, "name": file.authority.name},
        "attestations": [
            {
                "id": str(each.id),
                "number": each.number,
                "token": token_of(session, each.authority_id, each.id),
            }
            for each in issued
        ],
        "decisions": [
            {
                "id": str(each.id),
                "decision_digest": each.decision_digest,
                "record": each.record,
            }
            for each in file.decisions
            if each.signed_at is not None
        ],
    }
