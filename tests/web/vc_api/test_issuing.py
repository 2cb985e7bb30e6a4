"""The root of the VC-API signs what follows the data model, and nothing else."""

import hashlib
import json
from dataclasses import replace

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from recognition_service.app import create_app
from recognition_service.credentials import jws, multikey
from recognition_service.runtime.opening import open_runtime
from tests.web.vc_api.conftest import a_credential


def refused(answer):
    """Return where and why a credential is not signed."""
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "credential_refused"
    return [(error["pointer"], error["code"]) for error in answer.json["errors"]]


def test_the_answer_is_the_bare_credential_with_a_proof(door, issuer_id):
    issued = door.issue(a_credential())
    assert issued | {"proof": None} == a_credential(issuer=issuer_id, proof=None)
    assert issued["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert issued["proof"]["created"] == "2026-11-02T09:00:00Z"
    assert issued["proof"]["verificationMethod"].startswith(f"{issuer_id}#")
    assert door.verify(issued) == []


def test_a_proof_over_json_is_what_the_standard_computes(door, issuer_id):
    issued = door.issue(a_credential(), cryptosuite="eddsa-jcs-2022")
    proof = issued.pop("proof")
    signature = multibase_bytes(proof.pop("proofValue"))
    assert proof["@context"] == issued["@context"]
    message = (
        hashlib.sha256(rfc8785.dumps(proof)).digest()
        + hashlib.sha256(rfc8785.dumps(issued)).digest()
    )
    key = multibase_bytes(issuer_id.removeprefix("did:key:"))
    assert key[:2] == b"\xed\x01"
    Ed25519PublicKey.from_public_bytes(key[2:]).verify(signature, message)


def multibase_bytes(text):
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number = 0
    for character in text[1:]:
        number = number * 58 + alphabet.index(character)
    return number.to_bytes((number.bit_length() + 7) // 8)


def test_an_enveloped_token_holds_the_credential_itself(door, issuer_id):
    issued = door.issue(a_credential(), format="vc+jwt")
    assert issued["type"] == "EnvelopedVerifiableCredential"
    media_type, _, token = issued["id"].partition(",")
    assert media_type == "data:application/vc+jwt"
    parts = jws.split(token.encode())
    assert jws.verify_signature(parts, multikey.resolve(issuer_id))
    assert parts.header["typ"] == "vc+jwt"
    assert json.loads(parts.payload) == a_credential(issuer=issuer_id, iat=1793610000)
    assert door.verify(issued) == []


@pytest.mark.parametrize("issuer", [{}, {"name": "Vocational school"}])
def test_a_missing_issuer_id_is_filled_in(door, issuer_id, issuer):
    issued = door.issue(a_credential(issuer=issuer))
    assert issued["issuer"] == {"id": issuer_id, **issuer}


def test_the_issuer_may_be_named(door, issuer_id):
    assert door.issue(a_credential(issuer=issuer_id))["issuer"] == issuer_id


def test_another_issuer_is_refused(door):
    body = {"credential": a_credential(issuer="did:example:other")}
    assert refused(door.post("/credentials/issue", body)) == [
        ("/credential/issuer", "issuer_not_of_this_address")
    ]


def test_unknown_members_and_options_are_accepted(door):
    credential = a_credential(somethingNew={"deep": ["er"]})
    issued = door.issue(credential, somethingElse=True)
    assert issued["somethingNew"] == {"deep": ["er"]}
    assert door.verify(issued) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"issuer": None}, ("/credential/issuer", "not_a_url")),
        ({"issuer": {"id": None}}, ("/credential/issuer/id", "not_a_url")),
        ({"credentialSubject": {}}, ("/credential/credentialSubject", "no_claims")),
        ({"proof": {}}, ("/credential/proof", "proof_present")),
        (
            {"@context": ["https://www.w3.org/ns/credentials/v2"], "unknown": 1},
            ("/credential", "term_undefined"),
        ),
        (
            {
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": ["VerifiableCredential", "WithoutMeaning"],
            },
            ("/credential", "relative_identifier"),
        ),
        (
            {
                "@context": [
                    "https://www.w3.org/ns/credentials/v2",
                    "https://elsewhere.example/context",
                ]
            },
            ("/credential", "context_unknown"),
        ),
        (
            {
                "@context": [
                    "https://www.w3.org/ns/credentials/v2",
                    {"VerifiableCredential": "https://example.org/#Other"},
                ]
            },
            ("/credential", "not_json_ld"),
        ),
        (
            {
                "relatedResource": {
                    "id": "https://www.w3.org/ns/credentials/v2",
                    "digestMultibase": "uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0",
                }
            },
            ("/credential/relatedResource/digestMultibase", "digest_of_other_content"),
        ),
    ],
)
def test_what_breaks_the_data_model_is_refused(door, changes, fault):
    body = {"credential": a_credential(**changes)}
    assert refused(door.post("/credentials/issue", body)) == [fault]


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ([], "/options"),
        ({"cryptosuite": "ecdsa-rdfc-2019"}, "/options/cryptosuite"),
        ({"cryptosuite": 5}, "/options/cryptosuite"),
        ({"format": "mso_mdoc"}, "/options/format"),
        ({"credentialId": ["x"]}, "/options/credentialId"),
        ({"credentialStatus": 5}, "/options/credentialStatus"),
        ({"credentialStatus": {"type": "Other"}}, "/options/credentialStatus"),
        ({"credentialStatus": {"statusPurpose": "x"}}, "/options/credentialStatus"),
        ({"credentialStatus": {"statusPurpose": []}}, "/options/credentialStatus"),
    ],
)
def test_options_that_are_not_offered_are_refused(door, options, pointer):
    body = {"credential": a_credential(), "options": options}
    ((place, _),) = refused(door.post("/credentials/issue", body))
    assert place == pointer


@pytest.mark.parametrize("claim", ["iss", "exp", "iat", "jti", "status", "cnf", "vc"])
def test_claims_of_the_token_are_not_taken_over(door, claim):
    credential = a_credential(**{claim: "x"})
    options = {"format": "vc+jwt"}
    answer = door.post(
        "/credentials/issue", {"credential": credential, "options": options}
    )
    assert (f"/credential/{claim}", "claim_not_allowed") in refused(answer)


@pytest.mark.parametrize(
    "body", [{}, {"credential": None}, {"credential": "x"}, [], 5, "x"]
)
def test_a_body_without_a_credential_is_refused(door, body):
    assert refused(door.post("/credentials/issue", body))


def test_the_door_is_shut_unless_it_was_opened(runtime, clock):
    shut = open_runtime(replace(runtime.config, vc_api_open=False), clock)
    client = create_app(shut).test_client()
    paths = ("credentials/issue", "credentials/verify", "credentials/status")
    for path in (*paths, "presentations/verify"):
        assert client.post(f"/{path}", json={}).status_code == 404
        assert client.post(f"/{path}", data=b"{").status_code == 404
    shut.close()


def test_nobody_on_another_machine_reaches_the_open_door(client):
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    answer = client.post("/credentials/verify", json={}, environ_base=elsewhere)
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["Forwarded", "Via", "X-Forwarded-For", "X-Real-IP"])
def test_nobody_reaches_the_open_door_through_a_proxy(client, name):
    answer = client.post("/credentials/verify", json={}, headers={name: "127.0.0.1"})
    assert answer.status_code == 404


def test_the_issuer_keeps_its_key(runtime, issuer_id, clock):
    assert runtime.open_vc_api() == issuer_id
    again = open_runtime(runtime.config, clock)
    assert again.open_vc_api() == issuer_id
    again.close()
