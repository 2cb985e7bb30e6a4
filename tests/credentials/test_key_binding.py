"""The holder's proof: good once, for one receiver, over exactly what is shown."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recognition_service.credentials import jws, key_binding, sd_jwt, sd_jwt_vc
from recognition_service.credentials.key_binding import KeyBindingFault, first_fault
from tests.credentials.builders import MemorySigner
from tests.credentials.sd_jwt_builders import a_wallet_token, b64

VECTORS = Path(__file__).parents[1] / "vectors"
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
AUD = "https://employer.example"
NONCE = "n-0S6_WzA2Mj"
ISSUER, HOLDER = MemorySigner(), MemorySigner()
TOKEN = sd_jwt_vc.decode(a_wallet_token(ISSUER, holder_jwk=HOLDER.public_jwk))
EXAMPLES = [
    example
    for name in ("rfc9901_sd_jwt", "sd_jwt_vc")
    for example in json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["tokens"]
    if "key_binding" in example
]


def presented(holder=HOLDER, token=TOKEN):
    text = key_binding.bind(token.presentation, holder, aud=AUD, nonce=NONCE, now=NOW)
    return sd_jwt.split(text.encode())


def fault(token, claims=TOKEN.payload, **changes):
    asked = {"aud": AUD, "nonce": NONCE, "now": NOW} | changes
    return first_fault(token, claims, **asked)


def with_proof(header=None, signer=HOLDER, **claims):
    """Return a presentation whose proof was made by hand."""
    said = {
        "iat": int(NOW.timestamp()),
        "aud": AUD,
        "nonce": NONCE,
        "sd_hash": key_binding.sd_hash(TOKEN.presentation.without_proof()),
    } | claims
    said = {name: value for name, value in said.items() if value is not None}
    head = {"alg": signer.alg, "typ": "kb+jwt"} | (header or {})
    token = jws.sign(b64(json.dumps(head).encode()), json.dumps(said).encode(), signer)
    parts = TOKEN.presentation
    return sd_jwt.SDJWT(parts.issuer_jwt, parts.disclosures, token.encode())


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_a_good_proof_has_no_fault(alg):
    holder = MemorySigner(alg)
    token = sd_jwt_vc.decode(a_wallet_token(ISSUER, holder_jwk=holder.public_jwk))
    assert fault(presented(holder, token), token.payload) is None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["section"])
def test_the_published_proofs_are_good_for_their_receiver_alone(example):
    token = sd_jwt.split(example["token"].encode())
    proof = example["key_binding"]
    asked = {
        "aud": proof["aud"],
        "nonce": proof["nonce"],
        "now": datetime.fromtimestamp(proof["iat"] + 10, UTC),
    }
    claims = example["processed"]
    assert first_fault(token, claims, **asked) is None
    other = asked | {"aud": "https://other.example"}
    assert first_fault(token, claims, **other) is KeyBindingFault.WRONG_AUDIENCE
    fewer = sd_jwt.SDJWT(token.issuer_jwt, token.disclosures[1:], token.kb_jwt)
    assert first_fault(fewer, claims, **asked) is KeyBindingFault.OTHER_DISCLOSURES


def test_case_11_a_missing_proof_is_named():
    assert fault(TOKEN.presentation) is KeyBindingFault.PROOF_MISSING


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"nonce": "another"}, KeyBindingFault.WRONG_NONCE),
        ({"aud": "https://other.example"}, KeyBindingFault.WRONG_AUDIENCE),
        ({"now": NOW + timedelta(minutes=5, seconds=60)}, None),
        ({"now": NOW + timedelta(minutes=5, seconds=61)}, KeyBindingFault.TOO_OLD),
        ({"now": NOW - timedelta(seconds=60)}, None),
        ({"now": NOW - timedelta(seconds=61)}, KeyBindingFault.ISSUED_IN_FUTURE),
        (
            {"now": NOW + timedelta(seconds=71), "max_age_seconds": 10},
            KeyBindingFault.TOO_OLD,
        ),
    ],
)
def test_case_11_a_proof_for_another_request_or_time_is_refused(changes, expected):
    assert fault(presented(), **changes) is expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"aud": [AUD]}, KeyBindingFault.WRONG_AUDIENCE),
        ({"aud": None}, KeyBindingFault.WRONG_AUDIENCE),
        ({"nonce": None}, KeyBindingFault.WRONG_NONCE),
        ({"sd_hash": None}, KeyBindingFault.OTHER_DISCLOSURES),
        ({"sd_hash": "x"}, KeyBindingFault.OTHER_DISCLOSURES),
        ({"iat": None}, KeyBindingFault.PROOF_MALFORMED),
        ({"iat": "now"}, KeyBindingFault.PROOF_MALFORMED),
        ({"iat": True}, KeyBindingFault.PROOF_MALFORMED),
        ({"iat": NOW.timestamp() + 0.5}, None),
        ({"exp": int(NOW.timestamp()) - 60}, KeyBindingFault.NOT_IN_FORCE),
        ({"exp": int(NOW.timestamp()) - 59}, None),
        ({"nbf": int(NOW.timestamp()) + 61}, KeyBindingFault.NOT_IN_FORCE),
        ({"exp": "later"}, KeyBindingFault.PROOF_MALFORMED),
    ],
)
def test_case_11_what_a_proof_must_say(claims, expected):
    assert fault(with_proof(**claims)) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"typ": "jwt"}, KeyBindingFault.WRONG_TYPE),
        ({"typ": "dc+sd-jwt"}, KeyBindingFault.WRONG_TYPE),
        ({"alg": "none"}, KeyBindingFault.ALG_NOT_OF_KEY),
        ({"alg": "HS256"}, KeyBindingFault.ALG_NOT_OF_KEY),
        ({"alg": "EdDSA"}, KeyBindingFault.ALG_NOT_OF_KEY),
        ({"crit": ["exp"]}, KeyBindingFault.PROOF_MALFORMED),
    ],
)
def test_case_11_the_type_and_algorithm_of_a_proof_are_fixed(header, expected):
    assert fault(with_proof(header)) is expected


def test_case_11_only_the_holders_key_proves_anything():
    thief = MemorySigner()
    assert fault(presented(thief)) is KeyBindingFault.SIGNATURE_INVALID
    # A key that the proof brings along is never looked at.
    brought = with_proof({"jwk": thief.public_jwk}, signer=thief)
    assert fault(brought) is KeyBindingFault.SIGNATURE_INVALID


@pytest.mark.parametrize(
    "cnf",
    [None, {}, {"jwk": "x"}, {"kid": "k"}, {"jwk": {"kty": "RSA"}}, "text", []],
    ids=repr,
)
def test_a_token_that_is_bound_to_no_key_we_know_proves_no_holder(cnf):
    claims = {"cnf": cnf} if cnf is not None else {}
    assert fault(presented(), claims) is KeyBindingFault.HOLDER_KEY_MISSING


@pytest.mark.parametrize("proof", [b"x", b"a.b", b"e30.e30.AA", b"A" * 20_000])
def test_what_is_no_token_is_no_proof(proof):
    parts = TOKEN.presentation
    broken = sd_jwt.SDJWT(parts.issuer_jwt, parts.disclosures, proof)
    assert fault(broken) in (
        KeyBindingFault.PROOF_MALFORMED,
        KeyBindingFault.WRONG_TYPE,
    )


def test_case_11_a_proof_moved_to_another_selection_is_refused():
    parts = presented()
    moved = sd_jwt.SDJWT(parts.issuer_jwt, parts.disclosures[:-1], parts.kb_jwt)
    assert fault(moved) is KeyBindingFault.OTHER_DISCLOSURES
