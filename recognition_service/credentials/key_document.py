"""An issuer's public keys with their whole history, as published documents.

A recognition is checked for life, so no key ever disappears: retired and
compromised keys stay listed with their dates.

Source: Controlled Identifiers v1.0 sections 2.1, 2.2, 2.2.2, 2.2.3 and 2.3.2;
Decentralized Identifiers v1.0 sections 5 and 6.3.1; did:web Method Specification;
RFC 7517 sections 4.7 and 5; SD-JWT VC draft-25, "JWT VC Issuer Metadata".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from recognition_service.clock import format_instant
from recognition_service.credentials.did_web import did_of
from recognition_service.credentials.jwk import Algorithm, public_key
from recognition_service.credentials.key_document_context import key_context_url
from recognition_service.credentials.multikey import encode, multikey
from recognition_service.credentials.signer import KeyPurpose

_CID_CONTEXT = "https://www.w3.org/ns/cid/v1"
_DID_CONTEXTS = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/jwk/v1",
    "https://w3id.org/security/multikey/v1",
)
_CREDENTIAL_PURPOSES = frozenset({KeyPurpose.ATTESTATIONS, KeyPurpose.STATUS})

Chains = Mapping[str, tuple[str, ...]]
"""Certificates by the thumbprint of the key: its own first, base64 of DER."""

_NO_CHAINS: Chains = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A public key of an issuer and its dates.

    Attributes:
        kid: "{issuer id}#{thumbprint}".
        purpose: The one thing that the key signs.
        alg: Its one algorithm, "ES256" or "EdDSA".
        public_jwk: The public key.
        valid_from: First instant of use; later than now for an announced key.
        retired_at: Last instant of use, None while no other key is to follow.
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
    issuer_id: str,
    name: str,
    keys: Iterable[IssuerKey],
    chains: Chains = _NO_CHAINS,
    *,
    public_url: str,
) -> dict[str, Any]:
    """Return the controlled identifier document of an issuer.

    `name`, `purpose`, `validFrom`, `retiredAt` and `compromisedAt` are additions of
    ours, with a meaning in the context that is published under `public_url`.

    Raises:
        UnusableKeyError: One of the keys is not a key.
    """
    return {
        "@context": [_CID_CONTEXT, key_context_url(public_url)],
        "id": issuer_id,
        "alsoKnownAs": [did_of(issuer_id)],
        "name": name,
    } | _methods(issuer_id, keys, chains)


def did_document(
    issuer_id: str,
    name: str,
    keys: Iterable[IssuerKey],
    chains: Chains = _NO_CHAINS,
    *,
    public_url: str,
) -> dict[str, Any]:
    """Return what `key_document` says, under the issuer's DID.

    The first context must be that of DIDs, which has no types of keys.

    Raises:
        UnusableKeyError: One of the keys is not a key.
    """
    did = did_of(issuer_id)
    return {
        "@context": [*_DID_CONTEXTS, key_context_url(public_url)],
        "id": did,
        "alsoKnownAs": [issuer_id],
        "name": name,
    } | _methods(did, keys, chains)


def data_integrity_method(subject: str, public_jwk: Mapping[str, str]) -> str:
    """Return the id of the verification method that Data Integrity proofs name.

    Args:
        subject: The issuer's id, or its DID.
        public_jwk: Of an Ed25519 key for attestations.

    Raises:
        UnusableKeyError: Not a key.
    """
    return f"{subject}#{encode(public_key(public_jwk))}"


def key_set(keys: Iterable[IssuerKey], chains: Chains = _NO_CHAINS) -> dict[str, Any]:
    """Return the JWK set of keys that may still be met, `kid` being the thumbprint.

    Announced keys are in it before they are met. Compromised keys are left out: a
    JWK set has no place for the date.

    Raises:
        UnusableKeyError: One of the keys is not a key.
    """
    return {
        "keys": [
            _jwk(key, chains) for key in _in_order(keys) if key.compromised_at is None
        ]
    }


def issuer_metadata(
    issuer_id: str, keys: Iterable[IssuerKey], chains: Chains = _NO_CHAINS
) -> dict[str, Any]:
    """Return the metadata that verifiers of SD-JWT credentials fetch.

    They try any key of the set on credentials and on status lists, so that it holds
    no key for anything else.

    Raises:
        UnusableKeyError: One of the keys is not a key.

    Source: SD-JWT VC draft-25, "JWT VC Issuer Metadata"; Token Status List draft-20,
    section 11.3 (the issuer's metadata also lead to the keys of status lists).
    """
    fitting = [key for key in keys if key.purpose in _CREDENTIAL_PURPOSES]
    return {"issuer": issuer_id, "jwks": key_set(fitting, chains)}


def _methods(
    subject: str, keys: Iterable[IssuerKey], chains: Chains
) -> dict[str, list[Any]]:
    """Return the verification methods, and which of them may sign credentials.

    Only keys of purpose `attestations` may, and none that was compromised: whoever
    does not look at dates finds such a key in the history only.
    """
    methods, assertions = [], []
    for key in _in_order(keys):
        forms = [_web_key(subject, key, chains), *_multikey(subject, key)]
        methods += forms
        if key.purpose is KeyPurpose.ATTESTATIONS and key.compromised_at is None:
            assertions += [form["id"] for form in forms]
    listed = {"verificationMethod": methods, "assertionMethod": assertions}
    # A relationship is a set of one or more, or it is not there at all.
    return {name: value for name, value in listed.items() if value}


def _web_key(subject: str, key: IssuerKey, chains: Chains) -> dict[str, Any]:
    jwk = _jwk(key, chains)
    return {
        "id": f"{subject}#{jwk['kid']}",
        "type": "JsonWebKey",
        "controller": subject,
        "publicKeyJwk": jwk,
    } | _life(key)


def _multikey(subject: str, key: IssuerKey) -> list[dict[str, Any]]:
    """Return the second form of a key for Data Integrity proofs; others have none.

    A method of its own, because one method must not hold the same key in two forms
    (Controlled Identifiers v1.0 section 2.2.1).
    """
    parsed = public_key(key.public_jwk)
    if key.purpose is not KeyPurpose.ATTESTATIONS or parsed.algorithm is not (
        Algorithm.EDDSA
    ):
        return []
    method = multikey(
        parsed,
        id=data_integrity_method(subject, key.public_jwk),
        controller=subject,
    )
    return [method | _life(key)]


def _life(key: IssuerKey) -> dict[str, str]:
    """Return the purpose of a key and its dates.

    `expires` is not used: verifiers are expected to refuse proofs after it (Controlled
    Identifiers v1.0 section 2.2), but what a retired key has signed stays good.
    """
    dates = {
        "validFrom": key.valid_from,
        "retiredAt": key.retired_at,
        "compromisedAt": key.compromised_at,
        "revoked": key.compromised_at,
    }
    return {"purpose": key.purpose.value} | {
        name: format_instant(when) for name, when in dates.items() if when
    }


def _jwk(key: IssuerKey, chains: Chains) -> dict[str, Any]:
    parsed = public_key(key.public_jwk)
    chain = chains.get(parsed.thumbprint)
    return (
        dict(parsed.jwk)
        | {"kid": parsed.thumbprint, "alg": parsed.algorithm.value, "use": "sig"}
        | ({"x5c": list(chain)} if chain else {})
    )


def _in_order(keys: Iterable[IssuerKey]) -> list[IssuerKey]:
    return sorted(keys, key=lambda key: (key.valid_from, key.kid))
