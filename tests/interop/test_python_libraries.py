"""PyJWT, joserfc and sd-jwt accept what we issue, and nothing that was changed."""

import jwt
import pytest
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey, OKPKey
from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier

from recognition_service.credentials import jws
from tests.credentials.builders import MemorySigner
from tests.interop.tokens import (
    a_vc_jwt,
    an_sd_jwt,
    changed,
    read,
    with_other_disclosures,
)

every_token = pytest.mark.parametrize("make", [a_vc_jwt, an_sd_jwt])
every_algorithm = pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated via RFC 9864")


def signed_part(token):
    return token.partition("~")[0]


def by_pyjwt(token, signer):
    key = jwt.PyJWK.from_dict(signer.public_jwk | {"alg": signer.alg})
    return jwt.api_jws.decode(signed_part(token), key, algorithms=[signer.alg])


def by_joserfc(token, signer):
    kind = ECKey if signer.alg == "ES256" else OKPKey
    key = kind.import_key(signer.public_jwk)
    found = joserfc_jws.deserialize_compact(
        signed_part(token), key, algorithms=[signer.alg]
    )
    return found.payload


every_library = pytest.mark.parametrize("library", [by_pyjwt, by_joserfc])


@every_library
@every_token
@every_algorithm
def test_the_signature_is_accepted(library, make, alg):
    signer = MemorySigner(alg)
    token = make(signer)
    payload = jws.split(signed_part(token).encode()).payload
    assert library(token, signer) == payload


@every_library
@every_token
@every_algorithm
def test_what_was_changed_is_refused(library, make, alg):
    signer = MemorySigner(alg)
    token = make(signer)
    for forged in changed(token):
        with pytest.raises(Exception, match=r"(?i)."):
            library(forged, signer)
    with pytest.raises(Exception, match=r"(?i)sign"):
        library(token, MemorySigner(alg))


def by_sd_jwt(token, signer):
    key = JWK(**signer.public_jwk)
    return SDJWTVerifier(token, lambda *_: key).get_verified_payload()


def test_sd_jwt_accepts_an_attestation_and_refuses_a_changed_one():
    signer = MemorySigner()
    token = an_sd_jwt(signer)
    assert by_sd_jwt(token, signer) == read(token)
    for forged in changed(token):
        with pytest.raises(Exception, match=r"(?i)."):
            by_sd_jwt(forged, signer)
    with pytest.raises(Exception, match=r"(?i)verification"):
        by_sd_jwt(token, MemorySigner())


def test_a_forged_disclosure_says_nothing_in_sd_jwt_either():
    signer = MemorySigner()
    forged, added, twice = with_other_disclosures(an_sd_jwt(signer))
    for token in (forged, added):
        assert by_sd_jwt(token, signer).get("family_name") != "Forged"
    with pytest.raises(ValueError, match="Duplicate"):
        by_sd_jwt(twice, signer)
