"""The files that belong to a case, for whoever takes it along whole."""

import json
from dataclasses import dataclass
from mimetypes import guess_type
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.letters import letters_of
from recognition_service.recognition.models import MAIN, Decision, Letter
from recognition_service.recognition.papers import papers_for_export

PDF, JSON = "application/pdf", "application/json"
_ANY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """A file of a case.

    Attributes:
        path: Where it lies among the others, with "/" between folder and name.
        kind: What it is, such as "letter", for who reads a list of them.
    """

    path: str
    kind: str
    media_type: str
    content: bytes


def documents_of(
    session: Session, authority_id: str, request_id: UUID
) -> list[CaseDocument]:
    """Return all files that this room keeps of a case, but for the case itself.

    These are the records of its signed decisions, the letters that are laid out, and
    the papers that were handed in, without the sensitive ones.

    Raises:
        RequestNotFoundError: The authority has no such request.
    """
    file = open_file(session, authority_id, request_id)
    decisions = [*file.decisions, *([file.provisional] if file.provisional else [])]
    letters = letters_of(session, authority_id, request_id, with_files=True)
    return [
        *(_record(decision) for decision in decisions if decision.record),
        *(
            _letter(number, letter, letter.pdf)
            for number, letter in enumerate(letters, start=1)
            if letter.pdf is not None
        ),
        *(
            _paper(name, content)
            for name, content in papers_for_export(session, authority_id, request_id)
        ),
    ]


def as_json_file(value: Any) -> bytes:
    """Return a value as a file that people can read too."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def _record(decision: Decision) -> CaseDocument:
    """Return inputs and findings, whose digest is the decision's."""
    value = {"decision_digest": decision.decision_digest, **(decision.record or {})}
    names = [] if decision.role == MAIN else [decision.role]
    names += [] if decision.number == 1 else [str(decision.number)]
    name = "-".join(["decision-record", *names])
    return CaseDocument(f"{name}.json", "decision_record", JSON, as_json_file(value))


def _paper(name: str, content: bytes) -> CaseDocument:
    media_type, _ = guess_type(name)
    return CaseDocument(f"papers/{name}", "paper", media_type or _ANY, content)


def _letter(number: int, letter: Letter, pdf: bytes) -> CaseDocument:
    name = letter.kind.replace("_", "-")
    return CaseDocument(f"letters/{number:02}-{name}.pdf", "letter", PDF, pdf)
