"""The holder's proof at the end of a presentation: the Key Binding JWT.

It is signed by the key that the issuer wrote into the token, over exactly what is
presented, for one receiver and one nonce.

Source: RFC 9901 sections 4.3 and 7.3; RFC 7800 section 3.2.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from recognition_service.credentials import base64url, jws, strict_json
from recognition_service.credentials.errors import (
    MalformedJSONError,
    MalformedTokenError,
    UnusableKeyError,
)
from recognition_service.credentials.jwk import PublicKey, public_key
from recognition_service.credentials.jws import CompactJWS
from recognition_service.credentials.sd_jwt import SDJWT
from recognition_service.credentials.signer import Signer

TYP = "kb+jwt"
MAX_AGE_SECONDS = 300
LEEWAY_SECONDS = 60
_MAX_PROOF_BYTES = 16_384
_TIMES = ("iat", "exp", "nbf")
_NUMBERS = frozenset({int, float})


class KeyBindingFault(StrEnum):
    """Why a presentation does not prove that its sender is the holder."""

    PROOF_MISSING = "proof_missing"
    PROOF_MALFORMED = "proof_malformed"
    HOLDER_KEY_MISSING = "holder_key_missing"
    WRONG_TYPE = "wrong_type"
    ALG_NOT_OF_KEY = "alg_not_of_key"
    SIGNATURE_INVALID = "signature_invalid"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_NONCE = "wrong_nonce"
    OTHER_DISCLOSURES = "other_disclosures"
    TOO_OLD = "too_old"
    ISSUED_IN_FUTURE = "issued_in_future"
    NOT_IN_FORCE = "not_in_force"


def bind(token: SDJWT, signer: Signer, *, aud: str, nonce: str, now: datetime) -> str:
    """Return the presentation of a token with the holder's proof behind it.

    Raises:
        SignerFaultError: The signer did not return a signature.
    """
    presented = token.without_proof()
    claims = {
        "iat": int(now.timestamp()),
        "aud": aud,
        "nonce": nonce,
        "sd_hash": sd_hash(presented),
    }
    header = base64url.encode(orjson.dumps({"alg": signer.alg, "typ": TYP}))
    return presented.decode("ascii") + jws.sign(header, orjson.dumps(claims), signer)


def sd_hash(presented: bytes) -> str:
    """Return what ties a proof to the token and the disclosures before it."""
    return base64url.encode_text(hashlib.sha256(presented).digest())


def holder_key(claims: Mapping[str, Any]) -> PublicKey | None:
    """Return the holder's key in a token's claims; None without one that we know."""
    confirmation = claims.get("cnf")
    jwk = confirmation.get("jwk") if isinstance(confirmation, dict) else None
    if not isinstance(jwk, dict):
        return None
    try:
        return public_key(jwk)
    except UnusableKeyError:
        return None


def first_fault(
    token: SDJWT,
    claims: Mapping[str, Any],
    *,
    aud: str,
    nonce: str,
    now: datetime,
    max_age_seconds: int = MAX_AGE_SECONDS,
) -> KeyBindingFault | None:
    """Return what is wrong with the holder's proof, or None for a good one.

    `claims` are those of the token, whose own signature the caller has verified.
    """
    if token.kb_jwt is None:
        return KeyBindingFault.PROOF_MISSING
    key = holder_key(claims)
    if key is None:
        return KeyBindingFault.HOLDER_KEY_MISSING
    if len(token.kb_jwt) > _MAX_PROOF_BYTES:
        return KeyBindingFault.PROOF_MALFORMED
    try:
        proof = jws.split(token.kb_jwt)
        said = strict_json.parse_object(proof.payload)
    except (MalformedTokenError, MalformedJSONError):
        return KeyBindingFault.PROOF_MALFORMED
    return (
        _fault_of_signature(proof, key)
        or _fault_of_claims(said, sd_hash(token.without_proof()), aud, nonce)
        or _fault_of_time(said, now.timestamp(), max_age_seconds)
    )


def _fault_of_signature(proof: CompactJWS, key: PublicKey) -> KeyBindingFault | None:
    if proof.header.get("typ") != TYP:
        return KeyBindingFault.WRONG_TYPE
    if proof.header.get("alg") != key.algorithm:
        return KeyBindingFault.ALG_NOT_OF_KEY
    if not jws.verify_signature(proof, key):
        return KeyBindingFault.SIGNATURE_INVALID
    return None


def _fault_of_claims(
    said: Mapping[str, Any], expected_hash: str, aud: str, nonce: str
) -> KeyBindingFault | None:
    # An audience is a single text here, never a list (section 4.3).
    if said.get("aud") != aud:
        return KeyBindingFault.WRONG_AUDIENCE
    if said.get("nonce") != nonce:
        return KeyBindingFault.WRONG_NONCE
    if said.get("sd_hash") != expected_hash:
        return KeyBindingFault.OTHER_DISCLOSURES
    return None


def _fault_of_time(
    said: Mapping[str, Any], now: float, max_age_seconds: int
) -> KeyBindingFault | None:
    times = {name: said[name] for name in _TIMES if name in said}
    if "iat" not in times or not all(type(time) in _NUMBERS for time in times.values()):
        return KeyBindingFault.PROOF_MALFORMED
    if times["iat"] > now + LEEWAY_SECONDS:
        return KeyBindingFault.ISSUED_IN_FUTURE
    if times["iat"] < now - max_age_seconds - LEEWAY_SECONDS:
        return KeyBindingFault.TOO_OLD
    ends, starts = times.get("exp", now), times.get("nbf", now)
    if ends + LEEWAY_SECONDS <= now or starts > now + LEEWAY_SECONDS:
        return KeyBindingFault.NOT_IN_FORCE
    return None
