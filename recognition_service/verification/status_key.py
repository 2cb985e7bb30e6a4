"""Which key an issuer's status lists must be signed with.

Source: Token Status List draft-20 section 8.3 (the issuer of the list is the issuer
of the token, or one that it names; here it is the issuer, with a key of its own).
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from recognition_service.clock import format_instant
from recognition_service.credentials import jws
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.credentials.jwk import PublicKey, public_key
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.trust import StatusInput, TrustedIssuer

CACHED_LISTS = 16
LONGEST_TTL_SECONDS = 366 * 86_400
"""A year: what a list says about longer ones is not believed."""


def find_status_key(token: str, issuer: TrustedIssuer) -> tuple[IssuerKey, PublicKey]:
    """Return the issuer's key for status lists that a list names.

    Raises:
        CheckFailedError: Another issuer's key, an unknown one, one for other
            purposes, one that others may know, or one that cannot be used.
        MalformedTokenError: The list has no header that could be read.
    """
    kid = _named_key(token)
    key = issuer.key(kid) if isinstance(kid, str) else None
    if (
        key is None
        or key.purpose is not KeyPurpose.STATUS
        or key.compromised_at is not None
    ):
        raise CheckFailedError(Code.STATUS_KEY_UNKNOWN)
    try:
        return key, public_key(key.public_jwk)
    except UnusableKeyError as error:
        raise CheckFailedError(Code.STATUS_KEY_UNKNOWN) from error


@lru_cache(maxsize=CACHED_LISTS)
def _named_key(token: str) -> Any:
    return jws.peek_header(token).get("kid")


def refuse_replay(given: StatusInput, issued_at: datetime) -> None:
    """Refuse a list that is older than one that was relied on before.

    Raises:
        CheckFailedError: It is; something may have been revoked in between.
    """
    if given.newest_seen is not None and issued_at < given.newest_seen:
        raise CheckFailedError(
            Code.STATUS_ROLLED_BACK,
            {
                "as_of": format_instant(issued_at),
                "newest_seen": format_instant(given.newest_seen),
            },
        )
