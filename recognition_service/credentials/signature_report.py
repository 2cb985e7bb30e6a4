"""What one public key proves of one credential, and no more.

Nobody is asked whether the issuer is trusted or the credential revoked; `verification`
does that for attestations. Here any credential of a format that we read is judged by
form, signature, dates and the holder's proof.

Source: RFC 7519 section 7.2; RFC 8725 sections 3.1 to 3.3 and 3.11; RFC 9901 section
7.3.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from recognition_service.clock import parse_instant
from recognition_service.credentials import jws, key_binding, sd_jwt_vc, vc_jwt
from recognition_service.credentials.claim_paths import Path
from recognition_service.credentials.errors import MalformedTokenError
from recognition_service.credentials.jwk import PublicKey
from recognition_service.credentials.jws import CompactJWS
from recognition_service.credentials.sd_jwt import SDJWT

LEEWAY_SECONDS = 60
FindKey = Callable[[Mapping[str, Any], str | None], PublicKey | None]
"""Returns the key for a header and the issuer that the claims name, if there is one."""
_NUMBERS = frozenset({int, float})


@dataclass(frozen=True, slots=True)
class Expected:
    """What the holder's proof must be for."""

    aud: str
    nonce: str


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The answer.

    Attributes:
        format: "vc+jwt" or "dc+sd-jwt", None if it is neither.
        fault: Permanent name of the first thing that is wrong, None if nothing is.
        reason: What exactly is malformed, where that is the fault.
        issuer: Id of the issuer as claimed.
        claims: What the credential says; empty unless the signature is good.
        disclosed: The places of claims that came by disclosure.
        holder: "proven", "not_proven" where the proof has a fault, "not_asked".
    """

    format: str | None
    fault: str | None = None
    reason: str | None = None
    issuer: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)
    disclosed: tuple[Path, ...] = ()
    holder: str = "not_asked"


@dataclass(frozen=True, slots=True)
class _Opened:
    format: str
    jws: CompactJWS
    claims: Mapping[str, Any]
    presentation: SDJWT | None
    disclosed: tuple[Path, ...]


def signature_report(
    presented: bytes,
    find_key: FindKey,
    *,
    now: datetime,
    expected: Expected | None = None,
) -> SignatureReport:
    """Judge a credential by a key; `expected` asks for the holder's proof too."""
    try:
        opened = _open(presented)
    except MalformedTokenError as error:
        return SignatureReport(None, "malformed", error.reason)
    issuer = _issuer(opened.claims)
    key = find_key(opened.jws.header, issuer)
    fault = _fault_of_signature(opened, key)
    if fault is not None:
        return SignatureReport(opened.format, fault, issuer=issuer)
    fault = _fault_of_dates(opened.claims, now)
    holder = "not_asked"
    if expected is not None:
        proof = _fault_of_proof(opened, expected, now)
        holder = "proven" if proof is None else "not_proven"
        fault = fault or proof
    return SignatureReport(
        opened.format,
        fault,
        None,
        issuer,
        opened.claims,
        opened.disclosed,
        holder,
    )


def _open(presented: bytes) -> _Opened:
    token = presented.strip()
    if b"~" in token and not token.startswith(b"{"):
        decoded = sd_jwt_vc.decode(token)
        return _Opened(
            sd_jwt_vc.TYP,
            decoded.jws,
            decoded.payload,
            decoded.presentation,
            tuple(decoded.places),
        )
    plain = vc_jwt.decode(token)
    if plain.jws.header.get("typ") != vc_jwt.TYP:
        raise MalformedTokenError("wrong_type")
    return _Opened(vc_jwt.TYP, plain.jws, plain.payload, None, ())


def _issuer(claims: Mapping[str, Any]) -> str | None:
    issuer = claims.get("iss", claims.get("issuer"))
    if isinstance(issuer, dict):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) else None


def _fault_of_signature(opened: _Opened, key: PublicKey | None) -> str | None:
    if key is None:
        return "key_unknown"
    if opened.jws.header.get("alg") != key.algorithm:
        return "alg_not_of_key"
    return None if jws.verify_signature(opened.jws, key) else "signature_invalid"


def _fault_of_dates(claims: Mapping[str, Any], now: datetime) -> str | None:
    """Return whether the credential is not yet or no longer valid.

    Numbers date the token, texts the claim; each counts where it is there.
    """
    try:
        starts = _instants(claims, "nbf", "validFrom", "valid_from")
        ends = _instants(claims, "exp", "validUntil", "valid_until")
    except (ValueError, TypeError, OverflowError):
        return "malformed_dates"
    if any(instant - LEEWAY_SECONDS > now.timestamp() for instant in starts):
        return "not_yet_valid"
    if any(instant + LEEWAY_SECONDS <= now.timestamp() for instant in ends):
        return "expired"
    return None


def _instants(
    claims: Mapping[str, Any], number: str, camel: str, snake: str
) -> list[float]:
    """Return the instants in three claims, as far as they are there.

    The third is a name of ours, by which others may call what is no instant.
    """
    found: list[float] = []
    if number in claims:
        if type(claims[number]) not in _NUMBERS:
            raise TypeError(number)
        found.append(claims[number])
    if camel in claims:
        found.append(parse_instant(claims[camel]).timestamp())
    with suppress(ValueError, TypeError, OverflowError):
        found.append(parse_instant(claims.get(snake, "")).timestamp())
    return found


def _fault_of_proof(opened: _Opened, expected: Expected, now: datetime) -> str | None:
    if opened.presentation is None:
        return key_binding.KeyBindingFault.PROOF_MISSING.value
    fault = key_binding.first_fault(
        opened.presentation,
        opened.claims,
        aud=expected.aud,
        nonce=expected.nonce,
        now=now,
    )
    return None if fault is None else fault.value
