"""The pages of the whole application, with helpers to look at them."""

import re
from html.parser import HTMLParser

import pytest

from recognition_service.app import create_app
from tests.web.conftest import open_with_tables

_VOID = {"meta", "link", "input", "br", "path", "rect", "circle"}


class Page(HTMLParser):
    """A page taken apart: its elements in order, with their attributes and texts.

    Attributes:
        elements: Pairs of tag and attributes.
    """

    def __init__(self, response):
        super().__init__()
        self.status = response.status_code
        self.size = len(response.data)
        self.source = response.get_data(as_text=True)
        self.elements = []
        self._open = []
        self._texts = []
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag, attributes):
        entry = (tag, dict(attributes))
        self.elements.append(entry)
        if tag not in _VOID:
            self._open.append((tag, dict(attributes)))

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self._texts.append((tuple(tag for tag, _ in self._open), data))

    def all(self, tag, **wanted):
        return [
            attributes
            for name, attributes in self.elements
            if name == tag
            and all(attributes.get(key) == value for key, value in wanted.items())
        ]

    def one(self, tag, **wanted):
        (found,) = self.all(tag, **wanted)
        return found

    def texts_in(self, tag):
        return [data for path, data in self._texts if tag in path and data.strip()]

    @property
    def text(self):
        told = "".join(
            data
            for path, data in self._texts
            if not {"head", "pre", "select"}.intersection(path)
        )
        return re.sub(r"\s+", " ", told)


@pytest.fixture(scope="session")
def runtime(tmp_path_factory):
    """An installation with the shipped tables, which no test here changes."""
    directory = tmp_path_factory.mktemp("pages")
    opened = open_with_tables(directory, f"sqlite:///{directory / 'pages.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(runtime):
    return create_app(runtime)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def look(client):
    return browser(client)


def browser(client):
    """Return a function that opens a page as a browser does."""

    def open_page(path, data=None, **headers):
        asked = {"Accept": "text/html", **headers}
        if data is None:
            return Page(client.get(path, headers=asked))
        return Page(client.post(path, data=data, headers=asked))

    return open_page


@pytest.fixture
def rendered(app):
    """Show a value of our own on its page."""

    def render(show, value, *, path="/verify", language="en"):
        with app.test_request_context(f"{path}?lang={language}", method="POST"):
            return Page(app.make_response(show(value)))

    return render
