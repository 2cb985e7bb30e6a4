"""Installations that run as processes of their own, and can be killed."""

import json
import os
import random
import signal
import socket
import time
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPException
from ipaddress import ip_network
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from recognition_service.authorities.peers import add_peer
from recognition_service.runtime.opening import open_runtime
from tests.conftest import NOW
from tests.exchange import served
from tests.exchange.proxy import Proxy
from tests.exchange.two import anchors_of, build, config_of, opened
from tests.journeys.office import Office

PATIENCE_SECONDS = 120
_POLL_SECONDS = 0.02
_LOOPBACK = "127.0.0.1"
_PORTS = range(20_000, 32_000)
"""Below those that the system gives to whoever connects."""


class BrokenCallError(Exception):
    """A call ended without an answer."""


def free_port():
    """Return a port on which nobody listens."""
    while True:
        port = random.SystemRandom().choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind((_LOOPBACK, port))
            except OSError:
                continue
            return port


def until(found, what):
    """Return the first true value; whoever waits too long learns for what."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        value = found()
        if value:
            return value
        time.sleep(_POLL_SECONDS)
    raise AssertionError(f"This did not come about: {what}.")


class Answer:
    """What a server answered, with the members that tests read of Flask's."""

    def __init__(self, status, headers, data):
        self.status_code = status
        self.headers = headers
        self.data = data

    @property
    def json(self):
        return json.loads(self.data) if self.data else None

    def get_data(self, *, as_text=False):
        return self.data.decode() if as_text else self.data


class Client:
    """Calls a server, as Flask's test client calls an application."""

    def __init__(self, url, *handlers):
        self.url = url
        self._opener = build_opener(ProxyHandler({}), *handlers)

    def open(self, path, *, method="GET", json=None, headers=None):
        body = None if json is None else _encoded(json)
        asked = Request(self.url + path, body, dict(headers or {}), method=method)  # noqa: S310  # our own server
        if body is not None:
            asked.add_header("Content-Type", "application/json")
        try:
            with self._opened(asked) as answer:
                if "Content-Length" not in answer.headers:
                    raise BrokenCallError(path)  # The head of the answer ends early.
                return Answer(answer.status, answer.headers, answer.read())
        except (URLError, HTTPException, OSError) as error:
            raise BrokenCallError(path) from error

    def get(self, path):
        return self.open(path)

    def _opened(self, asked):
        """Return what a server answers, whatever its status."""
        try:
            return self._opener.open(asked, timeout=PATIENCE_SECONDS)
        except HTTPError as error:
            return error


def _encoded(value):
    return json.dumps(value).encode()


class Behind:
    """Where an installation is that is reached through a proxy of a wire only."""

    host = _LOOPBACK
    network = "127.0.0.0/8"
    prepare = None

    def __init__(self, wire):
        self._proxy = Proxy(wire)
        self.url = f"http://{self.host}:{self._proxy.port}"
        self.client = Client(self.url)

    def new_port(self):
        self._proxy.backend = free_port()
        return self._proxy.backend

    def close(self):
        self._proxy.close()


class Installation:
    """One installation: a directory, a database, and a process that can be killed.

    Attributes:
        place: From where it serves, such as `Behind`.
    """

    def __init__(  # noqa: PLR0917
        self, name, directory, database_url, names, clock, place
    ):
        self.name, self.clock, self.place = name, clock, place
        self.client = place.client
        self.config = replace(
            config_of(directory, place.url, database_url),
            outgoing_test_ranges=(ip_network(place.network),),
        )
        self.keys = build(directory, place.url, database_url, names)
        self._process = None
        self._log = directory / "serve.log"

    def found(self, name, jurisdiction, functions):
        config = self.config
        side = opened(config.data_dir, self.place.url, config.database_url, {})
        self.keys[name] = side.found(name, jurisdiction, functions).api_keys
        side.runtime.close()

    @contextmanager
    def runtime(self):
        """Open the same installation in this process too, while nothing else does."""
        found = open_runtime(self.config, self.clock)
        try:
            yield found
        finally:
            found.close()

    def office(self, name):
        return Office(self.client, self.keys[name])

    def start(self):
        self._process = served.started(
            self.config, self.clock, self.place, self.place.new_port(), self._log
        )
        until(self._is_ready, f"{self.name} serves")

    def _is_ready(self):
        assert self._process.is_alive(), self._log.read_text()[-4_000:]
        try:
            return self.client.get("/healthz").status_code == 200
        except BrokenCallError:
            return False

    def kill(self):
        """End the process and its children as a power cut would."""
        os.killpg(self._process.pid, signal.SIGKILL)

    def restart(self):
        """Start again after having been killed."""
        self._process.join()
        self._process.close()
        self.start()

    def close(self):
        if self._process is not None:
            if self._process.is_alive():
                self.kill()
            self._process.join()
            self._process.close()
        self.place.close()


def introduce(first, second):
    """Let two installations know one another, as their operators would."""
    with first.runtime() as here, second.runtime() as there:
        for runtime in (here, there):
            runtime.publish_trust_list()
        _meet(here, second.name, there)
        _meet(there, first.name, here)


def _meet(runtime, name, other):
    with runtime.database.transaction() as session:
        anchors = anchors_of(other)
        add_peer(session, name, other.public_url, anchors, actor="service", now=NOW)
    runtime.accept_peer_list(name, [other.signed_trust_list()])
