"""The VC-API at the root: a throw-away issuer for test suites, on this machine only.

Closed unless `VC_API_OPEN` is set, which is refused unless the server is bound to
this machine; while it is closed, it is as if it were not there.

Source: Verifiable Credential API for Lifecycle Management (VCALM).
"""

import ipaddress
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request

from recognition_service.credentials.errors import MalformedJSONError
from recognition_service.errors import NotFoundError
from recognition_service.runtime.credentials_desk import EDDSA_SUITES, VC_API
from recognition_service.verification.data_model.faults import Fault, malformed
from recognition_service.web.bodies import read_json
from recognition_service.web.current import runtime
from recognition_service.web.errors import CredentialRefusedError
from recognition_service.web.headers import for_any_origin, signed_document
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.vc_api import acts, shapes
from recognition_service.web.vc_api.answers import unreadable, verification_answer

blueprint = Blueprint(
    "vc-api",
    __name__,
    description="The VC-API with a throw-away issuer, for rehearsals on one machine.",
)
_ANYBODY = "anybody"
_BAD_REQUEST = 400
_A_MINUTE = 60
_FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")
"""What a proxy adds; it may stand on this machine and let others in."""

_FORMS = ("application/vc", "application/ld+json", "application/json")
_View = TypeVar("_View", bound=Callable[..., Any])
_Check = Callable[[Mapping[str, Any]], tuple[list[Fault], dict[str, Any]]]


def while_open(view: _View) -> _View:
    """Answer only while the door is open, and only callers on this machine."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not runtime().config.vc_api_open or not _is_near():
            raise NotFoundError("Nothing is at this address.")
        return view(*args, **kwargs)

    return guarded  # type: ignore[return-value]  # the same view, guarded


@blueprint.route("/credentials/issue", methods=["POST"])
@while_open
@blueprint.doc(requestBody=shapes.ISSUE_BODY)
@blueprint.problems(400, 404, 409, 413, 415, 503)
@blueprint.response(201, shapes.SECURED, example=shapes.CREDENTIAL)
def issue_any_credential() -> Response:
    """Sign a credential as the throw-away issuer.

    With an embedded proof (`options.cryptosuite`), or with `options.format` set to
    `vc+jwt` in an envelope. `options.credentialStatus` adds an entry of a bitstring
    status list. A missing issuer is filled in.
    """
    secured = acts.issue(
        VC_API,
        EDDSA_SUITES,
        actor=_ANYBODY,
        always_with_status=runtime().config.vc_api_status,
    )
    return json_answer(secured, 201)


@blueprint.route("/credentials/verify", methods=["POST"])
@while_open
@blueprint.doc(requestBody=shapes.CREDENTIAL_BODY)
@blueprint.problems(404, 413, 415, 503)
@blueprint.alt_response(400, schema=shapes.RESULT, example=shapes.NOT_VERIFIED)
@blueprint.response(200, shapes.RESULT, example=shapes.VERIFIED)
def verify_any_credential() -> Response:
    """Verify a credential of anybody.

    Data model, proof, dates, status, schema and related resources; whether its issuer
    may be believed is not asked.
    """
    return _verified(acts.verify_credential)


@blueprint.route("/presentations/verify", methods=["POST"])
@while_open
@blueprint.doc(requestBody=shapes.PRESENTATION_BODY)
@blueprint.problems(404, 413, 415, 503)
@blueprint.alt_response(400, schema=shapes.RESULT, example=shapes.NOT_VERIFIED)
@blueprint.response(200, shapes.RESULT, example=shapes.VERIFIED)
def verify_any_presentation() -> Response:
    """Verify a presentation and the credentials in it.

    `options.challenge` and `options.domain` are what its holder was asked to sign.
    """
    return _verified(acts.verify_presentation)


@blueprint.route("/credentials/status", methods=["POST"])
@while_open
@blueprint.doc(requestBody=shapes.STATUS_BODY)
@blueprint.problems(400, 404, 409, 413, 415, 503)
@blueprint.response(200, shapes.STATUS, example=shapes.STATUS_CHANGE)
def change_any_credential_status() -> Response:
    """Revoke or suspend a credential of the throw-away issuer.

    Revocation is final; a suspension can be lifted with `status` set to false.
    """
    return json_answer(acts.change_status(VC_API, actor=_ANYBODY))


@blueprint.route(
    f"/status/bsl/{VC_API}/<int(max=2147483647):number>"
    "/<any(revocation, suspension):purpose>"
)
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200,
    {"type": "object", "description": "A `BitstringStatusListCredential`."},
    content_type=_FORMS[0],
    example={"type": ["VerifiableCredential", "BitstringStatusListCredential"]},
)
def get_throw_away_status_list(number: int, purpose: str) -> Response:
    """Show a bitstring status list of the throw-away issuer.

    With an embedded proof by its own `did:key`, so that anybody can check it.
    """
    body = runtime().vc_api_list(number, purpose)
    if body is None:
        raise NotFoundError("There is no such status list.")
    form = request.accept_mimetypes.best_match(_FORMS) or _FORMS[0]
    response = signed_document(body, form, max_age_seconds=_A_MINUTE)
    response.vary.add("Accept")
    return response


def _is_near() -> bool:
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _verified(check: _Check) -> Response:
    """Answer with what a check found; whatever is wrong is told in the same form."""
    added: dict[str, Any] = {}
    try:
        body = read_json()
        if isinstance(body, dict):
            faults, added = check(body)
        else:
            faults = [malformed("not_an_object", "")]
    except MalformedJSONError as error:
        faults = [unreadable(error.reason)]
    except CredentialRefusedError as error:
        faults = [malformed(each["code"], each["pointer"]) for each in error.errors]
    return verification_answer(faults, failed_status=_BAD_REQUEST, added=added)
