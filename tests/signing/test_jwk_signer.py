"""Private keys as JWK: they sign what their public half verifies, or are refused."""

import pytest

from recognition_service.credentials import base64url, jws
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.credentials.jwk import public_key
from recognition_service.signing.jwk_signer import jwk_signer
from tests.credentials.builders import MemorySigner, private_jwk

P256, ED25519 = MemorySigner(), MemorySigner("EdDSA")
both = pytest.mark.parametrize("key", [P256, ED25519], ids=["P-256", "Ed25519"])


@both
def test_what_it_signs_its_public_half_verifies(key):
    signer = jwk_signer(private_jwk(key))
    signature = signer.sign(b"message")
    assert len(signature) == 64
    assert jws.is_signature(signature, b"message", public_key(key.public_jwk))
    assert not jws.is_signature(signature, b"another", public_key(key.public_jwk))
    assert signer.alg == key.alg
    assert "d" not in signer.public_jwk


@both
def test_a_key_is_named_as_told_as_it_says_or_by_its_thumbprint(key):
    jwk = private_jwk(key)
    assert jwk_signer(jwk).kid == public_key(key.public_jwk).thumbprint
    assert jwk_signer(jwk | {"kid": "key-1"}).kid == "key-1"
    assert jwk_signer(jwk | {"kid": "key-1"}, "told").kid == "told"


# RFC 8037 appendix A.1.
def test_the_published_key_is_read():
    jwk = {
        "kty": "OKP",
        "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
    assert jwk_signer(jwk).kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"d": None}, "not_a_private_key"),
        ({"d": 5}, "not_a_private_key"),
        ({"d": "AA"}, "malformed_key"),
        ({"d": "é"}, "malformed_key"),
        ({"d": base64url.encode_text(bytes(32))}, "malformed_key"),
        ({"d": base64url.encode_text(ORDER.to_bytes(32))}, "malformed_key"),
        ({"d": base64url.encode_text(bytes(31) + b"\x01")}, "halves_do_not_match"),
        ({"crv": "P-384"}, "curve_not_supported"),
        ({"kty": "RSA"}, "curve_not_supported"),
        ({"alg": "ES384"}, "alg_not_of_key"),
        ({"use": "enc"}, "not_a_public_signature_key"),
        ({"x": "AA"}, "malformed_key"),
    ],
    ids=repr,
)
def test_other_keys_are_refused(changes, reason):
    with pytest.raises(UnusableKeyError) as raised:
        jwk_signer(private_jwk(P256) | changes)
    assert raised.value.reason == reason
