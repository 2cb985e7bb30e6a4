"""The same tokens, read and written by another library: `sd-jwt` from PyPI.

It is the reference implementation of the standard's authors, and lets through some
of what the standard refuses; where it does, we are shown not to.
"""

import json
from pathlib import Path

import pytest
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from recognition_service.credentials import jws, key_binding, sd_jwt, sd_jwt_vc
from recognition_service.credentials.errors import MalformedTokenError
from recognition_service.credentials.jwk import public_key
from tests.credentials.builders import PUBLIC_URL, MemorySigner, all_claims
from tests.credentials.sd_jwt_builders import (
    VCT,
    a_disclosure,
    a_token,
    a_wallet_token,
    digest,
)
from tests.credentials.test_key_binding import AUD, NONCE, NOW

VECTORS = Path(__file__).parents[1] / "vectors"
CASES = json.loads((VECTORS / "sd_jwt_cases.json").read_text(encoding="utf-8"))["cases"]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
KEY = JWK.generate(kty="EC", crv="P-256")
PUBLIC = public_key(KEY.export_public(as_dict=True))
SIGNER, HOLDER = MemorySigner(), MemorySigner()


def accepted_by_the_other(token, signer=SIGNER, **expected):
    key = JWK(**signer.public_jwk)
    return SDJWTVerifier(token, lambda *_: key, **expected).get_verified_payload()


def marked(value, paths, path=()):
    """Return claims with the other library's marks on what is disclosable."""
    if isinstance(value, dict):
        return {
            SDObj(name) if (*path, name) in paths else name: marked(
                member, paths, (*path, name)
            )
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [
            SDObj(inner) if (*path, index) in paths else inner
            for index, inner in enumerate(
                marked(element, paths, (*path, index))
                for index, element in enumerate(value)
            )
        ]
    return value


@every_case
@pytest.mark.parametrize("with_decoys", [False, True])
def test_what_it_issues_is_read_here(case, with_decoys):
    paths = {tuple(path) for path in case["disclosable"]}
    issued = SDJWTIssuer(
        marked(case["claims"], paths), KEY, add_decoy_claims=with_decoys
    ).sd_jwt_issuance
    parts = sd_jwt.split(issued.encode())
    signed = jws.split(parts.issuer_jwt)
    assert jws.verify_signature(signed, PUBLIC)
    found = sd_jwt.resolve(json.loads(signed.payload), parts.disclosures)
    assert found.claims == case["claims"]
    assert set(found.places) == paths


@every_case
def test_what_is_issued_here_it_accepts(case):
    claims = {"vct": VCT} | case["claims"]
    paths = [tuple(path) for path in case["disclosable"]]
    token = sd_jwt_vc.encode(sd_jwt_vc.secure(claims, paths, decoys={(): 3}), SIGNER)
    assert accepted_by_the_other(token) == claims
    with pytest.raises(Exception, match=r"(?i)signature|verification"):
        accepted_by_the_other(token, MemorySigner())


def test_it_accepts_an_attestation_with_everything_in_it():
    token = a_wallet_token(SIGNER, all_claims())
    assert accepted_by_the_other(token) == sd_jwt_vc.decode(token).payload
    bare = token.partition("~")[0] + "~"
    assert accepted_by_the_other(bare) == sd_jwt_vc.decode(bare).payload


def test_it_accepts_what_the_holder_chose_and_proved_here():
    whole = sd_jwt_vc.decode(a_wallet_token(SIGNER, holder_jwk=HOLDER.public_jwk))
    wanted = [("family_name",), ("recognition", "source", "country")]
    chosen = sd_jwt.select(whole.presentation, whole.places, wanted)
    shown = key_binding.bind(chosen, HOLDER, aud=AUD, nonce=NONCE, now=NOW)
    claims = accepted_by_the_other(shown, expected_aud=AUD, expected_nonce=NONCE)
    assert claims["recognition"]["source"] == {"country": "LV"}
    assert "given_name" not in claims
    assert claims == sd_jwt_vc.decode(shown).payload


def test_what_its_holder_chose_and_proved_is_accepted_here():
    holder_key = JWK.generate(kty="EC", crv="P-256")
    token = a_wallet_token(SIGNER, holder_jwk=holder_key.export_public(as_dict=True))
    holder = SDJWTHolder(token)
    holder.create_presentation(
        {"family_name": True, "recognition": {"source": {"country": True}}},
        NONCE,
        AUD,
        holder_key,
    )
    shown = sd_jwt_vc.decode(holder.sd_jwt_presentation)
    assert shown.disclosures == 3
    assert shown.payload["recognition"]["source"] == {"country": "LV"}
    proof = jws.split(shown.kb)
    fault = key_binding.first_fault(
        shown.presentation,
        shown.payload,
        aud=AUD,
        nonce=NONCE,
        now=NOW.fromtimestamp(json.loads(proof.payload)["iat"], NOW.tzinfo),
    )
    assert fault is None


def test_case_11_what_it_wrongly_accepts_is_refused_here():
    text = a_disclosure("recognition", {"outcome": "full"})
    unreferenced = a_token({"vct": VCT}, [text], signer=SIGNER)
    element = a_disclosure("x")
    twice = a_token(
        {"vct": VCT, "a": [{"...": digest(element)}, {"...": digest(element)}]},
        [element],
        signer=SIGNER,
    )
    reserved = a_disclosure("_sd_alg", "md5")
    renamed = a_token(
        {"vct": VCT, "_sd": [digest(reserved)]}, [reserved], signer=SIGNER
    )
    late = a_disclosure("exp", 9_999_999_999)
    validity = a_token({"vct": VCT, "_sd": [digest(late)]}, [late], signer=SIGNER)
    for token in (unreferenced, twice, renamed, validity):
        assert accepted_by_the_other(token.decode())["vct"] == VCT
        with pytest.raises(MalformedTokenError):
            sd_jwt_vc.decode(token)


def test_both_refuse_a_disclosure_that_overwrites():
    text = a_disclosure("vct", f"{PUBLIC_URL}/other")
    token = a_token({"vct": VCT, "_sd": [digest(text)]}, [text], signer=SIGNER)
    with pytest.raises(ValueError, match="Duplicate key"):
        accepted_by_the_other(token.decode())
    with pytest.raises(MalformedTokenError):
        sd_jwt_vc.decode(token)
