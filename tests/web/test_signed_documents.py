"""What verifiers fetch: keys, mandates, status lists, vocabulary, editions."""

import pytest

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
    assert metadata["issuer"] == client.get("/issuers/be-fl").json["id"]
    assert metadata["jwks"] == client.get("/issuers/be-fl/jwks.json").json


def test_the_competence_of_a_year_is_shown(client):
    assert client.get("/issuers/be-fl/competence/2026").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/issuers/nobody",
        "/issuers/nobody/jwks.json",
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


def test_earlier_status_lists_are_not_kept(client):
    answer = client.get("/status/tsl/be-fl/1?time=1700000000")
    assert (answer.status_code, answer.json["code"]) == (501, "not_supported")


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
