"""The one door for requests that go out: guarded, bounded in time and in size.

Whoever names a URL to us chooses where this machine connects to. Therefore a name is
resolved once, all its addresses must be public, and the connection goes to one that was
checked. Redirects are answers, not followed; proxies of the environment are not used.
"""

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from ssl import SSLContext
from threading import Lock, Thread
from time import monotonic
from types import MappingProxyType
from typing import Any

import httpcore
import httpx

from recognition_service.worker.errors import TargetUnreachableError
from recognition_service.worker.lines import Call, InsecureError, Lines
from recognition_service.worker.targets import (
    Address,
    Network,
    Target,
    check_addresses,
    read_target,
)

Resolve = Callable[..., Iterable[Sequence[Any]]]
"""Looks a name up like `socket.getaddrinfo`."""

_KEPT_CONNECTIONS = 20
_KEPT_SECONDS = 5.0
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_OURS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "User-Agent": "recognition-service",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever it says.

    Attributes:
        status: The HTTP status; a redirect is one like any other.
        headers: By their names in lower case; those of one name joined by ", ".
        body: As it was sent; a content coding, which we do not ask for, is not undone.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outgoing:
    """Sends requests to public hosts.

    Any number of threads may share one. Connections are kept for some seconds, for
    further requests to the same host by the same scheme and port.
    """

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        *,
        resolve: Resolve = socket.getaddrinfo,
        trust: SSLContext | None = None,
    ) -> None:
        """Open the door.

        `allowed` are networks that are let pass although they are not public, and
        without TLS. `trust` holds the certificates that are believed; None: those of
        the public web.
        """
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._trust = trust
        self._call = Call()
        self._pool: httpcore.ConnectionPool | None = None
        self._lock = Lock()

    def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        most_bytes: int = 65_536,
        seconds: float = 15.0,
    ) -> Answer:
        """Send a body once and return the answer.

        `most_bytes` bounds the body of the answer; `seconds` everything together, from
        the look-up of the name to the last byte.

        Raises:
            TargetBlockedError: The URL leads where requests do not go.
            TargetUnreachableError: No whole answer came in time.
        """
        target = read_target(url)
        with self._asked(target, "POST", headers, body, seconds) as response:
            return _answer(response, most_bytes)

    def get(
        self,
        url: str,
        headers: Mapping[str, str] = _NO_HEADERS,
        *,
        most_bytes: int = 65_536,
        seconds: float = 15.0,
    ) -> Answer:
        """Ask for what a URL names and return the answer; limits as for `post`.

        Raises:
            TargetBlockedError: The URL leads where requests do not go.
            TargetUnreachableError: No whole answer came in time.
        """
        target = read_target(url)
        with self._asked(target, "GET", headers, None, seconds) as response:
            return _answer(response, most_bytes)

    def check(self, url: str, *, seconds: float = 5.0) -> None:
        """See whether a request may go to a URL now, without sending one.

        Raises:
            TargetBlockedError: The URL leads where requests do not go.
            TargetUnreachableError: Its name is not known, or not in time.
        """
        self._call.ends_at = monotonic() + seconds
        with _unreachable():
            self._addresses(read_target(url))

    def close(self) -> None:
        """Hang up all connections."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
            self._pool = None

    def _connections(self) -> httpcore.ConnectionPool:
        """Return the connections, which nobody needs who only checks."""
        with self._lock:
            if self._pool is None:
                self._pool = httpcore.ConnectionPool(
                    ssl_context=self._trust
                    or httpx.create_ssl_context(trust_env=False),
                    max_connections=None,
                    max_keepalive_connections=_KEPT_CONNECTIONS,
                    keepalive_expiry=_KEPT_SECONDS,
                    network_backend=Lines(self._call),
                )
            return self._pool

    @contextmanager
    def _asked(
        self,
        target: Target,
        method: str,
        headers: Mapping[str, str],
        body: bytes | None,
        seconds: float,
    ) -> Iterator[httpcore.Response]:
        """Send a request; what goes wrong until the answer is read is told."""
        url = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path,
        )
        sent = list(_headers(target, headers).items())
        self._call.ends_at = monotonic() + seconds
        with _unreachable():
            self._call.addresses = self._addresses(target)
            with self._connections().stream(
                method, url, headers=sent, content=body
            ) as response:
                yield response

    def _addresses(self, target: Target) -> Sequence[Address]:
        """Return where a target can be reached, if that is allowed."""
        if target.address is not None:
            found: Sequence[Address] = (target.address,)
        else:
            found = self._looked_up(target)
        check_addresses(target, found, self._allowed)
        return found

    def _looked_up(self, target: Target) -> Sequence[Address]:
        """Ask the name server, which cannot be told how long we have."""
        answered: Future[Sequence[Address]] = Future()

        def ask() -> None:
            try:
                rows = self._resolve(target.host, target.port, type=socket.SOCK_STREAM)
                answered.set_result([ip_address(row[4][0]) for row in rows])
            except (OSError, ValueError) as error:
                answered.set_exception(error)

        Thread(target=ask, name="look-up", daemon=True).start()
        try:
            found = answered.result(self._call.left())
        except TimeoutError:
            raise
        except (OSError, ValueError) as error:
            raise TargetUnreachableError("name", "The name is not known.") from error
        if not found:
            raise TargetUnreachableError("name", "The name has no address.")
        return found


def _headers(target: Target, given: Mapping[str, str]) -> dict[str, str]:
    """Return the headers to send; the caller's replace ours, but for the host."""
    headers = {"host": target.authority}
    headers |= {name.lower(): value for name, value in _OURS.items()}
    headers |= {
        name.lower(): value for name, value in given.items() if name.lower() != "host"
    }
    return headers


def _received(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _answer(response: httpcore.Response, most_bytes: int) -> Answer:
    headers = _received(response.headers)
    return Answer(response.status, headers, _body(response, most_bytes))


def _body(response: httpcore.Response, most_bytes: int) -> bytes:
    """Read the body as it arrives, and stop where it grows too large."""
    body = bytearray()
    for part in response.iter_stream():
        body += part
        if len(body) > most_bytes:
            raise TargetUnreachableError(
                "too_large", f"The answer is larger than {most_bytes} bytes."
            )
    return bytes(body)


@contextmanager
def _unreachable() -> Iterator[None]:
    """Say in our words what went wrong on the way."""
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise TargetUnreachableError(
            "timeout", "No whole answer came in time."
        ) from error
    except InsecureError as error:
        raise TargetUnreachableError(
            "tls", "The connection could not be secured, or not for this name."
        ) from error
    except httpcore.ConnectError as error:
        raise TargetUnreachableError(
            "connection", "No connection could be made."
        ) from error
    except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
        raise TargetUnreachableError(
            "answer", "The answer did not come, is not whole or is not HTTP."
        ) from error
