"""The published key document tells the whole history of an issuer's keys."""

from datetime import UTC, datetime

import pytest

from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.credentials.jwk import thumbprint
from recognition_service.credentials.key_document import (
    IssuerKey,
    key_document,
    key_set,
)
from recognition_service.credentials.signer import KeyPurpose
from tests.credentials.builders import ISSUER, MemorySigner


def day(month):
    return datetime(2026, month, 1, tzinfo=UTC)


def issuer_key(purpose=KeyPurpose.ATTESTATIONS, alg="ES256", **dates):
    signer = MemorySigner(alg)
    dates = {"valid_from": day(1)} | dates
    return IssuerKey(signer.kid, purpose, alg, signer.public_jwk, **dates)


NEW = issuer_key(valid_from=day(6))
RETIRED = issuer_key(retired_at=day(6))
STOLEN = issuer_key(valid_from=day(2), compromised_at=day(5))
STATUS = issuer_key(KeyPurpose.STATUS, alg="EdDSA", valid_from=day(3))
DOCUMENT = key_document(ISSUER, "Body", [NEW, STATUS, RETIRED, STOLEN])


def test_lists_every_key_ever_used_in_order():
    assert [method["id"] for method in DOCUMENT["verificationMethod"]] == [
        RETIRED.kid,
        STOLEN.kid,
        STATUS.kid,
        NEW.kid,
    ]


def test_only_attestation_keys_can_sign_credentials():
    assert DOCUMENT["assertionMethod"] == [RETIRED.kid, STOLEN.kid, NEW.kid]


def test_tells_the_dates_and_the_purpose_of_each_key():
    retired, stolen, status, new = DOCUMENT["verificationMethod"]
    assert retired["retiredAt"] == "2026-06-01T00:00:00Z"
    assert "expires" not in retired
    assert stolen["revoked"] == stolen["compromisedAt"] == "2026-05-01T00:00:00Z"
    assert status["purpose"] == "status"
    assert new["validFrom"] == "2026-06-01T00:00:00Z"
    assert not {"expires", "revoked"} & new.keys()


def test_follows_the_form_of_controlled_identifier_documents():
    assert DOCUMENT["@context"] == ["https://www.w3.org/ns/cid/v1"]
    assert DOCUMENT["id"] == ISSUER
    for method in DOCUMENT["verificationMethod"]:
        assert method["type"] == "JsonWebKey"
        assert method["controller"] == ISSUER
        jwk = method["publicKeyJwk"]
        assert "d" not in jwk
        assert method["id"] == f"{ISSUER}#{thumbprint(jwk)}"
        assert jwk["kid"] == thumbprint(jwk)


def test_the_key_set_leaves_out_compromised_keys():
    kids = [jwk["kid"] for jwk in key_set([NEW, STOLEN, RETIRED])["keys"]]
    assert kids == [thumbprint(RETIRED.public_jwk), thumbprint(NEW.public_jwk)]


def test_refuses_to_publish_what_is_no_key():
    with pytest.raises(UnusableKeyError):
        key_set([IssuerKey("k", KeyPurpose.STATUS, "ES256", {}, day(1))])
