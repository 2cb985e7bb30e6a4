"""Real databases for the tests, with the schema from the migrations."""

import os
import resource
import shutil
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import update
from sqlalchemy.engine import make_url

from recognition_service.editions.load import load_base_edition
from recognition_service.editions.models import Edition
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.storage.base import Base
from recognition_service.storage.engine import Database
from recognition_service.storage.migrations import upgrade
from tests.builders import Clock, a_package, an_installation

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
EDITION_TABLES = {
    "table_row",
    "edition",
    "edition_row",
    "current_edition",
    "qualification_title",
}
IN_CI = os.environ.get("CI") == "true"
POSTGRES_URL = os.environ.get(
    "TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)


def absent(what):
    """A service that a test needs is missing: a failure in CI, a skip elsewhere."""
    (pytest.fail if IN_CI else pytest.skip)(what)


@pytest.fixture(autouse=True, scope="session")
def own_state(tmp_path_factory):
    """What commands remember of this run stays in this run."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    yield
    patch.undo()


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def file_size_limit():
    """Set how many bytes a file may have; writing more fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()  # The last connection folds the write-ahead log into the file.
    return path


@pytest.fixture(scope="session")
def postgres_server():
    """A connection that may create databases; autocommit."""
    try:
        connection = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        absent(f"PostgreSQL does not answer (set TEST_POSTGRES_URL): {error}")
    with connection:
        yield connection


def make_postgres_database(server, template=None):
    """Create a database of our own and return its URL."""
    name = f"recognition_test_{uuid4().hex[:12]}"
    copied = f' TEMPLATE "{template}"' if template else ""
    server.execute(f'CREATE DATABASE "{name}"{copied}')
    return (
        make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    )


def drop_postgres_database(server, url):
    name = make_url(url).database
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server):
    url = make_postgres_database(postgres_server)
    database = Database(url)
    upgrade(database)
    database.close()
    yield make_url(url).database
    drop_postgres_database(postgres_server, url)


@pytest.fixture
def sqlite_url(migrated_sqlite, tmp_path):
    path = Path(shutil.copy(migrated_sqlite, tmp_path / "recognition.sqlite3"))
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(migrated_postgres, postgres_server):
    url = make_postgres_database(postgres_server, template=migrated_postgres)
    yield url
    drop_postgres_database(postgres_server, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return request.getfixturevalue(name)


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


# Casework runs over databases that a whole run shares. Each test finds one with an
# edition of the tables and nothing else in it; a test that alters the edition takes
# `own_small`, a copy of its own.


@pytest.fixture(scope="session")
def shipped_package():
    return read_package(shipped_tables_dir())


def with_tables(url, package):
    database = Database(url)
    with database.transaction() as session:
        load_base_edition(session, package, actor="service", now=NOW)
    return database


def hasty(url):
    """Let PostgreSQL answer before the disk did; nobody pulls the plug in a test."""
    options = {"options": "-csynchronous_commit=off"}
    return (
        make_url(url).update_query_dict(options).render_as_string(hide_password=False)
    )


@pytest.fixture(scope="session")
def shipped_sqlite(migrated_sqlite, shipped_package, tmp_path_factory):
    """A database file with the shipped tables."""
    path = tmp_path_factory.mktemp("shipped") / "shared.sqlite3"
    url = f"sqlite:///{shutil.copy(migrated_sqlite, path)}"
    database = with_tables(url, shipped_package)
    yield database
    database.close()


@pytest.fixture(scope="session")
def shipped_postgresql(migrated_postgres, postgres_server, shipped_package):
    """A database with the shipped tables."""
    url = make_postgres_database(postgres_server, template=migrated_postgres)
    database = with_tables(hasty(url), shipped_package)
    yield database
    database.close()
    drop_postgres_database(postgres_server, url)


@pytest.fixture(scope="session")
def small_sqlite(migrated_sqlite, tmp_path_factory):
    """A database file with the small edition."""
    path = tmp_path_factory.mktemp("small") / "shared.sqlite3"
    database = with_tables(
        f"sqlite:///{shutil.copy(migrated_sqlite, path)}", a_package()
    )
    yield database
    database.close()


@pytest.fixture(scope="session")
def small_postgresql(migrated_postgres, postgres_server):
    """A database with the small edition."""
    url = make_postgres_database(postgres_server, template=migrated_postgres)
    database = with_tables(hasty(url), a_package())
    yield database
    database.close()
    drop_postgres_database(postgres_server, url)


def swept(database):
    """Take away whatever an earlier test left behind, but for the edition."""
    with database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in EDITION_TABLES:
                session.execute(table.delete())
        # Who has signed them is gone.
        session.execute(update(Edition).values(signature=None))
    return database


@pytest.fixture
def clock():
    """The clock of the installations; a test may move it."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request, tmp_path, clock):
    """A runtime with the shipped tables and nobody in it."""
    database = request.getfixturevalue(f"shipped_{request.param}")
    return an_installation(tmp_path, swept(database), clock=clock)


@pytest.fixture(params=["sqlite", "postgresql"])
def small(request, tmp_path, clock):
    """A runtime with the small edition and nobody in it."""
    database = request.getfixturevalue(f"small_{request.param}")
    return an_installation(tmp_path, swept(database), clock=clock)


@pytest.fixture
def small_on_sqlite(small_sqlite, tmp_path, clock):
    """As `small`, where the kind of database cannot matter."""
    return an_installation(tmp_path, swept(small_sqlite), clock=clock)


@pytest.fixture
def own_small(tmp_path, database, clock):
    """As `small`, over a database of the test's own."""
    runtime = an_installation(tmp_path, database, clock=clock)
    runtime.load_edition(a_package())
    return runtime
