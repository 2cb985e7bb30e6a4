"""SD-JWT VCs: the header, what may never be disclosed, what is read back."""

import json

import pytest

from recognition_service.credentials import jws, sd_jwt_vc
from recognition_service.credentials.errors import (
    MalformedInputError,
    MalformedTokenError,
)
from recognition_service.credentials.jwk import public_key
from tests.credentials.builders import MemorySigner
from tests.credentials.sd_jwt_builders import (
    VCT,
    a_disclosure,
    a_token,
    a_wallet_token,
    digest,
)

SIGNER = MemorySigner()


def refusal(presented):
    with pytest.raises(MalformedTokenError) as raised:
        sd_jwt_vc.decode(presented)
    return raised.value.reason


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_the_header_names_the_key_as_the_key_set_does(alg):
    signer = MemorySigner(alg)
    decoded = sd_jwt_vc.decode(a_wallet_token(signer))
    key = public_key(signer.public_jwk)
    assert dict(decoded.jws.header) == {
        "alg": alg,
        "typ": "dc+sd-jwt",
        "kid": key.thumbprint,
    }
    assert jws.verify_signature(decoded.jws, key)


def test_a_certificate_chain_goes_into_the_header():
    secured = sd_jwt_vc.secure({"vct": VCT}, [])
    token = sd_jwt_vc.encode(secured, SIGNER, x5c=("MIIB", "MIIC"))
    assert sd_jwt_vc.decode(token).jws.header["x5c"] == ["MIIB", "MIIC"]


def test_a_token_without_disclosures_ends_with_a_tilde():
    token = sd_jwt_vc.encode(sd_jwt_vc.secure({"vct": VCT, "a": 1}, []), SIGNER)
    assert token.endswith("~")
    assert token.count("~") == 1
    decoded = sd_jwt_vc.decode(token)
    assert decoded.payload == {"vct": VCT, "a": 1}
    assert (decoded.disclosures, decoded.kb) == (0, None)


def test_white_space_around_a_token_is_ignored():
    token = a_wallet_token(SIGNER)
    assert (
        sd_jwt_vc.decode(f"\n {token}\r\n").payload == sd_jwt_vc.decode(token).payload
    )


def test_the_exact_token_is_rebuilt_from_its_stored_parts():
    token = a_wallet_token(SIGNER).encode()
    decoded = sd_jwt_vc.decode(token)
    header = jws.protected_header(
        alg="ES256", typ="dc+sd-jwt", kid=sd_jwt_vc.key_name(SIGNER.kid)
    )
    parts = decoded.presentation.disclosures
    assert (
        sd_jwt_vc.rebuild(header, decoded.jws.payload, decoded.jws.signature, *parts)
        == token
    )


def test_the_proof_is_handed_over_as_it_came():
    decoded = sd_jwt_vc.decode(a_token({"vct": VCT}, signer=SIGNER, tail=b"k.b.j"))
    assert decoded.kb == b"k.b.j"
    assert decoded.disclosures == 0


@pytest.mark.parametrize(
    "typ", ["vc+sd-jwt", "vc+jwt", "at+jwt", "JWT", "DC+SD-JWT", "kb+jwt", None]
)
def test_case_7_another_type_is_refused(typ):
    assert refusal(a_token({"vct": VCT}, signer=SIGNER, typ=typ)) == "wrong_type"


@pytest.mark.parametrize("claim", sorted(sd_jwt_vc.NEVER_DISCLOSABLE))
def test_case_11_claims_that_decide_over_validity_are_never_disclosed(claim):
    text = a_disclosure(claim, "x")
    payload = {"_sd": [digest(text)]} | ({} if claim == "vct" else {"vct": VCT})
    assert refusal(a_token(payload, [text], signer=SIGNER)) == "never_disclosable"
    claims = {"vct": VCT} | {claim: VCT}
    with pytest.raises(MalformedInputError, match="may not be made disclosable"):
        sd_jwt_vc.secure(claims, [(claim,)])


def test_case_11_nor_is_anything_within_them():
    text = a_disclosure("uri", "https://attacker.example")
    payload = {"vct": VCT, "status": {"status_list": {"_sd": [digest(text)]}}}
    assert refusal(a_token(payload, [text], signer=SIGNER)) == "never_disclosable"
    with pytest.raises(MalformedInputError, match="status"):
        sd_jwt_vc.secure(
            {"vct": VCT, "status": {"status_list": {"idx": 1}}},
            [("status", "status_list", "idx")],
        )


@pytest.mark.parametrize("payload", [{}, {"vct": ""}, {"vct": 1}, {"vct": None}])
def test_a_token_without_a_type_is_refused(payload):
    assert refusal(a_token(payload, signer=SIGNER)) == "vct_missing"
    with pytest.raises(MalformedInputError, match="vct"):
        sd_jwt_vc.secure(payload, [])


@pytest.mark.parametrize(
    ("presented", "reason"),
    [
        ("", "malformed_token"),
        ("\u00e9~", "malformed_token"),
        ("\ud800~", "malformed_token"),
        ("x" * (10 << 20), "too_large"),
        (b"\xff" * (10 << 20), "too_large"),
        ("a.b~", "malformed_token"),
        ("e30.e30.AA~", "wrong_type"),
        ("{}", "malformed_token"),
        ("%PDF-1.7~", "malformed_token"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_token_is_refused(presented, reason):
    assert refusal(presented) == reason


def test_case_10_two_readers_never_understand_a_payload_differently():
    header = jws.protected_header(alg="ES256", typ="dc+sd-jwt", kid="k")
    for payload, reason in (
        (b'{"vct":"a","vct":"b"}', "duplicate_member"),
        (b'{"vct":"a","exp":NaN}', "not_a_number"),
        (b'["vct"]', "not_an_object"),
        (b'{"vct":"\\u0000"}', "nul"),
    ):
        token = jws.sign(header, payload, SIGNER) + "~"
        assert refusal(token) == reason, payload


def test_a_changed_disclosure_no_longer_belongs_to_the_token():
    token = a_wallet_token(SIGNER)
    parts = token.split("~")
    parts[1] = a_disclosure("family_name", "Forged").decode()
    assert refusal("~".join(parts)) == "unreferenced_disclosure"


def test_case_5_nothing_in_the_header_leads_anywhere():
    token = a_token({"vct": VCT}, signer=SIGNER)
    assert json.loads(json.dumps(dict(sd_jwt_vc.decode(token).jws.header))) == {
        "alg": "ES256",
        "typ": "dc+sd-jwt",
    }
