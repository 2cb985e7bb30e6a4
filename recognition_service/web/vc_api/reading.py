"""What callers of the VC-API send. Members that are not known are ignored.

Source: Verifiable Credential API for Lifecycle Management (VCALM), "Issue
Credential", "Update Status", "Verify Credential" and "Verify Presentation".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recognition_service.credentials.bitstring_status_list import ENTRY_TYPE, REVOCATION
from recognition_service.credentials.data_integrity import Cryptosuite
from recognition_service.runtime.credentials_desk import PURPOSES, Wanted
from recognition_service.verification.joint import MOST_PEERS
from recognition_service.web.bodies import read_json
from recognition_service.web.errors import CredentialRefusedError

_TOKEN_FORMATS = frozenset({"vc+jwt", "application/vc+jwt"})
_PROOF_FORMATS = frozenset({"vc", "application/vc"})
_LONGEST_ID = 2_000
_SPELLINGS = {"1": True, "0": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class StatusOrder:
    """What shall be said about a credential from now on."""

    credential_id: str
    purpose: str
    is_set: bool


def refused(pointer: str, code: str, detail: str) -> CredentialRefusedError:
    """Return the error about one member of the body."""
    return CredentialRefusedError(
        detail, ({"pointer": pointer, "code": code, "detail": detail},)
    )


def read_object() -> dict[str, Any]:
    """Return the body, which must be a JSON object.

    Raises:
        CredentialRefusedError: Another JSON value.
        RecognitionError: Not JSON, too large, or declared as something else.
    """
    body = read_json()
    if not isinstance(body, dict):
        raise refused("", "not_an_object", "A JSON object is expected.")
    return body


def options_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options; none is the same as none given.

    Raises:
        CredentialRefusedError: Not an object.
    """
    found = body.get("options")
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise refused("/options", "not_an_object", "An object is expected.")
    return found


def text_option(options: Mapping[str, Any], name: str) -> str | None:
    """Return an option that must be text.

    Raises:
        CredentialRefusedError: Something else.
    """
    found = options.get(name)
    if found is not None and not isinstance(found, str):
        raise refused(f"/options/{name}", "not_text", "Text is expected.")
    return found


def peers_in(options: Mapping[str, Any]) -> list[Any]:
    """Return the tokens, bare or in envelopes, that are presented beside a credential.

    Raises:
        CredentialRefusedError: Not a list, or one that is too long.
    """
    found = options.get("peers", [])
    if not isinstance(found, list) or len(found) > MOST_PEERS:
        raise refused(
            "/options/peers", "not_credentials", f"Up to {MOST_PEERS} tokens are read."
        )
    return found


def credential_to_issue(
    body: Mapping[str, Any], issuer_ids: tuple[str, ...]
) -> dict[str, Any]:
    """Return the credential, with the issuer filled in where none is named.

    Raises:
        CredentialRefusedError: There is no credential.
    """
    credential = body.get("credential")
    if not isinstance(credential, dict):
        raise refused("/credential", "not_an_object", "A credential is expected.")
    issuer = credential.get("issuer")
    if "issuer" not in credential:
        return {**credential, "issuer": issuer_ids[0]}
    if isinstance(issuer, dict) and "id" not in issuer:
        return {**credential, "issuer": {"id": issuer_ids[0], **issuer}}
    return credential


def wanted_form(
    options: Mapping[str, Any],
    credential: Mapping[str, Any],
    suites: frozenset[Cryptosuite],
    *,
    always_with_status: bool = False,
) -> Wanted:
    """Return how the credential shall be secured.

    Args:
        options: As the caller sent them.
        credential: What is to be secured.
        suites: The cryptosuites that the issuer has keys for.
        always_with_status: Whether a place for revocation is taken unasked.

    Raises:
        CredentialRefusedError: A format, suite or purpose that is not offered.
    """
    purposes = _purposes(options.get("credentialStatus"))
    if not purposes and always_with_status:
        purposes = (REVOCATION,)
    given_id = text_option(options, "credentialId") or credential.get("id")
    if isinstance(given_id, str) and len(given_id) > _LONGEST_ID:
        raise refused("/credential/id", "too_long", f"Up to {_LONGEST_ID} characters.")
    return Wanted(
        suite=_suite(options, suites),
        purposes=purposes,
        credential_id=given_id if isinstance(given_id, str) else None,
    )


def status_order(body: Mapping[str, Any]) -> StatusOrder:
    """Return what shall be said about which credential.

    Raises:
        CredentialRefusedError: A member is missing or not of its kind.
    """
    credential_id, status = body.get("credentialId"), body.get("status")
    if not isinstance(credential_id, str) or len(credential_id) > _LONGEST_ID:
        raise refused("/credentialId", "not_text", "The id of a credential.")
    if isinstance(status, str):
        status = _SPELLINGS.get(status)
    if not isinstance(status, bool):
        raise refused("/status", "not_a_truth_value", "true or false is expected.")
    purposes = _purposes(body.get("credentialStatus"), "/credentialStatus")
    if len(purposes) != 1:
        raise refused("/credentialStatus", "not_one", "One entry is expected.")
    return StatusOrder(credential_id, purposes[0], status)


def _suite(
    options: Mapping[str, Any], suites: frozenset[Cryptosuite]
) -> Cryptosuite | None:
    form = text_option(options, "format")
    if form in _TOKEN_FORMATS:
        return None
    if form is not None and form not in _PROOF_FORMATS:
        raise refused("/options/format", "not_offered", "vc+jwt is offered, or none.")
    wanted = text_option(options, "cryptosuite") or Cryptosuite.EDDSA_RDFC_2022
    if wanted not in suites:
        offered = ", ".join(sorted(suites))
        raise refused("/options/cryptosuite", "not_offered", f"Offered: {offered}.")
    return Cryptosuite(wanted)


def _purposes(
    found: Any, pointer: str = "/options/credentialStatus"
) -> tuple[str, ...]:
    """Return each purpose once, in the order of the lists."""
    if found in (None, False, []):
        return ()
    named = {
        _purpose(item, pointer)
        for item in (found if isinstance(found, list) else [found])
    }
    return tuple(purpose for purpose in PURPOSES if purpose in named)


def _purpose(item: Any, pointer: str) -> str:
    purpose = REVOCATION
    if isinstance(item, dict):
        if item.get("type", ENTRY_TYPE) not in (ENTRY_TYPE, "BitstringStatusList"):
            raise refused(pointer, "not_offered", f"{ENTRY_TYPE} is offered.")
        purpose = item.get("statusPurpose", REVOCATION)
    elif item is not True and item != ENTRY_TYPE:
        raise refused(pointer, "not_an_object", "An object is expected.")
    if purpose not in PURPOSES:
        raise refused(pointer, "not_offered", f"Offered: {', '.join(PURPOSES)}.")
    return str(purpose)
