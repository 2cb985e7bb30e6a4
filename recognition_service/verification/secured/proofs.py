"""Whether the proof inside a document, or the envelope around it, holds.

Source: Verifiable Credentials Data Model v2.0 section 7.1; Verifiable Credential Data
Integrity 1.0 section 4.4; Securing Verifiable Credentials using JOSE and COSE
sections 3.1, 3.2 and 5.1; RFC 8725 sections 3.1 and 3.11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from recognition_service.clock import parse_instant
from recognition_service.credentials import data_integrity, jws, strict_json
from recognition_service.credentials.data_integrity import ASSERTION, AUTHENTICATION
from recognition_service.credentials.errors import (
    InvalidProofError,
    MalformedInputError,
    MalformedJSONError,
    MalformedTokenError,
)
from recognition_service.credentials.jws import CompactJWS
from recognition_service.verification.data_model.envelopes import Enveloped
from recognition_service.verification.data_model.faults import (
    Fault,
    ProblemType,
    malformed,
)
from recognition_service.verification.form import KEY_BRINGING_PARAMETERS
from recognition_service.verification.issuer import LEEWAY_SECONDS
from recognition_service.verification.secured.surroundings import (
    KnownKey,
    Surroundings,
)

MAX_TOKEN_BYTES = 1 << 20
_LATEST = 253_402_300_799  # 9999-12-31T23:59:59Z
_TYPES = {
    "wrong_challenge": ProblemType.INVALID_CHALLENGE_ERROR,
    "wrong_domain": ProblemType.INVALID_DOMAIN_ERROR,
}
_TYPS = {
    Enveloped.CREDENTIAL: ("vc+jwt", "vc"),
    Enveloped.PRESENTATION: ("vp+jwt", "vp"),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a proof must be for.

    Attributes:
        controller: Who must have made it; None: anybody.
        purpose: "assertionMethod" or "authentication".
        challenge: What it must answer; None: that is not compared.
        domain: Whom it must be meant for; None: that is not compared.
    """

    controller: str | None
    purpose: str = ASSERTION
    challenge: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedEnvelope:
    """A token out of its envelope; its signature is not checked yet."""

    jws: CompactJWS
    document: Mapping[str, Any]


def proof_fault(error: MalformedInputError, pointer: str) -> Fault:
    """Return the fault that a proof has, by what was raised about it."""
    if isinstance(error, InvalidProofError | MalformedTokenError):
        kind = _TYPES.get(error.reason, ProblemType.CRYPTOGRAPHIC_SECURITY_ERROR)
        return Fault(kind, error.reason, pointer)
    return malformed(error.reason, "")  # The document, not its proof.


def embedded_faults(
    document: Mapping[str, Any], expected: Expected, surroundings: Surroundings
) -> list[Fault]:
    """Return what is wrong with the proofs of a document; all must hold."""
    try:
        for proof in data_integrity.proofs_of(document):
            data_integrity.check_form(proof)
            known = surroundings.signing_key(
                proof["verificationMethod"], expected.controller
            )
            created = parse_instant(proof["created"]) if "created" in proof else None
            _require_in_use(known, created)
            data_integrity.check_proof(
                document,
                proof,
                known.key,
                purpose=expected.purpose,
                contexts=surroundings.contexts,
                now=surroundings.now,
                challenge=expected.challenge,
                domain=expected.domain,
            )
    except MalformedInputError as error:
        return [proof_fault(error, "/proof")]
    return []


def open_envelope(token: str, kind: Enveloped) -> OpenedEnvelope:
    """Take the token of an envelope apart.

    Raises:
        MalformedTokenError: Not a token of this kind.
    """
    try:
        raw = token.encode("ascii")
    except UnicodeEncodeError as error:
        raise MalformedTokenError("malformed_token") from error
    if len(raw) > MAX_TOKEN_BYTES:
        raise MalformedTokenError("too_large")
    parts = jws.split(raw)
    typ, cty = _TYPS[kind]
    if parts.header.get("typ") != typ or parts.header.get("cty", cty) != cty:
        raise MalformedTokenError("wrong_type")
    try:
        payload = strict_json.parse_object(parts.payload, max_bytes=MAX_TOKEN_BYTES)
    except MalformedJSONError as error:
        raise MalformedTokenError(error.reason) from error
    return OpenedEnvelope(parts, payload)


def envelope_proof_faults(
    opened: OpenedEnvelope, expected: Expected, surroundings: Surroundings
) -> list[Fault]:
    """Return what is wrong with the signature around a document and its claims."""
    header, claims = opened.jws.header, opened.document
    try:
        dates = {name: _date(claims, name) for name in ("iat", "nbf", "exp")}
        controller = _controller(claims, expected)
        _check_claims(claims, dates, expected, surroundings.now.timestamp())
        if not KEY_BRINGING_PARAMETERS.isdisjoint(header):
            raise InvalidProofError("key_in_header")
        method = _method(header.get("kid"), controller)
        known = surroundings.signing_key(method, controller)
        issued = dates["iat"]
        _require_in_use(
            known, None if issued is None else datetime.fromtimestamp(issued, UTC)
        )
        if not jws.verify_signature(opened.jws, known.key):
            raise InvalidProofError("bad_signature")
    except MalformedInputError as error:
        return [proof_fault(error, "/id")]
    return []


def _require_in_use(known: KnownKey, signed_at: datetime | None) -> None:
    """Refuse what a key signed after its retirement, or at no known time."""
    if known.retired_at is not None and (
        signed_at is None or signed_at > known.retired_at
    ):
        raise InvalidProofError("key_retired")


def _controller(claims: Mapping[str, Any], expected: Expected) -> str | None:
    """Return who must have signed: whom the document and `iss` name, if they do."""
    named = claims.get("iss", expected.controller)
    if named != (expected.controller or named) or not isinstance(named, str | None):
        raise InvalidProofError("key_of_somebody_else")
    return named


def _method(kid: Any, controller: str | None) -> str:
    if not isinstance(kid, str):
        raise InvalidProofError("key_unknown")
    is_fragment = kid.startswith("#") and controller is not None
    return f"{controller}{kid}" if is_fragment else kid


def _check_claims(
    claims: Mapping[str, Any],
    dates: Mapping[str, int | None],
    expected: Expected,
    now: float,
) -> None:
    """Check the claims of the token itself; those of the document come later."""
    if "vc" in claims or "vp" in claims:
        raise InvalidProofError("claim_not_allowed")
    issued, begins, ends = dates["iat"], dates["nbf"], dates["exp"]
    if issued is not None and issued > now + LEEWAY_SECONDS:
        raise InvalidProofError("issued_in_future")
    if begins is not None and begins > now + LEEWAY_SECONDS:
        raise InvalidProofError("proof_not_yet_valid")
    if ends is not None and ends + LEEWAY_SECONDS <= now:
        raise InvalidProofError("proof_expired")
    if expected.purpose == AUTHENTICATION:
        if expected.challenge not in (None, claims.get("nonce")):
            raise InvalidProofError("wrong_challenge")
        audience = claims.get("aud")
        listed = audience if isinstance(audience, list) else [audience]
        if expected.domain not in (None, *listed):
            raise InvalidProofError("wrong_domain")


def _date(claims: Mapping[str, Any], name: str) -> int | None:
    if name not in claims:
        return None
    number = claims[name]
    if type(number) not in {int, float} or not 0 <= number <= _LATEST:
        raise InvalidProofError("malformed_claims")
    return int(number)
