"""Whatever is presented is answered, in bounded time and memory."""

import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import base64url, jws, sd_jwt_vc, vc_jwt
from recognition_service.verification.document import as_document
from recognition_service.verification.holder_binding import Presentation
from recognition_service.verification.verify import verify
from tests.credentials.builders import some_claims
from tests.credentials.sd_jwt_builders import a_wallet_token
from tests.verification.world import (
    ATTESTATION_KEY,
    GOOD,
    NOW,
    a_payload,
    a_token,
    answer,
    check,
    inputs,
    never_valid,
    signed,
)

WALLET_COPY = a_wallet_token(ATTESTATION_KEY)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 0x2FF))
def test_any_changed_character_is_never_valid(position, code_point):
    character = chr(code_point)
    if character == GOOD[position]:
        return
    changed = GOOD[:position] + character + GOOD[position + 1 :]
    assert never_valid(changed)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.sampled_from("Aa0-_.=\n"))
def test_any_removed_or_inserted_character_is_never_valid(position, character):
    assert never_valid(GOOD[:position] + GOOD[position + 1 :])
    if position > 0:
        assert never_valid(GOOD[:position] + character + GOOD[position:])


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_nothing_presented_ever_raises(presented):
    report = check(presented)
    assert report.verdict == "not_genuine" or report.code == "format_not_supported"
    as_document(report)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
MEMBERS = st.sampled_from(sorted(a_payload()))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(MEMBERS, JSON_VALUES)
def test_nothing_signed_by_a_trusted_key_ever_raises(member, value):
    as_document(check(signed(a_payload(**{member: value}))))


def decision_members():
    return sorted(a_payload()["credentialSubject"]["recognition"])


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.sampled_from(decision_members()), JSON_VALUES)
def test_no_decision_signed_by_a_trusted_key_ever_raises(member, value):
    payload = a_payload()
    payload["credentialSubject"]["recognition"][member] = value
    as_document(check(signed(payload)))


CLAIMS = json.loads(sd_jwt_vc.decode(WALLET_COPY).jws.payload) | {
    "cnf": {"jwk": ATTESTATION_KEY.public_jwk}
}
DECISION_MEMBERS = [*sorted(CLAIMS["recognition"]), "joint", "source"]


def check_all(token):
    """Ask for everything that can be asked for."""
    report = verify(
        token,
        inputs(),
        at=NOW,
        checked_at=NOW,
        expected=Presentation("https://employer.example", "nonce"),
        peers=[token, WALLET_COPY],
    )
    as_document(report)
    return report


def signed_wallet_copy(claims):
    header = {"alg": "ES256", "typ": "dc+sd-jwt", "kid": ATTESTATION_KEY.kid}
    segment = base64url.encode(json.dumps(header).encode())
    return jws.sign(segment, json.dumps(claims).encode(), ATTESTATION_KEY) + "~"


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.sampled_from([*sorted(CLAIMS), "sub", "aka_vcts"]), JSON_VALUES)
def test_no_wallet_copy_signed_by_a_trusted_key_ever_raises(claim, value):
    check_all(signed_wallet_copy(CLAIMS | {claim: value}))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.sampled_from([*sorted(CLAIMS["recognition"]), "joint", "source"]), JSON_VALUES
)
def test_no_decision_of_a_wallet_copy_ever_raises(member, value):
    decision = CLAIMS["recognition"] | {member: value}
    check_all(signed_wallet_copy(CLAIMS | {"recognition": decision}))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(JSON_VALUES, max_size=3) | JSON_VALUES)
def test_no_named_status_ever_raises(value):
    payload = a_payload(credentialStatus=value)
    check_all(signed(payload))
    del payload["status"]
    check_all(signed(payload))


def test_hostile_noise_is_answered():
    noise = '{"\\u[":e0,}]' * (vc_jwt.MAX_TOKEN_BYTES // 13)
    for presented in (noise, "{" * vc_jwt.MAX_TOKEN_BYTES, "." * 100_000, "~" * 300):
        assert answer(presented)[0] == "not_genuine"


def many_disclosures(count):
    head, *_ = WALLET_COPY.split("~")
    return "~".join([head, *["WyJzIiwieCIsMV0"] * count, ""])


def nested(levels):
    """A disclosure within a disclosure, and so on, nothing of it referred to."""
    head, *_ = WALLET_COPY.split("~")
    text = b"1"
    texts = []
    for _ in range(levels):
        text = base64url.encode(b'["s","x",{"_sd":["' + text[:43] + b'"]}]')
        texts.append(text.decode())
    return "~".join([head, *texts, ""])


HOSTILE = {
    "ten megabytes": "a" * 10_000_000,
    "ten megabytes of bytes": b"\xff" * 10_000_000,
    "ten megabytes of tildes": "~" * 10_000_000,
    "ten megabytes behind a token": GOOD + "." * 10_000_000,
    "ten thousand disclosures": many_disclosures(10_000),
    "as many as fit": many_disclosures(7_500),
    "few of the same": many_disclosures(200),
    "nested ones": nested(200),
    "brackets": "[" * vc_jwt.MAX_TOKEN_BYTES,
    "a header of brackets": base64url.encode_text(b"[" * 90_000) + ".e30.AA",
    "a payload of brackets": f"{GOOD.split('.')[0]}."
    + base64url.encode_text(b"[" * 90_000)
    + ".AA",
    "numbers": "e30." + base64url.encode_text(b"[" + b"1e9," * 20_000) + ".AA",
    "dots": "." * 131_072,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_costs_bounded_memory(name):
    tracemalloc.start()
    try:
        verdict, _ = answer(HOSTILE[name])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert verdict == "not_genuine"
    assert peak < 32 << 20


def test_what_the_holder_sees_is_what_was_signed():
    claims = some_claims()
    report = check(a_token(claims))
    assert report.holder.family_name == claims.holder.family_name
    assert report.recognition.decision_digest == claims.decision_digest
