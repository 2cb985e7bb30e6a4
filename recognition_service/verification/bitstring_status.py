"""What the issuer's bitstring lists say about a credential that names no other list.

Both purposes must be there: a list of revocations alone does not tell that nothing
is suspended. As with the other kind of list, what is missing, stale or does not fit
is never "valid".

Source: Bitstring Status List v1.0 sections 2.1, 2.2 and 3.2.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from recognition_service.credentials import bitstring_status_list as bitstring
from recognition_service.credentials import jws
from recognition_service.credentials.bitstring_status_list import (
    Bitstring,
    Entry,
    ListCredential,
)
from recognition_service.credentials.errors import (
    MalformedStatusListError,
    MalformedTokenError,
)
from recognition_service.credentials.jwk import PublicKey
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.report import StatusFinding
from recognition_service.verification.status_key import (
    CACHED_LISTS,
    LONGEST_TTL_SECONDS,
    find_status_key,
    refuse_replay,
)
from recognition_service.verification.trust import StatusInput, TrustedIssuer
from recognition_service.verification.values import value

_WHEN_SET: Mapping[str, str] = {
    bitstring.REVOCATION: "revoked",
    bitstring.SUSPENSION: "suspended",
}
_MOST_ENTRIES = 8


@value
class OpenedBitstring:
    """A list whose signature is good."""

    said: ListCredential
    bits: Bitstring


def find_statuses(
    claims: Mapping[str, Any],
    issuer: TrustedIssuer,
    statuses: Mapping[str, StatusInput],
) -> tuple[StatusFinding, ...]:
    """Return what each list says that a credential names, revocations first.

    Raises:
        CheckFailedError: A purpose is not declared, a list is missing, does not
            belong there, or cannot be read.
    """
    entries = _entries(claims)
    return tuple(
        _find(entry, issuer, statuses)
        for purpose in _WHEN_SET
        for entry in entries
        if entry.purpose == purpose
    )


def _entries(claims: Mapping[str, Any]) -> list[Entry]:
    named = claims.get("credentialStatus")
    members = [
        member
        for member in (named if isinstance(named, list) else [named])
        if isinstance(member, dict) and member.get("type") == bitstring.ENTRY_TYPE
    ]
    if len(members) > _MOST_ENTRIES:
        raise CheckFailedError(Code.STATUS_NOT_DECLARED)
    try:
        entries = [bitstring.read_entry(member) for member in members]
    except MalformedStatusListError as error:
        raise CheckFailedError(Code.STATUS_NOT_DECLARED) from error
    if not _WHEN_SET.keys() <= {entry.purpose for entry in entries}:
        raise CheckFailedError(Code.STATUS_NOT_DECLARED)
    return entries


def _find(
    entry: Entry, issuer: TrustedIssuer, statuses: Mapping[str, StatusInput]
) -> StatusFinding:
    given = statuses.get(entry.uri)
    if given is None:
        raise CheckFailedError(Code.STATUS_MISSING, {"source": entry.uri})
    opened = _opened(given, issuer)
    said = opened.said
    refuse_replay(given, said.valid_from or given.fetched_at)
    if (
        said.issuer != issuer.id
        or said.uri != entry.uri
        or said.purposes != (entry.purpose,)
    ):
        raise CheckFailedError(Code.STATUS_MISMATCH, {"source": entry.uri})
    try:
        is_set = opened.bits.value(entry.index, entry.size)
    except MalformedStatusListError as error:
        if error.reason == "index_out_of_range":
            raise CheckFailedError(Code.STATUS_INDEX_OUT_OF_RANGE) from error
        raise CheckFailedError(
            Code.STATUS_MALFORMED, {"reason": error.reason}
        ) from error
    return StatusFinding(
        _WHEN_SET[entry.purpose] if is_set else "valid",
        said.valid_from or given.fetched_at,
        _fresh_until(said, given),
        entry.uri,
    )


def _opened(given: StatusInput, issuer: TrustedIssuer) -> OpenedBitstring:
    try:
        key, parsed = find_status_key(given.token, issuer)
        opened = _signed_list(given.token, parsed)
    except (MalformedTokenError, MalformedStatusListError) as error:
        raise CheckFailedError(
            Code.STATUS_MALFORMED, {"reason": error.reason}
        ) from error
    except OverflowError as error:  # An instant before or after all calendars.
        raise CheckFailedError(Code.STATUS_MALFORMED, {"reason": "claims"}) from error
    made_at = opened.said.valid_from
    if key.retired_at is not None and (made_at is None or made_at > key.retired_at):
        raise CheckFailedError(Code.STATUS_KEY_UNKNOWN)
    return opened


@lru_cache(maxsize=CACHED_LISTS)
def _signed_list(token: str, key: PublicKey) -> OpenedBitstring:
    """Return the list of a token that this key signed, opened once for all."""
    parts, said = bitstring.decode(token)
    if not jws.verify_signature(parts, key):
        raise CheckFailedError(Code.STATUS_BAD_SIGNATURE)
    return OpenedBitstring(said, Bitstring(bitstring.decompress(said.encoded_list)))


def _fresh_until(said: ListCredential, given: StatusInput) -> datetime:
    """Return the earlier of `validUntil` and the end of `ttl` after fetching."""
    limits = [] if said.valid_until is None else [said.valid_until]
    if said.ttl_seconds is not None:
        seconds = min(said.ttl_seconds, LONGEST_TTL_SECONDS)
        limits.append(given.fetched_at + timedelta(seconds=seconds))
    return min(limits, default=given.fetched_at)
