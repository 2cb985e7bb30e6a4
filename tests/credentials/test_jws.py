"""Tokens are signed, split and checked on one strict path."""

import json
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc import jws as joserfc_jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey, OKPKey

from recognition_service.credentials import base64url, jws
from recognition_service.credentials.errors import (
    MalformedTokenError,
    SignerFaultError,
)
from recognition_service.credentials.jwk import public_key
from tests.credentials.builders import MemorySigner

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors/jose_signatures.json").read_text()
)["tokens"]
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def signed(signer, payload=b'{"iss":"joe"}', **header):
    segment = jws.protected_header(alg=signer.alg, typ="JWT", kid=signer.kid, **header)
    return jws.sign(segment, payload, signer)


def with_signature(token, signature):
    head, _, _ = token.rpartition(".")
    return (head + "." + base64url.encode_text(signature)).encode()


def with_header(header):
    segment = base64url.encode_text(json.dumps(header).encode())
    return f"{segment}.e30.AAAA".encode()


@pytest.mark.parametrize("vector", VECTORS, ids=["ES256", "EdDSA"])
def test_accepts_the_published_signatures(vector):
    key = public_key(vector["jwk"])
    assert jws.verify_signature(jws.split(vector["token"].encode()), key)


# RFC 9864 renames "EdDSA" to "Ed25519"; most software knows the older name only.
OLD_NAME = pytest.mark.filterwarnings("ignore:EdDSA is deprecated via RFC 9864")


@OLD_NAME
@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_what_we_sign_is_accepted_by_others(alg):
    signer = MemorySigner(alg)
    token = signed(signer)
    oracle = jwt.PyJWK.from_dict(signer.public_jwk | {"alg": alg})
    assert jwt.api_jws.decode(token, oracle, algorithms=[alg]) == b'{"iss":"joe"}'
    key_type = ECKey if alg == "ES256" else OKPKey
    other = key_type.import_key(signer.public_jwk)
    assert (
        joserfc_jws.deserialize_compact(token, other, algorithms=[alg]).payload
        == b'{"iss":"joe"}'
    )


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_what_others_sign_is_accepted_by_us(alg):
    signer = MemorySigner(alg)
    token = jwt.api_jws.encode(b"{}", signer.private_key, algorithm=alg)
    key = public_key(signer.public_jwk)
    assert jws.verify_signature(jws.split(token.encode()), key)


@OLD_NAME
@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_everybody_refuses_a_tampered_token(alg):
    signer = MemorySigner(alg)
    head, _, signature = signed(signer).rpartition(".")
    header, _, _ = head.partition(".")
    token = f"{header}.{base64url.encode_text(b'{}')}.{signature}"
    key = public_key(signer.public_jwk)
    assert not jws.verify_signature(jws.split(token.encode()), key)
    oracle = jwt.PyJWK.from_dict(signer.public_jwk | {"alg": alg})
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.api_jws.decode(token, oracle, algorithms=[alg])
    other = (ECKey if alg == "ES256" else OKPKey).import_key(signer.public_jwk)
    with pytest.raises(BadSignatureError):
        joserfc_jws.deserialize_compact(token, other, algorithms=[alg])


def test_a_mirrored_signature_is_good_but_another_text():
    signer = MemorySigner()
    token = signed(signer)
    raw = jws.split(token.encode()).signature
    s = P256_ORDER - int.from_bytes(raw[32:])
    mirrored = with_signature(token, raw[:32] + s.to_bytes(32))
    assert mirrored != token.encode()
    assert jws.verify_signature(jws.split(mirrored), public_key(signer.public_jwk))


def test_refuses_other_forms_of_a_good_signature():
    signer = MemorySigner()
    token = signed(signer)
    key = public_key(signer.public_jwk)
    raw = jws.split(token.encode()).signature
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    zero, order = b"\0" * 32, P256_ORDER.to_bytes(32)
    for signature in (
        encode_dss_signature(r, s),
        raw[:-1],
        raw + b"\0",
        b"",
        zero + zero,
        raw[:32] + zero,
        zero + raw[32:],
        order + raw[32:],
        raw[:32] + order,
        b"\xff" * 64,
    ):
        assert not jws.verify_signature(
            jws.split(with_signature(token, signature)), key
        )


def test_refuses_a_key_of_another_algorithm():
    for_us, other = MemorySigner("ES256"), MemorySigner("EdDSA")
    token = jws.split(signed(for_us).encode())
    assert not jws.verify_signature(token, public_key(other.public_jwk))


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (b"", "malformed_token"),
        (b"a.b", "malformed_token"),
        (b"a.b.c.d", "malformed_token"),
        (b"..", "not_json"),
        (b"e30.e30.!", "malformed_base64"),
        (b"e30.e30=.AAAA", "malformed_base64"),
        (b"e30\n.e30.AAAA", "malformed_base64"),
        (b"W10.e30.AAAA", "not_an_object"),
        (base64url.encode(b'{"a":1,"a":2}') + b".e30.", "duplicate_member"),
        (base64url.encode(b'{"alg":"ES256"}{}') + b".e30.", "not_json"),
        (with_header({"crit": ["exp"], "exp": 1}), "crit_not_supported"),
        (with_header({"alg": "ES256", "crit": []}), "crit_not_supported"),
        (with_header({"alg": "ES256", "b64": False}), "b64_not_supported"),
        (with_header({"alg": "ES256", "b64": True}), "b64_not_supported"),
        (with_header({"alg": "ES256", "zip": "DEF"}), "zip_not_supported"),
        (with_header({"kid": "a" * 20_000}), "too_large"),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_refuses_what_is_no_token_of_ours(token, reason):
    with pytest.raises(MalformedTokenError) as raised:
        jws.split(token)
    assert raised.value.reason == reason


def test_a_header_is_read_without_the_rest():
    signer = MemorySigner()
    assert jws.peek_header(signed(signer))["kid"] == signer.kid
    for token in ("", "no dots", "é.e30.", "W10.e30."):
        with pytest.raises(MalformedTokenError):
            jws.peek_header(token)


def test_refuses_to_make_tokens_of_other_algorithms():
    for alg in ("none", "HS256", "RS256", "ES384"):
        with pytest.raises(MalformedTokenError):
            jws.protected_header(alg=alg, typ="vc+jwt", kid="k")


def test_notices_a_signer_that_returns_something_else():
    signer = MemorySigner()
    signer.sign = signer.sign_der
    with pytest.raises(SignerFaultError):
        signed(signer)
