"""Letters to applicants: written with the change that they tell of, laid out later.

A letter is a row of the transaction of the change, with all that it says. A message of
the outbox has it laid out afterwards; its bytes are kept once and never change.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.recognition.case_file import get_request
from recognition_service.recognition.errors import (
    LetterNotFoundError,
    LetterPendingError,
)
from recognition_service.recognition.letter_kinds import LetterKind, require_members
from recognition_service.recognition.models import (
    Applicant,
    HeldQualification,
    Letter,
    RecognitionRequest,
)
from recognition_service.storage import audit, outbox
from recognition_service.storage.ids import new_id
from recognition_service.wording import best_language

RENDER_LETTER = "letter.render"
"""The message that has a letter laid out; its content is {letter: id}."""


def write_letter(
    session: Session,
    request: RecognitionRequest,
    kind: LetterKind,
    *,
    params: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> Letter:
    """Write a letter to the applicant, in a language that we have sentences for.

    The caller owns the transaction. Person, authority, qualification and dates of the
    case are taken down with it, so that it says for ever what it says now.

    Args:
        session: A writing session.
        request: The case, as it is after the change that the letter tells of.
        kind: What the letter is for.
        params: What it says, as `letter_kinds` describes it.
        actor: Whose act it tells of, as the audit names them.
        now: The instant.

    Raises:
        LetterIncompleteError: It would leave out what it is written for.
    """
    require_members(kind, params)
    letter = Letter(
        authority_id=request.authority_id,
        id=new_id(now),
        request_id=request.id,
        kind=kind,
        language=best_language(request.language),
        params={**params, "case": _case(session, request, now)},
        written_by=actor,
        written_at=now,
    )
    session.add(letter)
    outbox.put(
        session,
        request.authority_id,
        kind=RENDER_LETTER,
        content={"letter": str(letter.id)},
        now=now,
    )
    audit.append(
        session,
        request.authority_id,
        actor=actor,
        action="letter.written",
        subject=f"letter/{letter.id}",
        content={"request": str(request.id), "kind": kind, "language": letter.language},
        now=now,
    )
    return letter


def acknowledge(
    session: Session, request: RecognitionRequest, *, actor: str, now: datetime
) -> Letter:
    """Tell the applicant that the request came in. The caller owns the transaction."""
    today = legal_day(get_authority(session, request.authority_id), now)
    return write_letter(
        session,
        request,
        LetterKind.ACKNOWLEDGEMENT,
        params={"received_on": today.isoformat()},
        actor=actor,
        now=now,
    )


def confirm_withdrawal(
    session: Session, request: RecognitionRequest, *, actor: str, now: datetime
) -> Letter:
    """Tell the applicant that the case is closed. The caller owns the transaction."""
    today = legal_day(get_authority(session, request.authority_id), now)
    return write_letter(
        session,
        request,
        LetterKind.WITHDRAWAL,
        params={"withdrawn_on": today.isoformat()},
        actor=actor,
        now=now,
    )


def letters_of(
    session: Session, authority_id: str, request_id: UUID, *, with_files: bool = False
) -> list[Letter]:
    """Return the letters of a case, oldest first; their files only `with_files`.

    Raises:
        RequestNotFoundError: The authority has no such request.
    """
    get_request(session, authority_id, request_id)
    statement = (
        select(Letter)
        .where(Letter.authority_id == authority_id, Letter.request_id == request_id)
        .order_by(Letter.id)
    )
    if with_files:
        statement = statement.options(undefer(Letter.pdf))
    return list(session.scalars(statement))


def get_letter(session: Session, authority_id: str, letter_id: UUID) -> Letter:
    """Return a letter without its file.

    Raises:
        LetterNotFoundError: The authority has no such letter.
    """
    letter = session.get(Letter, (authority_id, letter_id))
    if letter is None:
        raise LetterNotFoundError(f"There is no letter {letter_id}.")
    return letter


def file_of_letter(
    session: Session, authority_id: str, request_id: UUID, letter_id: UUID
) -> bytes:
    """Return the PDF of a letter.

    Raises:
        RequestNotFoundError: The authority has no such request.
        LetterNotFoundError: The case has no such letter.
        LetterPendingError: It is not laid out yet.
    """
    get_request(session, authority_id, request_id)
    letter = get_letter(session, authority_id, letter_id)
    if letter.request_id != request_id:
        raise LetterNotFoundError(f"There is no letter {letter_id}.")
    if letter.pdf is None:
        raise LetterPendingError(f"The letter {letter_id} is not laid out yet.")
    return letter.pdf


def keep_rendered(
    session: Session, authority_id: str, letter_id: UUID, pdf: bytes, *, now: datetime
) -> bool:
    """Keep the file of a letter, once. The caller owns the transaction.

    Returns:
        Whether it was the first; another one changes nothing.

    Raises:
        LetterNotFoundError: The authority has no such letter.
    """
    letter = session.get(Letter, (authority_id, letter_id), with_for_update=True)
    if letter is None:
        raise LetterNotFoundError(f"There is no letter {letter_id}.")
    if letter.rendered_at is not None:
        return False
    letter.pdf, letter.rendered_at = pdf, now
    letter.digest, letter.size = digest_of_bytes(pdf), len(pdf)
    audit.append(
        session,
        authority_id,
        actor=letter.written_by,
        action="letter.rendered",
        subject=f"letter/{letter.id}",
        content={"digest": letter.digest},
        now=now,
    )
    return True


def _case(
    session: Session, request: RecognitionRequest, now: datetime
) -> dict[str, Any]:
    """Return whom a letter is about, and what, as plain values."""
    authority = get_authority(session, request.authority_id)
    applicant = session.get_one(Applicant, (authority.id, request.applicant_id))
    held = session.scalars(
        select(HeldQualification).where(
            HeldQualification.authority_id == request.authority_id,
            HeldQualification.request_id == request.id,
            HeldQualification.position == 0,
        )
    ).one()
    return {
        "authority": {
            "name": authority.name,
            "jurisdiction": authority.jurisdiction,
            "mode": authority.mode,
        },
        "applicant": {
            "family_name": applicant.family_name,
            "given_name": applicant.given_name,
            "birth_date": applicant.birth_date.isoformat()
            if applicant.birth_date
            else None,
            "email": applicant.email,
        },
        "reference": request.number or str(request.id),
        "external_reference": request.external_reference,
        "asked_language": request.language,
        "dated": legal_day(authority, now).isoformat(),
        "submitted_on": legal_day(authority, request.submitted_at).isoformat(),
        "decision_kind": request.decision_kind,
        "purpose": request.purpose,
        "destination": request.destination,
        "profession": request.profession,
        "regime": request.regime,
        "held": {
            name: held.content.get(name)
            for name in ("title", "origin", "awarded_on", "awarding_body")
        },
    }
