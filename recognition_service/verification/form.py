"""The first two checks: is this a token of ours, with an algorithm of ours?

Source: RFC 7515 section 5.2; RFC 7519 sections 4.1 and 7.2; RFC 8725 sections 3.1
and 3.11; Securing Verifiable Credentials using JOSE and COSE, sections 3.1.1,
3.1.3 and 5.1; SD-JWT VC draft-25 sections 2.2 and 2.4; RFC 9901 section 7.1.
"""

from collections.abc import Mapping
from typing import Any

from recognition_service.credentials import sd_jwt_vc, vc_jwt
from recognition_service.credentials.errors import MalformedTokenError
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.jws import CompactJWS
from recognition_service.credentials.sd_jwt_vc import DecodedSDJWTVC
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.values import value

# A key may be named by a token, never brought along. (`x5c` only helps others to
# find the key, and is ignored.)
KEY_BRINGING_PARAMETERS = frozenset({"jku", "jwk", "x5u"})
_NEVER_CLAIMS = frozenset({"vc", "vp"})
_MAX_KID = 1024
_LATEST = 253_402_300_799  # 9999-12-31T23:59:59Z
_REASONS = {
    "too_large": Code.TOO_LARGE,
    "not_a_credential": Code.NOT_A_CREDENTIAL,
    "format_not_supported": Code.FORMAT_NOT_SUPPORTED,
    "crit_not_supported": Code.HEADER_NOT_ALLOWED,
    "b64_not_supported": Code.HEADER_NOT_ALLOWED,
    "zip_not_supported": Code.HEADER_NOT_ALLOWED,
    "wrong_type": Code.WRONG_TYPE,
}
_ALGORITHMS = frozenset(algorithm.value for algorithm in Algorithm)


@value
class OpenedToken:
    """A well-formed token and what it claims about itself; nothing is proven.

    Attributes:
        format: The `typ` of the token.
        claims: The payload; of an SD-JWT with the disclosed claims in their places.
        issuer_id: The claimed issuer.
        kid: The claimed key, by its full name.
        issued_at: `iat`, seconds since 1970.
        expires_at: `exp`, None when the copy never expires.
        not_before: `nbf`, None when absent.
        disclosed: The parts of an SD-JWT, None for other formats.
    """

    format: str
    jws: CompactJWS
    claims: Mapping[str, Any]
    issuer_id: str
    kid: str
    issued_at: int
    expires_at: int | None
    not_before: int | None
    disclosed: DecodedSDJWTVC | None = None


def open_token(presented: bytes | str) -> OpenedToken:
    """Take apart what was presented.

    Raises:
        CheckFailedError: It is not a token of a type that we read.
    """
    try:
        token = vc_jwt.token_text(presented)
        if b"~" in token:
            return _opened_sd_jwt(sd_jwt_vc.decode(token))
        decoded = vc_jwt.decode_token(token)
    except MalformedTokenError as error:
        code = _REASONS.get(error.reason, Code.MALFORMED)
        raise CheckFailedError(code, {"reason": error.reason}) from error
    header, payload = decoded.jws.header, decoded.payload
    if header.get("typ") != vc_jwt.TYP or header.get("cty", vc_jwt.CTY) != vc_jwt.CTY:
        raise CheckFailedError(Code.WRONG_TYPE)
    kid = _kid(header)
    return OpenedToken(
        vc_jwt.TYP,
        decoded.jws,
        payload,
        _issuer_id(payload),
        kid,
        _issued_at(payload),
        _numeric_date(payload, "exp"),
        _numeric_date(payload, "nbf"),
    )


def check_algorithm(opened: OpenedToken) -> None:
    """Refuse every algorithm but those that we make ourselves.

    Raises:
        CheckFailedError: Another algorithm, or none.
    """
    algorithm = opened.jws.header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _ALGORITHMS:
        raise CheckFailedError(Code.ALG_NOT_ALLOWED)


def _opened_sd_jwt(decoded: DecodedSDJWTVC) -> OpenedToken:
    claims = decoded.payload
    kid = _kid(decoded.jws.header)
    issuer_id = claims.get("iss")
    if not isinstance(issuer_id, str):
        raise CheckFailedError(Code.NOT_A_CREDENTIAL)
    return OpenedToken(
        sd_jwt_vc.TYP,
        decoded.jws,
        claims,
        issuer_id,
        # Issuer metadata names keys by their thumbprints alone.
        kid if "#" in kid else f"{issuer_id}#{kid}",
        _issued_at(claims),
        _numeric_date(claims, "exp"),
        _numeric_date(claims, "nbf"),
        decoded,
    )


def _kid(header: Mapping[str, Any]) -> str:
    if not KEY_BRINGING_PARAMETERS.isdisjoint(header):
        raise CheckFailedError(Code.HEADER_NOT_ALLOWED, {"reason": "key_in_header"})
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= _MAX_KID:
        raise CheckFailedError(Code.KEY_UNKNOWN)
    return kid


def _issuer_id(payload: Mapping[str, Any]) -> str:
    issuer = payload.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(issuer_id, str):
        raise CheckFailedError(Code.NOT_A_CREDENTIAL)
    if payload.get("iss", issuer_id) != issuer_id:
        raise CheckFailedError(Code.CLAIMS_CONFLICT, {"claim": "iss"})
    for claim in _NEVER_CLAIMS:
        if claim in payload:
            raise CheckFailedError(Code.CLAIMS_CONFLICT, {"claim": claim})
    if "sub" in payload:
        subject = payload.get("credentialSubject")
        if not isinstance(subject, dict) or subject.get("id") != payload["sub"]:
            raise CheckFailedError(Code.CLAIMS_CONFLICT, {"claim": "sub"})
    return issuer_id


def _issued_at(payload: Mapping[str, Any]) -> int:
    issued_at = _numeric_date(payload, "iat")
    jti = payload.get("jti")
    if issued_at is None or not isinstance(jti, str) or not jti:
        raise CheckFailedError(Code.MALFORMED_CLAIMS, {"claim": "iat"})
    return issued_at


def _numeric_date(payload: Mapping[str, Any], claim: str) -> int | None:
    if claim not in payload:
        return None
    number = payload[claim]
    if type(number) is not int or not 0 <= number <= _LATEST:
        raise CheckFailedError(Code.MALFORMED_CLAIMS, {"claim": claim})
    return number
