"""When a page cannot be shown, a person is told so as a person."""
# ruff: noqa: RUF001 - names and digits in their own scripts

import pytest
from werkzeug.exceptions import BadRequest, MethodNotAllowed, RequestEntityTooLarge

from recognition_service.app import create_app
from recognition_service.errors import (
    NotFoundError,
    TooManyTriesError,
    UnavailableError,
)
from tests.pages.conftest import Page, browser

FAILURES = {
    400: BadRequest(),
    404: NotFoundError("There is no such object."),
    405: MethodNotAllowed(),
    413: RequestEntityTooLarge(),
    429: TooManyTriesError("Too many tries.", retry_after_seconds=60),
    500: RuntimeError("the secret of the database"),
    503: UnavailableError("The database does not answer."),
}


@pytest.fixture
def failing(runtime):
    """An address that fails as it is told to."""
    app = create_app(runtime)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(status):
        raise FAILURES[status]

    app.add_url_rule("/failing/<int:status>", view_func=fail)
    look = browser(app.test_client())
    return lambda status: look(f"/failing/{status}")


@pytest.mark.parametrize("status", FAILURES)
def test_browsers_get_a_page(failing, status):
    page = failing(status)
    assert page.status == status
    assert len(page.all("h1")) == 1
    assert f"Reference: {status}" in page.text
    assert "secret" not in page.source


def test_programs_get_a_problem_document(client):
    answer = client.get("/nothing", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"


def test_an_address_that_is_wrong_says_so_in_french(look):
    page = look("/rien", **{"Accept-Language": "fr"})
    assert page.status == 404
    assert page.texts_in("h1") == ["Il n’y a rien ici"]


def test_a_page_that_does_not_work_that_way(look):
    assert look("/equivalences", {"origin": "LV"}).status == 405


@pytest.mark.parametrize("address", ["/<script>evil</script>", "//evil.example/"])
def test_an_address_that_somebody_made_up_never_comes_back(client, address):
    asked = {"PATH_INFO": address, "HTTP_ACCEPT": "text/html"}
    page = Page(client.get("/", environ_overrides=asked))
    assert page.status == 404
    assert "evil" not in page.source
