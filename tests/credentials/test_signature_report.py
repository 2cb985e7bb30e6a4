"""What one key proves of a credential: form, algorithm, signature, dates, holder."""

import json
from datetime import UTC, datetime

import pytest

from recognition_service.credentials import jws
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.signature_report import (
    Expected,
    signature_report,
)
from tests.credentials.builders import ISSUER, MemorySigner
from tests.credentials.sd_jwt_builders import VCT, a_token, b64

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SIGNER = MemorySigner()
KEY = public_key(SIGNER.public_jwk)


def report(token, key=KEY, **changes):
    return signature_report(token, lambda *_: key, now=NOW, **changes)


def a_jwt(header, claims):
    head = b64(json.dumps({"typ": "vc+jwt"} | header).encode())
    return jws.sign(head, json.dumps(claims).encode(), SIGNER).encode()


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "EdDSA", "ES384", None, 5])
def test_case_1_the_algorithm_is_the_keys_own(alg):
    found = report(a_jwt({"alg": alg}, {"issuer": ISSUER}))
    assert (found.fault, found.claims) == ("alg_not_of_key", {})


def test_claims_are_told_only_when_the_signature_is_good():
    token = a_jwt({"alg": "ES256"}, {"issuer": {"id": ISSUER}})
    assert report(token).claims == {"issuer": {"id": ISSUER}}
    assert report(token).issuer == ISSUER
    foreign = report(token, public_key(MemorySigner().public_jwk))
    assert (foreign.fault, foreign.claims) == ("signature_invalid", {})
    assert report(token, None).fault == "key_unknown"


@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "statuslist+jwt", "dc+sd-jwt", None])
def test_case_7_other_types_of_tokens_are_no_credentials(typ):
    found = report(a_jwt({"alg": "ES256", "typ": typ}, {"issuer": ISSUER}))
    assert (found.fault, found.reason) == ("malformed", "wrong_type")


@pytest.mark.parametrize(
    ("claims", "fault"),
    [
        ({"exp": 1e400}, "malformed"),
        ({"exp": -1}, "expired"),
        ({"exp": True}, "malformed_dates"),
        ({"nbf": "1"}, "malformed_dates"),
        ({"nbf": 4_000_000_000}, "not_yet_valid"),
        ({"validUntil": "2026-11-02"}, "malformed_dates"),
        ({"valid_until": "2026-11-01"}, None),
        ({"valid_until": 5}, None),
        ({"valid_until": "2026-11-02T08:59:00Z"}, "expired"),
        ({"valid_until": "2026-11-02T08:59:01Z"}, None),
        ({"validFrom": "2026-11-02T09:01:00Z"}, None),
        ({"validFrom": "2026-11-02T09:01:01Z", "nbf": 1}, "not_yet_valid"),
    ],
)
def test_case_8_dates_hold_with_a_minute_of_leeway(claims, fault):
    found = report(a_token({"vct": VCT, "iss": ISSUER} | claims, signer=SIGNER))
    assert found.fault == fault


def test_a_w3c_token_can_prove_no_holder():
    token = a_jwt({"alg": "ES256"}, {"issuer": ISSUER})
    found = report(token, expected=Expected("https://employer.example", "n"))
    assert (found.fault, found.holder) == ("proof_missing", "not_proven")
