"""How the OpenAPI document describes the VC-API."""

from typing import Any

from recognition_service.web.api import examples
from recognition_service.web.bodies import JSON

_OBJECT: dict[str, Any] = {"type": "object"}
_PROBLEMS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "title", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "pointer": {"type": "string", "description": "RFC 6901"},
        },
    },
}
SECURED: dict[str, Any] = {"type": "object", "required": ["@context", "type"]}
RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["verified", "problemDetails"],
    "properties": {
        "verified": {"type": "boolean"},
        "problemDetails": _PROBLEMS,
        "errors": _PROBLEMS,
    },
}
STATUS: dict[str, Any] = {
    "type": "object",
    "required": ["credentialId", "credentialStatus", "status"],
}
VERIFIED = {"verified": True, "problemDetails": []}
NOT_VERIFIED: dict[str, Any] = examples.load("vc_api_not_verified")
CREDENTIAL: dict[str, Any] = examples.load("vc_api_credential")
STATUS_CHANGE = {
    "credentialId": CREDENTIAL["id"],
    "credentialStatus": {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
    },
    "status": True,
}
_UNSECURED = {
    name: value for name, value in CREDENTIAL.items() if name not in {"proof", "issuer"}
}


def _body(example: dict[str, Any], *required: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": list(required),
        "properties": {name: {} for name in required} | {"options": _OBJECT},
    }
    return {
        "required": True,
        "content": {JSON: {"schema": schema, "example": example}},
    }


ISSUE_BODY = _body(
    {"credential": _UNSECURED, "options": {"cryptosuite": "eddsa-rdfc-2022"}},
    "credential",
)
CREDENTIAL_BODY = _body({"verifiableCredential": CREDENTIAL}, "verifiableCredential")
PRESENTATION_BODY = _body(
    {
        "verifiablePresentation": {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [CREDENTIAL],
        },
        "options": {"challenge": "n-0S6_WzA2Mj", "domain": "employer.example"},
    },
)
STATUS_BODY = _body(STATUS_CHANGE, "credentialId", "credentialStatus", "status")
