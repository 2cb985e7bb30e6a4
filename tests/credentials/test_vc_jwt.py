"""Attestations as `vc+jwt` tokens."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import jwt
import pytest
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey, OKPKey

from recognition_service.credentials import jws, vc_jwt
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.errors import MalformedTokenError
from recognition_service.credentials.jwk import public_key
from tests.credentials.builders import (
    ISSUER,
    PUBLIC_URL,
    STATUS_URI,
    MemorySigner,
    a_copy,
    all_claims,
    some_claims,
)


def a_credential(claims=None):
    return attestation_credential(claims or some_claims(), public_url=PUBLIC_URL)


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_a_token_is_signed_and_read_back(alg):
    signer = MemorySigner(alg)
    token = vc_jwt.encode(a_credential(), a_copy(), signer)
    decoded = vc_jwt.decode(token)
    assert dict(decoded.jws.header) == {
        "alg": alg,
        "typ": "vc+jwt",
        "cty": "vc",
        "kid": signer.kid,
    }
    assert jws.verify_signature(decoded.jws, public_key(signer.public_jwk))
    expected = a_credential() | {
        "status": {"status_list": {"idx": 48213, "uri": STATUS_URI}},
        "iat": 1793610003,
        "jti": a_copy().jti,
    }
    assert decoded.payload == expected


def test_the_payload_is_the_credential_never_a_claim_inside():
    payload = json.loads(vc_jwt.payload_bytes(a_credential(), a_copy()))
    assert not {"vc", "vp", "iss", "sub", "nbf"} & payload.keys()
    assert payload["issuer"]["id"] == ISSUER


def test_a_copy_expires_apart_from_the_decision():
    copy = a_copy(expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    payload = json.loads(vc_jwt.payload_bytes(a_credential(), copy))
    assert payload["exp"] == 1798761600
    assert "validUntil" not in payload


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated via RFC 9864")
@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_other_libraries_accept_what_we_sign_and_refuse_it_tampered(alg):
    signer = MemorySigner(alg)
    token = vc_jwt.encode(a_credential(all_claims()), a_copy(), signer)
    header, payload, signature = token.split(".")
    forged = f"{header}.{payload[:-8]}{payload[-8:].swapcase()}.{signature}"
    oracle = jwt.PyJWK.from_dict(signer.public_jwk | {"alg": alg})
    verified = jwt.api_jws.decode(token, oracle, algorithms=[alg])
    assert json.loads(verified)["issuer"]["id"] == ISSUER
    with pytest.raises(jwt.PyJWTError):
        jwt.api_jws.decode(forged, oracle, algorithms=[alg])
    key = (ECKey if alg == "ES256" else OKPKey).import_key(signer.public_jwk)
    claims = joserfc_jwt.decode(token, key, algorithms=[alg]).claims
    assert claims["jti"] == a_copy().jti
    with pytest.raises(Exception, match=r"(?i)signature|decode|json|claims|payload"):
        joserfc_jwt.decode(forged, key, algorithms=[alg])


def test_an_enveloped_token_is_unwrapped():
    token = vc_jwt.encode(a_credential(), a_copy(), MemorySigner())
    enveloped = vc_jwt.envelope(token)
    assert enveloped["id"] == f"data:application/vc+jwt,{token}"
    plain = vc_jwt.decode(token)
    for presented in (
        json.dumps(enveloped),
        json.dumps(enveloped | {"type": ["EnvelopedVerifiableCredential"]}).encode(),
        f"\n {token}\r\n",
    ):
        assert vc_jwt.decode(presented).payload == plain.payload


ENVELOPED_TEXT = '{"type":"EnvelopedVerifiableCredential","id":"data:text/plain,a"}'


@pytest.mark.parametrize(
    ("presented", "reason"),
    [
        ("", "malformed_token"),
        (b"\x00\xff", "malformed_token"),
        ("\ud800", "malformed_token"),
        ("{", "not_json"),
        ("{}", "not_a_credential"),
        ('{"type":"EnvelopedVerifiableCredential"}', "not_a_credential"),
        ('{"type":{},"id":"data:application/vc+jwt,a"}', "not_a_credential"),
        (ENVELOPED_TEXT, "not_a_credential"),
        ('{"type":"EnvelopedVerifiableCredential","type":"a"}', "duplicate_member"),
        ("e30.e30.AA~AA~", "format_not_supported"),
        ("e30.W10.AAAA", "not_an_object"),
        ("x" * (vc_jwt.MAX_TOKEN_BYTES + 1), "too_large"),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_refuses_what_is_no_token(presented, reason):
    with pytest.raises(MalformedTokenError) as raised:
        vc_jwt.decode(presented)
    assert raised.value.reason == reason


def test_members_without_a_value_are_left_out():
    text = json.dumps(a_credential())
    assert "null" not in text
    subject = a_credential()["credentialSubject"]
    assert "remedy" not in subject["recognition"]
    claims = some_claims()
    nameless = a_credential(
        replace(claims, holder=replace(claims.holder, given_name=None))
    )
    assert "givenName" not in nameless["credentialSubject"]
