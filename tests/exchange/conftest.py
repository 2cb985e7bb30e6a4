"""Two connected installations: Flanders on SQLite, Riga on the database at hand."""

import shutil

import pytest
from sqlalchemy.engine import make_url

from tests.conftest import (
    NOW,
    drop_postgres_database,
    make_postgres_database,
    swept,
)
from tests.exchange.house import House
from tests.exchange.scene import Scene
from tests.exchange.two import FLANDERS, RIGA, Wire, build, connect, opened
from tests.journeys.bodies import PROVIDER

pytest.register_assert_rewrite("tests.exchange.alike", "tests.exchange.script")


def sqlite_in(directory):
    return f"sqlite:///{directory / 'recognition.sqlite3'}"


@pytest.fixture(scope="session")
def built_flanders(tmp_path_factory):
    directory = tmp_path_factory.mktemp("built-flanders")
    return directory, build(directory, FLANDERS, sqlite_in(directory), {"be-fl-demo"})


@pytest.fixture(scope="session")
def built_riga(tmp_path_factory):
    directory = tmp_path_factory.mktemp("built-riga")
    return directory, build(directory, RIGA, sqlite_in(directory), {"ma-demo"})


@pytest.fixture(scope="session")
def built_riga_on_postgres(tmp_path_factory, postgres_server):
    directory = tmp_path_factory.mktemp("built-riga-postgres")
    url = make_postgres_database(postgres_server)
    yield directory, build(directory, RIGA, url, {"ma-demo"}), make_url(url).database
    drop_postgres_database(postgres_server, url)


@pytest.fixture
def flanders(built_flanders, tmp_path):
    built, keys = built_flanders
    directory = shutil.copytree(built, tmp_path / "flanders")
    side = opened(directory, FLANDERS, sqlite_in(directory), keys)
    yield side
    side.runtime.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def riga(request, tmp_path):
    server, directory = None, tmp_path / "riga"
    if request.param == "sqlite":
        built, keys = request.getfixturevalue("built_riga")
        shutil.copytree(built, directory)
        url = sqlite_in(directory)
    else:
        built, keys, template = request.getfixturevalue("built_riga_on_postgres")
        shutil.copytree(built, directory)
        server = request.getfixturevalue("postgres_server")
        url = make_postgres_database(server, template=template)
    side = opened(directory, RIGA, url, keys)
    side.found("lv-university", "LV", PROVIDER)
    yield side
    side.runtime.close()
    if server is not None:
        drop_postgres_database(server, url)


@pytest.fixture
def wire(flanders, riga):
    """What joins the two installations, which know one another."""
    wire = Wire()
    connect(wire, flanders, riga)
    return wire


@pytest.fixture
def scene(flanders, riga, wire):
    """A track at one of them that leads to an award of both."""
    return Scene(flanders, riga, wire)


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
