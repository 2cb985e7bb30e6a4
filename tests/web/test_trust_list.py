"""The trust list and its keys as verifiers fetch them."""

from dataclasses import replace

import pytest

from recognition_service.app import create_app
from recognition_service.authorities.models import Mode
from recognition_service.authorities.trust import end_trust
from recognition_service.credentials.jwk import public_key
from recognition_service.storage.engine import Database
from recognition_service.verification.trust_list import TrustAnchors, accept
from tests.builders import NOW, PUBLIC_URL, an_installation

LIST = "/trust/recognized-entities"


@pytest.fixture
def runtime(tmp_path, sqlite_url, flanders):
    """A server with one live authority and no tables."""
    database = Database(sqlite_url)
    opened = an_installation(tmp_path, database, is_demo=False)
    opened.found(replace(flanders, mode=Mode.LIVE))
    yield opened
    database.close()


@pytest.fixture
def client(runtime):
    return create_app(runtime).test_client()


@pytest.fixture
def version(runtime):
    """The version of a list that was published."""
    return runtime.publish_trust_list()


def test_nothing_is_listed_before_the_first_list(client):
    answer = client.get(LIST)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert client.get("/trust/keys").json["id"] == f"{PUBLIC_URL}/trust"


@pytest.mark.usefixtures("version")
def test_the_list_is_a_signed_credential_that_the_published_key_verifies(client):
    answer = client.get(LIST)
    (method,) = client.get("/trust/keys").json["verificationMethod"]
    anchors = TrustAnchors((public_key(method["publicKeyJwk"]),))
    found = accept((answer.text,), anchors, None, now=NOW)
    assert answer.mimetype == "application/vc+jwt"
    assert found.issuer == f"{PUBLIC_URL}/trust"
    assert found.snapshot.issuers.keys() == {f"{PUBLIC_URL}/issuers/be-fl"}


@pytest.mark.usefixtures("version")
@pytest.mark.parametrize(
    ("accepted", "media_type"),
    [
        ("application/vc+jwt", "application/vc+jwt"),
        ("*/*", "application/vc+jwt"),
        ("text/html,*/*;q=0.8", "application/vc+jwt"),
        ("application/json", "application/json"),
        ("application/vc", "application/vc"),
        ("application/vc+jwt;q=0.5, application/json", "application/json"),
    ],
)
def test_the_list_comes_bare_or_in_an_envelope(client, accepted, media_type):
    answer = client.get(LIST, headers={"Accept": accepted})
    assert answer.mimetype == media_type
    assert "Accept" in answer.headers["Vary"]
    if media_type != "application/vc+jwt":
        assert answer.json is None or answer.json["type"] == (
            "EnvelopedVerifiableCredential"
        )
        assert client.get(LIST).text in answer.text


@pytest.mark.usefixtures("version")
def test_the_list_may_be_kept_for_minutes_and_asked_for_again_by_its_tag(client):
    answer = client.get(LIST)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(LIST, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_earlier_versions_stay_for_ever(client, runtime, version):
    first = client.get(LIST).text
    with runtime.database.transaction() as session:
        end_trust(session, "be-fl", actor="service", now=NOW)
    runtime.publish_trust_list()
    kept = client.get(f"{LIST}?version={version}")
    assert kept.text == first != client.get(LIST).text
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.usefixtures("version")
def test_a_version_that_was_never_published_is_not_found(client):
    assert client.get(f"{LIST}?version=999999999").status_code == 404
    assert client.get(f"{LIST}?version=0").status_code == 404


@pytest.mark.parametrize("query", ["version=x", "version=-1", "version=", "at=1"])
def test_a_version_that_is_none_is_refused(client, query):
    answer = client.get(f"{LIST}?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_parameters")


def test_a_version_of_many_digits_breaks_nothing(client):
    assert client.get(f"{LIST}?version={'9' * 400}").status_code == 422
    assert client.get(f"{LIST}?version=٣").status_code == 422


@pytest.mark.usefixtures("version")
def test_the_keys_stand_at_the_address_that_is_their_id_too(client):
    keys, issuer = client.get("/trust/keys"), client.get("/trust")
    assert keys.data == issuer.data
    assert keys.json["assertionMethod"]
    assert keys.headers["Cache-Control"] == "public, max-age=300"
    assert "d" not in keys.json["verificationMethod"][0]["publicKeyJwk"]
