"""Two connected installations: Flanders on SQLite, Riga on the database at hand."""

import pytest

from tests.conftest import (
    NOW,
    drop_postgres_database,
    make_postgres_database,
    swept,
)
from tests.exchange.house import House
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


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_house(request, tmp_path_factory):
    """One installation to which the tests of a module write."""
    database = swept(request.getfixturevalue(f"small_{request.param}"))
    return House(tmp_path_factory.mktemp("house"), database)


@pytest.fixture
def house(shared_house):
    """The installation at the instant at which every test begins.

    Every test meets another installation of its own, so none is in another's way.
    """
    shared_house.clock.at = NOW
    shared_house.forget_post()
    return shared_house
