"""The command line in-process, on copies of one prepared installation."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from recognition_service.attestations.read import token_of
from recognition_service.cli.known import remember
from recognition_service.cli.main import cli
from recognition_service.runtime.opening import open_runtime
from tests.worker.installations import OFFICE, issue, prepare, settings

PASSPHRASE = "correct horse battery staple"
NOW = "2026-11-02T09:00:00Z"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    directory = tmp_path_factory.mktemp("prepared-cli")
    prepare(settings(directory))
    opened = open_runtime(settings(directory))
    opened.save_inputs()  # As the command that founds an authority does.
    opened.close()
    return directory


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """No setting of the machine reaches a test; the clock stands still."""
    for name in (
        "DATABASE_URL",
        "PUBLIC_URL",
        "RECOGNITION_DATA_DIR",
        "RECOGNITION_KEYS_DIR",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RECOGNITION_KEYS_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RECOGNITION_NOW", NOW)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def data_dir(prepared, tmp_path):
    directory = Path(shutil.copytree(prepared, tmp_path / "data"))
    remember(directory)
    return directory


@pytest.fixture
def runtime(data_dir):
    opened = open_runtime(settings(data_dir))
    yield opened
    opened.close()


@pytest.fixture
def attestation(runtime):
    """An attestation of Amina's and a file with its token, beside the database."""
    identifier = issue(runtime)
    runtime.save_inputs()
    with runtime.database.reading() as session:
        token = token_of(session, OFFICE, identifier)
    file = runtime.config.data_dir / "samples" / "amina.jwt"
    file.parent.mkdir()
    file.write_text(token + "\n")
    return identifier, file


@pytest.fixture
def recognition():
    """Run a command; a fault that no command expects fails the test."""

    def run(*arguments, exit_code=0):
        result = CliRunner().invoke(cli, [str(each) for each in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == exit_code, result.output
        return result

    return run


@pytest.fixture
def answer(recognition):
    """Run a command with --json and return the one value that it printed."""

    def run(*arguments, exit_code=0):
        result = recognition(*arguments, "--json", exit_code=exit_code)
        return json.loads(result.stdout)

    return run
