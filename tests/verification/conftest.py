"""Nothing that is verified may lead anywhere."""

import socket

import pytest


class ConnectionTriedError(AssertionError):
    """Something wanted to reach another machine, or to ask for its address."""


def refuse(*_arguments, **_options):
    raise ConnectionTriedError


@pytest.fixture(scope="module", autouse=True)
def no_network():
    """Fail on any connection and on any look-up of a name."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        patch.setattr(socket, name, refuse)
    yield
    patch.undo()
