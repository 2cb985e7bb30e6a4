"""The description of the type for wallets: right by the draft, and never altered."""

import base64
import hashlib
import json
import re

import pytest

from recognition_service.credentials import sd_jwt_vc
from recognition_service.credentials.disclosed_attestation import DISCLOSABLE
from recognition_service.credentials.type_metadata import (
    type_integrity,
    type_metadata,
    vct_url,
)
from tests.credentials.builders import PUBLIC_URL, MemorySigner, all_claims, some_claims
from tests.credentials.sd_jwt_builders import a_wallet_token

DOCUMENT = json.loads(type_metadata(PUBLIC_URL))
CLAIMS = DOCUMENT["claims"]


def selected(value, path):
    """Return what a path selects (SD-JWT VC draft-25 section 5.6.1)."""
    found = [value]
    for step in path:
        if step is None:
            assert all(isinstance(item, list) for item in found), path
            found = [element for item in found for element in item]
        else:
            assert all(isinstance(item, dict) for item in found), path
            found = [item[step] for item in found if step in item]
    return found


def test_the_description_names_the_type_and_speaks_both_languages():
    assert DOCUMENT["vct"] == vct_url(PUBLIC_URL) == f"{PUBLIC_URL}/vct/recognition/1"
    assert DOCUMENT["name"]
    assert DOCUMENT["description"]
    assert [display["locale"] for display in DOCUMENT["display"]] == ["en", "fr"]
    assert all(display["name"] for display in DOCUMENT["display"])


def test_every_claim_is_described_as_the_draft_has_it():
    paths = [tuple(claim["path"]) for claim in CLAIMS]
    assert len(set(paths)) == len(paths)
    for claim in CLAIMS:
        assert claim["path"]
        assert claim["sd"] in ("always", "never")
        assert claim.get("mandatory", True) is True
        if "display" in claim:
            assert [item["locale"] for item in claim["display"]] == ["en", "fr"]
            assert all(item["label"] for item in claim["display"])
    names = [claim["svg_id"] for claim in CLAIMS if "svg_id" in claim]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) for name in names)


def test_what_may_be_hidden_is_exactly_what_is_issued_as_disclosable():
    always = {tuple(claim["path"]) for claim in CLAIMS if claim["sd"] == "always"}
    assert always == DISCLOSABLE
    never = {claim["path"][0] for claim in CLAIMS if claim["sd"] == "never"}
    assert sd_jwt_vc.NEVER_DISCLOSABLE - {"aka_vcts"} <= never


@pytest.mark.parametrize("claims", [some_claims(), all_claims()], ids=["some", "all"])
def test_an_issued_attestation_fits_the_description(claims):
    decoded = sd_jwt_vc.decode(a_wallet_token(MemorySigner(), claims))
    assert set(decoded.places) <= DISCLOSABLE
    for claim in CLAIMS:
        found = selected(decoded.payload, claim["path"])
        assert found or not claim.get("mandatory"), claim["path"]


def test_every_claim_that_is_issued_is_described():
    decoded = sd_jwt_vc.decode(
        a_wallet_token(
            MemorySigner(), all_claims(), holder_jwk=MemorySigner().public_jwk
        )
    )
    paths = {tuple(claim["path"]) for claim in CLAIMS}
    for name in decoded.payload:
        assert (name,) in paths
    for name, value in decoded.payload["recognition"].items():
        assert ("recognition", name) in paths
        if name in ("source", "target", "validity", "joint"):
            assert {("recognition", name, inner) for inner in value} <= paths


def test_the_integrity_is_that_of_the_published_bytes():
    hashed = hashlib.sha256(type_metadata(PUBLIC_URL)).digest()
    expected = "sha256-" + base64.b64encode(hashed).decode()
    assert type_integrity(PUBLIC_URL) == expected
    payload = sd_jwt_vc.decode(a_wallet_token(MemorySigner())).payload
    assert payload["vct#integrity"] == expected
    assert payload["vct"] == DOCUMENT["vct"]
    assert type_integrity("https://other.example") != expected


def test_version_1_is_never_altered():
    assert type_integrity(PUBLIC_URL) == (
        "sha256-hvch/yV45cIPH5rkwnlOC+FAK4qggjuLuQDeb6FyqcI="
    )
