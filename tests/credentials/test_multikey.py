"""Keys as multikeys, and the did:key identifiers made of them."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from recognition_service.credentials import multibase, multikey
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.credentials.jwk import public_jwk, public_key
from tests.credentials.builders import MemorySigner

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "data_integrity.json").read_text()
)
# Controlled Identifiers v1.0 section 2.2.2: 0xed01 before 32 bytes, 0x8024 before a
# compressed point.
ED25519 = bytes.fromhex("ed01")
P256 = bytes.fromhex("8024")


@pytest.mark.parametrize("published", VECTORS["keys"], ids=lambda key: key["type"])
def test_the_published_keys_are_read_as_the_halves_of_their_pairs(published):
    secret = multibase.decode_base58btc(published["secretKeyMultibase"])[2:]
    if published["type"] == "Ed25519":
        private = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    else:
        private = ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1())
    key = multikey.decode(published["publicKeyMultibase"])
    assert key is public_key(public_jwk(private.public_key()))
    assert multikey.encode(key) == published["publicKeyMultibase"]


@pytest.mark.parametrize(("alg", "start"), [("EdDSA", "z6Mk"), ("ES256", "zDn")])
def test_a_key_becomes_a_did_and_the_did_the_key_again(alg, start):
    key = public_key(MemorySigner(alg).public_jwk)
    did = multikey.did_key(key)
    method = multikey.did_key_method(key)
    assert did.startswith(f"did:key:{start}")
    assert method == f"{did}#{multikey.encode(key)}"
    assert multikey.resolve(did) is key
    assert multikey.resolve(method) is key
    assert multikey.controller_of(method) == did


def test_a_verification_method_publishes_the_key():
    key = public_key(MemorySigner("EdDSA").public_jwk)
    did, method = multikey.did_key(key), multikey.did_key_method(key)
    assert multikey.multikey(key, id=method, controller=did) == {
        "id": method,
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": did.removeprefix("did:key:"),
    }


POINT = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "curve_not_supported"),
        (ED25519, "curve_not_supported"),
        (ED25519 + POINT[:-1], "curve_not_supported"),
        (ED25519 + POINT + b"\0", "curve_not_supported"),
        (bytes.fromhex("8026") + POINT, "curve_not_supported"),  # A private key.
        (bytes.fromhex("ec01") + POINT, "curve_not_supported"),  # X25519.
        (bytes.fromhex("e701") + b"\2" + POINT, "curve_not_supported"),  # secp256k1.
        (P256 + POINT, "curve_not_supported"),
        (P256 + b"\4" + POINT, "point_not_on_curve"),
        (P256 + b"\2" + b"\xff" * 32, "point_not_on_curve"),
        (P256 + bytes(33), "point_not_on_curve"),
    ],
    ids=range(11),
)
def test_refuses_what_is_no_key_that_we_use(content, reason):
    with pytest.raises(UnusableKeyError) as caught:
        multikey.decode(multibase.encode_base58btc(content))
    assert caught.value.reason == reason


def test_refuses_a_key_in_another_alphabet():
    with pytest.raises(UnusableKeyError):
        multikey.decode(multibase.encode_base64url(ED25519 + POINT))


@pytest.mark.parametrize(
    ("identifier", "reason"),
    [
        ("did:web:issuer.example", "did_not_supported"),
        ("did:key", "did_not_supported"),
        ("DID:KEY:{text}", "did_not_supported"),
        ("https://issuer.example/keys#{text}", "did_not_supported"),
        ("../../etc/passwd", "did_not_supported"),
        ("", "did_not_supported"),
        ("did:key:", "malformed_key"),
        ("did:key:{text}?x=1", "malformed_key"),
        ("did:key:{text}\n", "malformed_key"),
        ("did:key:" + "z" * 1_000_000, "malformed_key"),
        ("did:key:{text}#", "key_not_of_did"),
        ("did:key:{text}#key-1", "key_not_of_did"),
        ("did:key:{text}#{text}#{text}", "key_not_of_did"),
    ],
)
def test_no_other_identifier_leads_to_a_key(identifier, reason):
    text = multibase.encode_base58btc(ED25519 + POINT)
    with pytest.raises(UnusableKeyError) as caught:
        multikey.resolve(identifier.replace("{text}", text))
    assert caught.value.reason == reason
