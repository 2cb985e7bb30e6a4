"""Headers that protect, and headers that let others read what is public."""

import re

import pytest

EVERYWHERE = [
    "/healthz",
    "/docs",
    "/openapi.json",
    "/api/v1/frameworks",
    "/api/v1/nothing",
    "/problems/not_found",
]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"]
    assert headers["X-Request-Id"].startswith("req_")


def test_request_ids_are_ours_and_differ(client):
    sent = {"X-Request-Id": "req_forged"}
    first = client.get("/healthz", headers=sent).headers["X-Request-Id"]
    second = client.get("/healthz", headers=sent).headers["X-Request-Id"]
    assert len({first, second, "req_forged"}) == 3


def test_scripts_of_a_page_carry_the_nonce_of_the_policy(client):
    first, second = client.get("/docs"), client.get("/docs")
    nonces = set(re.findall(r'nonce="([^"]+)"', first.text))
    (nonce,) = nonces
    assert (
        f"script-src 'self' 'nonce-{nonce}'"
        in (first.headers["Content-Security-Policy"])
    )
    assert nonce not in second.text


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/frameworks",
        "/api/v1/qualifications",
        "/api/v1/equivalences",
        "/api/v1/editions/sha256-x",
        "/issuers/be-fl/jwks.json",
        "/issuers/nobody",
        "/status/tsl/nobody/1",
        "/schemas/recognition/v1.json",
        "/openapi.json",
    ],
)
def test_scripts_of_any_site_may_read_what_is_public(client, path):
    headers = client.get(path, headers={"Origin": "https://hr.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/api/v1/nothing"])
def test_other_answers_are_for_our_own_pages(client, path):
    headers = client.get(path, headers={"Origin": "https://hr.example"}).headers
    assert "Access-Control-Allow-Origin" not in headers


def test_a_script_may_ask_before_it_verifies(client):
    answer = client.options(
        "/api/v1/verifications",
        headers={
            "Origin": "https://hr.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "path", ["/api/v1/frameworks", "/api/v1/qualifications?query=x", "/readyz"]
)
def test_answers_with_data_are_not_stored(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/ns/recognition/v1", "/schemas/recognition/v1.json"])
def test_published_documents_are_cached_by_their_tag(client, path):
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    tag = first.headers["ETag"]
    assert re.fullmatch('"[0-9a-f]{32}"', tag)
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "query",
    ["key=rk_live_abc", "api_key=abc", "a=1&access_token=x", "x=RK_TEST_abc"],
)
def test_a_key_in_the_address_is_refused(client, query):
    answer = client.get(f"/api/v1/frameworks?{query}")
    assert (answer.status_code, answer.json["code"]) == (400, "key_in_url")
    assert "abc" not in answer.text
