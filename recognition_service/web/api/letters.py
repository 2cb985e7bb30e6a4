"""Letters to the applicants of cases, and whole cases as archives."""

from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.clock import format_instant
from recognition_service.recognition.letters import file_of_letter, letters_of
from recognition_service.recognition.models import Letter
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "letters", __name__, description="Letters to applicants, and case files."
)
_CASE = "/recognition-requests/<uuid:request_id>"
_READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_BYTES = {"type": "string", "format": "binary"}
_SHAPE = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "kind", "language", "written_at", "ready"],
            },
        }
    },
}


@blueprint.route(f"{_CASE}/letters")
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=examples.load("letters"))
def list_letters(request_id: UUID) -> Response:
    """List the letters of a case, oldest first.

    A letter is written with the change that it tells of; its file is made within
    seconds. From then on it is `ready`, and digest and size are told.
    """
    with runtime().database.reading() as session:
        letters = letters_of(session, caller().authority_id, request_id)
    return json_answer({"items": [_entry(letter) for letter in letters]})


@blueprint.route(f"{_CASE}/letters/<uuid:letter_id>.pdf")
@requires(*_READERS)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _BYTES, content_type="application/pdf", example="%PDF-1.7 …")
def get_letter_file(request_id: UUID, letter_id: UUID) -> Response:
    """Return a letter as PDF, byte by byte as it was made.

    One that is not made yet is 409 `letter_pending`: try again in some seconds.
    """
    with runtime().database.reading() as session:
        pdf = file_of_letter(session, caller().authority_id, request_id, letter_id)
    return _file(pdf, "application/pdf", f"{letter_id}.pdf")


@blueprint.route(f"{_CASE}/file.zip")
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, _BYTES, content_type="application/zip", example="PK …")
def get_case_file(request_id: UUID) -> Response:
    """Return a whole case as an archive, such as for a court or for keeping.

    It holds the case as data, the record of the decision, all letters, the documents
    that came with answers of other bodies, an index with the history as PDF, and
    `manifest.json` with the digest of each file. The same case gives the same bytes.
    """
    archive = runtime().case_archive(caller().authority_id, request_id)
    return _file(archive.content, "application/zip", archive.name)


def _entry(letter: Letter) -> dict[str, Any]:
    return {
        "id": str(letter.id),
        "kind": letter.kind,
        "language": letter.language,
        "written_at": format_instant(letter.written_at),
        "ready": letter.rendered_at is not None,
        "digest": letter.digest,
        "size": letter.size,
        "href": f"{runtime().public_url}/api/v1/recognition-requests/"
        f"{letter.request_id}/letters/{letter.id}.pdf",
    }


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
