"""Logs as lines of JSON on stderr, without personal data.

Never logged are the messages of unexpected exceptions, because those may quote a
name, a body or a token.
"""

import sys
import traceback
from typing import Any

import structlog


def configure() -> None:
    """Write log lines as JSON to stderr, unless logging is set up already."""
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
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


def _to_stderr(*_args: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)
