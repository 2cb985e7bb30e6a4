"""The bytes of documents that are sent along with requests to other bodies."""

from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.mutual_recognition.receive_attachment import (
    LARGEST_ATTACHMENT,
    receive_attachment,
    received_attachment,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api.mutual_requests import (
    EXAMPLE,
    READERS,
    SHAPE,
    show_request,
)
from recognition_service.web.bodies import read_bytes
from recognition_service.web.current import runtime
from recognition_service.web.files import as_file
from recognition_service.web.headers import ANY_TYPE
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "mutual-request-attachments",
    __name__,
    description="Documents that are sent along with requests to other bodies.",
)
_ONE = "/mutual-requests/<uuid:request_id>/attachments/<digest>"


@blueprint.route(_ONE, methods=["PUT"])
@requires(Role.CLERK, Role.OFFICER)
@blueprint.doc(
    requestBody={
        "required": True,
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"}
            }
        },
    }
)
@blueprint.problems(403, 404, 409, 413, 422)
@blueprint.response(200, SHAPE, example=EXAMPLE)
@blueprint.alt_response(201, schema=SHAPE, example=EXAMPLE)
def put_attachment(request_id: UUID, digest: str) -> Response:
    """Hand in the bytes of a document that you have sent along.

    Size and digest must be those that were announced; up to 10 MiB are taken. Answers
    201 when they came for the first time; the same again changes nothing.
    """
    content = read_bytes(LARGEST_ATTACHMENT)
    with runtime().database.transaction() as session:
        is_new = receive_attachment(
            session, caller(), request_id, digest, content, now=runtime().now()
        )
    return show_request(request_id, 201 if is_new else 200)


@blueprint.route(_ONE)
@requires(*READERS)
@blueprint.problems(403, 404)
@blueprint.response(
    200,
    {"type": "string", "format": "binary"},
    content_type=ANY_TYPE,
    example="%PDF-1.7 …",
)
def get_attachment(request_id: UUID, digest: str) -> Response:
    """Return a document that was sent along, as a file to be kept.

    Only who asks and who answers get it. It has been compared with its digest, and
    looked into by nobody: open it as carefully as any document from outside.
    """
    with runtime().database.reading() as session:
        found = received_attachment(session, caller().authority_id, request_id, digest)
    return as_file(found.content, found.media_type, found.name or digest)
