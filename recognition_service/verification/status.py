"""What the issuer's status list says about a copy, and what that proves.

Whatever is missing, stale or does not fit leads to "cannot confirm", never to
"valid". A list tells about the instant it was signed. Asked about an earlier date,
a later list that shows "valid" is enough, because revocation and replacement are
final; one that shows anything else does not say since when.

Source: Token Status List draft-20 sections 5.1, 8.3, 8.4 and 13.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from recognition_service.clock import format_instant
from recognition_service.credentials import jws, token_status_list
from recognition_service.credentials.errors import (
    MalformedStatusListError,
    MalformedTokenError,
    UnusableKeyError,
)
from recognition_service.credentials.jwk import PublicKey, public_key
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.credentials.token_status_list import StatusList
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.issuer import LEEWAY_SECONDS
from recognition_service.verification.report import StatusFinding
from recognition_service.verification.trust import StatusInput, TrustedIssuer

_CACHED_LISTS = 16
_LONGEST_TTL_SECONDS = 366 * 86_400
_VALUES = {
    token_status_list.VALID: "valid",
    token_status_list.REVOKED: "revoked",
    token_status_list.SUSPENDED: "suspended",
    token_status_list.SUPERSEDED: "superseded",
}
_NOT_IN_FORCE = {
    "revoked": Code.REVOKED,
    "suspended": Code.SUSPENDED,
    "superseded": Code.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A status list whose signature is good.

    Attributes:
        uri: The address that it was made for.
        ttl_seconds: How long a fetched copy may be used, None when not said.
    """

    uri: str
    entries: StatusList
    issued_at: datetime
    expires_at: datetime | None
    ttl_seconds: int | None


def find_status(
    payload: Mapping[str, Any],
    issuer: TrustedIssuer,
    statuses: Mapping[str, StatusInput],
) -> StatusFinding:
    """Return what the right list of the right issuer says about a copy.

    Raises:
        CheckFailedError: The copy names no entry, the list is missing, does not
            belong there, or cannot be read.
    """
    uri, index = _entry(payload)
    given = statuses.get(uri)
    if given is None:
        raise CheckFailedError(Code.STATUS_MISSING, {"source": uri})
    opened = _opened(given, issuer)
    if opened.uri != uri:
        raise CheckFailedError(Code.STATUS_MISMATCH, {"source": uri})
    try:
        value = opened.entries.value(index)
    except MalformedStatusListError as error:
        raise CheckFailedError(Code.STATUS_INDEX_OUT_OF_RANGE) from error
    return StatusFinding(
        _VALUES.get(value), opened.issued_at, _fresh_until(opened, given), uri
    )


def check_status(finding: StatusFinding, at: datetime) -> bool:
    """Check the status against the asked instant.

    Returns whether the list was signed after that instant.

    Raises:
        CheckFailedError: Stale, unknown, or not in force.
    """
    signed_later = finding.as_of.timestamp() > at.timestamp() + LEEWAY_SECONDS
    if not signed_later and finding.fresh_until <= at:
        raise CheckFailedError(
            Code.STATUS_STALE, {"fresh_until": format_instant(finding.fresh_until)}
        )
    if finding.value is None:
        raise CheckFailedError(Code.STATUS_VALUE_UNKNOWN)
    if finding.value == "valid":
        return signed_later
    if signed_later:
        raise CheckFailedError(
            Code.STATUS_NOT_AS_OF_DATE,
            {"status": finding.value, "as_of": format_instant(finding.as_of)},
        )
    raise CheckFailedError(_NOT_IN_FORCE[finding.value])


def _entry(payload: Mapping[str, Any]) -> tuple[str, int]:
    status = payload.get("status")
    entry = status.get("status_list") if isinstance(status, dict) else None
    if not isinstance(entry, dict):
        raise CheckFailedError(Code.STATUS_NOT_DECLARED)
    uri, index = entry.get("uri"), entry.get("idx")
    if not isinstance(uri, str):
        raise CheckFailedError(Code.STATUS_NOT_DECLARED)
    if type(index) is not int or index < 0:
        raise CheckFailedError(Code.STATUS_INDEX_OUT_OF_RANGE)
    return uri, index


def _opened(given: StatusInput, issuer: TrustedIssuer) -> OpenedList:
    try:
        kid = jws.peek_header(given.token).get("kid")
        key = issuer.key(kid) if isinstance(kid, str) else None
        if key is None or key.purpose is not KeyPurpose.STATUS:
            raise CheckFailedError(Code.STATUS_KEY_UNKNOWN)
        opened = _signed_list(given.token, public_key(key.public_jwk))
    except (MalformedTokenError, MalformedStatusListError) as error:
        raise CheckFailedError(
            Code.STATUS_MALFORMED, {"reason": error.reason}
        ) from error
    except UnusableKeyError as error:
        raise CheckFailedError(Code.STATUS_KEY_UNKNOWN) from error
    if key.compromised_at is not None or (
        key.retired_at is not None and opened.issued_at > key.retired_at
    ):
        raise CheckFailedError(Code.STATUS_KEY_UNKNOWN)
    return opened


@lru_cache(maxsize=_CACHED_LISTS)
def _signed_list(token: str, key: PublicKey) -> OpenedList:
    """Return the list of a token that this key signed.

    One list serves thousands of verifications, so it is opened once; only lists
    with a good signature are decompressed and kept. The answer depends on nothing
    but the arguments.
    """
    decoded = token_status_list.decode(token)
    if not jws.verify_signature(decoded.jws, key):
        raise CheckFailedError(Code.STATUS_BAD_SIGNATURE)
    expires = decoded.expires_at
    return OpenedList(
        decoded.uri,
        decoded.status_list(),
        datetime.fromtimestamp(decoded.issued_at, UTC),
        None if expires is None else datetime.fromtimestamp(expires, UTC),
        decoded.ttl_seconds,
    )


def _fresh_until(opened: OpenedList, given: StatusInput) -> datetime:
    """Return the earlier of `exp` and the end of `ttl` after fetching.

    A list with neither is fresh at the instant of fetching only.
    """
    limits = [] if opened.expires_at is None else [opened.expires_at]
    if opened.ttl_seconds is not None:
        ttl_seconds = min(opened.ttl_seconds, _LONGEST_TTL_SECONDS)
        limits.append(given.fetched_at + timedelta(seconds=ttl_seconds))
    return min(limits, default=given.fetched_at)
