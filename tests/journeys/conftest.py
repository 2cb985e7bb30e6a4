"""A whole installation with example offices, on both databases, for stories by REST."""

import shutil
from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import make_url

from recognition_service.app import create_app
from recognition_service.cli.demo.cast import PLANS, open_office
from recognition_service.cli.demo.theatre import PlayedClock
from recognition_service.config import Config
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.runtime.opening import make_installation, open_runtime
from tests.conftest import NOW, drop_postgres_database, make_postgres_database
from tests.journeys.casework import Play, found
from tests.journeys.office import Office

PUBLIC_URL = "https://recognition.example"


def config_of(directory, url):
    return Config(
        data_dir=directory,
        database_url=url,
        keys_dir=directory / "keys",
        keys_passphrase="correct horse battery staple",
        public_url=PUBLIC_URL,
        fixed_now=None,
    )


def build(config):
    """Make an installation with the shipped tables and the example offices."""
    make_installation(config, public_url=PUBLIC_URL, is_demo=True)
    clock = PlayedClock(NOW - timedelta(days=400))
    runtime = open_runtime(config, clock)
    runtime.load_edition(read_package(shipped_tables_dir()))
    offices = {plan.authority.id: open_office(runtime, plan) for plan in PLANS}
    runtime.close()
    return {name: dict(office.api_keys) for name, office in offices.items()}


@pytest.fixture(scope="session")
def built_sqlite(tmp_path_factory):
    directory = tmp_path_factory.mktemp("built-sqlite")
    url = f"sqlite:///{directory / 'recognition.sqlite3'}"
    return directory, build(config_of(directory, url))


@pytest.fixture(scope="session")
def built_postgres(tmp_path_factory, postgres_server):
    directory = tmp_path_factory.mktemp("built-postgres")
    url = make_postgres_database(postgres_server)
    yield directory, build(config_of(directory, url)), make_url(url).database
    drop_postgres_database(postgres_server, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request, tmp_path):
    """A runtime of its own for one test, its clock, and all API keys."""
    if request.param == "sqlite":
        built, keys = request.getfixturevalue("built_sqlite")
        shutil.copytree(built, tmp_path, dirs_exist_ok=True)
        url = f"sqlite:///{tmp_path / 'recognition.sqlite3'}"
        server = None
    else:
        built, keys, template = request.getfixturevalue("built_postgres")
        shutil.copytree(built, tmp_path, dirs_exist_ok=True)
        server = request.getfixturevalue("postgres_server")
        url = make_postgres_database(server, template=template)
    clock = PlayedClock(NOW)
    runtime = open_runtime(config_of(tmp_path, url), clock)
    yield runtime, clock, keys
    runtime.close()
    if server is not None:
        drop_postgres_database(server, url)


@pytest.fixture
def runtime(installation):
    return installation[0]


@pytest.fixture
def clock(installation):
    return installation[1]


@pytest.fixture
def app(runtime):
    return create_app(runtime)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def office_of(app, installation):
    """Who speaks for an example authority: `office_of("be-fl-demo")`."""
    return lambda name: Office(app.test_client(), installation[2][name])


@pytest.fixture
def play(app, installation):
    """Open a case in an office of a place: `play("ES", "2026-03-02T09:00+01:00")`."""
    runtime, clock, _ = installation

    def begin(place, instant):
        clock.instant = datetime.fromisoformat("2026-01-05T09:00+00:00")
        keys = found(runtime, place)
        return Play(runtime, clock, app.test_client(), keys).on(instant)

    return begin
