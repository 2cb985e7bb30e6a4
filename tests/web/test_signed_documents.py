"""What verifiers fetch: keys, mandates, status lists, vocabulary, editions."""

import pytest

from recognition_service.authorities.keys import OVERLAP
from recognition_service.clock import format_instant
from recognition_service.credentials.signer import KeyPurpose

pytestmark = pytest.mark.usefixtures("keys")


def test_an_issuer_is_shown_with_its_keys(client):
    answer = client.get("/issuers/be-fl")
    assert answer.status_code == 200
    assert answer.json["id"] == "https://recognition.example/issuers/be-fl"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["ETag"]


def test_the_keys_of_an_issuer_are_a_jwk_set(client):
    shown = client.get("/issuers/be-fl/jwks.json").json["keys"]
    assert shown
    assert all("d" not in key for key in shown)


def test_the_metadata_of_an_issuer_repeat_its_id(client):
    metadata = client.get("/.well-known/jwt-vc-issuer/issuers/be-fl").json
    assert metadata.keys() == {"issuer", "jwks"}
    assert metadata["issuer"] == client.get("/issuers/be-fl").json["id"]
    listed = client.get("/issuers/be-fl/jwks.json").json["keys"]
    purposes = {
        method["publicKeyJwk"]["kid"]: method["purpose"]
        for method in client.get("/issuers/be-fl").json["verificationMethod"]
        if method["type"] == "JsonWebKey"
    }
    assert metadata["jwks"]["keys"] == [
        key for key in listed if purposes[key["kid"]] in {"attestations", "status"}
    ]
    assert set(purposes.values()) > {"attestations", "status"}


def test_an_issuer_and_its_did_name_each_other(client):
    issuer = client.get("/issuers/be-fl").json
    answer = client.get("/issuers/be-fl/did.json")
    assert answer.json["id"] == "did:web:recognition.example:issuers:be-fl"
    assert issuer["alsoKnownAs"] == [answer.json["id"]]
    assert answer.json["alsoKnownAs"] == [issuer["id"]]
    assert "Multikey" in {each["type"] for each in answer.json["verificationMethod"]}
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_new_key_is_shown_before_it_signs(client, runtime):
    before = client.get("/issuers/be-fl/jwks.json").json["keys"]
    new = runtime.rotate_key("be-fl", KeyPurpose.ATTESTATIONS)
    after = client.get("/issuers/be-fl/jwks.json").json["keys"]
    assert [key for key in after if key not in before] == [
        key for key in after if key["kid"] == new
    ]
    document = client.get("/issuers/be-fl").json
    (shown,) = (
        each
        for each in document["verificationMethod"]
        if each["id"].endswith(f"#{new}")
    )
    assert shown["validFrom"] == format_instant(runtime.now() + OVERLAP)
    assert shown["id"] in document["assertionMethod"]


def test_the_competence_of_a_year_is_shown(client):
    assert client.get("/issuers/be-fl/competence/2026").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/issuers/nobody",
        "/issuers/nobody/jwks.json",
        "/issuers/nobody/did.json",
        "/issuers/nobody/competence/2026",
        "/issuers/be-fl/competence/1",
        "/issuers/be-fl/competence/99999999999",
        "/.well-known/jwt-vc-issuer/issuers/nobody",
        "/status/tsl/nobody/1",
        "/status/tsl/be-fl/99999999999999999999",
        "/ns/recognition/v2",
        "/schemas/recognition/v2.json",
        "/api/v1/editions/sha256-x",
    ],
)
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_context_and_the_schema_are_served_as_they_are(client, runtime):
    for path in ("ns/recognition/v1", "schemas/recognition/v1.json"):
        body, media_type = runtime.published(path)
        answer = client.get(f"/{path}")
        assert (answer.data, answer.mimetype) == (body, media_type)


def test_an_edition_is_shown_whole_and_for_ever(client, runtime):
    digest = runtime.snapshot().edition.base
    answer = client.get(f"/api/v1/editions/{digest}")
    assert answer.json["digest"] == digest
    assert "LV-LKI:6" in {row["id"] for row in answer.json["tables"]["levels"]}
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    tag = answer.headers["ETag"]
    again = client.get(f"/api/v1/editions/{digest}", headers={"If-None-Match": tag})
    assert again.status_code == 304
