"""Logs as lines of JSON on stderr, without personal data.

Never logged are the messages of unexpected exceptions, because those may quote a
name, a body or a token.
"""

import json
import sys
import traceback
from collections.abc import MutableMapping
from threading import Lock
from typing import Any

import orjson
import structlog


class _Stderr:
    """Writes each line as a whole to what is stderr at that moment."""

    def __init__(self, *_args: Any) -> None:
        self._lock = Lock()

    def msg(self, line: str) -> None:
        """Write a line."""
        with self._lock:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = msg


def configure() -> None:
    """Write log lines as JSON to stderr, unless logging is set up already."""
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _line,
        ],
        logger_factory=_Stderr,
        cache_logger_on_first_use=True,
    )


def chain(error: BaseException) -> list[dict[str, Any]]:
    """Return an exception and what caused it: types and places, no messages."""
    links = []
    current: BaseException | None = error
    while current is not None:
        frames = traceback.extract_tb(current.__traceback__)
        links.append(
            {
                "type": f"{type(current).__module__}.{type(current).__qualname__}",
                "frames": [
                    f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames
                ],
            }
        )
        current = current.__cause__ or current.__context__
    return links


def _line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """Return an event as JSON in ASCII."""
    try:
        line = orjson.dumps(event, repr)
        if line.isascii():
            return line.decode()
    except orjson.JSONEncodeError:
        pass  # Half of a surrogate pair, say: it is escaped like any other letter.
    return json.dumps(event, default=repr)
