"""Believing a signed trust list: signatures, versions, dates.

Whoever was once believed can be stolen from, so a list must not only be signed: it
must be signed by enough pinned keys, be no older than the one that was accepted
before, and live for a short time. What is refused changes nothing: the list that was
accepted last stays, until it is stale and confirms nothing any more.

Source: The Update Framework (22 January 2026), sections 5.3 (threshold, recovery
from fast-forward) and 5.4 (rollback, freeze); Securing Verifiable Credentials using
JOSE and COSE, section 3.1.1; RFC 7515 section 5.2.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from recognition_service.credentials import canonical, jws, strict_json, vc_jwt
from recognition_service.credentials.errors import (
    MalformedInputError,
    UnusableKeyError,
)
from recognition_service.credentials.jwk import PublicKey, public_key
from recognition_service.credentials.jws import CompactJWS
from recognition_service.verification import recognized_entities
from recognition_service.verification.form import KEY_BRINGING_PARAMETERS
from recognition_service.verification.issuer import LEEWAY_SECONDS
from recognition_service.verification.members import UnfitValueError
from recognition_service.verification.trust import TrustSnapshot

MAX_TOKEN_BYTES = 64 << 20
LONGEST_LIFE = timedelta(days=31)
LARGEST_LEAD = 100_000
"""How far a version may run ahead of `version_floor`, in minutes: some ten weeks.

Whoever has a stolen key cannot push the version out of reach of honest lists.
"""

_MAX_SIGNATURES = 16
_LEEWAY = timedelta(seconds=LEEWAY_SECONDS)
_VERSIONS_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


class Refusal(StrEnum):
    """Why a list is not believed."""

    MALFORMED = "malformed_list"
    PAYLOADS_DIFFER = "payloads_differ"
    BAD_SIGNATURE = "bad_signature"
    THRESHOLD_NOT_MET = "threshold_not_met"
    OTHER_ISSUER = "other_issuer"
    ISSUED_IN_FUTURE = "issued_in_future"
    LIFE_TOO_LONG = "life_too_long"
    FAST_FORWARD = "fast_forward"
    ROLLBACK = "rollback"
    SAME_VERSION_DIFFERS = "same_version_differs"


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """The keys that were pinned, and how many of them must sign."""

    keys: tuple[PublicKey, ...]
    threshold: int = 1

    def thumbprints(self) -> frozenset[str]:
        """Return the names of the keys."""
        return frozenset(key.thumbprint for key in self.keys)

    def are_met_by(self, signers: Iterable[str]) -> bool:
        """Tell whether enough of the pinned keys are among these signers."""
        return len(self.thumbprints().intersection(signers)) >= self.threshold


@dataclass(frozen=True, slots=True)
class AcceptedList:
    """A list that was believed when it was accepted.

    Attributes:
        issuer: Who signs it: "{PUBLIC_URL}/trust".
        digest: Of the signed payload.
        signers: Thumbprints of the pinned keys that signed it.
        tokens: The list as it was served, one token for each signature.
    """

    issuer: str
    snapshot: TrustSnapshot
    digest: str
    signers: frozenset[str]
    tokens: tuple[str, ...]

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether the list may still be relied on."""
        return now <= self.snapshot.fresh_until


class _RefusedError(Exception):
    """Ends the reading of a list; never leaves this module."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def version_floor(instant: datetime) -> int:
    """Return the least version that a list made at an instant should have.

    It counts the minutes since 2026, so that an installation that was restored from
    an old backup does not give out numbers again that verifiers have seen.
    """
    return max(1, int((instant - _VERSIONS_BEGIN) / timedelta(minutes=1)))


def read_anchors(value: Any) -> TrustAnchors:
    """Return the anchors of a JWK, or of a JWK set that may have a `threshold`.

    Raises:
        UnusableKeyError: Something in it is no public key, or the threshold cannot be
            reached.
    """
    given = value if isinstance(value, dict) else {}
    listed = given.get("keys", [given])
    threshold = given.get("threshold", 1)
    if not isinstance(listed, list) or not all(isinstance(k, dict) for k in listed):
        raise UnusableKeyError("malformed_key")
    anchors = TrustAnchors(tuple(public_key(jwk) for jwk in listed), threshold)
    if type(threshold) is not int or not 1 <= threshold <= len(anchors.thumbprints()):
        raise UnusableKeyError("threshold_out_of_reach")
    return anchors


def anchors_value(anchors: TrustAnchors) -> dict[str, Any]:
    """Return anchors as `read_anchors` reads them."""
    return {
        "keys": [
            dict(key.jwk) | {"kid": key.thumbprint, "alg": key.algorithm.value}
            for key in anchors.keys
        ],
        "threshold": anchors.threshold,
    }


def accept(
    tokens: Sequence[str],
    anchors: TrustAnchors,
    held: AcceptedList | None,
    *,
    now: datetime,
) -> AcceptedList | Refusal:
    """Return the list that tokens carry, or why it is not believed.

    Args:
        tokens: One `vc+jwt` for each signature, all over the same payload.
        anchors: The pinned keys. What `held` was accepted on counts only as far as
            these keys still vouch for it: new keys are how to recover from an old
            one that was stolen.
        held: The list that was accepted last, None at first.
        now: The present instant. A list that has expired is accepted, because it can
            be newer than the one held; it is stale, and confirms nothing.
    """
    try:
        found = _opened(tokens, anchors)
        _check_dates(found.snapshot, now)
        _check_lead(found.snapshot)
        if held is not None and anchors.are_met_by(held.signers):
            _check_progress(found, held)
    except _RefusedError as refused:
        return refused.refusal
    return found


def reopen(tokens: Sequence[str], anchors: TrustAnchors) -> AcceptedList | Refusal:
    """Return a list that was accepted before, without asking for its dates again."""
    try:
        return _opened(tokens, anchors)
    except _RefusedError as refused:
        return refused.refusal


def claimed_issuer(token: str) -> str | None:
    """Return who a token says has signed it; nothing about that is proven."""
    try:
        issuer = _claims(_split(token)).get("issuer")
    except _RefusedError:
        return None
    found = issuer.get("id") if isinstance(issuer, dict) else None
    return found if isinstance(found, str) else None


def _opened(tokens: Sequence[str], anchors: TrustAnchors) -> AcceptedList:
    """Return the list of tokens that enough pinned keys have signed."""
    if not 0 < len(tokens) <= _MAX_SIGNATURES:
        raise _RefusedError(Refusal.MALFORMED)
    parts = [_split(token) for token in tokens]
    payload = parts[0].payload
    if any(part.payload != payload for part in parts):
        raise _RefusedError(Refusal.PAYLOADS_DIFFER)
    names = [_kid(part) for part in parts]
    signers = _signers(parts, names, anchors)
    if not anchors.are_met_by(signers):
        raise _RefusedError(Refusal.THRESHOLD_NOT_MET)
    claims = _claims(parts[0])
    try:
        snapshot = recognized_entities.read(claims)
    except UnfitValueError as error:
        raise _RefusedError(Refusal.MALFORMED) from error
    issuer = claims["issuer"]["id"]
    if any(owner != issuer for owner, thumbprint in names if thumbprint in signers):
        raise _RefusedError(Refusal.OTHER_ISSUER)
    digest = canonical.digest_of_bytes(payload)
    return AcceptedList(issuer, snapshot, digest, signers, tuple(tokens))


def _signers(
    parts: Sequence[CompactJWS],
    names: Sequence[tuple[str, str]],
    anchors: TrustAnchors,
) -> frozenset[str]:
    """Return which pinned keys have signed; one that signs twice counts once."""
    pinned = {key.thumbprint: key for key in anchors.keys}
    found = set()
    for part, (_, thumbprint) in zip(parts, names, strict=True):
        key = pinned.get(thumbprint)
        if key is None:
            continue
        if not jws.verify_signature(part, key):
            raise _RefusedError(Refusal.BAD_SIGNATURE)
        found.add(thumbprint)
    return frozenset(found)


def _check_dates(snapshot: TrustSnapshot, now: datetime) -> None:
    if snapshot.as_of > now + _LEEWAY:
        raise _RefusedError(Refusal.ISSUED_IN_FUTURE)
    life = snapshot.fresh_until - snapshot.as_of
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise _RefusedError(Refusal.LIFE_TOO_LONG)


def _check_progress(found: AcceptedList, held: AcceptedList) -> None:
    """Refuse to go back."""
    if found.issuer != held.issuer:
        raise _RefusedError(Refusal.OTHER_ISSUER)
    new, old = found.snapshot, held.snapshot
    if new.version < old.version or new.as_of < old.as_of:
        raise _RefusedError(Refusal.ROLLBACK)
    if new.version == old.version and found.digest != held.digest:
        raise _RefusedError(Refusal.SAME_VERSION_DIFFERS)


def _check_lead(snapshot: TrustSnapshot) -> None:
    """Refuse a version so high that no honest list could follow."""
    furthest = version_floor(snapshot.as_of) + LARGEST_LEAD
    if not 1 <= snapshot.version <= furthest:
        raise _RefusedError(Refusal.FAST_FORWARD)


def _split(token: str) -> CompactJWS:
    """Return the parts of a token that is of the right type and brings no key."""
    if len(token) > MAX_TOKEN_BYTES:
        raise _RefusedError(Refusal.MALFORMED)
    try:
        parts = jws.split(token.encode("ascii"))
    except (MalformedInputError, UnicodeEncodeError) as error:
        raise _RefusedError(Refusal.MALFORMED) from error
    header = parts.header
    if (
        header.get("typ") != vc_jwt.TYP
        or header.get("cty", vc_jwt.CTY) != vc_jwt.CTY
        or not KEY_BRINGING_PARAMETERS.isdisjoint(header)
    ):
        raise _RefusedError(Refusal.MALFORMED)
    return parts


def _kid(part: CompactJWS) -> tuple[str, str]:
    """Return whose key a token names, and the key's thumbprint."""
    kid = part.header.get("kid")
    owner, _, thumbprint = kid.partition("#") if isinstance(kid, str) else ("", "", "")
    return owner, thumbprint


def _claims(part: CompactJWS) -> Mapping[str, Any]:
    try:
        return strict_json.parse_object(part.payload, max_bytes=MAX_TOKEN_BYTES)
    except MalformedInputError as error:
        raise _RefusedError(Refusal.MALFORMED) from error
