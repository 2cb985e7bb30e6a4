"""An attestation as an Open Badges endorsement of the same decision."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft201909Validator

from recognition_service.credentials import json_ld, multikey
from recognition_service.credentials.data_integrity import (
    Cryptosuite,
    add_proof,
    check_proofs,
)
from recognition_service.credentials.errors import (
    InvalidProofError,
    MalformedInputError,
)
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.open_badge import (
    comment_parameters,
    decision_digest,
    endorsement_credential,
    pin,
    pinned_in,
)
from tests.credentials.builders import MemorySigner, all_claims, some_claims

PUBLISHED = json.loads(
    (
        Path(__file__).parents[1] / "vectors" / "open_badges_endorsement_schema.json"
    ).read_text()
)
VALIDATOR = Draft201909Validator(PUBLISHED["schema"])
CREDENTIAL_ID = "urn:uuid:0193a1c2-9999-7c55-9a51-0d6f2a7e9c13"
STATUS = {
    "id": "https://recognition.example/status/bsl/7r#48213",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "48213",
    "statusListCredential": "https://recognition.example/status/bsl/7r",
}
TOKEN = "eyJ0.eyJ1.c2ln"
PEER = pin("https://peer.example/attestations/1.jwt", TOKEN)


def an_endorsement(claims=None, **options):
    return endorsement_credential(
        claims or some_claims(),
        **{
            "credential_id": CREDENTIAL_ID,
            "issuer": "did:web:recognition.example:issuers:be-fl-demo",
            "name": "Level of a qualification",
            "comment": "The level was recognised.",
        }
        | options,
    )


FULL = an_endorsement(all_claims(), status=STATUS, pinned=[PEER])
PLAIN = an_endorsement()


@pytest.mark.parametrize("credential", [FULL, PLAIN], ids=["full", "plain"])
def test_fits_the_schema_that_1edtech_publishes(credential):
    assert list(VALIDATOR.iter_errors(credential)) == []


@pytest.mark.parametrize("name", ["id", "name", "issuer", "validFrom", "@context"])
def test_the_schema_notices_when_something_is_missing(name):
    assert not VALIDATOR.is_valid({key: PLAIN[key] for key in PLAIN.keys() - {name}})


def test_the_schema_allows_one_status_entry_only():
    assert not VALIDATOR.is_valid(FULL | {"credentialStatus": [STATUS, STATUS]})


def test_the_contexts_come_in_the_fixed_order():
    assert PLAIN["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]


def test_endorses_the_attestation_as_another_credential():
    claims = some_claims()
    assert PLAIN["credentialSubject"] == {
        "id": f"urn:uuid:{claims.attestation_id}",
        "type": ["EndorsementSubject"],
        "endorsementComment": "The level was recognised.",
    }
    assert PLAIN["id"] == CREDENTIAL_ID
    assert PLAIN["issuer"]["name"] == claims.issuer_name
    assert PLAIN["validFrom"] == "2026-11-02T00:00:00Z"
    assert "validUntil" not in PLAIN
    assert FULL["validUntil"] == "2036-11-02T22:59:59Z"
    assert FULL["credentialStatus"] == STATUS


@pytest.mark.parametrize("claims", [all_claims(), some_claims()], ids=["full", "plain"])
def test_pins_the_same_decision(claims):
    credential = an_endorsement(claims)
    assert decision_digest(credential, claims.decision_id) == claims.decision_digest
    assert decision_digest(credential, "another") is None
    pinned = credential["relatedResource"][0]["digestSRI"].removeprefix("sha256-")
    ours = claims.decision_digest.removeprefix("sha256-")
    assert base64.b64decode(pinned) == base64.urlsafe_b64decode(ours + "=")


@pytest.mark.parametrize(
    "resource",
    [
        None,
        [],
        "urn:x",
        {"id": "urn:uuid:d"},
        {"id": "urn:uuid:d", "digestSRI": "md5-x"},
    ],
)
def test_what_pins_no_decision_gives_no_digest(resource):
    assert decision_digest({"relatedResource": resource}, "d") is None


def test_pins_the_exact_token_of_the_other_body():
    assert FULL["relatedResource"][1] == {
        "id": PEER.id,
        "digestSRI": "sha384-"
        + base64.b64encode(hashlib.sha384(TOKEN.encode()).digest()).decode(),
        "mediaType": "application/vc+jwt",
    }
    assert pinned_in(FULL) == (PEER,)
    assert pinned_in(PLAIN) == ()


def test_names_neither_the_person_nor_the_origin():
    claims = all_claims()
    text = json.dumps([FULL, comment_parameters(claims)], ensure_ascii=False)
    for secret in (
        claims.holder.family_name,
        claims.holder.name_on_evidence,
        claims.source.title,
        claims.source.awarded_by,
        '"LV"',
    ):
        assert secret not in text


def test_the_comment_is_told_of_every_restriction():
    parameters = comment_parameters(all_claims())
    assert parameters["restrictions"] == [
        "supervised_practice_only",
        "register_with_order",
        "adaptation_period",
    ]
    assert parameters["does_not_allow"] == ["regulated_profession"]
    assert parameters["outcome"] == "conditional"
    assert parameters["decided_on"] == "2026-11-02"


@pytest.mark.parametrize(
    "digest", ["", "sha256-", "sha256-AAAA", "sha512-" + "A" * 86, "A" * 43, "sha256-é"]
)
def test_a_digest_that_is_none_of_ours_is_refused(digest):
    with pytest.raises(MalformedInputError):
        an_endorsement(some_claims(decision_digest=digest))


@pytest.mark.parametrize("suite", list(Cryptosuite))
def test_its_proof_holds_and_covers_everything(suite):
    signer = MemorySigner("EdDSA" if suite.startswith("eddsa") else "ES256")
    signed = add_proof(
        FULL,
        suite=suite,
        verification_method=multikey.did_key_method(public_key(signer.public_jwk)),
        created=datetime(2026, 11, 2, 9, tzinfo=UTC),
        signer=signer,
    )
    assert list(VALIDATOR.iter_errors(signed)) == []
    check_proofs(signed, multikey.resolve)
    for forged in (
        signed | {"relatedResource": an_endorsement()["relatedResource"]},
        signed | {"credentialStatus": STATUS | {"statusListIndex": "1"}},
        signed | {"credentialSubject": PLAIN["credentialSubject"] | {"id": "urn:x"}},
        signed | {"name": "Licence"},
    ):
        with pytest.raises(InvalidProofError) as caught:
            check_proofs(forged, multikey.resolve)
        assert caught.value.reason == "bad_signature"


def test_every_term_of_it_has_a_meaning():
    json_ld.check_terms(FULL)
