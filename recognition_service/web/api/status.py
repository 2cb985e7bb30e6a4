"""Status lists: is an attestation still valid, without naming a person.

Source: Token Status List draft-20 sections 8.1, 8.2 and 8.4.
"""

from flask import Response, request

from recognition_service.errors import NotFoundError
from recognition_service.web.bodies import read_query
from recognition_service.web.current import runtime
from recognition_service.web.errors import NotSupportedError
from recognition_service.web.headers import for_any_origin, signed_document
from recognition_service.web.json_answers import json_bytes
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "status", __name__, description="Signed lists that say which attestations hold."
)
MEDIA_TYPE = "application/statuslist+jwt"
_JSON = "application/json"
_A_MINUTE = 60


@blueprint.route("/status/tsl/<authority_id>/<int(max=2147483647):number>")
@for_any_origin
@blueprint.doc(
    parameters=[
        {
            "in": "query",
            "name": "time",
            "required": False,
            "description": "An earlier instant: not supported yet (501).",
            "schema": {"type": "integer"},
        }
    ]
)
@blueprint.problems(404, 501, 503)
@blueprint.response(
    200,
    {"type": "string", "description": "A JWT of the type `statuslist+jwt`."},
    content_type=MEDIA_TYPE,
    example="eyJhbGciOiJFUzI1NiIsInR5cCI6InN0YXR1c2xpc3Qrand0In0.eyJ…",
)
def get_status_list(authority_id: str, number: int) -> Response:
    """Show a status list.

    Two bits for each attestation: valid, revoked, suspended or superseded. Who asks
    only for `application/json` gets the same token as `{"token": ...}`.
    """
    if "time" in read_query(("time",)):
        raise NotSupportedError("Earlier status lists are not kept yet.")
    token = runtime().status_list(authority_id, number)
    if token is None:
        raise NotFoundError("There is no such status list.")
    accepted = request.accept_mimetypes
    if accepted and accepted[_JSON] > accepted[MEDIA_TYPE]:
        body = json_bytes({"token": token.decode("ascii")})
        response = signed_document(body, _JSON, max_age_seconds=_A_MINUTE)
    else:
        response = signed_document(token, MEDIA_TYPE, max_age_seconds=_A_MINUTE)
    response.vary.add("Accept")
    return response
