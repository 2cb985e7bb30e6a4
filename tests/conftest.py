"""Real databases for the tests, with the schema from the migrations."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

from recognition_service.storage.engine import Database
from recognition_service.storage.migrations import upgrade

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
IN_CI = os.environ.get("CI") == "true"
POSTGRES_URL = os.environ.get(
    "TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)


def absent(what):
    """A service that a test needs is missing: a failure in CI, a skip elsewhere."""
    (pytest.fail if IN_CI else pytest.skip)(what)


@pytest.fixture
def now():
    return NOW


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
