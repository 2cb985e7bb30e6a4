"""Verification inputs as one JSON value, to be kept for a check without a network.

Whoever reads it back relies on it, so reading is strict: a member too many or too
few, or of another kind, refuses the whole.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from recognition_service.clock import format_instant
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.errors import RecognitionError
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
    StatusInput,
    TrustedIssuer,
    TrustSnapshot,
    VerificationInputs,
)

FORMAT = "recognition-verification-inputs/1"
_LIMITS = ("decision_kinds", "jurisdictions", "levels", "fields", "professions")
_Value = TypeVar("_Value")


class InputsFileError(RecognitionError):
    """The kept inputs are not what was written; nothing of them may be used."""

    code = "inputs_file"
    title = "The kept verification inputs cannot be read"


def to_value(inputs: VerificationInputs) -> dict[str, Any]:
    """Return the inputs as a JSON value."""
    return {
        "format": FORMAT,
        "trust": None if inputs.trust is None else _trust_value(inputs.trust),
        "statuses": [
            {
                "uri": status.uri,
                "token": status.token,
                "fetched_at": format_instant(status.fetched_at),
            }
            for _, status in sorted(inputs.statuses.items())
        ],
    }


def from_value(value: Any) -> VerificationInputs:
    """Return the inputs that a JSON value describes.

    Raises:
        InputsFileError: It is not exactly what `to_value` makes.
    """
    try:
        whole = Members("", value, "format trust statuses")
        if whole.text("format") != FORMAT:
            raise InputsFileError(f"/format is not {FORMAT}.")
        trust = whole.optional("trust", _trust)
        statuses = whole.items("statuses", _status)
    except UnfitValueError as error:
        raise InputsFileError(str(error)) from error
    return VerificationInputs(trust, {status.uri: status for status in statuses})


def _trust_value(trust: TrustSnapshot) -> dict[str, Any]:
    return {
        "version": trust.version,
        "as_of": format_instant(trust.as_of),
        "fresh_until": format_instant(trust.fresh_until),
        "accept_test": trust.accept_test,
        "issuers": [
            {
                "id": issuer.id,
                "registered_name": issuer.registered_name,
                "domain": issuer.domain,
                "country": issuer.country,
                "mode": issuer.mode.value,
                "trusted_from": format_instant(issuer.trusted_from),
                "trusted_until": _or_none(format_instant, issuer.trusted_until),
                "keys": [_key_value(key) for key in issuer.keys],
                "mandates": [_mandate_value(mandate) for mandate in issuer.mandates],
                **_profile_value(issuer.profile),
            }
            for _, issuer in sorted(trust.issuers.items())
        ],
    }


def _profile_value(profile: IssuerProfile | None) -> dict[str, Any]:
    """Return the member that tells how an issuer is reached, if the list tells it."""
    if profile is None:
        return {}
    told = {
        "jurisdiction": profile.jurisdiction,
        "language": profile.language,
        "time_zone": profile.time_zone,
        "functions": list(profile.functions),
    }
    return {"profile": told}


def _key_value(key: IssuerKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "purpose": key.purpose.value,
        "alg": key.alg,
        "public_jwk": dict(key.public_jwk),
        "valid_from": format_instant(key.valid_from),
        "retired_at": _or_none(format_instant, key.retired_at),
        "compromised_at": _or_none(format_instant, key.compromised_at),
    }


def _mandate_value(mandate: Mandate) -> dict[str, Any]:
    return {
        "id": mandate.id,
        "href": mandate.href,
        "valid_from": mandate.valid_from.isoformat(),
        "valid_to": _or_none(date.isoformat, mandate.valid_to),
        **{limit: list(getattr(mandate, limit)) for limit in _LIMITS},
    }


def _trust(path: str, value: Any) -> TrustSnapshot:
    given = Members(path, value, "version as_of fresh_until accept_test issuers")
    issuers = given.items("issuers", _issuer)
    return TrustSnapshot(
        version=given.number("version"),
        as_of=given.instant("as_of"),
        fresh_until=given.instant("fresh_until"),
        issuers={issuer.id: issuer for issuer in issuers},
        accept_test=given.truth("accept_test"),
    )


def _issuer(path: str, value: Any) -> TrustedIssuer:
    given = Members(
        path,
        value,
        "id registered_name domain country mode trusted_from trusted_until keys "
        "mandates",
        "profile",
    )
    return TrustedIssuer(
        id=given.text("id"),
        registered_name=given.text("registered_name"),
        domain=given.text("domain"),
        country=given.text("country"),
        mode=given.choice("mode", Mode),
        trusted_from=given.instant("trusted_from"),
        trusted_until=given.optional("trusted_until", as_instant),
        keys=given.items("keys", _key),
        mandates=given.items("mandates", _mandate),
        profile=given.optional("profile", _profile),
    )


def _profile(path: str, value: Any) -> IssuerProfile:
    given = Members(path, value, "jurisdiction language time_zone functions")
    return IssuerProfile(
        jurisdiction=given.text("jurisdiction"),
        language=given.text("language"),
        time_zone=given.text("time_zone"),
        functions=given.words("functions"),
    )


def _key(path: str, value: Any) -> IssuerKey:
    given = Members(
        path,
        value,
        "kid purpose alg public_jwk valid_from retired_at compromised_at",
    )
    return IssuerKey(
        kid=given.text("kid"),
        purpose=given.choice("purpose", KeyPurpose),
        alg=given.text("alg"),
        public_jwk=as_texts(f"{path}/public_jwk", value["public_jwk"]),
        valid_from=given.instant("valid_from"),
        retired_at=given.optional("retired_at", as_instant),
        compromised_at=given.optional("compromised_at", as_instant),
    )


def _mandate(path: str, value: Any) -> Mandate:
    given = Members(path, value, f"id href valid_from valid_to {' '.join(_LIMITS)}")
    return Mandate(
        id=given.text("id"),
        href=given.text("href"),
        valid_from=given.day("valid_from"),
        valid_to=given.optional("valid_to", as_day),
        **{limit: given.words(limit) for limit in _LIMITS},
    )


def _status(path: str, value: Any) -> StatusInput:
    given = Members(path, value, "uri token fetched_at")
    return StatusInput(
        given.text("uri"), given.text("token"), given.instant("fetched_at")
    )


def _or_none(write: Callable[[_Value], str], value: _Value | None) -> str | None:
    return None if value is None else write(value)
