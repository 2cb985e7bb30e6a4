"""What the issuer's status list says about a copy, and what that proves.

Whatever is missing, stale or does not fit leads to "cannot confirm", never to
"valid". A list tells about the instant it was signed. Asked about an earlier date,
a later list that shows "valid" is enough, because revocation and replacement are
final; one that shows anything else does not say since when. Lists of the past that
were kept do say it, for as long as they did not expire.

Source: Token Status List draft-20 sections 5.1, 8.3, 8.4 and 13.7.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from recognition_service.clock import format_instant
from recognition_service.credentials import jws, token_status_list
from recognition_service.credentials.errors import (
    MalformedStatusListError,
    MalformedTokenError,
)
from recognition_service.credentials.jwk import PublicKey
from recognition_service.credentials.token_status_list import StatusList
from recognition_service.verification import bitstring_status
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.issuer import LEEWAY_SECONDS
from recognition_service.verification.report import StatusFinding
from recognition_service.verification.status_key import (
    CACHED_LISTS,
    LONGEST_TTL_SECONDS,
    find_status_key,
    refuse_replay,
)
from recognition_service.verification.trust import (
    StatusInput,
    TrustedIssuer,
    VerificationInputs,
)
from recognition_service.verification.values import value

_LEEWAY = timedelta(seconds=LEEWAY_SECONDS)
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


@value
class OpenedList:
    """A status list whose signature is good.

    Attributes:
        uri: The address that it was made for.
        ttl: How long a fetched copy may be used, None when not said.
    """

    uri: str
    entries: StatusList
    issued_at: datetime
    expires_at: datetime | None
    ttl: timedelta | None


def find_status(
    claims: Mapping[str, Any],
    issuer: TrustedIssuer,
    inputs: VerificationInputs,
    at: datetime,
) -> tuple[StatusFinding, ...]:
    """Return what the right lists of the right issuer say about a copy.

    One list tells all; credentials that name only lists of bits need one for each
    purpose.

    Raises:
        CheckFailedError: The copy names no entry, a list is missing, does not belong
            there, or cannot be read.
    """
    if "status" not in claims and "credentialStatus" in claims:
        return bitstring_status.find_statuses(claims, issuer, inputs.statuses)
    uri, index = _entry(claims)
    given = inputs.statuses.get(uri)
    if given is None:
        raise CheckFailedError(Code.STATUS_MISSING, {"source": uri})
    opened = open_list(given, issuer, uri)
    refuse_replay(given, opened.issued_at)
    fresh_until = _fresh_until(opened, given)
    if opened.issued_at > at + _LEEWAY and uri in inputs.earlier_statuses:
        kept = _list_of_then(inputs.earlier_statuses[uri], issuer, uri, at)
        if kept is not None:
            opened, fresh_until = kept, kept.expires_at or kept.issued_at
    try:
        found = opened.entries.value(index)
    except MalformedStatusListError as error:
        raise CheckFailedError(Code.STATUS_INDEX_OUT_OF_RANGE) from error
    return (StatusFinding(_VALUES.get(found), opened.issued_at, fresh_until, uri),)


def check_status(finding: StatusFinding, at: datetime) -> bool:
    """Check the status against the asked instant.

    Returns whether the list was signed after that instant.

    Raises:
        CheckFailedError: Stale, unknown, or not in force.
    """
    signed_later = finding.as_of > at + _LEEWAY
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


def _entry(claims: Mapping[str, Any]) -> tuple[str, int]:
    status = claims.get("status")
    entry = status.get("status_list") if isinstance(status, dict) else None
    if not isinstance(entry, dict):
        raise CheckFailedError(Code.STATUS_NOT_DECLARED)
    uri, index = entry.get("uri"), entry.get("idx")
    if not isinstance(uri, str):
        raise CheckFailedError(Code.STATUS_NOT_DECLARED)
    if type(index) is not int or index < 0:
        raise CheckFailedError(Code.STATUS_INDEX_OUT_OF_RANGE)
    return uri, index


def _list_of_then(
    kept: Iterable[StatusInput], issuer: TrustedIssuer, uri: str, at: datetime
) -> OpenedList | None:
    """Return the newest of the kept lists that an instant lies in, None without one.

    One that cannot be read says nothing; the newest list still does.
    """
    found = None
    for given in kept:
        try:
            opened = open_list(given, issuer, uri)
        except CheckFailedError:
            continue
        begun = opened.issued_at <= at + _LEEWAY
        over = opened.expires_at is not None and opened.expires_at <= at
        if begun and not over and (found is None or opened.issued_at > found.issued_at):
            found = opened
    return found


def open_list(given: StatusInput, issuer: TrustedIssuer, uri: str) -> OpenedList:
    """Return a list that an issuer has signed for an address.

    Raises:
        CheckFailedError: It cannot be read, is not signed by a key of the issuer for
            lists, or belongs to another address.
    """
    try:
        key, parsed = find_status_key(given.token, issuer)
        opened = _signed_list(given.token, parsed)
    except (MalformedTokenError, MalformedStatusListError) as error:
        raise CheckFailedError(
            Code.STATUS_MALFORMED, {"reason": error.reason}
        ) from error
    if key.retired_at is not None and opened.issued_at > key.retired_at:
        raise CheckFailedError(Code.STATUS_KEY_UNKNOWN)
    if opened.uri != uri:
        raise CheckFailedError(Code.STATUS_MISMATCH, {"source": uri})
    return opened


@lru_cache(maxsize=CACHED_LISTS)
def _signed_list(token: str, key: PublicKey) -> OpenedList:
    """Return the list of a token that this key signed.

    One list serves thousands of verifications, so it is opened once; only lists
    with a good signature are decompressed and kept. The answer depends on nothing
    but the arguments.
    """
    decoded = token_status_list.decode(token)
    if not jws.verify_signature(decoded.jws, key):
        raise CheckFailedError(Code.STATUS_BAD_SIGNATURE)
    expires, ttl = decoded.expires_at, decoded.ttl_seconds
    return OpenedList(
        decoded.uri,
        decoded.status_list(),
        datetime.fromtimestamp(decoded.issued_at, UTC),
        None if expires is None else datetime.fromtimestamp(expires, UTC),
        None if ttl is None else timedelta(seconds=min(ttl, LONGEST_TTL_SECONDS)),
    )


def _fresh_until(opened: OpenedList, given: StatusInput) -> datetime:
    """Return the earlier of `exp` and the end of `ttl` after fetching.

    A list with neither is fresh at the instant of fetching only.
    """
    expires_at = opened.expires_at
    if opened.ttl is None:
        return given.fetched_at if expires_at is None else expires_at
    outdated_at = given.fetched_at + opened.ttl
    return outdated_at if expires_at is None else min(expires_at, outdated_at)
