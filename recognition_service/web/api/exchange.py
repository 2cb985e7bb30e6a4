"""Messages from other installations, and their signed receipts.

The protocol is described in `docs/federation.md`.
"""

from flask import Response, request

from recognition_service.credentials.exchange_message import (
    LARGEST_MESSAGE,
    RECEIVED,
)
from recognition_service.mutual_recognition.receive_attachment import (
    LARGEST_ATTACHMENT,
)
from recognition_service.runtime.exchange_desk import JWT, MESSAGE_HEADER
from recognition_service.runtime.incoming_desk import Answered
from recognition_service.web.bodies import media_type, read_bytes
from recognition_service.web.current import runtime
from recognition_service.web.errors import InvalidParametersError
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "exchange", __name__, description="Messages between installations, signed by both."
)
_BYTES = "application/octet-stream"
_TOKEN = {"type": "string", "description": "A JWS, `recognition-receipt+jwt`."}
_EXAMPLE = "eyJhbGciOiJFUzI1NiIsInR5cCI6InJlY29nbml0aW9uLXJlY2VpcHQrand0In0.eyJ…"
_REFUSED = 409


@blueprint.route("/exchange", methods=["POST"])
@blueprint.problems(403, 413, 415, 503)
@blueprint.response(202, _TOKEN, content_type=JWT, example=_EXAMPLE)
def post_message() -> Response:
    """Take a message in.

    The body is a JWS of the type `recognition-message+jwt`. It is answered with a
    signed receipt: 202 once it is stored and done, for good, and 409 with the same
    kind of token, `status` being `refused`, if it cannot be taken. The same message
    gets the same answer. A sender who is not proven gets a problem and no signature.
    """
    media_type((JWT,))
    token = read_bytes(LARGEST_MESSAGE)
    return _answer(runtime().receive_message(token))


@blueprint.route("/exchange/attachments", methods=["POST"])
@blueprint.doc(
    parameters=[
        {
            "in": "header",
            "name": MESSAGE_HEADER,
            "required": True,
            "description": "The message that names the digest of the body.",
            "schema": {"type": "string"},
        }
    ]
)
@blueprint.problems(403, 413, 415, 422, 503)
@blueprint.response(202, _TOKEN, content_type=JWT, example=_EXAMPLE)
def post_message_attachment() -> Response:
    """Take the bytes of a document in, and the message that announces them.

    The bytes are the body, the message stands in a header; both are answered together
    as at /exchange.
    """
    media_type((_BYTES,))
    token = request.headers.get(MESSAGE_HEADER)
    if token is None:
        raise InvalidParametersError(
            f"The header {MESSAGE_HEADER} is missing.",
            (
                {
                    "parameter": MESSAGE_HEADER,
                    "code": "required",
                    "detail": "It holds the message that announces the document.",
                },
            ),
        )
    content = read_bytes(LARGEST_ATTACHMENT)
    return _answer(runtime().receive_message(token.encode("ascii", "replace"), content))


def _answer(answered: Answered) -> Response:
    status = 202 if answered.receipt.status == RECEIVED else _REFUSED
    response = Response(answered.token, status, content_type=JWT)
    response.headers["Cache-Control"] = "no-store"
    return response
