"""Whom a request is about: a name for two bodies only, and what they need to know."""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.credentials import base64url
from recognition_service.mutual_recognition.models import SubjectReference
from recognition_service.recognition.case_file import CaseFile
from recognition_service.storage.upsert import insert_for

_RANDOM_BYTES = 16
_SHOWN = (
    "qualification",
    "title",
    "title_language",
    "origin",
    "framework",
    "level",
    "awarded_on",
    "awarding_body",
)


def subject_reference(
    session: Session, authority_id: str, applicant_id: UUID, peer: str
) -> str:
    """Return how an authority names an applicant towards another body.

    The caller owns the transaction. The same two bodies use the same name for the same
    person for ever; any other body knows another one, so that names cannot be joined.
    """
    key = {"authority_id": authority_id, "applicant_id": applicant_id, "peer": peer}
    session.execute(
        insert_for(session, SubjectReference)
        .values(**key, reference=random_reference())
        .on_conflict_do_nothing()
    )
    row = session.get_one(SubjectReference, (authority_id, applicant_id, peer))
    return row.reference


def random_reference() -> str:
    """Return a name for a person of whom no case here tells."""
    return "s_" + base64url.encode_text(secrets.token_bytes(_RANDOM_BYTES))


def description(file: CaseFile, position: int) -> dict[str, Any]:
    """Return person and qualification of a case, as who is asked must know them."""
    applicant = file.applicant
    held = file.held[position].content
    return {
        "person": {
            "family_name": applicant.family_name,
            "given_name": applicant.given_name,
            "birth_date": applicant.birth_date.isoformat()
            if applicant.birth_date
            else None,
            "other_names": [dict(name) for name in applicant.other_names],
        },
        "qualification": {name: held.get(name) for name in _SHOWN},
    }
