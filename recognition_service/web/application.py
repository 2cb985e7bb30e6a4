"""The application and its requests, without what is prepared for others.

For every request Flask asks whether each function is a coroutine, opens a session,
and works out the host anew. Here all functions are plain, nobody has a session, and
the same few hosts are asked for again and again.
"""

import re
from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.exceptions import ClientDisconnected
from werkzeug.routing import MapAdapter
from werkzeug.utils import cached_property

_SHORT = 1 << 16
_NUMBER = re.compile("[0-9]{1,15}").fullmatch
_MOST_PLACES = 64
_Place = tuple[str, str, str | None, str]


class MemoryRequest(Request):
    """A request whose uploads stay in memory: nothing of them touches the disk."""

    @property
    def content_length(self) -> int | None:
        """How long the body is announced to be; None if that is not told."""
        announced = self.environ.get("CONTENT_LENGTH", "")
        if not _NUMBER(announced) or "HTTP_TRANSFER_ENCODING" in self.environ:
            return super().content_length
        return int(announced)

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body; one that is announced to be short is read at once.

        Raises:
            ClientDisconnected: Less came than was announced.
            RequestEntityTooLarge: More was announced than is read at this address.
        """
        length, limit = self.content_length, self.max_content_length
        if length is None or limit is None or length > min(limit, _SHORT):
            return super().stream
        if "wsgi.input_terminated" in self.environ:
            return BytesIO(_read(self.environ["wsgi.input"], limit))
        body = _read(self.environ["wsgi.input"], length)
        if len(body) < length:
            raise ClientDisconnected
        return BytesIO(body)

    def close(self) -> None:
        """Close the uploads, if there are any."""
        if "files" in self.__dict__:
            super().close()

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return BytesIO()


class _NoSessions(SessionInterface):
    """Gives every request the same session, which nothing can be written into."""

    def __init__(self) -> None:
        self._session = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        """Return the empty session."""
        del app, request
        return self._session


class Application(Flask):
    """The service as Flask sees it."""

    request_class = MemoryRequest
    session_interface = _NoSessions()

    def __init__(self, name: str) -> None:
        super().__init__(name, static_folder=None, template_folder=None)
        self._places: dict[tuple[str | None, ...], _Place] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function as it is."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what finds the view of a request, and the addresses of others.

        Where the service was reached is worked out once for each of the places that
        it is reached at; what else callers write into `Host` is not remembered.
        """
        if request is None or "HTTP_UPGRADE" in request.environ:
            return super().create_url_adapter(request)
        environ = request.environ
        asked = (
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST"),
            environ.get("SERVER_NAME"),
            environ.get("SERVER_PORT"),
            environ.get("SCRIPT_NAME"),
        )
        place = self._places.get(asked)
        if place is None:
            found = super().create_url_adapter(request)
            if found is not None and len(self._places) < _MOST_PLACES:
                self._places[asked] = (
                    found.server_name,
                    found.script_name,
                    found.subdomain,
                    found.url_scheme,
                )
            return found
        return MapAdapter(
            self.url_map,
            *place,
            _decoded(environ.get("PATH_INFO", "/")),
            environ["REQUEST_METHOD"],
            _decoded(environ.get("QUERY_STRING", "")),
        )


def _read(source: IO[bytes], most: int) -> bytes:
    """Return what comes before the end of a body, or as much as is wanted."""
    pieces, left = [], most
    try:
        while left and (piece := source.read(min(_SHORT, left))):
            pieces.append(piece)
            left -= len(piece)
    except (OSError, ValueError) as error:
        raise ClientDisconnected from error
    return b"".join(pieces)


def _decoded(text: str) -> str:
    """Return a text of the WSGI environment as it was meant."""
    return text.encode("latin-1").decode(errors="replace")
