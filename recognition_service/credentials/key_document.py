"""An issuer's public keys with their whole history, as published documents.

A recognition is checked for life, so no key ever disappears: retired and
compromised keys stay listed with their dates.

Source: Controlled Identifiers v1.0 sections 2.1, 2.2, 2.2.3 and 2.3.2; RFC 7517
section 5.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recognition_service.clock import format_instant
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.signer import KeyPurpose

_CID_CONTEXT = "https://www.w3.org/ns/cid/v1"


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A public key of an issuer and its dates.

    Attributes:
        kid: "{issuer id}#{thumbprint}".
        purpose: The one thing that the key signs.
        alg: Its one algorithm, "ES256" or "EdDSA".
        public_jwk: The public key.
        valid_from: First instant of use.
        retired_at: Last instant of use, None while it is in use.
        compromised_at: From when others may have known the private key, None if
            that is not known to have happened.
    """

    kid: str
    purpose: KeyPurpose
    alg: str
    public_jwk: Mapping[str, str]
    valid_from: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None


def key_document(
    issuer_id: str, name: str, keys: Iterable[IssuerKey]
) -> dict[str, Any]:
    """Return the controlled identifier document of an issuer.

    Only keys of purpose `attestations` are named under `assertionMethod`: no other
    key can sign a credential. `purpose`, `validFrom`, `retiredAt` and
    `compromisedAt` are additions of ours.

    Raises:
        UnusableKeyError: One of the keys is not a key.
    """
    listed = sorted(keys, key=lambda key: (key.valid_from, key.kid))
    return {
        "@context": [_CID_CONTEXT],
        "id": issuer_id,
        "name": name,
        "verificationMethod": [_method(issuer_id, key) for key in listed],
        "assertionMethod": [
            key.kid for key in listed if key.purpose is KeyPurpose.ATTESTATIONS
        ],
    }


def key_set(keys: Iterable[IssuerKey]) -> dict[str, Any]:
    """Return the JWK set of keys that may still be met, `kid` being the thumbprint.

    Compromised keys are left out: a JWK set has no place for the date.

    Raises:
        UnusableKeyError: One of the keys is not a key.
    """
    listed = sorted(keys, key=lambda key: (key.valid_from, key.kid))
    return {"keys": [_jwk(key) for key in listed if key.compromised_at is None]}


def _method(issuer_id: str, key: IssuerKey) -> dict[str, Any]:
    """Return a verification method with its dates.

    `expires` is not used: verifiers are expected to refuse proofs after it (Controlled
    Identifiers v1.0 section 2.2), but what a retired key has signed stays good.
    """
    dates = {
        "validFrom": key.valid_from,
        "retiredAt": key.retired_at,
        "compromisedAt": key.compromised_at,
        "revoked": key.compromised_at,
    }
    return {
        "id": key.kid,
        "type": "JsonWebKey",
        "controller": issuer_id,
        "publicKeyJwk": _jwk(key),
        "purpose": key.purpose.value,
    } | {name: format_instant(when) for name, when in dates.items() if when}


def _jwk(key: IssuerKey) -> dict[str, str]:
    parsed = public_key(key.public_jwk)
    return dict(parsed.jwk) | {
        "kid": parsed.thumbprint,
        "alg": parsed.algorithm.value,
        "use": "sig",
    }
