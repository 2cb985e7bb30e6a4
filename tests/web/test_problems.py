"""Errors are problem documents, and say nothing that they should not."""

import json
import re

import pytest
from flask import Blueprint, Response, abort

from recognition_service import errors
from recognition_service.app import create_app
from recognition_service.credentials.errors import MalformedJSONError
from recognition_service.storage.errors import IdempotencyInProgressError
from recognition_service.web.problems import show_problems_on_pages

SECRET = "Ilze Bērziņa rk_live_secret"


class AlreadyDecidedError(errors.ConflictError):
    code = "probe_already_decided"
    title = "It is decided"

    def members(self):
        return {"allowed": ["withdrawn"]}


@pytest.fixture
def fails(probe):
    """Return how the application answers an exception of a view."""

    def answer(raised, **options):
        blueprint = Blueprint("probe", __name__)

        @blueprint.route("/probe/<name>", methods=["GET", "POST"])
        def fail(name):
            del name
            if isinstance(raised, int):
                abort(raised)
            raise raised

        return probe(blueprint).get(f"/api/v1/probe/{'x'}", **options)

    return answer


def test_a_problem_has_all_its_members(client):
    answer = client.get("/api/v1/frameworks/XX-NONE")
    document = answer.json
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert document["type"] == "https://recognition.example/problems/unknown_code"
    assert document["title"] == "This code is not known"
    assert document["status"] == 404
    assert document["code"] == "unknown_code"
    assert document["detail"].startswith('There is no framework "XX-NONE".')
    assert document["instance"] == "/api/v1/frameworks/XX-NONE"
    assert re.fullmatch("req_[0-9A-HJKMNP-TV-Z]{26}", document["request_id"])
    assert document["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (errors.InvalidInputError("x"), 422),
        (errors.NotFoundError("x"), 404),
        (errors.ConflictError("x"), 409),
        (errors.ForbiddenError("x"), 403),
        (errors.UnauthenticatedError("x"), 401),
        (errors.TooManyTriesError("x", 60), 429),
        (errors.UnavailableError("x"), 503),
        (MalformedJSONError("not_json"), 400),
        (400, 400),
        (404, 404),
        (405, 405),
        (410, 400),
        (413, 413),
        (418, 400),
        (500, 500),
        (502, 500),
    ],
)
def test_every_kind_of_error_has_its_status(fails, raised, status):
    answer = fails(raised)
    assert answer.status_code == status
    assert answer.json["status"] == status
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("raised", "header", "value"),
    [
        (errors.UnauthenticatedError("x"), "WWW-Authenticate", "Bearer"),
        (errors.TooManyTriesError("x", 60), "Retry-After", "60"),
        (errors.TooManyTriesError("x", 0), "Retry-After", "1"),
        (errors.UnavailableError("x"), "Retry-After", "5"),
        (IdempotencyInProgressError("x"), "Retry-After", "1"),
    ],
)
def test_statuses_carry_the_headers_that_they_demand(fails, raised, header, value):
    assert fails(raised).headers[header] == value


def test_members_of_the_error_are_told(fails):
    assert fails(AlreadyDecidedError("x")).json["allowed"] == ["withdrawn"]


@pytest.mark.parametrize(
    "raised", [RuntimeError(SECRET), errors.RecognitionError(SECRET)]
)
def test_the_unknown_is_opaque_and_recorded_without_its_message(fails, raised, capsys):
    answer = fails(raised)
    assert answer.status_code == 500
    assert answer.json["code"] == "internal_error"
    logged = capsys.readouterr().err
    assert SECRET not in answer.text
    assert "secret" not in logged
    assert "Bērziņa" not in logged
    (line,) = [
        record
        for record in map(json.loads, logged.splitlines())
        if record["event"] == "request_failed"
    ]
    assert line["request_id"] == answer.json["request_id"]
    assert line["route"] == "/api/v1/probe/<name>"
    assert line["exception"][0]["frames"]


def test_requests_are_logged_without_what_they_hold(client, capsys):
    client.post(
        "/api/v1/verifications?lang=fr&at=2026-01-02",
        json={"credential": "eySecret.eySecret.eySecret"},
        headers={"User-Agent": "Secret"},
    )
    client.get("/api/v1/frameworks/Secret")
    client.get("/Secret")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["method"], line["route"], line["status"]) for line in requests] == [
        ("POST", "/api/v1/verifications", 200),
        ("GET", "/api/v1/frameworks/<code>", 404),
        ("(other)", "(no route)", 404),
    ]
    assert all(line["milliseconds"] >= 0 for line in requests)
    assert "Secret" not in str(lines)
    assert "2026-01-02" not in str(requests[0]["route"])


def test_the_wrong_method_names_the_right_ones(client):
    answer = client.put("/api/v1/frameworks")
    assert answer.status_code == 405
    assert answer.json["code"] == "method_not_allowed"
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_the_method_cannot_be_overridden(client):
    answer = client.post(
        "/api/v1/frameworks", headers={"X-HTTP-Method-Override": "GET"}
    )
    assert answer.status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/api/v1/nothing", "/api/v1/frameworks/", "//api/v1/frameworks"],
)
def test_an_unknown_address_is_a_problem(client, path):
    answer = client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*"])
def test_an_unacceptable_type_is_a_problem(client, accept):
    answer = client.get("/api/v1/frameworks", headers={"Accept": accept})
    assert (answer.status_code, answer.json["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "accept", ["*/*", "application/*", "application/json;q=0.1", "text/html, */*;q=0.1"]
)
def test_an_acceptable_type_is_answered(client, accept):
    answer = client.get("/api/v1/frameworks?limit=1", headers={"Accept": accept})
    assert answer.status_code == 200


def test_a_long_address_is_a_problem(client):
    answer = client.get("/api/v1/frameworks?jurisdiction=" + "x" * 9_000)
    assert (answer.status_code, answer.json["code"]) == (414, "address_too_long")


def test_large_headers_are_a_problem(client):
    answer = client.get("/api/v1/frameworks", headers={"X-Large": "x" * 40_000})
    assert (answer.status_code, answer.json["code"]) == (431, "headers_too_large")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/frameworks/a%00b",
        "/api/v1/frameworks/a%0Ab",
        "/api/v1/frameworks/%FF",
        "/api/v1/qualifications?query=%00",
        "/api/v1/qualifications?query=%FF",
        "/api/v1/qualifications?query=%ED%A0%80",
        "/api/v1/equivalences?origin=L%0DV",
    ],
)
def test_an_address_that_cannot_be_read_is_a_problem(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_url")


def test_browsers_get_a_page_where_there_are_pages(runtime):
    app = create_app(runtime)
    show_problems_on_pages(app, lambda problem: Response(f"<h1>{problem.code}</h1>"))
    client = app.test_client()
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = client.get("/nothing", headers=browser)
    assert (page.status_code, page.text) == (404, "<h1>not_found</h1>")
    assert page.headers["Cache-Control"] == "no-store"
    api = client.get("/api/v1/nothing", headers=browser)
    assert api.content_type == "application/problem+json"
    anything = client.get("/nothing", headers={"Accept": "*/*"})
    assert anything.content_type == "application/problem+json"
