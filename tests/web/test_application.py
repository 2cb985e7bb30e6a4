"""What the application leaves out of Flask is missed by nobody."""

import io

import pytest
from flask import session, url_for

from recognition_service.web.application import _MOST_PLACES
from recognition_service.web.openapi import Blueprint

PATH = "/api/v1/verifications"
BODY = b'{"credential": "a.b.c"}'
LENGTH = str(len(BODY))
HOSTS = ["https://one.example", "http://two.example:8000", "https://one.example/below"]


def test_addresses_are_told_for_the_host_that_was_asked(app):
    for base_url in [*HOSTS, *HOSTS]:
        with app.test_request_context("/verify?lang=fr", base_url=base_url):
            assert url_for("pages.home", _external=True) == f"{base_url}/"


def test_the_host_that_a_caller_writes_is_not_kept_for_ever(probe):
    app = probe(Blueprint("nothing", __name__)).application
    for number in range(2 * _MOST_PLACES):
        base_url = f"https://made-up-{number}.example"
        with app.test_request_context("/", base_url=base_url):
            assert url_for("pages.home", _external=True) == f"{base_url}/"
    assert len(app._places) == _MOST_PLACES


def test_nothing_is_written_into_a_session(app):
    with app.test_request_context("/"):
        assert "name" not in session
        with pytest.raises(RuntimeError):
            session["name"] = "Amina"


class Source:
    """The body of a request as a server hands it on, in pieces."""

    def __init__(self, body, size, failure=None):
        self.body, self.size, self.failure = body, size, failure

    def read(self, wanted):
        if self.failure is not None and not self.body:
            raise self.failure
        size = min(wanted, self.size)
        piece, self.body = self.body[:size], self.body[size:]
        return piece


@pytest.fixture
def answer(app):
    """A way to send a body as a server does; returns the status and the rest."""

    def send(source, length=LENGTH, **environment):
        statuses = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": PATH,
            "SERVER_NAME": "recognition.example",
            "SERVER_PORT": "443",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": length,
            "wsgi.url_scheme": "https",
            "wsgi.input": source,
            "wsgi.errors": io.StringIO(),
            **environment,
        }
        b"".join(app(environ, lambda status, *_: statuses.append(int(status[:3]))))
        return statuses, source.body

    return send


TERMINATED = {"wsgi.input_terminated": True}


@pytest.mark.parametrize("environment", [{}, TERMINATED], ids=["open", "terminated"])
@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_body_may_come_in_pieces(answer, size, environment):
    assert answer(Source(BODY, size), **environment) == ([200], b"")


def test_what_follows_a_body_is_left_alone(answer):
    assert answer(Source(BODY + b"GET /", 100)) == ([200], b"GET /")


@pytest.mark.parametrize("failure", [None, OSError("gone"), ValueError("closed")])
@pytest.mark.parametrize("environment", [{}, TERMINATED], ids=["open", "terminated"])
def test_a_body_that_ends_too_early_is_refused(answer, failure, environment):
    assert answer(Source(BODY[:9], 100, failure), **environment) == ([400], b"")


@pytest.mark.parametrize(
    ("environment", "status"),
    [({}, 400), (TERMINATED, 200)],
    ids=["open", "terminated"],
)
@pytest.mark.parametrize("length", ["", "0", "-1", "x", "2_3", "٢٣"])
def test_no_length_that_is_no_number_is_believed(answer, length, environment, status):
    found, _ = answer(Source(BODY, 100), length, **environment)
    assert found == [status]


def test_a_body_in_chunks_is_read_to_its_end(answer):
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", **TERMINATED}
    assert answer(Source(BODY, 5), "3", **chunked) == ([200], b"")


def test_too_much_is_not_even_begun(answer):
    assert answer(Source(BODY, 100), str(11 << 20)) == ([413], BODY)
