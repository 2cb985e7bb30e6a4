"""Whether the operator's key is there, and whether the trust list is kept alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.authorities.key_life import KeyState
from recognition_service.authorities.models import TrustListPublication
from recognition_service.authorities.operator_keys import (
    active_operator_key,
    published_operator_keys,
)
from recognition_service.authorities.trust import trusted_issuers
from recognition_service.authorities.trust_list import RENEWED_EVERY, publication
from recognition_service.clock import format_instant
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.editions.signatures import editions_issuer
from recognition_service.runtime.runtime import Runtime
from recognition_service.signing.errors import KeyUnavailableError
from recognition_service.signing.open_store import open_key_store
from recognition_service.storage.base import PLATFORM
from recognition_service.verification.recognized_entities import list_issuer

_OVERDUE = 2 * RENEWED_EVERY
_CLOCKS_DIFFER = timedelta(minutes=5)
_CURE = "Run: recognition worker (recognition serve contains one)"


@dataclass(frozen=True, slots=True)
class TrustListState:
    """How the trust list of an installation stands.

    Attributes:
        version: Of the newest list, None before the first.
        issued_at: When it was signed.
        expires_at: From when nobody believes it any more.
        fault: What is wrong and which command cures it, None if all is well.
    """

    version: int | None
    issued_at: datetime | None
    expires_at: datetime | None
    fault: str | None

    def __str__(self) -> str:
        """Return a sentence for people."""
        if self.version is None or self.issued_at is None or self.expires_at is None:
            text = "none published, no issuer to list yet"
        else:
            text = (
                f"version {self.version} of {format_instant(self.issued_at)}, "
                f"until {format_instant(self.expires_at)}"
            )
        return self.fault or text

    def as_value(self) -> dict[str, Any]:
        """Return it as commands print it with --json."""
        return {
            "version": self.version,
            "issued_at": self.issued_at and format_instant(self.issued_at),
            "expires_at": self.expires_at and format_instant(self.expires_at),
            "fault": self.fault,
        }


def require_trust_key(runtime: Runtime) -> str | None:
    """Open the key that signs the trust list; return its name.

    None before the first list: publishing makes the key.

    Raises:
        NoActiveKeyError: There is none though lists were published, or its private
            half is not in the store; says how to get another.
        KeyStoreError: It cannot be opened.
    """
    with runtime.database.reading() as session:
        key = active_operator_key(session, KeyPurpose.TRUST)
        last = publication(session)
    if key is None:
        if last is not None:
            raise NoActiveKeyError(
                "The operator has no key for the trust list. "
                "Run: recognition trust rotate"
            )
        return None
    kid = f"{list_issuer(runtime.public_url)}#{key.thumbprint}"
    try:
        open_key_store(runtime.config).signer(key.thumbprint, kid)
    except KeyUnavailableError as error:
        raise NoActiveKeyError(
            f"{error} It signs the trust list. Without a backup, run: recognition "
            "trust rotate; whoever has pinned the old key must pin the new one."
        ) from error
    return kid


def trust_list_state(runtime: Runtime) -> TrustListState:
    """Return how the trust list stands now."""
    now = runtime.now()
    with runtime.database.reading() as session:
        last = publication(session)
        issuers = trusted_issuers(
            session, runtime.public_url, with_test=runtime.is_demo
        )
    fault = _fault(last, now) if issuers else None
    if last is None:
        return TrustListState(None, None, None, fault)
    return TrustListState(last.version, last.issued_at, last.expires_at, fault)


def shown_trust_keys(runtime: Runtime) -> list[dict[str, Any]]:
    """Return the operator's keys in the form of `key_names.shown`."""
    issuers = {
        KeyPurpose.TRUST: list_issuer(runtime.public_url),
        KeyPurpose.TABLES: editions_issuer(runtime.public_url),
    }
    with runtime.database.reading() as session:
        keys = [
            key
            for purpose, issuer in issuers.items()
            for key in published_operator_keys(session, issuer, purpose)
        ]
    return [
        {
            "authority": PLATFORM,
            "kid": key.kid,
            "purpose": key.purpose.value,
            "algorithm": key.alg,
            "state": (KeyState.RETIRED if key.retired_at else KeyState.ACTIVE).value,
            "created_at": format_instant(key.valid_from),
            "active_from": format_instant(key.valid_from),
            "retired_at": key.retired_at and format_instant(key.retired_at),
            "compromised_at": None,
            "certificates": 0,
        }
        for key in keys
    ]


def _fault(last: TrustListPublication | None, now: datetime) -> str | None:
    if last is None:
        return f"No trust list was published yet, though there are issuers. {_CURE}"
    issued, expires = format_instant(last.issued_at), format_instant(last.expires_at)
    if now + _CLOCKS_DIFFER < last.issued_at:
        return f"The trust list is of {issued}, which is to come; correct the clock."
    if now >= last.expires_at:
        return f"The trust list has expired on {expires}; nobody believes it. {_CURE}"
    if now >= last.issued_at + _OVERDUE:
        return (
            f"The trust list is of {issued} and was not renewed since; nobody will "
            f"believe it after {expires}. {_CURE}"
        )
    return None
