"""Tokens for the tests of keys."""

import pytest

from tests.signing.softhsm import Token, write_settings


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory):
    """SoftHSM with a directory of its own for this run."""
    patch = pytest.MonkeyPatch()
    settings = write_settings(tmp_path_factory.mktemp("softhsm"))
    patch.setenv("SOFTHSM2_CONF", str(settings))
    yield settings
    patch.undo()


@pytest.fixture
def absent_token(softhsm, tmp_path):  # noqa: ARG001  # the module reads its settings
    """A token that nobody has made yet."""
    return Token(tmp_path)


@pytest.fixture
def token(absent_token):
    """A new token with nothing on it."""
    return absent_token.make()
