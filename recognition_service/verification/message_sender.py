"""Whether a message or a receipt was signed by who it says, as the trust list knows it.

Source: RFC 8725 section 3.8. The protocol is described in `docs/federation.md`.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from recognition_service.credentials import jws
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.jws import CompactJWS
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.trust import Mode, TrustedIssuer, TrustSnapshot

LEEWAY = timedelta(minutes=5)
"""By how much the clocks of two installations may differ."""


class SenderFault(StrEnum):
    """Why a signature is not believed. Later ones are looked for later."""

    TRUST_STALE = "trust_stale"
    SENDER_UNKNOWN = "sender_unknown"
    SENDER_IS_TEST = "sender_is_test"
    TRUST_ENDED = "trust_ended"
    KEY_UNKNOWN = "key_unknown"
    KEY_WRONG_PURPOSE = "key_wrong_purpose"
    KEY_COMPROMISED = "key_compromised"
    KEY_RETIRED = "key_retired"
    KEY_NOT_YET_VALID = "key_not_yet_valid"
    BAD_SIGNATURE = "bad_signature"


MAY_PASS = frozenset(
    {
        SenderFault.TRUST_STALE,
        SenderFault.SENDER_UNKNOWN,
        SenderFault.KEY_UNKNOWN,
        SenderFault.KEY_NOT_YET_VALID,
    }
)
"""A newer trust list, or a little time, may mend these."""


def check_sender(
    token: CompactJWS,
    kid: str,
    sender: str,
    purpose: KeyPurpose,
    trust: TrustSnapshot,
    *,
    signed_at: datetime,
    now: datetime,
) -> SenderFault | None:
    """Return why a token is not believed to be the sender's, or None.

    Keys come from the trust list alone; a compromised key proves nothing any more,
    whatever date a token claims.

    Args:
        token: The token, taken apart.
        kid: The key that it names.
        sender: Issuer URL of who is said to have signed.
        purpose: What the key must be for.
        trust: The last trust list that was accepted from the sender's installation.
        signed_at: When the token says it was signed.
        now: The present instant.
    """
    if trust.fresh_until < now:
        return SenderFault.TRUST_STALE
    issuer = trust.issuers.get(sender)
    if issuer is None:
        return SenderFault.SENDER_UNKNOWN
    if issuer.mode is Mode.TEST and not trust.accept_test:
        return SenderFault.SENDER_IS_TEST
    if issuer.trusted_until is not None and issuer.trusted_until < now:
        return SenderFault.TRUST_ENDED
    return _check_key(token, kid, issuer, purpose, signed_at)


def _check_key(
    token: CompactJWS,
    kid: str,
    issuer: TrustedIssuer,
    purpose: KeyPurpose,
    signed_at: datetime,
) -> SenderFault | None:
    key = issuer.key(kid)
    if key is None:
        return SenderFault.KEY_UNKNOWN
    if key.purpose is not purpose:
        return SenderFault.KEY_WRONG_PURPOSE
    fault = _check_life(key, signed_at)
    if fault is None and not jws.verify_signature(token, public_key(key.public_jwk)):
        return SenderFault.BAD_SIGNATURE
    return fault


def _check_life(key: IssuerKey, signed_at: datetime) -> SenderFault | None:
    if key.compromised_at is not None:
        return SenderFault.KEY_COMPROMISED
    if key.retired_at is not None and signed_at > key.retired_at + LEEWAY:
        return SenderFault.KEY_RETIRED
    if signed_at + LEEWAY < key.valid_from:
        return SenderFault.KEY_NOT_YET_VALID
    return None
