"""Every code of a problem is explained."""

import pytest

import recognition_service
from recognition_service.web.problems import all_kinds, status_of
from recognition_service.wording import catalogue

CODES = sorted(
    {
        kind.code
        for kind in all_kinds()
        if kind.__module__.startswith(f"{recognition_service.__name__}.")
    }
)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_code_is_explained(client, code, language):
    answer = client.get(f"/problems/{code}?lang={language}")
    assert answer.status_code == 200
    assert answer.json["code"] == code
    assert answer.json["title"]
    assert answer.json["explanation"]
    assert answer.json["language"] == language


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_code_has_an_explanation_in_every_language(language):
    assert [
        code for code in CODES if f"problem.{code}" not in catalogue(language)
    ] == []


def test_the_status_is_told(client):
    assert client.get("/problems/invalid_cursor").json["status"] == 400
    assert client.get("/problems/database_unavailable").json["status"] == 503


def test_browsers_get_a_page(client):
    answer = client.get("/problems/invalid_cursor", headers={"Accept": "text/html,*/*"})
    assert answer.mimetype == "text/html"
    assert "invalid_cursor" in answer.text


def test_an_unknown_code_is_not_found(client):
    assert client.get("/problems/nonsense").status_code == 404


def test_every_error_has_a_status():
    assert {status_of(kind) for kind in all_kinds()} <= {
        *(400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 429, 431),
        *(500, 501, 503),
    }
