"""A real browser against the whole application, served on loopback."""

import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from recognition_service.app import create_app
from recognition_service.authorities.mandates import grant_mandate
from recognition_service.authorities.state_fees import approve_fees, propose_fees
from tests.authorities.test_fees import a_fee
from tests.conftest import absent
from tests.web.conftest import AUTHORITIES, open_with_tables

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: needs Chromium")


@pytest.fixture(scope="session")
def chromium():
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        absent("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def with_fees(runtime):
    """Let an authority decide, and state fees of the longest kind."""
    authority, *_ = AUTHORITIES
    authority_id = authority.id
    runtime.found(authority)
    words = "Beoordelingsaanvraag voor gelijkwaardigheidserkenning " * 3
    fee = a_fee(
        None,
        least="1200.00",
        most="999999999999.99",
        texts={"nl": words},
        legal_basis="Gelijkwaardigheidserkenningsbesluit" * 4,
    )
    with runtime.database.transaction() as session:
        common = {"now": runtime.now()}
        place = {"jurisdictions": ["BE-FL"], "valid_from": "2026-01-01"}
        grant_mandate(session, authority_id, place, actor="service", **common)
        row = propose_fees(
            session, authority_id, [fee], actor="person:bruno", note=None, **common
        )
        approve_fees(session, authority_id, row.version, actor="person:sofia", **common)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The address of a running site."""
    directory = tmp_path_factory.mktemp("browser")
    runtime = open_with_tables(directory, f"sqlite:///{directory / 'site.sqlite3'}")
    with_fees(runtime)
    server = make_server("127.0.0.1", 0, create_app(runtime), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    runtime.close()


@pytest.fixture
def tab(chromium, site):
    """A tab of a telephone without scripts, which notes what it asks for."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, base_url=site
    )
    page = context.new_page()
    page.asked = []
    page.complained = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.complained.append(message.text))
    yield page
    context.close()
