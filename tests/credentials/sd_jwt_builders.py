"""Tokens with disclosures, made by hand so that they can be wrong."""

import base64
import hashlib
import json

from recognition_service.credentials import jws, sd_jwt_vc
from recognition_service.credentials.attestation_sd_jwt import (
    WalletCopy,
    attestation_sd_jwt,
)
from tests.credentials.builders import PUBLIC_URL, a_copy, some_claims

VCT = f"{PUBLIC_URL}/vct/recognition/1"


def b64(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def digest(text):
    return b64(hashlib.sha256(text).digest()).decode()


def a_disclosure(*parts, salt="c2FsdA"):
    return b64(json.dumps([salt, *parts]).encode())


def a_token(payload, disclosures=(), *, signer, typ="dc+sd-jwt", tail=b""):
    """Return a token with any payload and any disclosures."""
    header = b64(json.dumps({"alg": signer.alg, "typ": typ}).encode())
    token = jws.sign(header, json.dumps(payload).encode(), signer).encode()
    return b"~".join((token, *disclosures, tail))


def a_wallet(**changes):
    given = {"copy": a_copy(), "issuing_country": "BE"} | changes
    return WalletCopy(**given)


def a_wallet_token(signer, claims=None, **changes):
    """Return an attestation as the wallet of its holder gets it."""
    secured = attestation_sd_jwt(
        claims or some_claims(), a_wallet(**changes), public_url=PUBLIC_URL
    )
    return sd_jwt_vc.encode(secured, signer)
