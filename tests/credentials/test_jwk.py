"""Public keys as JSON."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from recognition_service.credentials import base64url
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.credentials.jwk import public_jwk, public_key, thumbprint
from tests.credentials.builders import MemorySigner

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors/jose_signatures.json").read_text()
)["tokens"]


@pytest.mark.parametrize("vector", VECTORS, ids=["ES256", "EdDSA"])
def test_a_key_survives_the_way_to_an_object_and_back(vector):
    key = public_key(vector["jwk"])
    assert public_jwk(key.material) == vector["jwk"] == dict(key.jwk)


def test_gives_the_published_thumbprint():
    assert thumbprint(VECTORS[1]["jwk"]) == VECTORS[1]["thumbprint"]


def test_further_members_do_not_change_the_thumbprint():
    jwk = VECTORS[0]["jwk"]
    extended = jwk | {"kid": "a", "use": "sig", "alg": "ES256"}
    assert thumbprint(extended) == thumbprint(jwk)


def test_the_same_key_is_parsed_once():
    jwk = MemorySigner().public_jwk
    assert public_key(jwk) is public_key(dict(jwk))


ZERO = base64url.encode_text(b"\0" * 32)


def changed(**members):
    return VECTORS[0]["jwk"] | members


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "oct", "k": "AAAA"},
        changed(crv="P-384"),
        changed(crv="secp256k1"),
        changed(kty="OKP"),
        changed(d="jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
        changed(use="enc"),
        changed(alg="EdDSA"),
        changed(alg="HS256"),
        changed(x=VECTORS[0]["jwk"]["y"]),
        changed(x=VECTORS[0]["jwk"]["x"] + "="),
        changed(x=base64url.encode_text(b"\0" * 33)),
        changed(x=ZERO, y=ZERO),
        changed(y=None),
        changed(x=["a"]),
        changed(x=1),
        VECTORS[1]["jwk"] | {"crv": "Ed448"},
        VECTORS[1]["jwk"] | {"crv": "X25519"},
        VECTORS[1]["jwk"] | {"y": VECTORS[1]["jwk"]["x"]},
        VECTORS[1]["jwk"] | {"x": "AAAA"},
        VECTORS[1]["jwk"] | {"alg": "ES256"},
    ],
    ids=str,
)  # fmt: skip
def test_refuses_other_keys(jwk):
    with pytest.raises(UnusableKeyError):
        public_key(jwk)


def test_refuses_to_publish_a_key_of_another_curve():
    with pytest.raises(UnusableKeyError):
        public_jwk(ec.generate_private_key(ec.SECP384R1()).public_key())
