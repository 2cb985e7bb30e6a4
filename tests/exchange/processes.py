"""Two installations as processes, joined by proxies that delay and cut."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.exchange.two import build, config_of, opened
from tests.journeys.office import Office

PATIENCE_SECONDS = 90
_POLL_SECONDS = 0.1
_SOME_BYTES = 700
_DELAY_SECONDS = 0.3


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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


class Client:
    """Calls a server, as Flask's test client calls an application."""

    def __init__(self, url):
        self.url = url

    def open(self, path, *, method, json=None, headers=None):
        body = None if json is None else _encoded(json)
        asked = Request(self.url + path, body, dict(headers or {}), method=method)  # noqa: S310  # our own server
        if body is not None:
            asked.add_header("Content-Type", "application/json")
        try:
            with urlopen(asked, timeout=30) as answer:  # noqa: S310  # our own server
                return Answer(answer.status, answer.headers, answer.read())
        except HTTPError as error:
            return Answer(error.code, error.headers, error.read())


def _encoded(value):
    return json.dumps(value).encode()


class Proxy:
    """Passes bytes on, unless one of the faults is at hand.

    Attributes:
        faults: What is done to the next requests: "delay", "request" (cut in the middle
            of the request), "answer" (cut before the answer), None (nothing).
        met: The faults that were met.
    """

    def __init__(self, backend):
        self.backend = backend
        self.faults = []
        self.met = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._is_open = True
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._is_open = False
        self._server.close()

    def _serve(self):
        while self._is_open:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client):
        try:
            with client, socket.create_connection(("127.0.0.1", self.backend)) as there:
                threading.Thread(
                    target=_pump, args=(there, client), daemon=True
                ).start()
                while data := client.recv(1 << 16):
                    if not self._pass(data, client, there):
                        return
        except OSError:
            return  # Nobody is there, or somebody has gone.

    def _pass(self, data, client, there):
        """Pass a part of a request on; tell whether the connection still stands."""
        is_message = data.startswith(b"POST /exchange")
        fault = self.faults.pop(0) if is_message and self.faults else None
        if fault is not None:
            self.met.append(fault)
        if fault == "delay":
            time.sleep(_DELAY_SECONDS)
        if fault == "request":
            there.sendall(data[:_SOME_BYTES])
            _cut(client, there)
            return False
        if fault == "answer":
            client.shutdown(socket.SHUT_WR)
            there.sendall(data)
            return False
        there.sendall(data)
        return True


def _pump(source, target):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
    except OSError:
        return


def _cut(*connections):
    for connection in connections:
        connection.shutdown(socket.SHUT_RDWR)


class Installation:
    """One installation: a directory, a database, and a process that can be killed."""

    def __init__(self, name, directory, database_url, names):
        self.name, self.directory = name, directory
        self.port = free_port()
        self.proxy = Proxy(self.port)
        self.url = f"http://127.0.0.1:{self.proxy.port}"
        self.database_url = database_url
        self.keys = build(directory, self.url, database_url, names)
        self.process = None
        self.starts = 0

    def found(self, name, jurisdiction, functions):
        side = opened(self.directory, self.url, self.database_url, {})
        self.keys[name] = side.found(name, jurisdiction, functions).api_keys
        side.runtime.close()

    def office(self, name):
        return Office(Client(f"http://127.0.0.1:{self.port}"), self.keys[name])

    def command(self, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "recognition_service", *map(str, arguments)],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def start(self):
        self.starts += 1
        log = (self.directory / f"serve-{self.starts}.log").open("wb")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "recognition_service", "serve"),
                *("--data-dir", str(self.directory), "--port", str(self.port)),
            ],
            stdout=log,
            stderr=log,
            env=self._environment(),
            start_new_session=True,
        )
        log.close()
        until(self.is_ready, f"{self.name} serves")

    def is_ready(self):
        assert self.process.poll() is None, self.log()
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (URLError, ConnectionError, TimeoutError):
            return False

    def log(self):
        at = self.directory / f"serve-{self.starts}.log"
        return at.read_text(errors="replace")[-4_000:]

    def kill(self):
        """End the process and its children as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def restart(self):
        self.kill()
        self.start()

    def close(self):
        self.kill()
        self.proxy.close()

    def runtime(self):
        """Open what is stored, while no process runs."""
        return opened(self.directory, self.url, self.database_url, {}).runtime

    def _environment(self):
        config = config_of(self.directory, self.url, self.database_url)
        return os.environ | {  # noqa: TID251  # of the child
            "RECOGNITION_DATA_DIR": str(self.directory),
            "DATABASE_URL": self.database_url,
            "RECOGNITION_KEYS_PASSPHRASE": config.keys_passphrase,
            "PUBLIC_URL": self.url,
            "OUTGOING_TEST_RANGES": "127.0.0.0/8",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }


def some_faults(seed, number):
    """Return faults in an order that is the same in every run, with rests between."""
    chosen = random.Random(seed)  # noqa: S311  # no secret
    kinds = ("delay", "request", "answer", "delay")
    return [fault for _ in range(number) for fault in (None, chosen.choice(kinds))]
