"""Two connected installations: Flanders on SQLite, Riga on the database at hand."""

import pytest

from tests.conftest import drop_postgres_database, make_postgres_database
from tests.exchange.two import FLANDERS, RIGA, Wire, built, connect
from tests.journeys.bodies import PROVIDER


@pytest.fixture(params=["sqlite", "postgresql"])
def sides(request, tmp_path):
    """Both installations and the wire between them."""
    directory = tmp_path / "riga"
    directory.mkdir()
    (tmp_path / "flanders").mkdir()
    server = None
    url = f"sqlite:///{directory / 'recognition.sqlite3'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        url = make_postgres_database(server)
    wire = Wire()
    flanders = built(
        tmp_path / "flanders",
        FLANDERS,
        f"sqlite:///{tmp_path / 'flanders' / 'recognition.sqlite3'}",
        {"be-fl-demo"},
    )
    riga = built(directory, RIGA, url, {"ma-demo"})
    riga.found("lv-university", "LV", PROVIDER)
    connect(wire, flanders, riga)
    yield flanders, riga, wire
    flanders.runtime.close()
    riga.runtime.close()
    if server is not None:
        drop_postgres_database(server, url)


@pytest.fixture
def flanders(sides):
    return sides[0]


@pytest.fixture
def riga(sides):
    return sides[1]


@pytest.fixture
def wire(sides):
    return sides[2]
