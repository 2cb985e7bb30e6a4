"""The trust list as a verifiable credential, and back.

All names of the wire stand here. They are those of the W3C draft on recognized
entities; where it has none, mandates use the limits of the accreditation claims of
the European blockchain services infrastructure (`limitJurisdiction`, `limitQFLevel`)
and the rest are additions of ours. The list holds every key and mandate with its
dates, so that it is enough for a check without a network.

Source: Recognized Entities v1.0 (W3C working draft of 2 August 2026), sections 3.1
to 3.4; Verifiable Credentials Data Model v2.0, sections 4.3 to 4.9.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from recognition_service.clock import format_instant
from recognition_service.credentials.attestation_credential import VC_CONTEXT
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.key_document_context import key_context_url
from recognition_service.credentials.recognition_schema import schema_url
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.credentials.trust_list_context import trust_context_url
from recognition_service.verification.members import (
    Members,
    UnfitValueError,
    as_day,
    as_instant,
    as_texts,
)
from recognition_service.verification.trust import (
    IssuerProfile,
    Mandate,
    Mode,
    TrustedIssuer,
    TrustSnapshot,
)

CREDENTIAL_TYPES = ("VerifiableCredential", "RecognizedEntityCredential")
_ENTITY_TYPES = ("RecognizedEntity", "RecognizedIssuer")
_CID_CONTEXT = "https://www.w3.org/ns/cid/v1"
_ISSUER_PATH = "/trust"
_KEY_DESCRIPTION = frozenset({"kid", "alg", "use"})
"""What a published JWK says besides the key itself."""

_LIMITS = {
    "limitDecisionKind": "decision_kinds",
    "limitJurisdiction": "jurisdictions",
    "limitQFLevel": "levels",
    "limitField": "fields",
    "limitProfession": "professions",
}
_LIST = (
    "@context id type issuer validFrom validUntil version acceptsTestIssuers "
    "credentialSubject iat exp"
)
_ENTITY = "id type name domain country mode trustedFrom verificationMethod recognizedTo"
_PROFILE = "jurisdiction language timeZone functions"
_KEY = "id type controller publicKeyJwk purpose validFrom"
_ACTION = (
    "type action recognizedBy outputValidation mandate mandateNumber validFrom "
    + " ".join(_LIMITS)
)


def list_issuer(public_url: str) -> str:
    """Return the id under which an operator signs the list of its issuers."""
    return public_url + _ISSUER_PATH


def list_url(issuer: str) -> str:
    """Return where a list is published, which is also its id."""
    return f"{issuer}/recognized-entities"


def to_claims(snapshot: TrustSnapshot, *, issuer: str) -> dict[str, Any]:
    """Return the payload of the signed list: the credential and its two dates.

    `issuer` is what `list_issuer` returns.

    Raises:
        UnusableKeyError: One of the keys is not a key.
    """
    public_url = issuer.removesuffix(_ISSUER_PATH)
    return {
        "@context": [VC_CONTEXT, trust_context_url(public_url)],
        "id": list_url(issuer),
        "type": list(CREDENTIAL_TYPES),
        "issuer": {"id": issuer, "type": _ENTITY_TYPES[1]},
        "validFrom": format_instant(snapshot.as_of),
        "validUntil": format_instant(snapshot.fresh_until),
        "version": snapshot.version,
        **content_of(snapshot, issuer=issuer),
        "iat": int(snapshot.as_of.timestamp()),
        "exp": int(snapshot.fresh_until.timestamp()),
    }


def content_of(snapshot: TrustSnapshot, *, issuer: str) -> dict[str, Any]:
    """Return what a list says, without which version it is and how long it lives.

    Raises:
        UnusableKeyError: One of the keys is not a key.
    """
    return {
        "acceptsTestIssuers": snapshot.accept_test,
        "credentialSubject": [
            _entity(listed, issuer) for _, listed in sorted(snapshot.issuers.items())
        ],
    }


def operator_document(issuer: str, keys: Iterable[IssuerKey]) -> dict[str, Any]:
    """Return the controlled identifier document of who signs the list.

    Every key that ever signed is in it, with its dates.

    Raises:
        UnusableKeyError: One of the keys is not a key.

    Source: Controlled Identifiers v1.0 sections 2.1, 2.2 and 2.3.2.
    """
    methods = [_key(key, issuer) for key in keys]
    relations = {
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
    contexts = [_CID_CONTEXT, key_context_url(issuer.removesuffix(_ISSUER_PATH))]
    # A relationship is a set of one or more, or it is not there at all.
    return {"@context": contexts, "id": issuer} | (relations if methods else {})


def read(claims: Mapping[str, Any]) -> TrustSnapshot:
    """Return the list that a payload describes.

    Strict: what is read must give the same payload when it is written again, so
    that nothing in it is passed over.

    Raises:
        UnfitValueError: It is no such list, or says something that we do not know.
    """
    given = Members("", claims, _LIST)
    issuer = given.one("issuer", _issuer_id)
    entities = given.items("credentialSubject", _read_entity)
    snapshot = TrustSnapshot(
        version=given.number("version"),
        as_of=given.instant("validFrom"),
        fresh_until=given.instant("validUntil"),
        issuers={entity.id: entity for entity in entities},
        accept_test=given.truth("acceptsTestIssuers"),
    )
    if not entities or to_claims(snapshot, issuer=issuer) != claims:
        raise UnfitValueError("The list is not written as such lists are.")
    return snapshot


def _entity(listed: TrustedIssuer, issuer: str) -> dict[str, Any]:
    until = listed.trusted_until
    return {
        "id": listed.id,
        "type": list(_ENTITY_TYPES),
        "name": listed.registered_name,
        "domain": listed.domain,
        "country": listed.country,
        "mode": listed.mode.value,
        **_profile(listed.profile),
        "trustedFrom": format_instant(listed.trusted_from),
        **({} if until is None else {"trustedUntil": format_instant(until)}),
        "verificationMethod": [_key(key, listed.id) for key in listed.keys],
        "recognizedTo": [_action(mandate, issuer) for mandate in listed.mandates],
    }


def _profile(profile: IssuerProfile | None) -> dict[str, Any]:
    if profile is None:
        return {}
    return {
        "jurisdiction": profile.jurisdiction,
        "language": profile.language,
        "timeZone": profile.time_zone,
        "functions": list(profile.functions),
    }


def _key(key: IssuerKey, controller: str) -> dict[str, Any]:
    """Return a key with its dates, in one form whatever it signs."""
    parsed = public_key(key.public_jwk)
    dates = {
        "validFrom": key.valid_from,
        "retiredAt": key.retired_at,
        "compromisedAt": key.compromised_at,
        "revoked": key.compromised_at,
    }
    return {
        "id": key.kid,
        "type": "JsonWebKey",
        "controller": controller,
        "publicKeyJwk": dict(parsed.jwk)
        | {"kid": parsed.thumbprint, "alg": parsed.algorithm.value, "use": "sig"},
        "purpose": key.purpose.value,
        **{name: format_instant(when) for name, when in dates.items() if when},
    }


def _action(mandate: Mandate, issuer: str) -> dict[str, Any]:
    until = mandate.valid_to
    schema = schema_url(issuer.removesuffix(_ISSUER_PATH))
    return {
        "type": "RecognizedAction",
        "action": "issue",
        "recognizedBy": issuer,
        "outputValidation": {"id": schema, "type": "JsonSchema"},
        "mandate": mandate.href,
        "mandateNumber": mandate.id,
        "validFrom": mandate.valid_from.isoformat(),
        **({} if until is None else {"validUntil": until.isoformat()}),
        **{name: list(getattr(mandate, limit)) for name, limit in _LIMITS.items()},
    }


def _issuer_id(path: str, value: Any) -> str:
    issuer = Members(path, value, "id type").text("id")
    if not issuer.endswith(_ISSUER_PATH):
        raise UnfitValueError(f"{path}/id is not that of a list's issuer.")
    return issuer


def _read_entity(path: str, value: Any) -> TrustedIssuer:
    given = Members(path, value, _ENTITY, f"trustedUntil {_PROFILE}")
    return TrustedIssuer(
        id=given.text("id"),
        registered_name=given.text("name"),
        domain=given.text("domain"),
        country=given.text("country"),
        mode=given.choice("mode", Mode),
        trusted_from=given.instant("trustedFrom"),
        trusted_until=given.optional("trustedUntil", as_instant),
        keys=given.items("verificationMethod", _read_key),
        mandates=given.items("recognizedTo", _read_action),
        profile=_read_profile(path, value),
    )


def _read_profile(path: str, value: Mapping[str, Any]) -> IssuerProfile | None:
    """Return how an issuer is reached; all of it is there, or nothing."""
    told = {name: value[name] for name in _PROFILE.split() if name in value}
    if not told:
        return None
    given = Members(path, told, _PROFILE)
    return IssuerProfile(
        jurisdiction=given.text("jurisdiction"),
        language=given.text("language"),
        time_zone=given.text("timeZone"),
        functions=given.words("functions"),
    )


def _read_key(path: str, value: Any) -> IssuerKey:
    given = Members(path, value, _KEY, "retiredAt compromisedAt revoked")
    jwk = given.one("publicKeyJwk", as_texts)
    try:
        public_key(jwk)
    except UnusableKeyError as error:
        raise UnfitValueError(f"{path}/publicKeyJwk is no public key.") from error
    return IssuerKey(
        kid=given.text("id"),
        purpose=given.choice("purpose", KeyPurpose),
        alg=jwk.get("alg", ""),
        public_jwk={
            name: text for name, text in jwk.items() if name not in _KEY_DESCRIPTION
        },
        valid_from=given.instant("validFrom"),
        retired_at=given.optional("retiredAt", as_instant),
        compromised_at=given.optional("compromisedAt", as_instant),
    )


def _read_action(path: str, value: Any) -> Mandate:
    given = Members(path, value, _ACTION, "validUntil")
    return Mandate(
        id=given.text("mandateNumber"),
        href=given.text("mandate"),
        valid_from=given.day("validFrom"),
        valid_to=given.optional("validUntil", as_day),
        **{limit: given.words(name) for name, limit in _LIMITS.items()},
    )
