"""Whose token it is: the issuer, its key, the signature.

Keys come from the trust list alone. The name of a key is compared, never followed.

Source: RFC 7515 section 6; RFC 8725 section 3.8; Securing Verifiable Credentials
using JOSE and COSE, sections 4.1.1 and 4.3.
"""

from datetime import datetime

from recognition_service.clock import format_instant
from recognition_service.credentials import jws
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.credentials.jwk import PublicKey, public_key
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.form import OpenedToken
from recognition_service.verification.trust import (
    Mode,
    TrustedIssuer,
    TrustSnapshot,
)

LEEWAY_SECONDS = 60


def check_issuer(
    issuer: TrustedIssuer | None,
    trust: TrustSnapshot | None,
    opened: OpenedToken,
    at: datetime,
) -> None:
    """Check that the trust list vouches for the issuer.

    Raises:
        CheckFailedError: No list, a stale one, or one that does not vouch: for this
            issuer at all, at the time of signing, any more, or outside tests.
    """
    if trust is None:
        raise CheckFailedError(Code.TRUST_MISSING)
    if issuer is None:
        # A newer list may know the issuer, so an old one says nothing about it.
        stale = trust.fresh_until < at
        raise CheckFailedError(Code.TRUST_STALE if stale else Code.ISSUER_UNKNOWN)
    if issuer.mode is Mode.TEST and not trust.accept_test:
        raise CheckFailedError(Code.ISSUER_IS_TEST)
    if opened.issued_at + LEEWAY_SECONDS < issuer.trusted_from.timestamp():
        raise CheckFailedError(
            Code.ISSUER_NOT_TRUSTED_AT_ISSUE,
            {"trusted_from": format_instant(issuer.trusted_from)},
        )
    if issuer.trusted_until is not None and issuer.trusted_until.timestamp() < max(
        at.timestamp(), opened.issued_at
    ):
        raise CheckFailedError(
            Code.ISSUER_NO_LONGER_TRUSTED,
            {"trusted_until": format_instant(issuer.trusted_until)},
        )
    if trust.fresh_until < at:
        raise CheckFailedError(
            Code.TRUST_STALE, {"fresh_until": format_instant(trust.fresh_until)}
        )


def find_key(
    issuer: TrustedIssuer, trust: TrustSnapshot, opened: OpenedToken, at: datetime
) -> tuple[IssuerKey, PublicKey]:
    """Return the issuer's key that the token names.

    Raises:
        CheckFailedError: Another issuer's key, an unknown one, one for other
            purposes or algorithms. An unknown key against a stale list proves
            nothing, as the key may be new.
    """
    # The key belongs to the issuer if its name is the issuer's id and a fragment.
    owner, _, fragment = opened.kid.partition("#")
    if owner != issuer.id or not fragment:
        raise CheckFailedError(Code.KEY_NOT_OF_ISSUER)
    key = issuer.key(opened.kid)
    if key is None:
        stale = trust.fresh_until < at
        raise CheckFailedError(Code.TRUST_STALE if stale else Code.KEY_UNKNOWN)
    if key.purpose is not KeyPurpose.ATTESTATIONS:
        raise CheckFailedError(Code.KEY_WRONG_PURPOSE, {"purpose": key.purpose.value})
    parsed = _parsed(key)
    if opened.jws.header.get("alg") != parsed.algorithm.value:
        raise CheckFailedError(Code.ALG_NOT_OF_KEY)
    return key, parsed


def check_key_dates(
    key: IssuerKey, opened: OpenedToken, at: datetime
) -> dict[str, str] | None:
    """Check that the key was in use, and in no other hands, at the signature.

    A thief can date a token back: a compromised key confirms nothing any more,
    whatever date a token claims.

    Returns:
        Since when the key is retired, if it was by the asked instant; else None.

    Raises:
        CheckFailedError: Signed outside the key's period, or with a key that was
            compromised then or later.
    """
    signed = opened.issued_at
    if key.compromised_at is not None:
        after = signed >= key.compromised_at.timestamp()
        raise CheckFailedError(
            Code.SIGNED_AFTER_COMPROMISE if after else Code.KEY_COMPROMISED_LATER,
            {"compromised_at": format_instant(key.compromised_at)},
        )
    if key.retired_at is not None and signed > key.retired_at.timestamp():
        raise CheckFailedError(
            Code.SIGNED_AFTER_RETIREMENT,
            {"retired_at": format_instant(key.retired_at)},
        )
    if signed + LEEWAY_SECONDS < key.valid_from.timestamp():
        raise CheckFailedError(
            Code.SIGNED_BEFORE_KEY_PERIOD,
            {"valid_from": format_instant(key.valid_from)},
        )
    if key.retired_at is None or key.retired_at > at:
        return None
    return {"retired_at": format_instant(key.retired_at)}


def check_signature(opened: OpenedToken, key: PublicKey) -> bool:
    """Check the signature.

    Raises:
        CheckFailedError: It was not made over this text by this key.
    """
    if not jws.verify_signature(opened.jws, key):
        raise CheckFailedError(Code.BAD_SIGNATURE)
    return True


def _parsed(key: IssuerKey) -> PublicKey:
    try:
        parsed = public_key(key.public_jwk)
    except UnusableKeyError as error:
        raise CheckFailedError(Code.KEY_UNUSABLE) from error
    if parsed.algorithm.value != key.alg:
        raise CheckFailedError(Code.KEY_UNUSABLE)
    return parsed
