"""Connections to addresses that were checked, within the time of one request."""

import select
import socket
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import local
from time import monotonic
from typing import Any

import httpcore

from recognition_service.worker.targets import Address

_MOST_TRIED = 4


class InsecureError(httpcore.ConnectError):
    """The connection stands, but nobody proved to be the one who was asked for."""


class Call(local):
    """The request that the thread at hand is making.

    Attributes:
        addresses: Where it may connect to.
        ends_at: When it is given up, on the clock of `time.monotonic`.
    """

    addresses: Sequence[Address] = ()
    ends_at: float = 0.0

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: None are.
        """
        seconds = self.ends_at - monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class Lines(httpcore.NetworkBackend):
    """Opens connections to the addresses of a call; asks no name server."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers; the call says which there are."""
        del host, timeout, local_address, socket_options
        with _told(httpcore.ConnectTimeout, httpcore.ConnectError):
            return _Line(self._first(port), self._call)

    def _first(self, port: int) -> socket.socket:
        tried = self._call.addresses[:_MOST_TRIED]
        for number, address in enumerate(tried):
            seconds = self._call.left() / (len(tried) - number)
            try:
                return _connected(str(address), port, seconds)
            except OSError:
                if address == tried[-1]:
                    raise
        raise ConnectionError


class _Line(httpcore.NetworkStream):
    """A connection whose every step ends when the time of the call is over.

    A limit for each step alone would let a host that sends a byte now and then hold
    us for ever.
    """

    def __init__(self, connected: socket.socket, call: Call) -> None:
        self._socket = connected
        self._call = call

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived; nothing: the other side has closed."""
        del timeout
        with _told(httpcore.ReadTimeout, httpcore.ReadError):
            self._socket.settimeout(self._call.left())
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send everything."""
        del timeout
        with _told(httpcore.WriteTimeout, httpcore.WriteError):
            rest = memoryview(buffer)
            while rest:
                self._socket.settimeout(self._call.left())
                rest = rest[self._socket.send(rest) :]

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the encrypted connection, once the certificate fits the name."""
        del timeout
        with _told(httpcore.ConnectTimeout, httpcore.ConnectError):
            try:
                self._socket.settimeout(self._call.left())
                secured = ssl_context.wrap_socket(
                    self._socket, server_hostname=server_hostname
                )
            except ssl.SSLError as error:
                self.close()
                raise InsecureError from error
            except BaseException:
                self.close()
                raise
            return _Line(secured, self._call)

    def get_extra_info(self, info: str) -> Any:
        """Return what the pool asks for to see whether the connection still stands."""
        if info == "is_readable":
            waiting = select.poll()
            waiting.register(self._socket, select.POLLIN)
            return bool(waiting.poll(0))
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        return None


def _connected(address: str, port: int, seconds: float) -> socket.socket:
    connected = socket.create_connection((address, port), seconds)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


@contextmanager
def _told(too_late: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """Raise the errors that the pool knows."""
    try:
        yield
    except TimeoutError as error:
        raise too_late from error
    except OSError as error:
        raise failed from error
