"""Copies of one prepared installation, on both databases."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from recognition_service.runtime.opening import open_runtime
from tests.conftest import drop_postgres_database, make_postgres_database
from tests.worker.installations import prepare, settings


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory):
    """The directory of a prepared installation; to be copied, never opened."""
    directory = tmp_path_factory.mktemp("prepared-sqlite")
    prepare(settings(directory))
    return directory


@pytest.fixture(scope="session")
def prepared_postgres(tmp_path_factory, postgres_server):
    directory = tmp_path_factory.mktemp("prepared-postgres")
    url = make_postgres_database(postgres_server)
    prepare(settings(directory, url))
    yield directory, make_url(url).database
    drop_postgres_database(postgres_server, url)


@pytest.fixture
def sqlite_config(prepared_sqlite, tmp_path):
    return settings(Path(shutil.copytree(prepared_sqlite, tmp_path / "data")))


@pytest.fixture
def postgres_config(prepared_postgres, postgres_server, tmp_path):
    directory, template = prepared_postgres
    url = make_postgres_database(postgres_server, template=template)
    yield settings(Path(shutil.copytree(directory, tmp_path / "data")), url)
    drop_postgres_database(postgres_server, url)


@pytest.fixture(params=["sqlite", "postgres"])
def runtime(request):
    """An open installation that the test owns."""
    opened = open_runtime(request.getfixturevalue(f"{request.param}_config"))
    yield opened
    opened.close()
