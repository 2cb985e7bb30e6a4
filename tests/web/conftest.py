"""The whole application over a real runtime and database, and its people.

Bruno is an officer of be-fl and may do what officers do; Chen observes be-fl and
may not; Nadia is an officer of another authority, ma.
"""

from datetime import UTC, datetime

import pytest
from sqlalchemy.engine import URL

from recognition_service.app import create_app
from recognition_service.authorities.access import issue_api_key
from recognition_service.authorities.found import NewAuthority, add_principal
from recognition_service.authorities.models import Mode, PrincipalKind, Role
from recognition_service.config import Config
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.runtime.opening import make_installation, open_runtime

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PUBLIC_URL = "https://recognition.example"
PEOPLE = {
    "bruno": ("be-fl", Role.OFFICER),
    "chen": ("be-fl", Role.OBSERVER),
    "nadia": ("ma", Role.OFFICER),
}
AUTHORITIES = (
    NewAuthority(
        id="be-fl",
        name="Recognition centre of Flanders (example)",
        country="BE",
        jurisdiction="BE-FL",
        mode=Mode.TEST,
        time_zone="Europe/Brussels",
    ),
    NewAuthority(
        id="ma",
        name="Direction of equivalences (example)",
        country="MA",
        jurisdiction="MA",
        mode=Mode.TEST,
        language="fr",
        time_zone="Africa/Casablanca",
    ),
)


def open_with_tables(directory, database_url):
    """Make an installation with the shipped tables, and open it."""
    config = Config(
        data_dir=directory,
        database_url=database_url,
        keys_dir=directory / "keys",
        keys_passphrase="correct horse battery staple",
        public_url=PUBLIC_URL,
        fixed_now=NOW,
    )
    make_installation(config, public_url=PUBLIC_URL, is_demo=False)
    runtime = open_runtime(config)
    runtime.load_edition(read_package(shipped_tables_dir()))
    return runtime


@pytest.fixture(scope="session")
def sqlite_runtime(tmp_path_factory):
    directory = tmp_path_factory.mktemp("web-sqlite")
    opened = open_with_tables(directory, f"sqlite:///{directory / 'web.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql_runtime(tmp_path_factory, postgres_server, migrated_postgres):
    name = f"{migrated_postgres}_web"
    postgres_server.execute(f'CREATE DATABASE "{name}"')
    server = postgres_server.info
    url = URL.create(
        "postgresql",
        username=server.user,
        password=server.password or None,
        host=server.host,
        port=server.port,
        database=name,
    )
    opened = open_with_tables(
        tmp_path_factory.mktemp("web-postgres"),
        url.render_as_string(hide_password=False),
    )
    yield opened
    opened.close()
    postgres_server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_kind():
    """SQLite, unless a test is marked for both databases."""
    return "sqlite"


@pytest.fixture
def runtime(request, database_kind):
    """A runtime that all tests share: they add to it and never take away."""
    return request.getfixturevalue(f"{database_kind}_runtime")


@pytest.fixture
def fresh_runtime(tmp_path):
    """A runtime that a test may break."""
    opened = open_with_tables(tmp_path, f"sqlite:///{tmp_path / 'web.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def flanders():
    """An authority that may be founded."""
    return AUTHORITIES[0]


@pytest.fixture(scope="session")
def made_apps():
    """The applications by runtime."""
    return {}


@pytest.fixture
def app(runtime, made_apps):
    """The application that all tests share; it is never changed."""
    if id(runtime) not in made_apps:
        made_apps[id(runtime)] = create_app(runtime)
    return made_apps[id(runtime)]


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def issued_keys():
    """The API keys by runtime; a runtime is peopled once."""
    return {}


@pytest.fixture
def keys(runtime, issued_keys):
    """The API keys of all people, by name; their authorities exist."""
    if id(runtime) not in issued_keys:
        for new in AUTHORITIES:
            runtime.found(new)
        issued_keys[id(runtime)] = {
            name: add_person(runtime, name, authority_id, role)
            for name, (authority_id, role) in PEOPLE.items()
        }
    return issued_keys[id(runtime)]


@pytest.fixture
def hire(runtime):
    """A way to let one more person act for an authority; returns their key."""
    return lambda name, authority_id, role: add_person(
        runtime, name, authority_id, role
    )


def add_person(runtime, name, authority_id, *roles):
    """Let a person act for an authority and return their API key."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        principal_id = add_principal(
            session,
            authority_id,
            kind=PrincipalKind.PERSON,
            name=name,
            roles=frozenset(roles),
            actor="service",
            now=now,
        )
        return issue_api_key(
            session, authority_id, principal_id, actor="service", now=now
        )


@pytest.fixture
def as_person(keys):
    """Headers that carry a person's key."""
    return lambda name: {"Authorization": f"Bearer {keys[name]}"}


@pytest.fixture
def probe(runtime):
    """A way to add views of the test's own to an application of its own."""

    def add(blueprint):
        app = create_app(runtime)
        app.register_blueprint(blueprint, url_prefix="/api/v1")
        return app.test_client()

    return add
