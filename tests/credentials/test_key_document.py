"""The published key document tells the whole history of an issuer's keys."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recognition_service.credentials import multikey
from recognition_service.credentials.did_web import did_of
from recognition_service.credentials.errors import (
    MalformedDocumentError,
    UnusableKeyError,
)
from recognition_service.credentials.json_ld import Contexts, canonicalize, check_terms
from recognition_service.credentials.jwk import thumbprint
from recognition_service.credentials.key_document import (
    IssuerKey,
    data_integrity_method,
    did_document,
    issuer_metadata,
    key_document,
    key_set,
)
from recognition_service.credentials.key_document_context import (
    key_context_url,
    key_document_context,
)
from recognition_service.credentials.signer import KeyPurpose
from tests.credentials.builders import ISSUER, PUBLIC_URL, MemorySigner

OUR_CONTEXT = key_context_url(PUBLIC_URL)
DID_CONTEXT = "https://www.w3.org/ns/did/v1"
VECTORS = Path(__file__).parents[1] / "vectors"


def day(month):
    return datetime(2026, month, 1, tzinfo=UTC)


def issuer_key(purpose=KeyPurpose.ATTESTATIONS, alg="ES256", **dates):
    signer = MemorySigner(alg)
    dates = {"valid_from": day(1)} | dates
    return IssuerKey(signer.kid, purpose, alg, signer.public_jwk, **dates)


NEW = issuer_key(valid_from=day(6))
RETIRED = issuer_key(retired_at=day(6))
STOLEN = issuer_key(valid_from=day(2), compromised_at=day(5))
STATUS = issuer_key(KeyPurpose.STATUS, alg="EdDSA", valid_from=day(3))
PROOFS = issuer_key(alg="EdDSA")


def published(keys, *more):
    return key_document(ISSUER, "Body", keys, *more, public_url=PUBLIC_URL)


DOCUMENT = published([NEW, STATUS, RETIRED, STOLEN])


def test_lists_every_key_ever_used_in_order():
    assert [method["id"] for method in DOCUMENT["verificationMethod"]] == [
        RETIRED.kid,
        STOLEN.kid,
        STATUS.kid,
        NEW.kid,
    ]


def test_only_attestation_keys_that_nobody_stole_can_sign_credentials():
    assert DOCUMENT["assertionMethod"] == [RETIRED.kid, NEW.kid]


def test_tells_the_dates_and_the_purpose_of_each_key():
    retired, stolen, status, new = DOCUMENT["verificationMethod"]
    assert retired["retiredAt"] == "2026-06-01T00:00:00Z"
    assert "expires" not in retired
    assert stolen["revoked"] == stolen["compromisedAt"] == "2026-05-01T00:00:00Z"
    assert status["purpose"] == "status"
    assert new["validFrom"] == "2026-06-01T00:00:00Z"
    assert not {"expires", "revoked"} & new.keys()


def test_follows_the_form_of_controlled_identifier_documents():
    assert DOCUMENT["@context"] == ["https://www.w3.org/ns/cid/v1", OUR_CONTEXT]
    assert DOCUMENT["id"] == ISSUER
    for method in DOCUMENT["verificationMethod"]:
        assert method["type"] == "JsonWebKey"
        assert method["controller"] == ISSUER
        jwk = method["publicKeyJwk"]
        assert "d" not in jwk
        assert method["id"] == f"{ISSUER}#{thumbprint(jwk)}"
        assert jwk["kid"] == thumbprint(jwk)


def test_an_issuer_without_usable_keys_has_no_empty_relationship():
    document = published([STATUS])
    assert "assertionMethod" not in document
    assert published([]).keys().isdisjoint({"verificationMethod", "assertionMethod"})


def test_an_ed25519_key_for_attestations_has_a_second_form_of_its_own():
    document = published([PROOFS])
    web_key, multi = document["verificationMethod"]
    assert (web_key["id"], web_key["type"]) == (PROOFS.kid, "JsonWebKey")
    assert web_key["publicKeyJwk"]["alg"] == "EdDSA"
    assert "publicKeyMultibase" not in web_key
    assert (multi["type"], multi["controller"]) == ("Multikey", ISSUER)
    assert "publicKeyJwk" not in multi
    assert multikey.decode(multi["publicKeyMultibase"]).jwk == PROOFS.public_jwk
    assert multi["id"] == f"{ISSUER}#{multi['publicKeyMultibase']}"
    assert multi["id"] == data_integrity_method(ISSUER, PROOFS.public_jwk)
    assert multi["validFrom"] == web_key["validFrom"] == "2026-01-01T00:00:00Z"
    assert document["assertionMethod"] == [web_key["id"], multi["id"]]


def test_the_did_document_says_the_same_under_another_name():
    keys = [NEW, STATUS, RETIRED, STOLEN, PROOFS]
    document = published(keys)
    did = did_document(ISSUER, "Body", keys, public_url=PUBLIC_URL)
    name = did_of(ISSUER)
    assert did["id"] == name == document["alsoKnownAs"][0]
    assert did["alsoKnownAs"] == [ISSUER]
    assert did["@context"][0] == DID_CONTEXT
    renamed = json.loads(json.dumps(document).replace(ISSUER, name))
    for member in ("verificationMethod", "assertionMethod"):
        assert did[member] == renamed[member]


@pytest.mark.parametrize(
    ("url", "did"),
    [
        (
            "https://w3c-ccg.github.io/user/alice",
            "did:web:w3c-ccg.github.io:user:alice",
        ),
        (
            "https://example.com:3000/user/alice",
            "did:web:example.com%3A3000:user:alice",
        ),
        ("https://example.com", "did:web:example.com"),
        (
            "http://127.0.0.1:8000/issuers/be-fl",
            "did:web:127.0.0.1%3A8000:issuers:be-fl",
        ),
    ],
)
def test_the_did_of_an_issuer_leads_to_its_document(url, did):
    # Examples of the did:web method, "Create (Register)".
    assert did_of(url) == did


def test_the_key_set_leaves_out_compromised_keys():
    kids = [jwk["kid"] for jwk in key_set([NEW, STOLEN, RETIRED])["keys"]]
    assert kids == [thumbprint(RETIRED.public_jwk), thumbprint(NEW.public_jwk)]


def test_the_metadata_name_keys_for_attestations_and_their_status_only():
    receipts = issuer_key(KeyPurpose.RECEIPTS)
    metadata = issuer_metadata(ISSUER, [NEW, STATUS, receipts, STOLEN])
    assert metadata == {"issuer": ISSUER, "jwks": key_set([NEW, STATUS])}


def test_a_key_carries_its_certificates_where_it_is_shown_as_a_jwk():
    chains = {thumbprint(NEW.public_jwk): ("MIIB", "MIIC")}
    (listed,) = key_set([NEW], chains)["keys"]
    (method,) = published([NEW], chains)["verificationMethod"]
    assert listed["x5c"] == method["publicKeyJwk"]["x5c"] == ["MIIB", "MIIC"]
    assert "x5c" not in key_set([RETIRED], chains)["keys"][0]


@pytest.mark.parametrize("form", [key_document, did_document])
def test_every_word_has_a_meaning_and_nothing_is_dropped(form):
    """Verifiers of Data Integrity proofs refuse documents that say more than that."""
    retired_and_stolen = issuer_key(
        alg="EdDSA", retired_at=day(6), compromised_at=day(7)
    )
    chains = {thumbprint(NEW.public_jwk): ("MIIB", "MIIC")}
    document = form(
        ISSUER, "Body", [NEW, STATUS, retired_and_stolen], chains, public_url=PUBLIC_URL
    )
    contexts = Contexts(
        {
            OUR_CONTEXT: key_document_context(PUBLIC_URL),
            DID_CONTEXT: json.loads((VECTORS / "did_v1_context.json").read_bytes())[
                "document"
            ],
        }
    )
    check_terms(document, contexts=contexts)
    quads = canonicalize(document, contexts=contexts).decode()
    multikey_id = document["verificationMethod"][1]["id"]
    assert "#Multikey" in quads
    assert f'<{document["id"]}> <https://schema.org/name> "Body"' in quads
    date = "^^<http://www.w3.org/2001/XMLSchema#dateTime>"
    for said in (
        f'<{OUR_CONTEXT}#purpose> "attestations"',
        f'<{OUR_CONTEXT}#validFrom> "2026-01-01T00:00:00Z"{date}',
        f'<{OUR_CONTEXT}#retiredAt> "2026-06-01T00:00:00Z"{date}',
        f'<{OUR_CONTEXT}#compromisedAt> "2026-07-01T00:00:00Z"{date}',
    ):
        assert f"<{multikey_id}> {said} ." in quads
    with pytest.raises(MalformedDocumentError):
        check_terms(document | {"note": "x"}, contexts=contexts)


def test_refuses_to_publish_what_is_no_key():
    with pytest.raises(UnusableKeyError):
        key_set([IssuerKey("k", KeyPurpose.STATUS, "ES256", {}, day(1))])
