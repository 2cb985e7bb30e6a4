"""Claims: code and birth date in, case and attestations out."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, literal, select
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import AttestationNotFoundError
from recognition_service.attestations.joint_record import decision_in
from recognition_service.attestations.models import Attestation
from recognition_service.attestations.read import (
    find_by_request,
    status_on,
    token_of,
)
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import legal_day
from recognition_service.authorities.trust import issuer_url
from recognition_service.clock import format_instant
from recognition_service.delivery.claim_code import code_digest, new_code, normalise
from recognition_service.delivery.errors import (
    BirthDateUnknownError,
    ClaimNotFoundError,
    ClaimTokenError,
)
from recognition_service.delivery.models import ClaimCode, ClaimSession, ClaimTries
from recognition_service.errors import TooManyTriesError
from recognition_service.mutual_recognition.applicant_view import questions_to_others
from recognition_service.recognition.alert_lists import alerts_about, told_document
from recognition_service.recognition.case_file import CaseFile, open_file
from recognition_service.recognition.looks import readings_for_person
from recognition_service.recognition.progress import for_applicant
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.upsert import insert_for

CODE_LIFE = timedelta(days=180)
TOKEN_LIFE = timedelta(minutes=30)
MOST_TRIES = 5
_COUNTED_FOR = timedelta(hours=24)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Claim:
    """What a person gets to see.

    Attributes:
        token: For half an hour the key to the attestations' files; secret.
        case: The state of the case, or None where the instrument knows none.
        attestations: `id`, `label` and links of each.
        readings: Who read the case: instant, authority and role of each, never a name.
        alerts: What other authorities are warned of.
    """

    token: str
    expires_at: datetime
    case: Mapping[str, Any] | None
    attestations: tuple[Mapping[str, Any], ...]
    readings: tuple[Mapping[str, Any], ...]
    alerts: tuple[Mapping[str, Any], ...]


def issue_claim_code(
    session: Session, caller: Caller, request_id: UUID, *, now: datetime
) -> tuple[str, datetime]:
    """Make a claim code for a request's applicant; earlier codes are revoked.

    The caller owns the transaction. The code is shown this once.

    Raises:
        RequestNotFoundError: The authority has no such request.
        BirthDateUnknownError: Without a birth date nobody can claim.
    """
    file = open_file(session, caller.authority_id, request_id)
    if file.applicant.birth_date is None:
        raise BirthDateUnknownError("Add the applicant's birth date first.")
    for old in session.scalars(
        select(ClaimCode).where(
            ClaimCode.authority_id == caller.authority_id,
            ClaimCode.request_id == request_id,
            ClaimCode.revoked_at.is_(None),
        )
    ):
        old.revoked_at = now
    code, expires_at = new_code(), now + CODE_LIFE
    session.add(
        ClaimCode(
            authority_id=caller.authority_id,
            id=new_id(now),
            request_id=request_id,
            digest=code_digest(code.replace("-", "")),
            created_at=now,
            expires_at=expires_at,
        )
    )
    audit.append(
        session,
        caller.authority_id,
        actor=caller.actor,
        action="claim_code.issued",
        subject=f"recognition_request/{request_id}",
        content={},
        now=now,
    )
    return code, expires_at


def count_try(session: Session, typed: str, *, now: datetime) -> None:
    """Count a try before it is looked at, in a transaction of its own.

    Codes that do not exist are counted alike, so that counting tells nothing.

    Raises:
        TooManyTriesError: Five wrong tries within a day; the count stays.
    """
    digest = code_digest(normalise(typed) or typed[:100])
    is_over = ClaimTries.since <= now - _COUNTED_FOR
    # One statement, so that tries at the same instant are counted one by one.
    tries, since = session.execute(
        insert_for(session, ClaimTries)
        .values(digest=digest, tries=1, since=now)
        .on_conflict_do_update(
            index_elements=["digest"],
            set_={
                "tries": case((is_over, 1), else_=ClaimTries.tries + 1),
                "since": case(
                    (is_over, literal(now, ClaimTries.since.type)),
                    else_=ClaimTries.since,
                ),
            },
        )
        .returning(ClaimTries.tries, ClaimTries.since)
    ).one()
    if tries > MOST_TRIES:
        wait = since + _COUNTED_FOR - now
        raise TooManyTriesError(
            "Too many tries with this code.", int(wait.total_seconds())
        )


def claim(
    session: Session,
    typed: str,
    birth_date: date,
    *,
    public_url: str,
    now: datetime,
) -> Claim:
    """Return what belongs to a code and a birth date.

    The caller owns the transaction and has counted the try. A right pair sets the
    count back.

    Raises:
        ClaimNotFoundError: Not a pair; which half is wrong is not said.
    """
    row, file = _match(session, typed, birth_date, now=now)
    tries = session.get(ClaimTries, row.digest)
    if tries is not None:
        session.delete(tries)
    token, expires_at = secrets.token_urlsafe(_TOKEN_BYTES), now + TOKEN_LIFE
    session.add(
        ClaimSession(
            authority_id=row.authority_id,
            id=new_id(now),
            request_id=row.request_id,
            digest=_token_digest(token),
            expires_at=expires_at,
        )
    )
    audit.append(
        session,
        row.authority_id,
        actor="holder",
        action="claim.opened",
        subject=f"recognition_request/{row.request_id}",
        content={},
        now=now,
    )
    return Claim(
        token,
        expires_at,
        _case(session, file, now),
        _attestations(session, file, public_url, now),
        tuple(readings_for_person(session, row.authority_id, row.request_id)),
        tuple(
            told_document(alert)
            for alert in alerts_about(session, row.authority_id, row.request_id)
        ),
    )


def claimed_token(
    session: Session, claim_token: str, attestation_id: UUID, *, now: datetime
) -> str:
    """Return the signed token of an attestation that a claim listed.

    Raises:
        ClaimTokenError: The claim is unknown or its half hour is over.
        AttestationNotFoundError: The claim does not list this attestation.
    """
    opened = opened_claim(session, claim_token, now=now)
    listed = find_by_request(session, opened.authority_id, opened.request_id)
    if attestation_id not in {attestation.id for attestation in listed}:
        raise AttestationNotFoundError(f"There is no attestation {attestation_id}.")
    return token_of(session, opened.authority_id, attestation_id)


def _match(
    session: Session, typed: str, birth_date: date, *, now: datetime
) -> tuple[ClaimCode, CaseFile]:
    """Return the code that belongs to a birth date, and its case; blocked ones too."""
    code = normalise(typed)
    row = (
        session.scalars(
            select(ClaimCode).where(ClaimCode.digest == code_digest(code))
        ).first()
        if code
        else None
    )
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        raise ClaimNotFoundError("This code and birth date do not match anything.")
    file = open_file(session, row.authority_id, row.request_id, despite_block=True)
    if file.applicant.birth_date != birth_date:
        raise ClaimNotFoundError("This code and birth date do not match anything.")
    return row, file


def opened_claim(session: Session, claim_token: str, *, now: datetime) -> ClaimSession:
    """Return the half hour that a claim's token opens.

    Raises:
        ClaimTokenError: The claim is unknown or its half hour is over.
    """
    opened = session.scalars(
        select(ClaimSession).where(
            ClaimSession.digest == _token_digest(claim_token),
            ClaimSession.expires_at > now,
        )
    ).first()
    if opened is None:
        raise ClaimTokenError("Please enter code and birth date again.")
    return opened


def _case(session: Session, file: CaseFile, now: datetime) -> dict[str, Any]:
    request, decision = file.request, file.signed
    findings = (decision.record or {}).get("findings") if decision else None
    return {
        "number": request.number,
        "procedure": request.procedure,
        **for_applicant(session, file, now=now),
        "authority": file.authority.name,
        "decision_kind": request.decision_kind,
        "destination": request.destination,
        "title": file.held[0].title,
        "submitted_at": format_instant(request.submitted_at),
        "due_on": request.due_on.isoformat() if request.due_on else None,
        "decided_on": decision.decided_on.isoformat()
        if decision and decision.decided_on
        else None,
        "outcome": decision.outcome if decision else None,
        "remedy": findings["legal"]["remedy"] if findings else None,
        "text": findings["text"] if findings else None,
        "questions_to_others": questions_to_others(
            session, request.authority_id, request.id
        ),
    }


def _attestations(
    session: Session, file: CaseFile, public_url: str, now: datetime
) -> tuple[dict[str, Any], ...]:
    request = file.request
    issuer = issuer_url(public_url, request.authority_id)
    return tuple(
        {
            "id": str(attestation.id),
            "number": attestation.number,
            "label": inputs["held"]["title"],
            "status": status_on(attestation, legal_day(file.authority, now)),
            "outcome": findings["outcome"],
            "verify_url": f"{public_url}/verify",
            "vc_jwt": f"{public_url}/api/v1/claims/attestations/{attestation.id}.jwt",
        }
        for attestation in find_by_request(session, request.authority_id, request.id)
        for inputs, findings in (_decision_in(attestation, issuer),)
    )


def _decision_in(
    attestation: Attestation, issuer: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    record = attestation.record
    return decision_in(record["inputs"], record["findings"], issuer)


def _token_digest(token: str) -> str:
    said = f"claim-token {token[:200]}".encode(errors="replace")
    return hashlib.sha256(said).hexdigest()
